"""The same examples as every kind of source, and models that keep what a step is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import keras
import numpy as np

import ganzoo
from ganzoo.batches import ShuffledBatches, UnpairedBatches

Arrays = dict[str, np.ndarray]  # the parts of a batch by name


def looking(cls: type) -> type:
    """Return a subclass whose step trains nothing, as a user's own may: it keeps each batch."""

    class Looking(cls):  # type: ignore[misc, valid-type]
        kept: ClassVar[list[Arrays]] = []

        def train_step(self, data: Any) -> dict[str, Any]:
            batch = self.batch(data)
            self.kept.append({name: to_numpy(part) for name, part in batch.items()})
            return {"d_loss": keras.ops.zeros(())}

    return Looking


def to_numpy(value: Any) -> np.ndarray:
    """Return a tensor as a NumPy array of its own."""
    return np.array(keras.ops.convert_to_numpy(value))


def first_batch(model: Any, call: Callable[[Any], Any]) -> Arrays:
    """Return the first batch that a step gets while `call(model)` trains."""
    object.__setattr__(model, "kept", [])
    call(model)
    return model.kept[0]


# --- sources: from parts to a function that trains a model -----------------------------------


def fit(*data: Any, **options: Any) -> Callable[[Any], Any]:
    """Return what trains a model on such arguments of `fit`."""
    return lambda model: model.fit(*data, verbose=0, **options)


def arrays(parts: Arrays) -> Callable[[Any], Any]:
    return in_memory(parts, lambda array: array)


def in_memory(parts: Arrays, convert: Callable[[np.ndarray], Any]) -> Callable[[Any], Any]:
    made = {name: convert(array) for name, array in parts.items()}
    options = {"batch_size": len(next(iter(parts.values()))), "shuffle": False}
    return fit(made, **options) if "a" in parts else fit(*made.values(), **options)


def by_name(parts: Arrays) -> Callable[[Any], Any]:
    return fit(dict(parts), batch_size=len(next(iter(parts.values()))), shuffle=False)


def lists(parts: Arrays) -> Callable[[Any], Any]:
    return in_memory(parts, list)


def torch_tensors(parts: Arrays) -> Callable[[Any], Any]:
    import torch

    return in_memory(parts, torch.from_numpy)


def tf_tensors(parts: Arrays) -> Callable[[Any], Any]:
    import tensorflow as tf

    return in_memory(parts, tf.constant)


def jax_tensors(parts: Arrays) -> Callable[[Any], Any]:
    import jax.numpy as jnp

    return in_memory(parts, jnp.asarray)


def tf_data(parts: Arrays) -> Callable[[Any], Any]:
    import tensorflow as tf

    values = tuple(parts.values())
    data = tf.data.Dataset.from_tensor_slices(values if len(values) > 1 else values[0])
    return fit(data.batch(len(values[0])))


def tf_data_by_name(parts: Arrays) -> Callable[[Any], Any]:
    import tensorflow as tf

    return fit(tf.data.Dataset.from_tensors(dict(parts)))


def loader(parts: Arrays) -> Callable[[Any], Any]:
    from torch.utils.data import DataLoader, TensorDataset, default_convert

    tensors = [default_convert(array) for array in parts.values()]
    return fit(DataLoader(TensorDataset(*tensors), batch_size=len(tensors[0])))


def loader_by_name(parts: Arrays) -> Callable[[Any], Any]:
    """A subclass, of a data set of dictionaries with text beside the numbers."""
    from torch.utils.data import DataLoader

    class Own(DataLoader):
        pass

    count = len(next(iter(parts.values())))
    rows = [{**{k: v[i] for k, v in parts.items()}, "file": f"{i}.png"} for i in range(count)]
    return fit(Own(rows, batch_size=count))


def bare_loader(parts: Arrays) -> Callable[[Any], Any]:
    """Batches that NumPy stacks, and no tuple where there is one part."""
    from torch.utils.data import DataLoader

    values = list(parts.values())
    rows = list(zip(*values, strict=True)) if len(values) > 1 else list(values[0])

    def collate(some: Any) -> Any:
        if len(values) == 1:
            return np.stack(some)
        return [np.stack(column) for column in zip(*some, strict=True)]

    return fit(DataLoader(rows, batch_size=len(values[0]), collate_fn=collate))


class Dataset(keras.utils.PyDataset):
    """One batch, over and over."""

    def __init__(self, batch: Any, **options: Any) -> None:
        super().__init__(**options)
        self.data = batch

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return self.data


def py_dataset(parts: Arrays) -> Callable[[Any], Any]:
    return fit(Dataset(tuple(parts.values())))


def py_dataset_by_name(parts: Arrays) -> Callable[[Any], Any]:
    return fit(Dataset(dict(parts)))


def threaded(parts: Arrays) -> Callable[[Any], Any]:
    return fit(Dataset(tuple(parts.values()), workers=2))


def in_processes(parts: Arrays) -> Callable[[Any], Any]:
    """As for other processes, but none is started: beside the threads of a test it might hang."""
    return fit(Dataset(tuple(parts.values()), workers=0, use_multiprocessing=True))


def batches_of(parts: Arrays) -> Iterator[Any]:
    while True:
        yield tuple(parts.values())


def generator(parts: Arrays) -> Callable[[Any], Any]:
    return fit(batches_of(parts), steps_per_epoch=1)


def iterator(parts: Arrays) -> Callable[[Any], Any]:
    """No generator, and bare where there is one part."""
    values = list(parts.values())
    return fit(iter([values[0] if len(values) == 1 else values] * 2), steps_per_epoch=1)


def on_batch(parts: Arrays) -> Callable[[Any], Any]:
    data = [dict(parts)] if "a" in parts else list(parts.values())
    return lambda model: model.train_on_batch(*data)


def batches(parts: Arrays) -> Callable[[Any], Any]:
    values, count = list(parts.values()), len(next(iter(parts.values())))
    if "a" in parts:
        return fit(in_order(UnpairedBatches(*values, count)))
    return fit(in_order(ShuffledBatches(tuple(values), count, seed=1)))


def in_order(made: Any) -> Any:
    """Batches in the order of their arrays, so that a first batch can be compared."""
    order = np.arange(made.batch_size)
    made.go_to = lambda epoch, step=0: setattr(made, "epoch", epoch)
    made.order, made.orders = order, [order, order]
    return made


SOURCES: dict[str, Callable[[Arrays], Callable[[Any], Any]]] = {
    made.__name__: made
    for made in (
        arrays, by_name, lists, torch_tensors, tf_tensors, jax_tensors, tf_data, tf_data_by_name,
        loader, loader_by_name, bare_loader, py_dataset, py_dataset_by_name, threaded, in_processes,
        generator, iterator, on_batch, batches,
    )
}  # fmt: skip


# --- tasks -----------------------------------------------------------------------------------


def model_of(family: str) -> Any:
    """Return a tiny model that keeps its batches."""
    from ganzoo import zoo

    cls = getattr(ganzoo, family)
    keras.utils.set_random_seed(1)
    model = looking(cls)(**zoo.FAMILIES[family].tiny, seed=1)
    model.compile(run_eagerly=True)
    return model


def parts_of(model: Any, n: int, seed: int) -> Arrays:
    """Return right examples for a model: its parts by name, float64 and int64."""
    random = np.random.default_rng(seed)
    made: Arrays = {}
    for part in model.parts:
        if hasattr(part, "classes"):
            made[part.name] = random.integers(0, len(part.classes), n)
        else:
            made[part.name] = random.uniform(-1.0, 1.0, (n, *part.shape))
    return made
