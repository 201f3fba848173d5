"""`ConditionalGAN`: both networks are told what to draw.

Mirza and Osindero 2014, Conditional Generative Adversarial Nets (arXiv:1411.1784). The condition is
a vector of one weight per class: one-hot while training, and any mixture when sampling, so that a
picture can be drawn between two classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.feeding import Labels, Part
from ganzoo.game.fitting import check_class_weight
from ganzoo.game.labels import check_classes, one_hot, weights_of, with_even
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.run import predict_evenly
from ganzoo.random import draw_latents

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ConditionalGAN(GAN):
    """A GAN that is trained with labels and draws what a label asks for.

    `fit(images, labels)` takes integer labels, 0 to len(classes) - 1.

    Args:
        generator: Built `keras.Model` from [latents (B, latent_dim), condition (B, classes)] to
            data (B, ...) in [-1, 1].
        discriminator: Built `keras.Model` from [data (B, ...), condition (B, classes)] to logits
            (B, 1).
        classes: Their names, in the order of the labels.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        classes: Sequence[str],
        **kwargs: Any,
    ) -> None:
        classes = check_classes("classes", classes)
        super().__init__(generator, discriminator, **kwargs)
        self.classes = classes

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "classes": list(self.classes)}

    # --- training ----------------------------------------------------------------------------

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, ...), "condition": (B, classes)}, the condition one-hot."""
        label = self.named(data)["label"]
        condition = one_hot(label, len(self.classes), self.compute_dtype)
        return {**super().batch(data), "condition": condition}

    def generate_from(self, latents: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the generator that is trained to latents and a condition."""
        inputs = [ops.convert_to_tensor(array) for array in (latents, condition)]
        return self.apply(self.generator, *inputs, **options)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the discriminator to examples and their condition."""
        inputs = [ops.convert_to_tensor(array) for array in (examples, condition)]
        return self.apply(self.discriminator, *inputs, **options)

    @property
    def parts(self) -> Sequence[Part]:
        """The examples, "real", and their labels, "label"."""
        return (*super().parts, Labels("label", self.classes))

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with labels: fit(images, labels), one label per "
            f"image, integers from 0 to {len(self.classes) - 1}."
        )

    def check_class_weight(self, class_weight: Any) -> None:
        """Refuse weights of labels that are not there; they weigh both real and generated."""
        check_class_weight(class_weight, len(self.classes))

    # --- generating --------------------------------------------------------------------------

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Generate from [latents (B, latent_dim), condition (B, classes)].

        Latents alone get the classes' even mixture.
        """
        inputs = with_even(inputs, len(self.classes))
        return self.apply(self.sampling_generator, *inputs, training=training)

    def condition(self, n: int, label: Any = None) -> np.ndarray:
        """Return the condition of `n` examples, float32 (n, classes).

        Args:
            n: How many examples, >= 1.
            label: What to draw. The name or the index of a class; a number between two indices
                mixes these (0.5: halfway from the first to the second); a sequence of n of them;
                or an array (n, classes) of weights. None takes the classes in turn.

        Raises:
            InvalidArgumentError: There is no such class, or the count is not n.
        """
        return weights_of(self.classes, label, n)

    def generate(
        self, latents: Any, label: Any = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Generate one example per latent vector; `label` as for `condition`, else as `GAN`."""
        latents = checks.check_latents(latents, self.latent_dim)
        condition = self.condition(len(latents), label)
        return predict_evenly(self, [latents, condition], batch_size)

    def sample(
        self, n: int, seed: int | None = None, label: Any = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw `n` examples; `label` as for `condition`, the rest as for `GAN.sample`.

        The latents depend on the seed alone, so that the same seed draws the same hand for every
        label.
        """
        self.check_memory(n)
        return self.generate(draw_latents(n, self.latent_dim, seed), label, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim), "condition": (n, classes)}, the classes in turn."""
        return {**super().probe_inputs(n, seed), "condition": self.condition(n)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, *data_shape)}."""
        return {"generator": self.generate(inputs["latents"], inputs["condition"])}
