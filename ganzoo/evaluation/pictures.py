"""`ganzoo evaluate` for pictures: from a model, a folder or an array to a table of metrics."""

from __future__ import annotations

import dataclasses
import inspect
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from ganzoo import data, metrics, plots
from ganzoo.checks import check_count
from ganzoo.data.arrays import ENDINGS as ARRAYS
from ganzoo.data.arrays import read_array
from ganzoo.data.pictures import picture_shape
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.evaluation import requested
from ganzoo.evaluation.subject import Subject, stated
from ganzoo.metrics.colours import title_for
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.presets import find
from ganzoo.presets.feature_networks import NETWORKS, FeatureNetwork, load, network_for
from ganzoo.tasks.pictures import samples as draw
from ganzoo.tasks.task import Progress
from ganzoo.zoo import registry

GRADIENTS = "gradients"
SAMPLES = 10_000


class Reference(NamedTuple):
    """Real data to compare with.

    Attributes:
        name: A data source, or the path.
        real: Training data.
        held_out: Real data that are not trained on, or None.
    """

    name: str
    real: np.ndarray
    held_out: np.ndarray | None


class Generated(NamedTuple):
    """What is measured.

    Attributes:
        examples: Pictures (n, height, width, channels), or features (n, d).
        labels: The classes that were asked for, (n,), or None.
        backend: The Keras backend that drew them, or None.
        classify: The classifier of the model that drew them, or None.
    """

    examples: np.ndarray
    labels: np.ndarray | None = None
    backend: str | None = None
    classify: Callable[[np.ndarray], np.ndarray] | None = None


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    features: str | None = None,
    neighbours: Any = None,
    progress: Progress | None = None,
    reading: Mapping[str, Any] = MappingProxyType({}),
) -> Table:
    """Measure a model of pictures, or pictures or features that are there already.

    Args:
        subject: A model, a folder of pictures, or a `.npy` or `.npz` file with pictures or with
            features (n, d).
        reference, samples, seed: As in `ganzoo.evaluation.evaluate`.
        features: "gradients", or the name of a feature network.
        neighbours: Path of a picture to write: of 1000 generated pictures the 32 that are nearest
            to a training picture, each with that one on its right.
        progress: Told how many samples are drawn.
        reading: How pictures are read: arguments of `ganzoo.data.images`.

    Raises:
        InvalidArgumentError: There is no reference to be known, no such feature network, or a
            choice for pictures where the data are features.
        DataError: Too few examples, or of another form than the reference.
    """
    samples = SAMPLES if samples is None else check_count("samples", samples)
    begun = time.monotonic()
    real = load_reference(_source(subject, reference), *_as_the_model(subject, reference, reading))
    if real.real.ndim == 2 and (features is not None or neighbours is not None):
        raise InvalidArgumentError(
            f"{'--neighbours' if features is None else '--features'} is for pictures; {real.name} "
            "holds features."
        )
    if subject.found is None:
        made = _read(subject.name, real, samples, seed, reading)
    else:
        made = _drawn(subject, samples, seed, progress)
    if neighbours is not None:
        pairs = metrics.neighbour_pairs(real.real, made.examples[:1000], 32)
        plots.save(plots.grid(pairs, columns=8, scale=2), neighbours)
    if real.real.ndim == 2:
        table, used = metrics.feature_table(made.examples, real.real, seed=seed), "as they are"
    else:
        table, used = _pictures(made, real, features, seed)
        rows = {**_modes(made.examples, real, seed), **table.rows}
        table = dataclasses.replace(table, rows=rows)
    facts = stated(
        subject,
        begun,
        **table.facts,
        samples=samples,
        reference=real.name,
        held_out="half of the reference" if real.held_out is None else "test split",
        features_of=used,
        backend=made.backend,
    )
    return dataclasses.replace(table, facts=facts)


def _pictures(
    made: Generated, real: Reference, features: str | None, seed: int
) -> tuple[Table, str]:
    network, used = feature_network(features, real.name, made.examples.shape[-1])
    judged = network is not None and real.name not in NETWORKS[used].one_class
    table = metrics.picture_table(
        made.examples,
        real.real,
        real.held_out,
        features=None if network is None else network.features,
        classifier=network.judgements if judged and network is not None else None,
        seed=seed,
    )
    if made.labels is None:
        return table, used
    judge = network if judged else None
    asked = requested.rows(made.examples, made.labels, real.name, judge, made.classify, seed)
    return dataclasses.replace(table, rows={**asked, **table.rows}), used


