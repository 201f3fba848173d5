"""`Classifies`: a model that reads classes off pictures; `LearnsFromFew`: with few labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ganzoo.feeding import Examples, Labels, Part, check_pictures
from ganzoo.game.labels import one_hot
from ganzoo.game.run import run
from ganzoo.random import random_images


class Classifies:
    """The part of an `AdversarialModel` with classes that says how probable each of them is.

    Attributes:
        classifier: The networks that the pictures pass, one after the other.
        class_output: Which output of the last one has the logits of the classes (B, classes).
    """

    classifier: ClassVar[tuple[str, ...]] = ("discriminator",)
    class_output: ClassVar[int] = 1
    inference_network: Any

    @property
    def classified_shape(self) -> tuple[int, ...]:
        """(height, width, channels) of the pictures that are classified."""
        return tuple(getattr(self, self.classifier[0]).inputs[0].shape[1:])

    def classify(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return the probability of each class, float32 (n, classes); rows sum to 1.

        Args:
            images: In [-1, 1], shape (n, height, width, channels), n >= 1.
            batch_size: Pictures per forward pass; it does not change the result.

        Raises:
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        made: Any = check_pictures(images, self.classified_shape)
        for name in self.classifier:
            made = run(self.inference_network(name), made, batch_size=batch_size)
        logits = np.asarray(made[self.class_output] if isinstance(made, list) else made)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), np.float32)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return the inputs of the other networks, and pictures."""
        inputs = super().probe_inputs(n, seed)  # type: ignore[misc]
        return {**inputs, "images": random_images(n, self.classified_shape, seed)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the outputs of the other networks, and {"classes": (n, classes)}."""
        made = super().probe(inputs)  # type: ignore[misc]
        return {**made, "classes": self.classify(inputs["images"])}


class LearnsFromFew:
    """The part of a model with classes that is fed many pictures, and few with their labels."""

    classes: tuple[str, ...]
    data_shape: tuple[int, ...]
    named: Any
    tensor: Any

    @property
    def parts(self) -> Sequence[Part]:
        """Pictures without labels, pictures with labels, and these."""
        labelled = Examples("labelled", self.data_shape)
        labels = Labels("label", self.classes, of="labelled")
        return (*super().parts, labelled, labels)  # type: ignore[misc]

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with many pictures and few labels: "
            'fit(ganzoo.batches.GroupedBatches([{"real": images}, {"labelled": few, "label": '
            "labels}], batch_size)), or one mapping of three arrays of one length."
        )

    def batch(self, data: Any) -> dict[str, Any]:
        """Return {"real": (B, ...), "labelled": (L, ...), "label": (L, classes)}."""
        named = self.named(data)
        pictures = {name: self.tensor(named[name]) for name in ("real", "labelled")}
        return {**pictures, "label": one_hot(named["label"], len(self.classes), "float32")}
