"""StyleGAN2: a mapping network makes a style of the latents, which scales every convolution.

Karras, Laine, Aittala, Hellsten, Lehtinen, Aila 2020, Analyzing and Improving the Image Quality of
StyleGAN, arXiv:1912.04958: modulated convolutions, noise per pixel, outputs of all levels added up,
a residual discriminator with a minibatch deviation, R1, even path lengths, style mixing (Karras et
al. 2018, arXiv:1812.04948, section 3.1) and truncation of styles. Deviations: small networks; each
level's first convolution comes before the picture is doubled; an equalized learning rate in the
mapping alone, a tenth of the others (He's initial weights elsewhere, and so a smaller rate); R1 on
every fourth example of each step instead of on all of every sixteenth; no path length penalty
unless asked for, and then in every step; images are clipped to their range where nothing learns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_sizes
from ganzoo.game.mapped import MappedGAN
from ganzoo.layers import Blur, Bounded, MinibatchStandardDeviation
from ganzoo.layers.modulation import ChannelBias, ModulatedConv2D, PixelNoise, SlowDense
from ganzoo.layers.strided import Conv2D
from ganzoo.penalties import R1

SLOPE = 0.2  # of every LeakyReLU below 0
GAIN = math.sqrt(2.0)  # of what is demodulated before one, so that features keep their size
MAPPING_RATE = 0.1  # of the learning rate, in the mapping


@keras.saving.register_keras_serializable("ganzoo")
class StyleGAN2(MappedGAN):
    """A GAN for images whose sides are multiples of 2 to the number of levels but one.

    Fresh models are compiled with R1 of weight 0.1 on every fourth example and Adam(2.5e-4, beta_1
    0, beta_2 0.99). As the loss is the mean of those of real and of generated images, the paper's
    gamma is twice the weight.

    Args:
        image_shape: (height, width, channels).
        latent_dim: Length of a latent vector, and of a style.
        filters: Channels of each level of both networks, from the smallest pictures to the image's
            size; each is twice as large as the one before.
        mapping_layers: Dense layers from latents to styles.
        mixing: Share of the generated examples of a training that get two styles, [0, 1).
        path_length: Weight of the path length penalty, >= 0; see `MappedGAN`.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        latent_dim: int = 128,
        filters: Sequence[int] = (128, 128, 64, 32, 16),
        mapping_layers: int = 4,
        mixing: float = 0.9,
        path_length: float = 0.0,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("filters", filters)
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape, multiple=2 ** (len(filters) - 1)),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": filters,
            "mapping_layers": check_count("mapping_layers", mapping_layers, most=64),
        }
        networks = build_generator(**architecture), build_discriminator(**architecture)
        super().__init__(*networks, mixing=mixing, path_length=path_length, **kwargs)
        own = {"mixing": self.mixing, "path_length": self.path_length}
        self._architecture = {**architecture, **own}

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `GAN.compile`, with R1."""
        kwargs.setdefault("penalty", R1(0.1, every=4))
        super().compile(*args, **kwargs)

    def default_optimizer(self, player: str) -> Any:
        """Return Adam(2.5e-4, beta_1 0, beta_2 0.99)."""
        return keras.optimizers.Adam(2.5e-4, beta_1=0.0, beta_2=0.99)

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        latent_dim: int,
        filters: Sequence[int],
        mapping_layers: int,
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        height, width, channels = image_shape
        base = filters[0] * height * width // 4 ** (len(filters) - 1)
        steps = list(zip((filters[0], *filters[:-1]), filters, strict=True))
        style = latent_dim + 1
        made = mapping_layers * latent_dim * style + style * base + channels
        judged = filters[-1] * (channels + 1) + filters[0] * (9 * (filters[0] + 1) + base + 3) + 1
        for before, own in steps:  # two convolutions and the colours of a level, and their styles
            made += 9 * own * (before + own) + (before + 2 * own) * style + own * (channels + 2)
            made += 2 * (height * width + 1)  # noise, no larger than the image
            judged += 9 * (own + before) * own + own + before + own * before
        return made + judged


def build_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    filters: Sequence[int],
    mapping_layers: int,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1].

    Its layers "mapping" and "synthesis" are networks: to styles (B, latent_dim), and from one for
    each level, (B, levels, latent_dim), to images.
    """
    latents = keras.Input((latent_dim,))
    x = layers.UnitNormalization()(latents)
    x = layers.Rescaling(math.sqrt(latent_dim))(x)  # of length 1 per number
    for _ in range(mapping_layers):
        x = layers.LeakyReLU(SLOPE)(SlowDense(latent_dim, MAPPING_RATE)(x))
    mapping = keras.Model(latents, x, name="mapping")
    synthesis = build_synthesis(image_shape=image_shape, latent_dim=latent_dim, filters=filters)
    inputs = keras.Input((latent_dim,))
    styles = layers.RepeatVector(len(filters))(mapping(inputs))
    return keras.Model(inputs, synthesis(styles), name="generator")


def build_synthesis(
    *, image_shape: Sequence[int], latent_dim: int, filters: Sequence[int]
) -> keras.Model:
    """Return the network (B, levels, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    factor = 2 ** (len(filters) - 1)
    base = (image_shape[0] // factor, image_shape[1] // factor, filters[0])
    styles = keras.Input((len(filters), latent_dim))
    first = styles[:, 0]
    x = layers.Reshape(base)(layers.Dense(math.prod(base), kernel_initializer=_unit())(first))
    image = None
    for level, width in enumerate(filters):
        style = styles[:, level]
        if level:
            x = Blur(up=2)(ModulatedConv2D(width, gain=GAIN)([x, style]))
            x = layers.LeakyReLU(SLOPE)(ChannelBias()(PixelNoise()(x)))
        x = PixelNoise()(ModulatedConv2D(width, gain=GAIN)([x, style]))
        x = layers.LeakyReLU(SLOPE)(ChannelBias()(x))
        colours = ModulatedConv2D(image_shape[-1], 1, demodulate=False)([x, style])
        image = colours if image is None else layers.Add()([Blur(up=2)(image), colours])
    images = Bounded(dtype="float32")(ChannelBias()(image))
    return keras.Model(styles, images, name="synthesis")


def build_discriminator(
    *, image_shape: Sequence[int], filters: Sequence[int], **_: Any
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    inputs = keras.Input(image_shape)
    x = layers.LeakyReLU(SLOPE)(_convolution(filters[-1], 1)(inputs))
    for width, wider in zip(filters[:0:-1], filters[-2::-1], strict=True):
        y = layers.LeakyReLU(SLOPE)(_convolution(width)(x))
        y = layers.LeakyReLU(SLOPE)(_convolution(wider)(Blur(down=2)(y)))
        x = layers.Dense(wider, use_bias=False)(Blur(down=2)(x))
        x = layers.Rescaling(math.sqrt(0.5))(layers.Add()([x, y]))
    x = MinibatchStandardDeviation()(x)
    x = layers.LeakyReLU(SLOPE)(_convolution(filters[0])(x))
    x = layers.LeakyReLU(SLOPE)(layers.Dense(filters[0])(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(1)(x), name="discriminator")


def _unit() -> Any:
    """Return an initializer that keeps the size of what comes in, for no rectifier after it."""
    return keras.initializers.VarianceScaling(1.0, "fan_in", "untruncated_normal")


def _convolution(filters: int, kernel_size: int = 3) -> Any:
    return Conv2D(filters, kernel_size, padding="same", kernel_initializer="he_normal")
