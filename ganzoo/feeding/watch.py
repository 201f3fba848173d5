"""The one who looks at batches, wherever they come from, before a step sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ganzoo.errors import DataError, GanzooError
from ganzoo.feeding.arrays import as_numpy, is_on_host, is_tensor, is_text
from ganzoo.feeding.parts import OTHER_NAMES, check_all, named_parts
from ganzoo.feeding.scale import warn_of_half_range

_NUMBER = r"\[([^\]]+)\]"
_ASSERTED = re.compile(rf"\[ganzoo\] {_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}")


class Watch:
    """Looks at the batches of one source while a model is trained or evaluated.

    The first batch of each iteration is held to all that NumPy arrays are held to. Of later ones
    only the labels are looked at, which are few, and with `every` all that lies on the host.

    Args:
        model: An adversarial model; `parts` says what it is trained with.
        source: What the batches come from, for messages: "the DataLoader".
        every: Whether to look at every batch.

    Attributes:
        seen: How many batches there were.
        failure: The error of a refused batch; frameworks that call back lose an error's type.
    """

    def __init__(self, model: Any, source: str, every: bool = False) -> None:
        self.parts, self.needs = tuple(model.parts), model.needs
        self.source, self.every = source, every
        self.seen = 0
        self.failure: GanzooError | None = None
        self.is_lazy = False  # whether a trainer's own function must look, see `_backend`
        self._compared = False

    @property
    def names(self) -> list[str]:
        """The names of the model's parts, in order."""
        return [part.name for part in self.parts]

    def over(self, batches: Iterable[Any], bare: bool = False) -> Iterator[Any]:
        """Yield batches in the form that Keras takes, each looked at; `bare` as in `as_tuple`."""
        for index, data in enumerate(batches):
            yield self.batch(data, index, bare)

    def batch(self, data: Any, index: int, bare: bool = False) -> Any:
        """Return batch `index` of an iteration in the form that Keras takes, looked at."""
        try:
            made = self.as_tuple(data, bare)
        except DataError as error:
            raise self._failed(error, index) from None
        self.look(made, index)
        return made

    def look(self, data: Any, index: int) -> None:
        """Refuse a batch that cannot be right; `index` counts from 0 in each iteration."""
        self.seen += 1
        if not self.parts:
            return
        try:
            self._look(data, first=index == 0)
        except DataError as error:
            raise self._failed(error, index) from None

    def _look(self, data: Any, first: bool) -> None:
        wanted = [part for part in self.parts if first or self.every or part.cheap]
        if not wanted:
            return
        found = named_parts(data, self.names)
        if not first:
            wanted = [part for part in wanted if is_on_host(found[part.name])]
        arrays = {
            part.name: None if found[part.name] is None else as_numpy(found[part.name])
            for part in wanted
        }
        checked = check_all(wanted, arrays, self.needs)
        if first and not self._compared:
            self._compared = True  # once: a source may be read for its shapes before it is used
            warn_of_half_range(self.parts, checked, f"The numbers of batch 1 of {self.source}")

    def named(self, data: Any) -> dict[str, Any]:
        """Return the parts of a batch by name; what is missing is None."""
        return named_parts(self.as_tuple(data), self.names)

    def as_tuple(self, data: Any, bare: bool = False) -> Any:
        """Return a batch as (x,), (x, y) or (x, y, sample_weight), without text that is not used.

        With `bare`, what was no tuple or list stays none.

        Raises:
            DataError: It is none of these.
        """
        made = tuple(data) if isinstance(data, list | tuple) else (data,)
        if not 1 <= len(made) <= 3:
            raise DataError(
                "A batch must be x, (x, y), (x, y, sample_weight) or a dict; got a "
                f"{type(data).__name__} of {len(made)}."
            )
        if not self.parts:
            return data if bare else made
        x, *rest = made
        if isinstance(x, Mapping):
            x = {name: _numbers(part) for name, part in x.items() if self._is_used(name, part)}
        else:
            x = _numbers(x)
            rest = [None if is_text(part) and len(self.parts) == 1 else part for part in rest]
        while rest and rest[-1] is None:
            rest.pop()
        is_bare = bare and not isinstance(data, list | tuple)
        return x if is_bare else (x, *map(_numbers, rest))

    def _is_used(self, name: str, part: Any) -> bool:
        """Return whether a part of a batch by name can be of use: text is, to be refused."""
        known = [other for own in self.names for other in (own, *OTHER_NAMES.get(own, ()))]
        return name in known or not is_text(part)

    def _failed(self, error: DataError, index: int) -> GanzooError:
        self.failure = DataError(f"Batch {index + 1} of {self.source}: {error}")
        return self.failure

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Raise the refusal of a batch as it was, whatever a framework made of it on its way."""
        try:
            yield
        except Exception as error:
            if self.failure is None:
                self._read(str(error))
            if self.failure is None:
                raise
            raise self.failure from None

    def _read(self, message: str) -> None:
        """Take up what a pipeline asserted: batch, part, a row that is not finite, range."""
        match = _ASSERTED.search(message)
        if match is None:
            return
        index, name, row = int(match[1]), match[2], int(match[3])
        part = next(part for part in self.parts if part.name == name)
        shape = getattr(part, "shape", ())
        like_it = np.zeros((max(row + 1, 2), *shape))  # such that the check says the same
        like_it[0], like_it[1] = float(match[4]), float(match[5])
        if row >= 0:
            like_it[:] = 0.0
            like_it[row] = np.nan
        try:
            check_all([part], {name: like_it}, self.needs)
        except DataError as error:
            self._failed(error, index)


def _numbers(value: Any) -> Any:
    """Return a part of a batch as an array or tensor; lists and numbers of Python become arrays."""
    if value is None or is_tensor(value) or hasattr(value, "__array__"):
        return value
    return as_numpy(value)
