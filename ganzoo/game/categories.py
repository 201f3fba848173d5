"""`CategoricalAutoencoder`: an autoencoder whose codes are a class and a style, each with a prior.

Makhzani et al. 2015, Adversarial Autoencoders, arXiv:1511.05644, sections 5 and 6: the encoder
gives a softmax over classes and a continuous style, two discriminators tell these from one-hot
vectors and from a standard normal, and the generator makes the picture of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_weight
from ganzoo.feeding import Part, check_pictures
from ganzoo.game.classifying import Classifies
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.labels import check_classes, one_hot
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import run
from ganzoo.losses import l2_distance
from ganzoo.random import draw_latents

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class CategoricalAutoencoder(Classifies, ConditionalGAN):
    """An autoencoder of classes and styles: `classify`, `encode`, `reconstruct`, `sample(label=)`.

    Latents are styles. `d_real_accuracy` and `d_fake_accuracy` are those of the discriminator of
    styles; `d_loss` and `g_loss` are sums over both discriminators, 2 log 2 where both say 1/2.

    Args:
        generator: Built `keras.Model` from [styles (B, latent_dim), classes (B, classes)] to data.
        features: Built `keras.Model` from data to features (B, features), the encoder's first part.
        categories: Built `keras.Model` from features to logits of the classes (B, classes).
        styles: Built `keras.Model` from features to styles (B, latent_dim).
        discriminator: Built `keras.Model` from styles to logits (B, 1) of "drawn from the prior".
        category_discriminator: The same from classes: one-hot, or a softmax.
        classes: Their names, in the order of the labels.
        noise: Standard deviation of Gaussian noise on what the encoder sees while training, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "autoencoder": Player(("features", "categories", "styles", "generator"), "r_loss"),
        "discriminator": Player(("discriminator", "category_discriminator"), "d_loss"),
        "encoder": Player(("features", "categories", "styles"), "g_loss"),
    }
    logged = GAN.logged
    averaged: ClassVar[tuple[str, ...]] = ("generator", "features", "categories", "styles")
    export_names = ("latents", "condition")
    classifier = ("features", "categories")
    class_output = 0
    penalised = False
    augments = False
    weighted = False

    def __init__(
        self,
        generator: keras.Model,
        features: keras.Model,
        categories: keras.Model,
        styles: keras.Model,
        discriminator: keras.Model,
        category_discriminator: keras.Model,
        classes: Sequence[str],
        *,
        noise: float = 0.0,
        **kwargs: Any,
    ) -> None:
        self.noise = check_weight("noise", noise)
        self.classes = check_classes("classes", classes)
        networks = {
            "generator": generator,
            "features": features,
            "categories": categories,
            "styles": styles,
            "discriminator": discriminator,
            "category_discriminator": category_discriminator,
        }
        AdversarialModel.__init__(self, networks, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        stated = AdversarialModel.get_config(self)
        own = {"classes": list(self.classes), "noise": self.noise}
        return stated if self._architecture else {**stated, **own}

    @property
    def parts(self) -> Sequence[Part]:
        """The examples, "real"; a subclass adds its labels."""
        return super().parts[:1]

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, ...)}."""
        return GAN.batch(self, data)

    # --- the game ----------------------------------------------------------------------------

    def featured(self, real: Tensor) -> Tensor:
        """Return the features (B, features) of data, under noise while training."""
        if self.noise and not self.evaluating:
            real = real + self.noise * self.draw_normal(*ops.shape(real))
        return self.apply(self.features, real)

    def codes(self, real: Tensor) -> tuple[Tensor, Tensor]:
        """Return styles (B, latent_dim) and probabilities of the classes (B, classes) of data."""
        features = self.featured(real)
        logits = self.apply(self.categories, features)
        # In half precision a class that is nearly certain would have no gradient.
        return self.apply(self.styles, features), ops.softmax(ops.cast(logits, "float32"), axis=-1)

    def drawn(self, rows: Any) -> tuple[Tensor, Tensor]:
        """Return styles and one-hot classes of the priors, a normal and an even choice."""
        count = len(self.classes)
        classes = one_hot(ops.floor(count * self.draw_uniform(rows)), count, self.compute_dtype)
        return self.draw_normal(rows, self.latent_dim), classes

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits (B, 1) of "drawn from the prior", of the styles of examples."""
        features = self.apply(self.features, examples, **options)
        styles = self.apply(self.styles, features, **options)
        return self.apply(self.discriminator, styles, **options)

    def judged(self, codes: Sequence[Tensor]) -> list[Tensor]:
        """Return the logits (B, 1) of both discriminators, of styles and of classes."""
        networks = self.discriminator, self.category_discriminator
        return [self.apply(one, code) for one, code in zip(networks, codes, strict=True)]

    def autoencoder_objective(self, batch: Batch) -> Objective:
        """The reconstruction phase: the mean square of what is lost."""
        back = self.apply(self.generator, *self.codes(batch["real"]))
        return Objective(l2_distance(back, batch["real"]))

    def discriminator_objective(self, batch: Batch) -> Objective:
        """The regularisation phase: tell draws of both priors from codes, which are held fixed."""
        coded = without_gradient(lambda: list(self.codes(batch["real"])))
        real = self.judged(self.drawn(ops.shape(batch["real"])[0]))
        fake = self.judged(coded)
        losses = [self.discriminator_loss(*pair) for pair in zip(real, fake, strict=True)]
        return Objective(losses[0] + losses[1], accuracies(real[0], fake[0]))

    def encoder_objective(self, batch: Batch) -> Objective:
        """The regularisation phase: make codes that pass for draws of the priors."""
        styles, classes = self.judged(self.codes(batch["real"]))
        return Objective(self.generator_loss(styles) + self.generator_loss(classes))

    # --- using it ----------------------------------------------------------------------------

    def encode(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return the styles of pictures, float32 (n, latent_dim); `classify` has their classes.

        Args:
            images: Data as for `fit`, shape (n, *data_shape), n >= 1.
            batch_size: Pictures per forward pass; it does not change the result.

        Raises:
            DataError: Data of another shape, not finite or out of range.
        """
        images = check_pictures(images, self.data_shape, self.data_range)
        features = run(self.inference_network("features"), images, batch_size=batch_size)
        made = run(self.inference_network("styles"), features, batch_size=batch_size)
        return np.asarray(made)

    def reconstruct(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return what the generator makes of the codes of pictures, float32 (n, *data_shape)."""
        styles = self.encode(images, batch_size=batch_size)
        classes = self.classify(images, batch_size=batch_size)
        return self.generate(styles, classes, batch_size=batch_size)

    def sheet(self, styles: int, seed: int = 0, *, batch_size: int = 256) -> np.ndarray:
        """Return all classes, one after the other, in some styles that are the same for each.

        With `styles` columns a row is a class.

        Args:
            styles: How many, >= 1.
            seed: Seeds them.
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (classes * styles, *data_shape), in [-1, 1].
        """
        count = len(self.classes)
        latents = np.tile(draw_latents(styles, self.latent_dim, seed), (count, 1))
        chosen = np.repeat(np.eye(count, dtype=np.float32), styles, axis=0)
        return self.generate(latents, chosen, batch_size=batch_size)

    def preset_images(self, n: int = 100, seed: int = 0) -> np.ndarray | None:
        """Return the pictures that are shown of a preset: a row for each class; None of other data.

        Samples as of any GAN where there are more than 32 classes.
        """
        shown = super().preset_images(n, seed)
        count = len(self.classes)
        return shown if shown is None or count > 32 else self.sheet(count, seed)

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, *data_shape), "classes": ..., "styles": (n, latent_dim)}."""
        return {**super().probe(inputs), "styles": self.encode(inputs["images"])}
