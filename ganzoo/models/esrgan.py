"""ESRGAN: photographs enlarged 2, 3 or 4 times by dense blocks, in a relativistic game.

Wang et al. 2018, ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks,
arXiv:1809.00219: residual-in-residual dense blocks without normalisation, and a discriminator that
says which of two pictures is the more real. Deviations: a bicubic enlargement of fixed weights is
added; sub-pixel convolutions enlarge (Shi et al. 2016, arXiv:1609.05158) instead of nearest
neighbours and a convolution; features only where `compile(content=...)` has some; a discriminator
of patches (Isola et al. 2016, arXiv:1611.07004); far fewer blocks by default than 23.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_sizes
from ganzoo.game.superresolution import SuperResolver
from ganzoo.layers.patches import count_patch_parameters, target_discriminator
from ganzoo.layers.subpixel import added_picture, count_enlarging_parameters, enlarging
from ganzoo.losses import (
    relativistic_average_discriminator_loss,
    relativistic_average_generator_loss,
)
from ganzoo.resampling import check_scale

Tensor = Any
DENSE, CONVOLUTIONS = 3, 5  # dense blocks in a residual one, convolutions in a dense one
KEPT = 0.2  # of what a block adds


@keras.saving.register_keras_serializable("ganzoo")
class ESRGAN(SuperResolver):
    """Learns from pairs; logs `l1`. `translate(images)` enlarges pictures of any size.

    Args:
        channels: Channels of the pictures.
        scale: 2, 3 or 4.
        filters: Channels between the blocks (the paper's 64).
        growth: Channels that each convolution of a dense block adds (the paper's 32).
        blocks: Residual-in-residual dense blocks (the paper's 23).
        upsampling_filters: Channels after each sub-pixel convolution.
        blurred: Whether a filter follows each sub-pixel convolution, against patterns; see
            `ganzoo.layers.subpixel.enlarging`.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        distance_weight: Factor of the L1 distance of the pixels, >= 0.
        adversarial_weight: Factor of the adversarial loss, >= 0: a number, or a schedule of images
            seen.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    relativistic = True

    def __init__(
        self,
        channels: int = 3,
        scale: int = 4,
        filters: int = 32,
        growth: int = 16,
        blocks: int = 4,
        upsampling_filters: int = 32,
        blurred: bool = False,
        discriminator_filters: Sequence[int] = (64, 128, 256),
        distance_weight: Any = 1.0,
        adversarial_weight: Any = 0.01,
        **kwargs: Any,
    ) -> None:
        arguments: dict[str, Any] = {
            "channels": check_count("channels", channels, most=8192),
            "scale": check_scale(scale),
            "filters": check_count("filters", filters, most=8192),
            "growth": check_count("growth", growth, most=1024),
            "blocks": check_count("blocks", blocks, most=1024),
            "upsampling_filters": check_count("upsampling_filters", upsampling_filters, most=8192),
            "blurred": bool(blurred),
        }
        judged = check_sizes("discriminator_filters", discriminator_filters)
        super().__init__(
            build_generator(**arguments),
            target_discriminator(
                target_shape=(None, None, channels), filters=judged, last_bias=False
            ),
            scale=scale,
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            **kwargs,
        )
        self._architecture = {**arguments, "discriminator_filters": judged, **self.factors()}

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """Which is more real than the average of the other kind; the paper's eq. 1."""
        return relativistic_average_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor = None, **weights: Tensor
    ) -> Tensor:
        """The same with the two kinds exchanged; the paper's eq. 2."""
        return relativistic_average_generator_loss(fake_logits, real_logits, **weights)

    @staticmethod
    def count_parameters(
        *,
        channels: int,
        scale: int,
        filters: int,
        growth: int,
        blocks: int,
        upsampling_filters: int,
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        widest = filters + (CONVOLUTIONS - 1) * growth
        dense = CONVOLUTIONS * (9 * widest + 1) * max(filters, growth)
        made = (9 * (channels + filters) + 2) * filters + blocks * DENSE * dense
        made += count_enlarging_parameters(filters, scale, upsampling_filters, channels)
        return made + count_patch_parameters(channels, discriminator_filters)


def build_generator(
    *,
    channels: int,
    scale: int,
    filters: int,
    growth: int,
    blocks: int,
    upsampling_filters: int,
    blurred: bool,
) -> keras.Model:
    """Return the network (B, h, w, channels) -> (B, scale h, scale w, channels)."""
    images, make = keras.Input((None, None, channels), name="source"), _Numbered()
    first = make(layers.Conv2D, filters, 3, padding="same")(images)
    x = first
    for _ in range(blocks):
        y = x
        for _ in range(DENSE):
            y = _dense_block(y, filters, growth, make)
        x = _added(x, y, make)
    x = make(layers.Add)([make(layers.Conv2D, filters, 3, padding="same")(x), first])
    x = enlarging(x, scale=scale, filters=upsampling_filters, activation=_lrelu, blurred=blurred)
    return keras.Model(images, added_picture(x, images, scale=scale), name="generator")


class _Numbered:
    """Makes layers named by their place: TensorFlow adds up gradients in the order of names."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, kind: Any, *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        return kind(*args, name=f"layer_{self.count:04d}", **kwargs)


def _dense_block(x: Tensor, filters: int, growth: int, make: _Numbered) -> Tensor:
    """Each convolution sees what all before it made."""
    seen = [x]
    for _ in range(CONVOLUTIONS - 1):
        all_seen = seen[0] if len(seen) == 1 else make(layers.Concatenate)(seen)
        grown = make(layers.Conv2D, growth, 3, padding="same")(all_seen)
        seen.append(make(layers.LeakyReLU, 0.2)(grown))
    every = make(layers.Concatenate)(seen)
    return _added(x, make(layers.Conv2D, filters, 3, padding="same")(every), make)


def _added(x: Tensor, more: Tensor, make: _Numbered) -> Tensor:
    return make(layers.Add)([x, make(layers.Rescaling, KEPT)(more)])


def _lrelu() -> Any:
    return layers.LeakyReLU(0.2)
