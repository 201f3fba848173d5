"""SGAN: a discriminator that tells the classes of few labelled pictures, and generated ones apart.

Odena 2016, Semi-Supervised Learning with Generative Adversarial Networks, arXiv:1606.01583, and
Salimans et al. 2016, Improved Techniques for Training GANs, arXiv:1606.03498, section 5: K + 1
classes, of which the generated one has the fixed logit 0, so that D(x) = Z / (Z + 1) with
Z = sum_k exp(l_k), and a generator that matches the mean features of real pictures (section 3.1).
The networks are those of section 6.1, with noise on every layer of the discriminator and weight
normalisation. Deviations: pictures in [-1, 1], so that the noise on them is twice that of the
published code; no initialisation by data, which makes the lengths g of its hidden layers somewhat
larger than 1, so that the noise drowns less: they are an argument, and are not trained, as there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_count, check_image_shape, check_sizes, check_weight
from ganzoo.game.classifying import Classifies, LearnsFromFew
from ganzoo.game.judging import accuracies
from ganzoo.game.labels import check_classes
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective
from ganzoo.layers import BatchNormalization, WeightNormDense, gaussian_noise
from ganzoo.losses import category_loss, l2_distance

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class SGAN(LearnsFromFew, Classifies, GAN):
    """A classifier that learns from few labels and many pictures, by a game with a generator.

    `fit(GroupedBatches([{"real": images}, {"labelled": few, "label": labels}], ...))` trains,
    `classify(images)` uses it, `sample(n, seed)` draws. Logs `supervised`, the cross-entropy of the
    labelled pictures.

    Args:
        image_shape: (height, width, channels).
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        latent_dim: Length of a latent vector.
        generator_units: Width of each hidden layer of the generator.
        discriminator_units: Width of each hidden layer of the discriminator; the last is the
            features that the generator matches.
        image_noise: Standard deviation of the noise on pictures while training, >= 0.
        noise: Standard deviation of the noise on hidden layers while training, >= 0.
        length: Length g of the kernels of the discriminator's hidden layers, > 0.
        unsupervised_weight: Factor of the game beside the cross-entropy of the labels, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    export_names = ("latents",)
    logged = (*GAN.logged, "supervised")
    averaged = ("generator", "discriminator")
    penalised = False
    augments = False
    weighted = False
    class_output = 0

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 100,
        generator_units: Sequence[int] = (500, 500),
        discriminator_units: Sequence[int] = (1000, 500, 250, 250, 250),
        image_noise: float = 0.6,
        noise: float = 0.5,
        length: float = 1.0,
        unsupervised_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        factors = {
            "image_noise": image_noise,
            "noise": noise,
            "unsupervised_weight": unsupervised_weight,
        }
        for name, value in factors.items():
            check_weight(name, value)
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape),
            "classes": check_classes("classes", classes),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "generator_units": check_sizes("generator_units", generator_units),
            "discriminator_units": check_sizes("discriminator_units", discriminator_units),
            **{name: float(value) for name, value in factors.items()},
            "length": float(length),
        }
        networks = {
            "generator": build_generator(**architecture),
            "discriminator": build_discriminator(**architecture),
        }
        AdversarialModel.__init__(self, networks, **kwargs)
        self.classes = architecture["classes"]
        self.unsupervised_weight = architecture["unsupervised_weight"]
        self._architecture = architecture

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return log Z (B, 1), the logit of "real"."""
        told = self.apply(self.discriminator, examples, **options)[0]
        return ops.logsumexp(ops.cast(told, "float32"), axis=-1, keepdims=True)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """The cross-entropy of the labels, and that of real against generated."""
        fake = without_gradient(lambda: self.generated(batch))
        told, _ = self.apply(self.discriminator, batch["labelled"])
        supervised = category_loss(told, batch["label"])
        logits = self.judge(batch["real"]), self.judge(fake)
        game = self.discriminator_loss(*logits)
        logs = {**accuracies(*logits), "supervised": supervised}
        return Objective(supervised + self.unsupervised_weight * game, logs)

    def generator_objective(self, batch: Batch) -> Objective:
        """Feature matching: the squared difference of the mean features."""
        known = without_gradient(lambda: self._mean_features(batch["real"]))
        return Objective(l2_distance(self._mean_features(self.generated(batch)), known))

    def _mean_features(self, images: Tensor) -> Tensor:
        features = self.apply(self.discriminator, images)[1]
        return ops.mean(ops.cast(features, "float32"), axis=0)


def build_generator(
    *, image_shape: Sequence[int], latent_dim: int, generator_units: Sequence[int], **_: Any
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    stack: list[Any] = [keras.Input((latent_dim,), name="latents")]
    for width in generator_units:
        stack += [layers.Dense(width, use_bias=False), BatchNormalization()]
        stack += [layers.Activation("softplus")]
    stack += [WeightNormDense(math.prod(image_shape)), layers.Activation("tanh", dtype="float32")]
    return keras.Sequential(
        [*stack, layers.Reshape(image_shape, dtype="float32")], name="generator"
    )


def build_discriminator(
    *,
    image_shape: Sequence[int],
    classes: Sequence[str],
    discriminator_units: Sequence[int],
    image_noise: float,
    noise: float,
    length: float,
    **_: Any,
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, classes), features (B, f)."""
    images = keras.Input(image_shape, name="images")
    x = gaussian_noise(image_noise)(layers.Flatten()(images))
    for width in discriminator_units:
        features = WeightNormDense(width, "relu", train_length=False, initial_length=length)(x)
        x = gaussian_noise(noise)(features)
    logits = WeightNormDense(len(classes))(x)
    return keras.Model(images, [logits, features], name="discriminator")
