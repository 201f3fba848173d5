"""Data that lie in memory as a whole: arrays, lists of pictures, tensors, a mapping of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.feeding.arrays import as_numpy, is_tensor, is_text
from ganzoo.feeding.parts import check_all, chosen
from ganzoo.feeding.scale import warn_of_half_range

ACCEPTED = (
    "a NumPy array, a list of pictures, a tensor, a tf.data.Dataset, a DataLoader, a PyDataset or "
    "a generator of batches"
)


def checked(
    model: Any, x: Any, y: Any = None, what: str = "Training data", is_batch: bool = False
) -> tuple[Any, Any]:
    """Return x and y of `fit` in the form that Keras takes.

    Arrays become float32, labels int32; lists become arrays. Tensors stay what they are.

    Args:
        model: An adversarial model; `parts` says what it is trained with.
        x: Examples, or a mapping of all parts by name.
        y: Labels, targets, or what else belongs to the examples.
        what: What the data are, for a warning.
        is_batch: They are one batch, of which two sets without pairs may have a part each.

    Raises:
        DataError: They cannot be right.
    """
    parts = tuple(model.parts)
    if not parts:
        return x, y
    _refuse_what_is_no_data(x, model.needs)
    names = [part.name for part in parts]
    by_name = isinstance(x, Mapping)
    if not (by_name or model.in_rows or is_batch):
        raise DataError(model.needs)
    given = chosen(x, names) if by_name else dict(zip(names, (x, y), strict=False))
    found = {name: None if given.get(name) is None else as_numpy(given[name]) for name in names}
    arrays = check_all(parts, found, model.needs)
    _refuse_lengths(arrays, model.needs)
    warn_of_half_range(parts, arrays, what)
    kept = {name: given[name] if is_tensor(given[name]) else arrays[name] for name in names}
    if by_name:
        rest = {name: _unused(part) for name, part in given.items() if not is_text(part)}
        return {**rest, **kept}, _unused(y)
    if len(names) == 1:
        return kept[names[0]], _unused(y)
    return kept[names[0]], kept[names[1]]


def _refuse_what_is_no_data(x: Any, needs: str) -> None:
    """Refuse what is neither an array nor a list or mapping of some."""
    if x is None:
        raise DataError(f"Training data are missing: {needs}")
    known = is_tensor(x) or hasattr(x, "__array__") or isinstance(x, list | tuple | Mapping)
    if not known:
        raise DataError(f"Training data must be {ACCEPTED}; got {type(x).__name__}.")


def _refuse_lengths(arrays: Mapping[str, np.ndarray], needs: str) -> None:
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        counts = " and ".join(
            f"{n} {name}{'s' if len(name) > 1 else ''}" for name, n in lengths.items()
        )
        raise DataError(f"What belongs together is of one length; got {counts}. {needs}")


def _unused(y: Any) -> Any:
    """Return what a model does not use in a form that Keras takes; text is left out."""
    if y is None or is_text(y):
        return None
    return as_numpy(y) if isinstance(y, list | tuple) else y
