"""Batches of pictures with a random hole in each, in an order that can be taken up again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.batches import ShuffledBatches
from ganzoo.data.masks import masks_of, random_boxes


class MaskedBatches(ShuffledBatches):
    """Batches {"image": (B, height, width, channels), "mask": (B, height, width, 1)}.

    Order and holes depend on the seed and the epoch alone: each epoch has a new hole for each
    picture, see `ganzoo.data.masks`.

    Args:
        images: float32 (n, height, width, channels) in [-1, 1].
        batch_size, seed, epoch, step, variation: As of `ganzoo.batches.ShuffledBatches`.
    """

    def __init__(
        self,
        images: np.ndarray,
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
        **variation: Any,
    ) -> None:
        super().__init__((np.asarray(images),), batch_size, seed, epoch, step, **variation)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        n, height, width, _ = self.examples[0].shape
        random = np.random.Generator(np.random.PCG64([self.seed, epoch + 1, 1]))
        self.boxes = random_boxes(n, height, width, random)

    def named_parts(self, names: object = None) -> dict[str, np.ndarray]:
        """Return all pictures, and the masks of the first batch."""
        return {"image": self.examples[0], "mask": self._masks(np.arange(len(self.boxes))[:64])}

    def __getitem__(self, index: int) -> tuple[dict[str, np.ndarray]]:
        chosen = self.rows(self.order, index)
        (images,) = self.varied((self.examples[0][chosen],), index)
        return ({"image": images, "mask": self._masks(chosen)},)

    def _masks(self, chosen: np.ndarray) -> np.ndarray:
        height, width = self.examples[0].shape[1:3]
        return masks_of(self.boxes[chosen], height, width)