def _modes(made: np.ndarray, real: Reference, seed: int) -> dict[str, Row]:
    """Return how many combinations of classes there are, where each channel shows one; or nothing.

    Their floors are those of as many held-out pictures, if there are so many.
    """
    name = network_for(real.name, registry.checkpoints(), "stacked")
    if name is None or made.shape[-1] != real.real.shape[-1]:
        return {}
    network, held_out = load(name), real.real if real.held_out is None else real.held_out
    values, floors = (
        metrics.modes(
            np.stack(
                [
                    network.judgements(part[..., i : i + 1]).argmax(axis=1)
                    for i in range(part.shape[-1])
                ],
                axis=1,
            ),
            NETWORKS[name].judged,
            seed=seed,
        )
        for part in (made, held_out[: len(made)])
    )
    count = NETWORKS[name].judged ** made.shape[-1]
    titles = {"modes": (f"modes of {count:,}", HIGHER), "kl": ("KL from equal shares", LOWER)}
    return {
        row: Row(row, title, values[row], floors[row], better)
        for row, (title, better) in titles.items()
    }


def feature_network(
    features: str | None, source: str, channels: int
) -> tuple[FeatureNetwork | None, str]:
    """Return the network whose features pictures are compared by, or None, and what it is called.

    Args:
        features: "gradients", the name of a feature network, or None for that of the source.
        source: Name of a data source, or a path.
        channels: Of the pictures.
    """
    shipped = registry.checkpoints()
    chosen = network_for(source, shipped) if features is None else features
    if chosen is None or chosen == GRADIENTS:
        return None, title_for(channels)
    if chosen not in NETWORKS or chosen not in shipped:
        there = [GRADIENTS, *(name for name in NETWORKS if name in shipped)]
        raise InvalidArgumentError(
            f"There are no features {chosen!r}; there are: {', '.join(there)}."
            + nearest(chosen, there)
        )
    return load(chosen), chosen


# --- what is measured ----------------------------------------------------------------------------


def _drawn(subject: Subject, samples: int, seed: int, progress: Progress | None) -> Generated:
    backend = require_backend()
    gan = subject.load()
    images = draw(gan, samples, seed, progress=progress)
    condition = gan.condition(samples)  # what is drawn without a label
    labels = None if condition is None else condition.argmax(axis=1)
    return Generated(images, labels, backend, getattr(gan, "classify", None))


def _read(
    name: str, reference: Reference, samples: int, seed: int, reading: Mapping[str, Any]
) -> Generated:
    found = read_examples(Path(name), reference.real.shape[1:], reading)
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(found))
    return Generated(found[order[:samples]])


def read_examples(
    path: Path, shape: tuple[int, ...] | None = None, reading: Mapping[str, Any] | None = None
) -> np.ndarray:
    """Return pictures (n, height, width, channels) in [-1, 1], or features (n, d), of a path.

    Args:
        path: A folder of pictures, or an array file.
        shape: (height, width, channels) of the pictures, or (d,); None takes what is there.
        reading: Arguments of `ganzoo.data.images`.
    """
    if shape is None:
        shape = _own_shape(path)
    if len(shape) == 3:
        return data.images(path, shape, **(reading or {}))
    array = read_array(path)
    if array.ndim != 2 or array.shape[1:] != shape:
        raise DataError(f"{path} must hold features of shape (n, {shape[0]}); got {array.shape}.")
    return array


def _own_shape(path: Path) -> tuple[int, ...]:
    if path.is_dir() or path.suffix.lower() not in ARRAYS:
        return picture_shape(path)
    array = read_array(path)
    return (*array.shape[1:], 1) if array.ndim == 3 else array.shape[1:]


# --- what it is compared with --------------------------------------------------------------------


def load_reference(
    source: Any,
    reading: Mapping[str, Any] | None = None,
    shape: tuple[int, ...] | None = None,
) -> Reference:
    """Return real data: a named source with its test split, where it has one, or a path.

    Args:
        source: Name of a source, or a path.
        reading: How pictures of a path are read: arguments of `ganzoo.data.images`.
        shape: (height, width, channels) of these; None takes what is there.
    """
    name = str(source)
    if name in data.SOURCES:
        loader = data.SOURCES[name]
        has_split = "split" in inspect.signature(loader).parameters
        return Reference(name, loader(), loader("test") if has_split else None)
    if not Path(name).exists():
        raise InvalidArgumentError(
            f"The reference {name!r} is neither a data source ({', '.join(data.SOURCES)}) nor a "
            f"path.{nearest(name, data.SOURCES)}"
        )
    return Reference(name, read_examples(Path(name), shape, reading), None)


def _as_the_model(
    subject: Subject, reference: Any, reading: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[int, ...] | None]:
    """Return how a path is read, and in which form: a model's pictures as it learned them."""
    if subject.found is None:
        return reading, None
    if reference is None and not reading:
        reading = (find.run_facts(subject.name) or {}).get("reading") or {}
    config = subject.found.config
    shape = config.get("image_shape") or config.get("data_shape")
    return reading, None if shape is None else tuple(shape)


def _source(subject: Subject, reference: Any) -> Any:
    """Return what is compared with: what the user says, else what the model was trained on."""
    if reference is not None:
        return reference
    recipe = None if subject.found is None else subject.found.recipe
    if recipe is None:
        raise InvalidArgumentError(
            f"It is not known what {subject.name} is to be compared with; name it with reference= "
            f"(--reference): {', '.join(data.SOURCES)}, a folder of pictures or an array file."
        )
    return recipe.data
