"""SRGAN and SRResNet: photographs enlarged 2, 3 or 4 times, of any size.

Ledig et al. 2016, Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial
Network, arXiv:1609.04802: residual blocks with PReLU at the small size, sub-pixel convolutions, a
discriminator of large pictures. SRResNet is the same generator by the distance alone
(`adversarial_weight=0`). Deviations: no batch normalisation in the generator, as EDSR (Lim et al.
2017, arXiv:1707.02921) found; a bicubic enlargement of fixed weights is added; 3x3 kernels at both
ends instead of 9x9; an L1 distance, and features only where `compile(content=...)` has some; a
discriminator of patches (Isola et al. 2016, arXiv:1611.07004), whose cost and size do not depend on
the crop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_sizes
from ganzoo.game.superresolution import SuperResolver
from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.layers.patches import count_patch_parameters, target_discriminator
from ganzoo.layers.subpixel import added_picture, count_enlarging_parameters, enlarging
from ganzoo.resampling import check_scale

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class SRGAN(SuperResolver):
    """Learns from pairs; logs `l1`. `translate(images)` enlarges pictures of any size.

    Args:
        channels: Channels of the pictures.
        scale: 2, 3 or 4.
        filters: Channels of the residual blocks.
        blocks: How many of them.
        upsampling_filters: Channels after each sub-pixel convolution.
        batch_norm: Batch normalisation in the blocks, as the paper has it.
        blurred: Whether a filter follows each sub-pixel convolution, against patterns; see
            `ganzoo.layers.subpixel.enlarging`.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        distance_weight: Factor of the L1 distance of the pixels, >= 0.
        adversarial_weight: Factor of the adversarial loss, >= 0: a number, or a schedule of images
            seen; 0 is SRResNet.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        channels: int = 3,
        scale: int = 4,
        filters: int = 64,
        blocks: int = 16,
        upsampling_filters: int = 64,
        batch_norm: bool = False,
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
            "blocks": check_count("blocks", blocks, most=1024),
            "upsampling_filters": check_count("upsampling_filters", upsampling_filters, most=8192),
            "batch_norm": bool(batch_norm),
            "blurred": bool(blurred),
        }
        judged = check_sizes("discriminator_filters", discriminator_filters)
        super().__init__(
            build_generator(**arguments),
            target_discriminator(target_shape=(None, None, channels), filters=judged),
            scale=scale,
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            **kwargs,
        )
        self._architecture = {**arguments, "discriminator_filters": judged, **self.factors()}

    @staticmethod
    def count_parameters(
        *,
        channels: int,
        scale: int,
        filters: int,
        blocks: int,
        upsampling_filters: int,
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        block = 2 * (9 * filters + 1) * filters + 9 * filters
        made = (9 * channels + 2) * filters + blocks * block + (9 * filters + 1) * filters
        made += count_enlarging_parameters(filters, scale, upsampling_filters, channels)
        return made + count_patch_parameters(channels, discriminator_filters)


def build_generator(
    *,
    channels: int,
    scale: int,
    filters: int,
    blocks: int,
    upsampling_filters: int,
    batch_norm: bool,
    blurred: bool,
) -> keras.Model:
    """Return the network (B, h, w, channels) -> (B, scale h, scale w, channels)."""
    images = keras.Input((None, None, channels), name="source")
    first = _prelu()(layers.Conv2D(filters, 3, padding="same")(images))
    x = first
    for _ in range(blocks):
        x = _block(x, filters, batch_norm)
    x = layers.Add()([layers.Conv2D(filters, 3, padding="same")(x), first])
    x = enlarging(x, scale=scale, filters=upsampling_filters, activation=_prelu, blurred=blurred)
    return keras.Model(images, added_picture(x, images, scale=scale), name="generator")


def _block(x: Tensor, filters: int, batch_norm: bool) -> Tensor:
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = BatchNormalization()(y) if batch_norm else y
    y = layers.Conv2D(filters, 3, padding="same")(_prelu()(y))
    y = BatchNormalization()(y) if batch_norm else y
    return layers.Add()([x, y])


def _prelu() -> Any:
    return layers.PReLU(keras.initializers.Constant(0.25), shared_axes=[1, 2])
