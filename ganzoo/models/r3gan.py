"""R3GAN: a relativistic game that two penalties keep convergent, between plain residual networks.

Huang, Gokaslan, Kuleshov, Tompkin 2025, The GAN is dead; long live the GAN! A Modern Baseline GAN,
arXiv:2501.05441: the pairing loss of eq. 2 with R1 and R2 at every step; no normalisation; residual
blocks of 1x1, 3x3 and 1x1 convolutions whose last ones begin at zero ("fix-up"); resampling by
[1, 2, 1]; a basis of features at the small end of each network. Deviations: 3x3 convolutions are
dense, as grouped ones are 20 to 70 times slower on a CPU, and where they are dense two of them
alone (`block="basic"`) learn more in the same time; any number of levels instead of those from
4x4; images are clipped to [-1, 1] outside of training.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_choice, check_count, check_image_shape, check_sizes, check_slope
from ganzoo.game.latent import GAN
from ganzoo.layers import Blur, Bounded
from ganzoo.layers.modulation import Basis
from ganzoo.layers.strided import Conv2D
from ganzoo.losses import relativistic_discriminator_loss, relativistic_generator_loss
from ganzoo.penalties import R1, R2

Tensor = Any
CONVOLUTIONS = {"bottleneck": 3, "basic": 2}  # in a block


@keras.saving.register_keras_serializable("ganzoo")
class R3GAN(GAN):
    """A GAN for images whose sides are multiples of 2 to the number of levels but one.

    Fresh models are compiled with R1 and R2 of weight 0.5 and Adam(2e-4, beta_1 0, beta_2 0.99).

    Args:
        image_shape: (height, width, channels).
        latent_dim: Length of a latent vector.
        filters: Channels of each level, from the smallest pictures to the image's size; each is
            twice as large as the one before. Both networks have them.
        blocks: Residual blocks of each level.
        block: "bottleneck", convolutions of 1x1, 3x3 and 1x1 as in the paper, or "basic", two of
            3x3 (He et al. 2016, arXiv:1512.03385, figure 5).
        expansion: Channels inside a block, in those outside.
        negative_slope: Slope of every LeakyReLU below 0.
        activation: Of the images, "linear" as in the paper, or "tanh", under which a generator
            that begins too dark or too light may stay so.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    relativistic = True

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 64,
        filters: Sequence[int] = (96, 48, 24),
        blocks: int = 2,
        expansion: int = 1,
        negative_slope: float = 0.2,
        block: str = "bottleneck",
        activation: str = "linear",
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("filters", filters)
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape, multiple=2 ** (len(filters) - 1)),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": filters,
            "blocks": check_count("blocks", blocks, most=64),
            "expansion": check_count("expansion", expansion, most=64),
            "negative_slope": negative_slope,
            "block": check_choice("block", block, tuple(CONVOLUTIONS)),
            "activation": check_choice("activation", activation, ("linear", "tanh")),
        }
        super().__init__(
            build_generator(**architecture), build_discriminator(**architecture), **kwargs
        )
        self._architecture = architecture

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `GAN.compile`, with both penalties."""
        kwargs.setdefault("penalty", [R1(0.5), R2(0.5)])
        super().compile(*args, **kwargs)

    def default_optimizer(self, player: str) -> Any:
        """Return Adam(2e-4, beta_1 0, beta_2 0.99)."""
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[softplus(D(G(z)) - D(x))], eq. 2."""
        return relativistic_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(  # type: ignore[override]
        self, fake_logits: Tensor, real_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[softplus(D(x) - D(G(z)))], eq. 2."""
        return relativistic_generator_loss(fake_logits, real_logits, **weights)

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        latent_dim: int,
        filters: Sequence[int],
        blocks: int,
        expansion: int,
        block: str = "bottleneck",
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        height, width, channels = image_shape
        base = filters[0] * height * width // 4 ** (len(filters) - 1)
        inner = [expansion * width for width in filters]
        basic = block == "basic"
        own = [
            18 * w * e + e if basic else 2 * w * e + e + 9 * e * e + e
            for w, e in zip(filters, inner, strict=True)
        ]
        between = [a * b for a, b in itertools.pairwise(filters)]
        ends = base + (channels + 1) * (filters[-1] + 1) + filters[0] + 1
        return latent_dim * filters[0] + 2 * (blocks * sum(own) + sum(between) + ends)


def build_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    filters: Sequence[int],
    activation: str,
    **block: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    factor = 2 ** (len(filters) - 1)
    inputs = keras.Input((latent_dim,))
    x = layers.Dense(filters[0], use_bias=False)(inputs)
    x = Basis(image_shape[0] // factor, image_shape[1] // factor)(x)
    for level, width in enumerate(filters):
        if level:
            x = Blur(up=2)(_projected(x, width))
        x = _residuals(x, levels=len(filters), **block)
    bounded = layers.Activation("tanh", dtype="float32")
    if activation == "linear":
        bounded = Bounded(dtype="float32")
    images = bounded(layers.Dense(image_shape[-1])(x))
    return keras.Model(inputs, images, name="generator")


def build_discriminator(
    *,
    image_shape: Sequence[int],
    filters: Sequence[int],
    latent_dim: int,
    activation: str,
    **block: Any,
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1): the generator backwards."""
    del latent_dim, activation
    inputs = keras.Input(image_shape)
    x = layers.Dense(filters[-1])(inputs)
    for level, width in enumerate(reversed(filters)):
        if level:
            x = _projected(Blur(down=2)(x), width)
        x = _residuals(x, levels=len(filters), **block)
    # One number for each feature, of the features' size.
    deviation = keras.initializers.RandomNormal(stddev=math.prod(x.shape[1:3]) ** -0.5)
    x = layers.DepthwiseConv2D(x.shape[1:3], use_bias=False, depthwise_initializer=deviation)(x)
    logits = layers.Dense(1, use_bias=False)(layers.Flatten()(x))  # a bias falls out of every pair
    return keras.Model(inputs, logits, name="discriminator")


def _projected(x: Tensor, width: int) -> Tensor:
    """Return images with other channels; as they are where they have so many."""
    return x if x.shape[-1] == width else layers.Dense(width, use_bias=False)(x)


def _residuals(
    x: Tensor, *, levels: int, blocks: int, expansion: int, negative_slope: float, block: str
) -> Tensor:
    """Return x after blocks of convolutions, each block added to what it gets.

    The variance of the kernels falls with the number of blocks of the network (Zhang et al. 2019,
    Fixup, arXiv:1901.09321), and the last kernel of each is zero.
    """
    channels = x.shape[-1]
    inner = expansion * channels
    slope = check_slope(negative_slope)
    normal = _normal((levels * blocks) ** (-1.0 / (2 * CONVOLUTIONS[block] - 2)))
    last: dict[str, Any] = {"use_bias": False, "kernel_initializer": "zeros"}
    for _ in range(blocks):
        y = x
        if block == "bottleneck":
            y = layers.Dense(inner, kernel_initializer=normal)(y)
            y = layers.LeakyReLU(slope)(y)
        y = Conv2D(inner, 3, padding="same", kernel_initializer=normal)(y)
        y = layers.LeakyReLU(slope)(y)
        if block == "bottleneck":
            y = layers.Dense(channels, **last)(y)
        else:
            y = Conv2D(channels, 3, padding="same", **last)(y)
        x = layers.Add()([x, y])
    return x


def _normal(gain: float) -> Any:
    """Return He's initializer with a deviation times `gain`."""
    return keras.initializers.VarianceScaling(2.0 * gain**2, "fan_in", "untruncated_normal")
