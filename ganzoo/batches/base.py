"""Batches of arrays whose order can be taken up inside an epoch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo._backend import process
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError

Examples = tuple[np.ndarray, ...]
PICTURES = 4  # dimensions of an array of them


class Batches(keras.utils.PyDataset):
    """Whole batches in an order that depends on the seed and the epoch alone.

    `fit` sets the epoch. So a training can go on at any step of any epoch with the batches that it
    would have had: see `ganzoo.training.TrainingState`. Where several processes train together,
    as on PyTorch, each gets its part of every batch.

    Args:
        parts: The arrays that are read, for their digest.
        batch_size: Examples per batch, in all processes together.
        steps_per_epoch: Batches of an epoch.
        seed: Seeds the order of every epoch.
        epoch: The epoch to begin with, from 0.
        step: The first batch of that epoch, from 0; those before it are left out.
        mirrored: Whether half of the rows, a seeded choice, have their pictures (..., height,
            width, channels) flipped left to right; the pictures of one row all or none.
        shifted: The pictures of a row are moved together by up to so many pixels each way, a seeded
            choice; the outermost pixels are repeated where they leave a gap.
    """

    names: list[str] | None = None

    def __init__(
        self,
        parts: Sequence[np.ndarray],
        batch_size: int,
        steps_per_epoch: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
        mirrored: bool = False,
        shifted: int = 0,
    ) -> None:
        super().__init__()
        self._parts, self.mirrored = list(parts), mirrored
        self.shifted = check_count("shifted", shifted, least=0)
        if (mirrored or shifted) and not any(array.ndim == PICTURES for array in self._parts):
            raise InvalidArgumentError(
                "Pictures (n, height, width, channels) are mirrored and shifted; got arrays of "
                f"shapes {[array.shape for array in self._parts]}."
            )
        self.batch_size = check_count("batch_size", batch_size)
        self.seed, self.steps_per_epoch = seed, steps_per_epoch
        index, count = process()
        if batch_size % count:
            raise InvalidArgumentError(
                f"batch_size must be a multiple of the {count} processes; got {batch_size}."
            )
        size = batch_size // count
        self._own = slice(index * size, (index + 1) * size)
        self._sha256 = ""
        self.go_to(epoch, step)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        self.epoch, self.step = epoch, step

    def named_parts(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the arrays that are read by their own names, else by these, in order."""
        own = self.names or names
        return dict(zip(own, self._parts, strict=False))

    def __len__(self) -> int:
        return self.steps_per_epoch - self.step

    def rows(self, order: np.ndarray, index: int) -> np.ndarray:
        """Return which examples the `index`th batch from now takes, for this process."""
        first = (self.step + index) * self.batch_size
        return order[first : first + self.batch_size][self._own]

    def varied(self, parts: Examples, index: int, which: int = 0) -> Examples:
        """Return the `index`th batch from now, its rows flipped and moved where they are to be.

        Args:
            parts: Arrays whose rows belong together, of this process.
            index: As in `rows`.
            which: Number of the set, where there are several without pairs.
        """
        if not self.mirrored and not self.shifted:
            return parts
        key = [self.seed, self.epoch + 1, self.step + index, which, 1]
        random = np.random.Generator(np.random.PCG64(key))
        turn = random.random(self.batch_size)[self._own] < (0.5 if self.mirrored else 0.0)
        reach = self.shifted
        moves = random.integers(-reach, reach + 1, (self.batch_size, 2))[self._own]

        def changed(pictures: np.ndarray) -> np.ndarray:
            pictures = np.where(turn[:, None, None, None], pictures[:, :, ::-1], pictures)
            return moved(pictures, moves) if reach else pictures

        return tuple(changed(part) if part.ndim == PICTURES else part for part in parts)

    def facts(self) -> dict[str, Any]:
        """Return what makes these batches the same ones: sizes, seed, SHA-256 of the examples."""
        if not self._sha256:
            digest = hashlib.sha256()
            for array in self._parts:
                digest.update(np.ascontiguousarray(array).data)
            self._sha256 = digest.hexdigest()
        return {
            "examples": [f"{array.dtype} {array.shape}" for array in self._parts],
            "batch_size": self.batch_size,
            "order_seed": self.seed,
            "sha256": self._sha256,
            **({"mirrored": True} if self.mirrored else {}),
            **({"shifted": self.shifted} if self.shifted else {}),
        }


def moved(pictures: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Return pictures (n, height, width, channels) moved by (n, 2) pixels down and to the right.

    The outermost pixels are repeated where a picture leaves a gap.
    """
    n, height, width, _ = pictures.shape
    rows = np.clip(np.arange(height) - moves[:, :1], 0, height - 1)
    columns = np.clip(np.arange(width) - moves[:, 1:], 0, width - 1)
    return pictures[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
