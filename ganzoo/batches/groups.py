"""Batches of several groups of arrays, of any lengths, each group in an order of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo.batches.base import PICTURES, Batches
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError


class GroupedBatches(Batches):
    """Batches by name: within a group rows belong together, between two groups they do not.

    Such as many pictures without labels and few with: [{"real": (60000, ...)},
    {"labelled": (100, ...), "label": (100,)}]. An epoch goes once through the longest group; the
    others begin anew, in another order, as often as that takes.

    Args:
        groups: Arrays by name, of one length within a group, at least one row each.
        batch_size: Rows of each group per batch, in all processes together; what is left over of
            the longest group is left out of this epoch.
        seed: Seeds all orders of every epoch.
        epoch, step, variation: See `Batches`; `mirrored` and `shifted`.
    """

    def __init__(
        self,
        groups: Sequence[Mapping[str, np.ndarray]],
        batch_size: int,
        seed: int = 0,
        epoch: int = 0,
        step: int = 0,
        **variation: Any,
    ) -> None:
        self.groups = [
            {name: np.asarray(array) for name, array in group.items()} for group in groups
        ]
        check_count("batch_size", batch_size)
        lengths = [{name: len(array) for name, array in group.items()} for group in self.groups]
        self.names = [name for group in lengths for name in group]
        alike = all(len(set(of_one.values())) == 1 for of_one in lengths)
        empty = any(0 in of_one.values() for of_one in lengths)
        if not lengths or not alike or empty or len(set(self.names)) < len(self.names):
            raise InvalidArgumentError(
                "Each group needs arrays of one length, one row at least, and names of its own; "
                f"got {lengths}."
            )
        self.lengths = [next(iter(of_one.values())) for of_one in lengths]
        if max(self.lengths) < batch_size:
            raise InvalidArgumentError(
                f"The longest group needs at least batch_size = {batch_size} rows; got {lengths}."
            )
        parts = [array for group in self.groups for array in group.values()]
        steps = max(self.lengths) // batch_size
        super().__init__(parts, batch_size, steps, seed, epoch, step, **variation)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        self.orders = [self._order(which, n) for which, n in enumerate(self.lengths)]

    def _order(self, which: int, n: int) -> np.ndarray:
        """Return which rows of a group an epoch shows, one after the other."""
        random = np.random.Generator(np.random.PCG64([self.seed, self.epoch + 1, which]))
        rounds = -(-self.steps_per_epoch * self.batch_size // n)
        return np.concatenate([random.permutation(n) for _ in range(rounds)])

    def __getitem__(self, index: int) -> tuple[dict[str, Any]]:
        made: dict[str, Any] = {}
        for which, (group, order) in enumerate(zip(self.groups, self.orders, strict=True)):
            chosen = self.rows(order, index)
            rows = tuple(array[chosen] for array in group.values())
            pictures = any(part.ndim == PICTURES for part in rows)
            rows = self.varied(rows, index, which) if pictures else rows
            made |= dict(zip(group, rows, strict=True))
        return (made,)
