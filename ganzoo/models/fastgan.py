"""FastGAN: a small GAN for a hundred pictures, whose discriminator must also describe what it sees.

Liu, Zhu, Song, Elgammal 2021, Towards Faster and Stabilized GAN Training for High-fidelity Few-shot
Image Synthesis, arXiv:2101.04775: skip-layer excitation (section 3.1, eq. 1), gated linear units, a
discriminator that is an encoder with two decoders of real pictures (section 3.2, eq. 3), hinge loss
(eq. 4 and 5), augmentation. Deviations: small networks; the decoders are compared by L1 and not by
a network that others trained; one score for a picture instead of 5x5; hinges at 1 instead of at
random. Batch normalisation in the discriminator keeps the size of what it sees: the decoders do not
care about it, and by spectral normalisation alone it faded, and all scores with it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import without_gradient
from ganzoo.augmentation import Augmentation
from ganzoo.checks import check_count, check_image_shape, check_sizes, check_weight
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers import BatchNormalization, SpectralNormalization
from ganzoo.layers.modulation import PixelNoise
from ganzoo.layers.parts import halved, quarter
from ganzoo.layers.strided import Conv2D
from ganzoo.losses import hinge_discriminator_loss, hinge_generator_loss, l1_distance

Tensor = Any
SLOPE = 0.2  # of every LeakyReLU below 0
POOLED = 4  # side of the features that make an excitation


@keras.saving.register_keras_serializable("ganzoo")
class FastGAN(GAN):
    """A GAN for images whose sides are multiples of 2 to the number of levels but one.

    Fresh models are compiled with Adam(2e-4, beta_1 0.5) and `Augmentation` of place and size.
    Logs `reconstruction`, the mean distance of the decoders' pictures from the real ones.

    Args:
        image_shape: (height, width, channels).
        latent_dim: Length of a latent vector.
        filters: Channels of each level of both networks, from the smallest pictures to the image's
            size; each is twice as large as the one before. At least 3.
        skip: Levels between those that an excitation joins, >= 1; the paper's is 4.
        decoder_filters: Channels of the last level of a decoder; those before have twice as many
            each.
        reconstruction_weight: Factor of the decoders' distance, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("features", "discriminator", "decoder", "part_decoder"), "d_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    logged = (*GAN.logged, "reconstruction")
    penalised = False  # by batch normalisation a score depends on other pictures
    weighted = False

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        latent_dim: int = 128,
        filters: Sequence[int] = (160, 128, 64, 32, 16),
        skip: int = 3,
        decoder_filters: int = 16,
        reconstruction_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("filters", filters)
        if len(filters) < 3:
            raise InvalidArgumentError(
                f"filters needs at least 3 levels, of which two are decoded; got {len(filters)}."
            )
        check_weight("reconstruction_weight", reconstruction_weight)
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape, multiple=2 ** (len(filters) - 1)),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": filters,
            "skip": check_count("skip", skip, most=len(filters) - 1),
            "decoder_filters": check_count("decoder_filters", decoder_filters, most=8192),
        }
        features = build_features(**architecture)
        networks = {
            "generator": build_generator(**architecture),
            "features": features,
            "discriminator": build_head(features),
            "decoder": build_decoder(features, 1, "decoder", **architecture),
            "part_decoder": build_decoder(features, 0, "part_decoder", **architecture),
        }
        AdversarialModel.__init__(self, networks, **kwargs)
        self.reconstruction_weight = float(reconstruction_weight)
        self._architecture = {**architecture, "reconstruction_weight": self.reconstruction_weight}

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `GAN.compile`, with an augmentation."""
        kwargs.setdefault("augmentation", Augmentation(0.125, 0.0, background=0.0, scale=0.1))
        super().compile(*args, **kwargs)

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        latent_dim: int,
        filters: Sequence[int],
        skip: int,
        decoder_filters: int,
        **_: Any,
    ) -> int:
        """Return at least as many parameters as all networks have, with vectors of their norms."""
        height, width, channels = image_shape
        levels = len(filters)
        base = height * width // 4 ** (levels - 1)
        made = 2 * filters[0] * base * (latent_dim + 5) + filters[-1] * 9 * channels + channels
        judged = filters[-1] * (9 * channels + 2) + filters[0] * (base + 2) + 1
        for before, own in itertools.pairwise(filters):
            made += 2 * own * (9 * before + 5) + height * width + 1
            judged += before * (10 * own + 9 * before + 12)
        for low, high in zip(filters, filters[skip:], strict=False):
            made += high * (POOLED**2 * low + high + 2)
        decoders = 0
        for place in (1, 0):
            before = filters[1 - place]
            for own in _decoder_widths(levels, place, decoder_filters):
                decoders += 2 * own * (9 * before + 5)
                before = own
            decoders += 9 * before * channels + channels
        return made + judged + decoders

    # --- the game ----------------------------------------------------------------------------

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], eq. 4 without the reconstruction."""
        return hinge_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """-E[D(G(z))], eq. 5."""
        return hinge_generator_loss(fake_logits, **weights)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1)."""
        _, features = self.apply(self.features, examples, **options)
        return self.apply(self.discriminator, features, **options)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell real from generated, and describe the real ones; the generator is held fixed."""
        if self.at_once:
            fake = self.generated(batch)
        else:
            fake = without_gradient(lambda: self.generated(batch))
        real = self.augmented(batch["real"])
        wide, narrow = self.apply(self.features, real)
        real_logits, fake_logits = self.apply(self.discriminator, narrow), self.judge(fake)
        distance = self._reconstructed(real, wide, narrow)
        loss = self.discriminator_loss(real_logits, fake_logits)
        return Objective(
            loss + self.reconstruction_weight * distance,
            {**self.accuracies(real_logits, fake_logits), "reconstruction": distance},
            {"fake": fake, "fake_logits": fake_logits} if self.at_once else {},
        )

    def _reconstructed(self, real: Tensor, wide: Tensor, narrow: Tensor) -> Tensor:
        """Return the distance of both decoders' pictures from the real ones, eq. 3.

        The features of the last level are decoded to the whole picture at half its size, those of a
        quarter of the level before to the same quarter of the picture, a random one of each.
        """
        whole = self.apply(self.decoder, narrow)
        which = ops.floor(4.0 * self.draw_uniform(ops.shape(real)[0], 1, 1, 1))
        part = self.apply(self.part_decoder, quarter(wide, which))
        return l1_distance(whole, halved(real)) + l1_distance(part, halved(quarter(real, which)))


