"""Pitch read off a sound, and the names of pitches.

De Cheveigne, Kawahara 2002, YIN, a fundamental frequency estimator for speech and music,
J. Acoust. Soc. Am. 111, 1917: the first lag at which a sound differs little from itself, beside
how much it differs at shorter ones (steps 2 to 5).
"""

from __future__ import annotations

import re

import numpy as np

from ganzoo.errors import InvalidArgumentError

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
THRESHOLD = 0.15  # of the normalised difference; the paper takes 0.1 for speech
FRAMES = 5  # whose median is taken


def note_name(number: int) -> str:
    """Return the name of a MIDI number: 60 is C4."""
    return f"{NAMES[int(number) % 12]}{int(number) // 12 - 1}"


def midi_number(name: str) -> int:
    """Return the MIDI number of a name such as C4 or F#3.

    Raises:
        InvalidArgumentError: It is no such name.
    """
    found = re.fullmatch(r"([A-G]#?)(-?\d)", name)
    if found is None or found[1] not in NAMES:
        raise InvalidArgumentError(f"A pitch is named like C4 or F#3; got {name!r}.")
    return 12 * (int(found[2]) + 1) + NAMES.index(found[1])


def frequency(number: float) -> float:
    """Return the frequency in Hz of a MIDI number, 440 of 69."""
    return float(440.0 * 2 ** ((number - 69) / 12))


def fundamental(
    sound: np.ndarray, sample_rate: int, lowest: float = 60.0, highest: float = 1000.0
) -> float:
    """Return the fundamental frequency of a sound in Hz; NaN of silence.

    The median of five frames between a tenth and six tenths of the sound, where notes are even. At
    8 kHz it is right to about ten cents, hundredths of a semitone; loud noise gives octaves below.

    Args:
        sound: Shape (n,), at least eight periods of `lowest`.
        sample_rate: Samples a second.
        lowest, highest: Frequencies that are looked for, in Hz.
    """
    sound = np.asarray(sound, np.float64)
    longest = int(sample_rate / lowest) + 2
    window = 2 * longest
    starts = np.linspace(0.1, 0.6, FRAMES) * len(sound)
    found = [
        _of_frame(sound[int(start) :][: window + longest], longest, sample_rate, highest)
        for start in starts
    ]
    return float(np.nanmedian(found)) if np.isfinite(found).any() else float("nan")


def _of_frame(part: np.ndarray, longest: int, sample_rate: int, highest: float) -> float:
    window = len(part) - longest
    if window < longest or np.abs(part).max() < 1e-4:
        return float("nan")
    # d(lag) = sum over the window of (x[i] - x[i + lag])^2, by a correlation
    square = np.concatenate([[0.0], np.cumsum(part**2)])
    energy = square[window : window + longest] - square[:longest]
    size = 1 << (len(part) + window).bit_length()
    product = np.fft.rfft(part, size) * np.conj(np.fft.rfft(part[:window], size))
    correlation = np.fft.irfft(product, size)[:longest]
    difference = np.maximum(energy[0] + energy - 2 * correlation, 0.0)
    mean = np.cumsum(difference[1:]) / np.arange(1, longest)
    normalised = np.concatenate([[1.0], difference[1:] / np.maximum(mean, 1e-12)])
    first = max(2, int(sample_rate / highest))
    low = np.flatnonzero(normalised[first:-1] < THRESHOLD) + first
    lag = int(low[0]) if len(low) else int(normalised[first:-1].argmin()) + first
    while lag + 1 < longest - 1 and normalised[lag + 1] < normalised[lag]:
        lag += 1
    before, here, after = normalised[lag - 1 : lag + 2]
    bend = before - 2 * here + after
    return float(sample_rate / (lag + (0.5 * (before - after) / bend if bend > 0 else 0.0)))
