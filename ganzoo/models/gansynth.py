"""GANSynth: notes of one second as pictures of magnitude and instantaneous frequency, by pitch.

Engel et al. 2019, GANSynth: Adversarial Neural Audio Synthesis, arXiv:1902.08710: a GAN of
log-magnitude and instantaneous frequency whose discriminator also tells the pitch, as ACGAN's does
(section 3). Deviations: plain networks instead of growing ones, no penalty of its own (give
`compile` one), linear frequencies, and notes of one second at 8 kHz instead of four at 16.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo.checks import check_weight
from ganzoo.game.auxiliary import AuxiliaryGAN
from ganzoo.game.labels import check_classes
from ganzoo.game.model import AdversarialModel
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import image_discriminator, image_generator, image_sizes
from ganzoo.sound import Spectra, midi_number, note_name

PITCHES = tuple(note_name(number) for number in range(48, 72))  # C3 to B4
_SOUND = ("sample_rate", "window", "hop", "frames")


@keras.saving.register_keras_serializable("ganzoo")
class GANSynth(AuxiliaryGAN):
    """Latents and a pitch to pictures of notes (B, frames, window / 2, 2) in [-1, 1].

    `fit(pictures, labels)` takes what `spectra.pictures(sounds)` makes; `sounds(n, label="C4")`
    draws sounds, `sample(n, label="C4")` their pictures.

    Args:
        classes: Names of the pitches, such as C4 and F#3, in the order of the labels.
        sample_rate, window, hop, frames: Of `ganzoo.sound.Spectra`; frames and half a window are
            multiples of 2 to the number of `generator_filters`.
        latent_dim, generator_filters, discriminator_filters, kernel_size, negative_slope: See
            `ganzoo.layers.image_networks.image_sizes`.
        category_weight: Factor of the pitch's cross-entropy, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        classes: Sequence[str] = PITCHES,
        sample_rate: int = 8000,
        window: int = 256,
        hop: int = 64,
        frames: int = 128,
        latent_dim: int = 64,
        generator_filters: Sequence[int] = (128, 96, 64, 32, 16),
        discriminator_filters: Sequence[int] = (16, 32, 64, 96, 128),
        kernel_size: int = 4,
        negative_slope: float = 0.2,
        category_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        weight = check_weight("category_weight", category_weight)
        spectra = Spectra(sample_rate, window, hop, frames)
        sizes = image_sizes(
            image_shape=spectra.shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        self.classes = check_classes("classes", classes)
        self.pitches = tuple(midi_number(name) for name in self.classes)
        count = len(self.classes)
        networks = {
            "generator": image_generator(condition=count, **sizes),
            "discriminator": image_discriminator(outputs=(1, count), **sizes),
        }
        AdversarialModel.__init__(self, networks, **kwargs)
        self.category_weight, self.spectra = weight, spectra
        del sizes["image_shape"]
        stated = {"classes": self.classes, "category_weight": weight}
        sound = {name: getattr(spectra, name) for name in _SOUND}
        self._architecture = {**sound, **sizes, **stated}

    @staticmethod
    def count_parameters(*, classes: Sequence[str], window: int, frames: int, **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        count = len(classes)
        shape = (frames, window // 2, 2)
        return count_image_parameters(
            condition=count, outputs=(1 + count,), image_shape=shape, **sizes
        )

    def sounds(
        self, n: int, seed: int | None = None, label: Any = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw `n` notes, float32 (n, spectra.length) in [-1, 1]; arguments as of `sample`."""
        return self.spectra.sounds(self.sample(n, seed, label, batch_size=batch_size))