def build_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    filters: Sequence[int],
    skip: int,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    factor = 2 ** (len(filters) - 1)
    base = (image_shape[0] // factor, image_shape[1] // factor, 2 * filters[0])
    latents = keras.Input((latent_dim,))
    x = layers.Reshape(base)(layers.Dense(math.prod(base), use_bias=False)(latents))
    x = _gated(BatchNormalization()(x))
    levels = [x]
    for level, width in enumerate(filters[1:], start=1):
        x = Conv2D(2 * width, 3, padding="same", use_bias=False)(layers.UpSampling2D()(x))
        x = _gated(BatchNormalization()(PixelNoise()(x)))
        if level >= skip:
            x = layers.Multiply()([x, _excitation(levels[level - skip], width)])
        levels.append(x)
    x = Conv2D(image_shape[-1], 3, padding="same")(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(latents, images, name="generator")


def build_features(*, image_shape: Sequence[int], filters: Sequence[int], **_: Any) -> keras.Model:
    """Return the network from images to the features of the last two levels.

    (B, height, width, channels) -> (B, 2 h, 2 w, filters[1]), (B, h, w, filters[0]).
    """
    images = keras.Input(image_shape)
    x = layers.LeakyReLU(SLOPE)(Conv2D(filters[-1], 3, padding="same")(images))
    kept = [x]
    for width in filters[-2::-1]:
        y = _seen(_seen(x, width, strides=2), width)
        x = layers.Average()([y, _seen(layers.AveragePooling2D(2)(x), width, 1)])
        kept.append(x)
    return keras.Model(images, kept[-2:], name="features")


def build_head(features: keras.Model) -> keras.Model:
    """Return the network from the features of the last level to logits (B, 1)."""
    inputs = keras.Input(features.outputs[1].shape[1:])
    x = SpectralNormalization(layers.Dense(1, use_bias=False))(layers.Flatten()(inputs))
    return keras.Model(inputs, x, name="discriminator")


def build_decoder(
    features: keras.Model,
    place: int,
    name: str,
    *,
    image_shape: Sequence[int],
    filters: Sequence[int],
    decoder_filters: int,
    **_: Any,
) -> keras.Model:
    """Return a network from features to pictures in [-1, 1].

    Args:
        features: The network that makes them.
        place: Of its outputs: 1 is decoded to half the image's sides, a quarter of 0 to a quarter.
        name: Of the network.
        image_shape, filters, decoder_filters: See `FastGAN`.
    """
    shape = features.outputs[place].shape[1:]
    sides = shape[:2] if place else tuple(side // 2 for side in shape[:2])
    inputs = keras.Input((*sides, shape[2]))
    x = inputs
    for width in _decoder_widths(len(filters), place, decoder_filters):
        x = Conv2D(2 * width, 3, padding="same", use_bias=False)(layers.UpSampling2D()(x))
        x = _gated(BatchNormalization()(x))
    x = Conv2D(image_shape[-1], 3, padding="same")(x)
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name=name)


def _decoder_widths(levels: int, place: int, last: int) -> list[int]:
    """Return the channels of each doubling: to half of the image's sides, or to a quarter."""
    doublings = levels - 2 if place else levels - 3
    return [last * 2 ** (doublings - 1 - index) for index in range(doublings)]


def _gated(x: Tensor) -> Tensor:
    """Return half of the channels, each times the sigmoid of one of the others (Dauphin 2017)."""
    half = x.shape[-1] // 2
    return layers.Multiply()([x[..., :half], layers.Activation("sigmoid")(x[..., half:])])


def _excitation(low: Tensor, channels: int) -> Tensor:
    """Return one factor in (0, 1) for each channel of a later level, (B, 1, 1, channels), eq. 1."""
    sides = [max(1, side // POOLED) for side in low.shape[1:3]]
    x = layers.AveragePooling2D(sides)(low)
    x = Conv2D(channels, tuple(x.shape[1:3]), padding="valid", use_bias=False)(x)
    x = Conv2D(channels, 1)(layers.LeakyReLU(0.1)(x))
    return layers.Activation("sigmoid")(x)


def _seen(x: Tensor, filters: int, kernel_size: int = 3, strides: int = 1) -> Tensor:
    """Return a normalised convolution of x under a LeakyReLU."""
    x = Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False)(x)
    return layers.LeakyReLU(SLOPE)(BatchNormalization()(x))
