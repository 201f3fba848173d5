"""`Classifies`: what a model gives that reads classes off pictures, besides all else it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ganzoo import checks
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
        made: Any = checks.check_data(np.asarray(images), self.classified_shape)
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
