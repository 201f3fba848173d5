"""Sounds as pictures: logarithm of the magnitude and instantaneous frequency, frame by frame.

Engel et al. 2019, GANSynth: Adversarial Neural Audio Synthesis, arXiv:1902.08710, section 2: phases
of neighbouring frames differ by the frequency, so what a network draws is that difference, which is
even where a note sounds, and no phase. Deviation: the difference is that from the frequency of the
bin's middle, and frequencies are not warped to the mel scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError

LOWEST, HIGHEST = -5.0, 0.0  # decimal logarithm of the magnitude over the largest possible
QUIET = -4.0  # below it frequencies are noise, which would be the hardest part of a picture


@dataclass(frozen=True)
class Spectra:
    """From sounds of one length to pictures and back.

    Exact but for the ends, for what is quieter than -80 dB, and for the highest frequency.

    Attributes:
        sample_rate: Samples a second.
        window: Samples of a frame, a power of two; half as many frequencies, the highest left out.
        hop: Samples between two frames, a quarter of the window or less.
        frames: How many there are.
    """

    sample_rate: int = 8000
    window: int = 256
    hop: int = 64
    frames: int = 128

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InvalidArgumentError: One cannot be.
        """
        for name, most in (("sample_rate", 192_000), ("window", 8192), ("hop", 4096),
                           ("frames", 4096)):  # fmt: skip
            check_count(name, getattr(self, name), most=most)
        if self.window & (self.window - 1) or self.window < 8:
            raise InvalidArgumentError(
                f"window must be a power of two from 8 to 8192; got {self.window}."
            )
        if self.window % self.hop or self.hop * 4 > self.window:
            raise InvalidArgumentError(
                f"hop must divide the window of {self.window} into four parts or more; got "
                f"{self.hop}."
            )

    @property
    def length(self) -> int:
        """Samples of a sound."""
        return self.hop * (self.frames - 1) + self.window

    @property
    def shape(self) -> tuple[int, int, int]:
        """(frames, frequencies, 2) of a picture."""
        return (self.frames, self.window // 2, 2)

    def pictures(self, sounds: np.ndarray) -> np.ndarray:
        """Return pictures of sounds, float32 (n, frames, frequencies, 2) in [-1, 1].

        The first channel is the logarithm of the magnitude from -100 dB to full scale, the second
        the instantaneous frequency less the bin's, from half a turn a hop below it to half a turn
        above; in the first frame it is the phase, and 0 below -80 dB, where it would be noise.

        Args:
            sounds: Shape (n, length), in [-1, 1].

        Raises:
            DataError: Another shape, or numbers that are not finite.
        """
        sounds = np.asarray(sounds, np.float32)
        if sounds.ndim != 2 or sounds.shape[1] != self.length or not np.isfinite(sounds).all():
            raise DataError(f"Sounds must be finite, shape (n, {self.length}); got {sounds.shape}.")
        made = np.empty((len(sounds), *self.shape), np.float32)
        for index, sound in enumerate(sounds):
            frames = np.lib.stride_tricks.sliding_window_view(sound, self.window)[:: self.hop]
            found = np.fft.rfft(frames * self._hann())[:, :-1]
            level = np.log10(np.abs(found) / self._largest() + 1e-12)
            made[index, :, :, 0] = (level - LOWEST) / (HIGHEST - LOWEST) * 2 - 1
            made[index, :, :, 1] = self._turns(np.angle(found), level > QUIET)
        return np.clip(made, -1, 1)

    def sounds(self, pictures: np.ndarray) -> np.ndarray:
        """Return the sounds of pictures, float32 (n, length) in [-1, 1].

        Raises:
            DataError: Another shape.
        """
        pictures = np.asarray(pictures, np.float32)
        if pictures.shape[1:] != self.shape:
            raise DataError(
                f"Pictures of sounds must have shape (n, {', '.join(map(str, self.shape))}); got "
                f"{pictures.shape}."
            )
        hann, made = self._hann(), np.zeros((len(pictures), self.length))
        weight = np.zeros(self.length)
        for frame in range(self.frames):
            weight[frame * self.hop :][: self.window] += hann**2
        for index, picture in enumerate(pictures.astype(np.float64)):
            level = (picture[:, :, 0] + 1) / 2 * (HIGHEST - LOWEST) + LOWEST
            turns = picture[:, :, 1] * np.pi
            turns[1:] += self._advance()
            magnitude = np.where(picture[:, :, 0] > -1, 10.0**level * self._largest(), 0.0)
            spectrum = magnitude * np.exp(1j * np.cumsum(turns, axis=0))
            frames = np.fft.irfft(np.pad(spectrum, ((0, 0), (0, 1)))) * hann
            for frame, part in enumerate(frames):
                made[index, frame * self.hop :][: self.window] += part
        return np.clip(made / np.maximum(weight, 0.1), -1, 1).astype(np.float32)

    def _turns(self, phases: np.ndarray, sounding: np.ndarray) -> np.ndarray:
        """Return the second channel: 0 where nothing sounds, and then a phase begins anew."""
        made, reached = np.zeros_like(phases), np.zeros(phases.shape[1])
        for frame, phase in enumerate(phases):
            reached += self._advance() if frame else 0.0
            turns = np.mod((phase - reached) / np.pi + 1, 2) - 1
            made[frame] = np.where(sounding[frame], turns, 0.0)
            reached += np.pi * made[frame]
        return made

    def _hann(self) -> np.ndarray:
        return np.hanning(self.window + 1)[:-1]

    def _largest(self) -> float:
        return float(self._hann().sum() / 2)  # of a sine of amplitude 1

    def _advance(self) -> np.ndarray:
        """Return by how much the phase of each bin's middle turns in a hop."""
        return 2 * np.pi * np.arange(self.window // 2) * self.hop / self.window
