"""`DomainAdapter`: labelled pictures of one kind, pictures of another kind, and their classes.

Bousmalis et al. 2016, Unsupervised Pixel-Level Domain Adaptation with Generative Adversarial
Networks, arXiv:1612.05424: a generator makes source pictures look like target pictures, and a
classifier learns the classes from what it made, whose labels are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.feeding import Examples, Labels, Part, check_pictures
from ganzoo.game.classifying import Classifies
from ganzoo.game.labels import check_classes, one_hot
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import run
from ganzoo.losses import binary_discriminator_loss, category_loss, non_saturating_generator_loss
from ganzoo.random import draw_latents, random_images

Tensor = Any


class _Adapts(AdversarialModel):
    """The use of an adapter: data, `translate`, probes."""

    def batch(self, data: Any) -> Batch:
        """Return {"source": (B, ...), "label": (B, classes), "target": (B, ...)}."""
        named = self.named(data)
        pictures = {name: self.tensor(named[name]) for name in ("source", "target")}
        return {**pictures, "label": one_hot(named["label"], len(self.classes), "float32")}

    @property
    def source_shape(self) -> tuple[int, ...]:
        """(height, width, channels) of a source picture."""
        return tuple(self.generator.inputs[0].shape[1:])

    @property
    def target_shape(self) -> tuple[int, ...]:
        """(height, width, channels) of a target picture."""
        return tuple(self.generator.output_shape[1:])

    @property
    def latent_dim(self) -> int:
        """Length of the latent vector beside a source picture."""
        return int(self.generator.inputs[1].shape[-1])

    @property
    def parts(self) -> Sequence[Part]:
        """Source pictures, target pictures, and the labels of the former."""
        target = Examples("target", self.target_shape, maker=self.generator)
        labels = Labels("label", self.classes, of="source")
        return (Examples("source", self.source_shape), target, labels)

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with labelled sources and targets without labels: "
            'fit(ganzoo.batches.GroupedBatches([{"source": ..., "label": ...}, {"target": ...}], '
            "batch_size)), or one mapping of three arrays of one length."
        )

    export_names = ("source", "latents")

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Make target pictures of [sources (B, h, w, c), latents (B, latent_dim)]."""
        return self.apply(self.inference_network("generator"), *inputs, training=training)

    def translate(self, images: Any, *, seed: int | None = 0, batch_size: int = 64) -> np.ndarray:
        """Return target pictures that show what source pictures show.

        Args:
            images: In [-1, 1], shape (n, h, w, c) of the sources, n >= 1.
            seed: Seeds the latents, one for each picture; None draws others each time.
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (n, h, w, c) of the targets, in [-1, 1].

        Raises:
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        images = check_pictures(images, self.source_shape)
        latents = draw_latents(len(images), self.latent_dim, seed)
        return run(self.inference_network("generator"), images, latents, batch_size=batch_size)

    def as_colours(self, images: np.ndarray) -> np.ndarray:
        """Return source pictures (n, h, w, c) with the channels of target pictures."""
        wanted, given = self.target_shape[-1], self.source_shape[-1]
        return np.repeat(images, wanted // given, axis=-1)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"source": (n, h, w, c), "latents": (n, latent_dim)}."""
        source = random_images(n, self.source_shape, seed)
        return {"source": source, "latents": draw_latents(n, self.latent_dim, seed)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, h, w, c)}."""
        network = self.inference_network("generator")
        return {"generator": run(network, inputs["source"], inputs["latents"])}


@keras.saving.register_keras_serializable("ganzoo")
class DomainAdapter(Classifies, _Adapts):
    """A classifier of target pictures that has seen labels of source pictures alone.

    `translate(sources)` makes target pictures of them, `classify(targets)` tells the classes.

    Args:
        generator: Built `keras.Model` from [sources (B, h, w, c), latents (B, latent_dim)] to
            targets (B, h, w, c) in [-1, 1].
        discriminator: Built `keras.Model` from targets to logits (B, 1).
        classifier: Built `keras.Model` from targets to logits (B, classes).
        classes: Names of the classes, in the order of the labels.
        task_weight: Factor beta of the classifier's loss in the generator's, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "classifier": Player(("task_classifier",), "t_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    averaged: ClassVar[tuple[str, ...]] = ("generator", "task_classifier")
    classifier = ("task_classifier",)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        task_classifier: keras.Model,
        classes: Sequence[str],
        *,
        task_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        classes = check_classes("classes", classes)
        networks = {
            "generator": generator,
            "discriminator": discriminator,
            "task_classifier": task_classifier,
        }
        super().__init__(networks, **kwargs)
        self.classes, self.task_weight = classes, float(task_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"classes": list(self.classes), "task_weight": self.task_weight}
        return {**super().get_config(), **own}

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell target pictures from what is made of source pictures (eq. 2)."""
        made = self.made(batch) if self.at_once else without_gradient(lambda: self.made(batch))
        logits = [self.apply(self.discriminator, x) for x in (batch["target"], made)]
        known = {"made": made, "fake_logits": logits[1]} if self.at_once else {}
        return Objective(binary_discriminator_loss(*logits), {}, known)

    def classifier_objective(self, batch: Batch) -> Objective:
        """Tell the classes of source pictures, and of what is made of them (eq. 3)."""
        made = batch["made"] if "made" in batch else without_gradient(lambda: self.made(batch))
        told = self.apply(self.task_classifier, made)
        known = self.apply(self.task_classifier, self.as_target(batch["source"]))
        loss = category_loss(told, batch["label"]) + category_loss(known, batch["label"])
        return Objective(loss, {}, {"told": told} if self.at_once else {})

    def generator_objective(self, batch: Batch) -> Objective:
        """Make what passes for a target picture and keeps its class (eq. 1)."""
        made = batch["made"] if "made" in batch else self.made(batch)
        logits, told = batch.get("fake_logits"), batch.get("told")
        logits = self.apply(self.discriminator, made) if logits is None else logits
        told = self.apply(self.task_classifier, made) if told is None else told
        kept = category_loss(told, batch["label"])
        return Objective(non_saturating_generator_loss(logits) + self.task_weight * kept)

    def made(self, batch: Batch) -> Tensor:
        """Return what the generator makes of the source pictures, each with a fresh latent."""
        latents = self.draw_normal(ops.shape(batch["source"])[0], self.latent_dim)
        return self.apply(self.generator, batch["source"], latents)

    def as_target(self, sources: Tensor) -> Tensor:
        """Return source pictures with the channels of target pictures."""
        wanted, given = self.target_shape[-1], self.source_shape[-1]
        return sources if wanted == given else ops.repeat(sources, wanted // given, axis=-1)
