"""Batches of arrays in memory: shuffled, in many styles, of two sets without pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo.batches.base import Batches, Examples
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.plots import from_uint8


class ShuffledBatches(Batches):
    """Batches of arrays whose rows belong together: examples, pairs, examples with labels.

    Args:
        examples: Shape (n, ...), n >= batch_size; or a tuple of such arrays, as examples and
            labels; or a mapping of them by name.
        batch_size: Examples per batch, in all processes together; the n % batch_size that are left
            over are left out of this epoch.
        seed: Seeds the order of every epoch.
        epoch, step, variation: See `Batches`; `mirrored` and `shifted`.
    """

    def __init__(
        self,
        examples: np.ndarray | Examples | Mapping[str, np.ndarray],
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
        **variation: Any,
    ) -> None:
        self.names = list(examples) if isinstance(examples, Mapping) else None
        if isinstance(examples, Mapping):
            examples = tuple(examples.values())
        self.examples = examples if isinstance(examples, tuple) else (examples,)
        lengths = [len(array) for array in self.examples]
        if len(set(lengths)) != 1:
            raise InvalidArgumentError(
                f"Arrays whose rows belong together must be of one length; got {lengths}. Two sets "
                "without pairs are UnpairedBatches(a, b, ...)."
            )
        steps = lengths[0] // check_count("batch_size", batch_size)
        super().__init__(self.examples, batch_size, steps, seed, epoch, step, **variation)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        # With 1 for the first epoch: the shipped weights were trained in this order.
        order = np.random.Generator(np.random.PCG64([self.seed, epoch + 1]))
        self.order = order.permutation(len(self.examples[0]))

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        chosen = self.rows(self.order, index)
        made = self.varied(tuple(array[chosen] for array in self.examples), index)
        return made if self.names is None else (dict(zip(self.names, made, strict=True)),)


class StyledBatches(ShuffledBatches):
    """Batches of pairs that share their sources, with labels: the same pictures in many styles.

    All pictures stay uint8, and each source is there once; a batch is made of them when it is asked
    for: {"source": (B, ...), "target": (B, ...), "label": (B,)}, pictures float32 in [-1, 1].

    Args:
        sources: uint8, shape (m, ...).
        targets: uint8, shape (n, ...).
        source_of: Integers (n,): which source belongs to each target.
        labels: Integers (n,), the style of each target.
        batch_size, seed, epoch, step: As of `ShuffledBatches`.
    """

    def __init__(
        self,
        sources: np.ndarray,
        targets: np.ndarray,
        source_of: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
    ) -> None:
        for what, pictures in (("sources", sources), ("targets", targets)):
            if pictures.dtype != np.uint8:
                raise InvalidArgumentError(f"The {what} must be uint8; got {pictures.dtype}.")
        if len(source_of) and not 0 <= source_of.min() <= source_of.max() < len(sources):
            raise InvalidArgumentError(
                f"source_of must be from 0 to {len(sources) - 1}, as there are {len(sources)} "
                f"sources; got {source_of.min()} to {source_of.max()}."
            )
        self.sources = sources
        super().__init__((targets, source_of, labels), batch_size, seed, epoch, step)
        self._parts.append(sources)

    def named_parts(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return a pair of each style; the others are right in the same way, as they are uint8."""
        return self._made(np.unique(self.examples[2], return_index=True)[1])

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        return (self._made(self.rows(self.order, index)),)

    def _made(self, chosen: np.ndarray) -> dict[str, np.ndarray]:
        targets, source_of, labels = (array[chosen] for array in self.examples)
        pictures = {"source": self.sources[source_of], "target": targets}
        return {**{name: from_uint8(part) for name, part in pictures.items()}, "label": labels}


class UnpairedBatches(Batches):
    """Batches of two sets without pairs, of any lengths, each in a seeded order of its own.

    An epoch goes once through the longer set; the shorter one begins anew, in another order, as
    often as that takes.

    Args:
        a, b: Examples, shapes (n, ...) and (m, ...), at least batch_size of each.
        batch_size: Examples of each set per batch, in all processes together; what is left over
            of the longer set is left out of this epoch.
        seed: Seeds both orders of every epoch.
        epoch, step, variation: See `Batches`; `mirrored` and `shifted`.
    """

    def __init__(
        self,
        a: np.ndarray,
        b: np.ndarray,
        batch_size: int,
        seed: int = 0,
        epoch: int = 0,
        step: int = 0,
        **variation: Any,
    ) -> None:
        self.sets = (np.asarray(a), np.asarray(b))
        check_count("batch_size", batch_size)
        lengths = [len(examples) for examples in self.sets]
        if min(lengths) < batch_size:
            raise InvalidArgumentError(
                f"Each set needs at least batch_size = {batch_size} examples; got {lengths}."
            )
        steps = max(lengths) // batch_size
        super().__init__(self.sets, batch_size, steps, seed, epoch, step, **variation)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        self.orders = [
            self._order(which, len(examples)) for which, examples in enumerate(self.sets)
        ]

    def _order(self, which: int, n: int) -> np.ndarray:
        """Return which examples of a set an epoch shows, one after the other."""
        random = np.random.Generator(np.random.PCG64([self.seed, self.epoch + 1, which]))
        rounds = -(-self.steps_per_epoch * self.batch_size // n)
        return np.concatenate([random.permutation(n) for _ in range(rounds)])

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        (a,), (b,) = (
            self.varied((examples[self.rows(order, index)],), index, which)
            for which, (examples, order) in enumerate(zip(self.sets, self.orders, strict=True))
        )
        return a, b
