"""ProGAN: both networks begin with small pictures, and take up one larger level after the other.

Karras, Aila, Laine, Lehtinen 2017, Progressive Growing of GANs for Improved Quality, Stability,
and Variation, arXiv:1710.10196: each new level is faded in (figure 2), weights are scaled while
they are used (section 4.1), features are normalised per pixel (section 4.2), the critic sees how
much a batch varies (section 3), and the game is that of WGAN-GP with a small drift term (appendix
A.1).

How far the networks have grown is one number, `growth`: 0 is the smallest level alone, 2.5 the
third level and half of the fourth. Deviations: all levels are built at once and computed in every
step, so growing saves no time here; small networks; images are clipped to their range where nothing
learns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo import schedules
from ganzoo.checks import check_count, check_image_shape, check_sizes
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.wasserstein import WassersteinGAN
from ganzoo.layers import Bounded, MinibatchStandardDeviation
from ganzoo.layers.fade import FadeIn
from ganzoo.layers.strided import Conv2D
from ganzoo.losses import mean

Tensor = Any
SLOPE = 0.2  # of every LeakyReLU below 0
DRIFT = 1e-3  # weight of the critic's squared scores of real pictures
HE, PLAIN = math.sqrt(2.0), 1.0  # gains before a LeakyReLU, and before nothing


@keras.saving.register_keras_serializable("ganzoo")
class ProGAN(WassersteinGAN):
    """A growing GAN for images whose sides are multiples of 2 to the number of levels but one.

    Fresh models are compiled with a gradient penalty of weight 10, one critic step and Adam(1e-3,
    beta_1 0, beta_2 0.99). Below its full growth a model makes pictures of the image's size with
    the detail of a smaller one, and its critic sees real pictures likewise.

    Args:
        image_shape: (height, width, channels).
        latent_dim: Length of a latent vector.
        filters: Channels of each level of both networks, from the smallest pictures to the image's
            size; each is twice as large as the one before.
        growth: How far a fresh model has grown, from 0 to the number of levels but one; None is all
            the way. `compile(growth=...)` lets it grow.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    logged = (*WassersteinGAN.logged, "growth")
    weighted = True

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        latent_dim: int = 128,
        filters: Sequence[int] = (128, 128, 64, 32, 16),
        growth: float | None = None,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("filters", filters)
        sizes: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape, multiple=2 ** (len(filters) - 1)),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": filters,
        }
        super().__init__(build_generator(**sizes), build_critic(**sizes), **kwargs)
        self._architecture = {**sizes, "growth": growth}
        if growth is not None:
            self._grow(schedules.read("growth", growth, 0.0, len(filters) - 1.0))

    def compile(self, *args: Any, growth: Any = None, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `WassersteinGAN.compile`, and `growth`.

        Args:
            growth: How far the networks have grown, from the next step of `fit` on: a number from 0
                to the number of levels but one, a `ganzoo.schedules.Schedule` or plain data of one
                ({"from": 1, "to": 2, "over": 100_000, "shape": "linear"}); None leaves it as it is.

        Raises:
            InvalidArgumentError: Another number or form.
        """
        levels = len(self._architecture["filters"])
        if growth is not None:
            growth = schedules.read("growth", growth, 0.0, levels - 1.0)
        steps = kwargs.pop("steps", None) or {}
        kwargs["steps"] = {"discriminator": 1, **steps} if isinstance(steps, Mapping) else steps
        super().compile(*args, **kwargs)
        self.grows = growth

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, for saving."""
        return {**super().get_compile_config(), "growth": schedules.plain(self.grows)}

    def default_optimizer(self, player: str) -> Any:
        """Return Adam(1e-3, beta_1 0, beta_2 0.99)."""
        return keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99)

    # --- growing -----------------------------------------------------------------------------

    @property
    def growth(self) -> float:
        """How far the networks have grown, from 0 to the number of levels but one."""
        return float(ops.convert_to_numpy(self._grown()))

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, height, width, channels)}, with as much detail as has grown."""
        if self.grows is not None and not self.evaluating:
            self._grow(schedules.value_at(self.grows, self.images_seen()))
        batch = super().batch(data)
        return {**batch, "real": self.with_detail(batch["real"])}

    def with_detail(self, images: Tensor) -> Tensor:
        """Return images (B, height, width, channels) with as much detail as has grown."""
        fades = _fades(self.generator)
        smaller = [images]
        for _ in fades:
            smaller.append(ops.average_pool(smaller[-1], 2, 2))
        made = smaller.pop()
        for fade in fades:
            doubled = ops.repeat(ops.repeat(made, 2, axis=1), 2, axis=2)
            made = fade([doubled, smaller.pop()])
        return made

    def update_averages(self) -> None:
        """Move the averages towards their networks; an average has grown as far as its network."""
        super().update_averages()
        for network in self.averages.values():
            for kept, fade in zip(_fades(network), _fades(self.generator), strict=True):
                kept.alpha.assign(fade.alpha)

    def _grow(self, growth: Any) -> None:
        for network in (*self.networks.values(), *self.averages.values()):
            for fade in _fades(network):
                fade.follow(growth)

    def _grown(self) -> Tensor:
        shares = [ops.convert_to_tensor(fade.alpha) for fade in _fades(self.generator)]
        return sum(shares, ops.zeros(()))

    # --- the game ----------------------------------------------------------------------------

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell real from generated; log how far the networks have grown."""
        made = super().discriminator_objective(batch)
        return made._replace(logs={**made.logs, "growth": self._grown()})

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[D(fake)] - E[D(real)] + 0.001 E[D(real)^2], appendix A.1."""
        squared = ops.square(ops.cast(real_logits, "float32"))
        loss = super().discriminator_loss(real_logits, fake_logits, **weights)
        return loss + DRIFT * mean(squared, weights.get("real_weights"))

    @staticmethod
    def count_parameters(
        *, image_shape: Sequence[int], latent_dim: int, filters: Sequence[int], **_: Any
    ) -> int:
        """Return at least as many parameters as both networks have."""
        height, width, channels = image_shape
        base = filters[0] * height * width // 4 ** (len(filters) - 1)
        count = base * (latent_dim + 1) + (9 * (filters[0] + 1) + base + 4) * filters[0] + 1
        for before, own in zip((filters[0], *filters[:-1]), filters, strict=True):
            convolutions = 9 * own * (before + own) + 2 * (own + before)
            count += 2 * (convolutions + own * channels + own + channels + 1)
        return count


def build_generator(
    *, image_shape: Sequence[int], latent_dim: int, filters: Sequence[int]
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    factor = 2 ** (len(filters) - 1)
    base = (image_shape[0] // factor, image_shape[1] // factor, filters[0])
    inputs = keras.Input((latent_dim,))
    x = layers.Reshape(base)(_dense(_normalised(inputs), math.prod(base)))
    x = _normalised(layers.LeakyReLU(SLOPE)(x))
    image = None
    for level, width in enumerate(filters):
        if level:
            x = _normalised(_convolved(layers.UpSampling2D()(x), width))
        x = _normalised(_convolved(x, width))
        colours = _scaled_conv(x, image_shape[-1], 1, PLAIN)
        if image is not None:
            colours = FadeIn(level)([layers.UpSampling2D()(image), colours])
        image = colours
    images = Bounded(dtype="float32")(image)
    return keras.Model(inputs, images, name="generator")


def build_critic(*, image_shape: Sequence[int], filters: Sequence[int], **_: Any) -> keras.Model:
    """Return the network (B, height, width, channels) -> scores (B, 1)."""
    inputs = keras.Input(image_shape)
    image, x = inputs, _convolved(inputs, filters[-1], 1)
    for level in range(len(filters) - 1, 0, -1):
        below = filters[level - 1]
        x = _convolved(_convolved(x, filters[level]), below)
        x, image = layers.AveragePooling2D(2)(x), layers.AveragePooling2D(2)(image)
        x = FadeIn(level)([_convolved(image, below, 1), x])
    x = _convolved(MinibatchStandardDeviation()(x), filters[0])
    x = layers.LeakyReLU(SLOPE)(_dense(layers.Flatten()(x), filters[0]))
    return keras.Model(inputs, _dense(x, 1, PLAIN), name="critic")


def _fades(network: keras.Model) -> list[Any]:
    """Return the places where a network takes up its levels, the smallest first."""
    found = [layer for layer in network.layers if isinstance(layer, FadeIn)]
    return sorted(found, key=lambda fade: fade.level)


def _normalised(x: Tensor) -> Tensor:
    """Give each pixel's features a mean square of 1 (section 4.2)."""
    return layers.Rescaling(math.sqrt(x.shape[-1]))(layers.UnitNormalization()(x))


def _convolved(x: Tensor, filters: int, kernel_size: int = 3) -> Tensor:
    return layers.LeakyReLU(SLOPE)(_scaled_conv(x, filters, kernel_size, HE))


def _scaled_conv(x: Tensor, filters: int, kernel_size: int, gain: float) -> Tensor:
    """Convolve with a kernel of variance 1 that is scaled as it is used (section 4.1).

    The inputs are scaled in its place, as a convolution is linear.
    """
    x = layers.Rescaling(gain / (kernel_size * math.sqrt(x.shape[-1])))(x)
    normal = keras.initializers.RandomNormal(stddev=1.0)
    return Conv2D(filters, kernel_size, padding="same", kernel_initializer=normal)(x)


def _dense(x: Tensor, units: int, gain: float = HE) -> Tensor:
    """The same for a dense layer."""
    x = layers.Rescaling(gain / math.sqrt(x.shape[-1]))(x)
    return layers.Dense(units, kernel_initializer=keras.initializers.RandomNormal(stddev=1.0))(x)
