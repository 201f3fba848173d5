"""What `fit` takes: one place that looks at data of every kind before a step sees them.

What `fit`, `evaluate`, `train_on_batch` and `test_on_batch` of an adversarial model do with their
data: `parts.py` says what they must be, `memory.py` takes what lies in memory, `streams.py` what
comes in batches, and `watch.py` looks at these.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ganzoo.batches import Batches, fit_in_order
from ganzoo.errors import DataError
from ganzoo.feeding import memory, streams
from ganzoo.feeding.arrays import as_numpy as as_numpy
from ganzoo.feeding.parts import Examples as Examples
from ganzoo.feeding.parts import Labels as Labels
from ganzoo.feeding.parts import Part as Part
from ganzoo.feeding.parts import check_all, chosen
from ganzoo.feeding.parts import named_parts as named_parts
from ganzoo.feeding.pictures import check_pictures as check_pictures
from ganzoo.feeding.scale import warn_of_half_range
from ganzoo.feeding.watch import Watch


def fit(model: Any, method: Callable[..., Any], x: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Call Keras' `fit` of a model with data of any kind, looked at.

    Args:
        model: An adversarial model; `parts` and `needs` say what it is trained with.
        method: Its `fit`, as of `keras.Model`.
        x, *args, **kwargs: The arguments of `fit`.

    Raises:
        DataError: Data that cannot be right, in one line; of batches, the first or a later one.
    """
    given = inspect.signature(method).bind(x, *args, **kwargs).arguments
    every = _is_guarded(given.get("callbacks"))
    watches = [Watch(model, _named(x, ""), every)]
    kind = None if isinstance(x, Batches) else streams.kind_of(x)
    _refuse_beside(kind, given)
    beside = {"shuffle": given.get("shuffle", True), "class_weight": given.get("class_weight")}
    given["x"], given["y"] = _prepared(watches[0], model, x, given.get("y"), **beside)
    if given.get("validation_data") is not None:
        held_out, rest = _unpacked(given["validation_data"], model)
        watches.append(Watch(model, _named(held_out[0], " of validation_data"), every))
        made = _prepared(watches[1], model, held_out[0], held_out[1], what="Validation data")
        streamed = streams.kind_of(made[0]) or (made[1] is None and not rest)
        given["validation_data"] = made[0] if streamed else (*made, *rest)
    if kind not in (None, streams.PY_DATASET):
        given.setdefault("shuffle", False)  # Keras' default is for arrays, and warns
    history = _called(model, method, given, watches)
    if kind is not None and history.epoch and not watches[0].seen:
        raise streams.no_batch(watches[0].source)
    return history


def evaluate(
    model: Any, method: Callable[..., Any], x: Any, y: Any, *args: Any, **kwargs: Any
) -> Any:
    """Call Keras' `evaluate` of a model with data of any kind, looked at; else as `fit`."""
    if kwargs.get("_use_cached_eval_dataset"):  # the validation of a fit, which was looked at
        return method(x, y, *args, **kwargs)
    watch = Watch(model, _named(x, ""))
    x, y = _prepared(watch, model, x, y, what="Data")
    with _watched_by(model, test=watch), watch.telling():
        return method(x, y, *args, **kwargs)


def on_batch(model: Any, x: Any, y: Any = None) -> tuple[Any, Any]:
    """Return x and y of `train_on_batch`, checked as NumPy arrays are."""
    return memory.checked(model, x, y, "The numbers of the batch", is_batch=True)


@contextmanager
def _watched_by(model: Any, **watches: Watch) -> Iterator[None]:
    """Let a trainer's own functions know who looks, where the backend needs it."""
    before = model.watches
    object.__setattr__(model, "watches", {**before, **watches})
    try:
        yield
    finally:
        object.__setattr__(model, "watches", before)


def _called(
    model: Any, method: Callable[..., Any], given: dict[str, Any], watches: list[Watch]
) -> Any:
    in_order = isinstance(given["x"], Batches)
    roles = dict(zip(("train", "test"), watches, strict=False))
    with _watched_by(model, **roles), watches[0].telling(), watches[-1].telling():
        if not in_order:
            return method(**given)
        unfinished = model.optimizer.unfinished
        return fit_in_order(method, given.pop("x"), unfinished=unfinished, **given)


def _prepared(
    watch: Watch,
    model: Any,
    x: Any,
    y: Any = None,
    *,
    what: str = "Training data",
    **beside: Any,
) -> tuple[Any, Any]:
    """Return x and y in the form that Keras takes, looked at or with a watch over them."""
    if isinstance(x, Batches):
        _check_batches(model, x)
        return x, y
    kind = streams.kind_of(x)
    if kind is None:
        return memory.checked(model, x, y, what)
    _refuse_beside(kind, {"y": y})
    return streams.watched(x, kind, watch, **beside), None


def _refuse_beside(kind: str | None, given: Mapping[str, Any]) -> None:
    """Refuse what a source of batches should bring itself, as Keras would ignore or refuse it."""
    beside = ["y", "sample_weight"]
    beside += ["class_weight"] if kind not in (streams.TF_DATA, streams.PY_DATASET) else []
    for name in beside:
        if kind is not None and given.get(name) is not None:
            raise DataError(
                f"A {kind} brings all that belongs to a batch, (x, y, sample_weight); {name} is "
                "for arrays."
            )


def _check_batches(model: Any, batches: Batches) -> None:
    """Refuse arrays in batches that cannot be right, and too few for a batch."""
    parts = tuple(model.parts)
    names = [part.name for part in parts]
    arrays = batches.named_parts(names)
    if parts:
        found = chosen(arrays, names)
        checked = check_all(parts, {name: found.get(name) for name in names}, model.needs)
        warn_of_half_range(parts, checked, "Training data")
    if not batches.steps_per_epoch:
        count = max(map(len, arrays.values()), default=0)
        raise DataError(
            f"{count} examples make no batch of {batches.batch_size}; take a batch_size of "
            f"{max(count, 1)} or less."
        )


def _named(source: Any, of: str) -> str:
    kind = streams.kind_of(source)
    return f"the {kind}{of}" if kind else f"the data{of}"


def _is_guarded(callbacks: Any) -> bool:
    """Whether a callback guards the training against numbers that are not finite."""
    several = getattr(callbacks, "callbacks", callbacks)
    several = several if isinstance(several, Iterable) else [several]
    return any(getattr(callback, "guard", 0) for callback in several)


def _unpacked(data: Any, model: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return (x, y) and what follows them of validation data; a list of pictures is x."""
    shape = getattr(next(iter(model.parts), None), "shape", None)
    in_parts = isinstance(data, tuple) or (isinstance(data, list) and len(data) <= 3)
    first = data[0] if in_parts and len(data) else None
    if in_parts and len(data) and getattr(first, "shape", None) != shape:
        return (data[0], data[1] if len(data) > 1 else None), tuple(data[2:])
    return (data, None), ()
