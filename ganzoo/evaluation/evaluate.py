"""`ganzoo evaluate`: from a name, a folder or a file to a table of metrics with floors."""

from __future__ import annotations

import dataclasses
import inspect
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo import data, metrics, plots, zoo
from ganzoo.checks import check_count
from ganzoo.data.images import picture_shape, read_array
from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.evaluation import events as event_evaluation
from ganzoo.extras import require
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, Row, Table
from ganzoo.presets import find
from ganzoo.presets.feature_networks import NETWORKS, FeatureNetwork, load, network_for
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
    """

    examples: np.ndarray
    labels: np.ndarray | None = None
    backend: str | None = None


def evaluate(
    name: Any,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    features: str | None = None,
    neighbours: Any = None,
    panels: Any = None,
    draw: Callable[[Any, int, int], np.ndarray] | None = None,
) -> Table:
    """Measure a pretrained model, a preset, or data that are there already.

    Args:
        name: A name in the zoo, a preset folder, a folder of pictures, or a `.npy` or `.npz` file
            with pictures, with features (n, d), or with events.
        reference: Name of a data source, or a path as above. By default the data of the recipe
            that the model was trained with; for events see `ganzoo.evaluation.events`.
        samples: How many examples are drawn, or used of the data; by default 10,000 pictures or
            100,000 events.
        seed: Seeds the latents and every choice of the metrics.
        features: "gradients", or the name of a feature network; by default the network for the
            reference where one is shipped, else gradients.
        neighbours: Path of a picture to write: of 1000 generated pictures the 32 that are nearest
            to a training picture, each with that one on its right.
        panels: For events: path of a PNG to write, the nine panels.
        draw: Draws `(gan, n, seed)`, such as with a progress bar; `gan.sample` by default.

    Returns:
        A table; its facts say sizes, seed, backend, features and seconds.

    Raises:
        UnknownModelError: Neither a name nor a path.
        InvalidArgumentError: There is no reference to be known, or no such feature network.
        DataError: Too few examples, or of another form than the reference.
        MissingExtraError: The extra `metrics` is not installed.
    """
    if event_evaluation.is_events(name):
        if features is not None or neighbours is not None:
            raise InvalidArgumentError("Feature networks and neighbours are for pictures.")
        return event_evaluation.evaluate(
            name, reference=reference, samples=samples, seed=seed, picture=panels
        )
    if panels is not None:
        raise InvalidArgumentError(f"Panels are drawn of events; {name} are pictures or features.")
    require("sklearn", "`ganzoo evaluate`")
    require("scipy", "`ganzoo evaluate`")
    samples = SAMPLES if samples is None else check_count("samples", samples)
    begun = time.monotonic()
    is_data = _is_data(name)
    source = reference if reference is not None else _recipe_data(name)
    if source is None:
        raise InvalidArgumentError(
            f"It is not known what {name} is to be compared with; name it with reference= "
            f"(--reference): {', '.join(data.SOURCES)}, a folder of pictures or an array file."
        )
    real = load_reference(source)
    made = _read(name, real, samples, seed) if is_data else _drawn(name, samples, seed, draw)
    if neighbours is not None and real.real.ndim == 4:
        pairs = metrics.neighbour_pairs(real.real, made.examples[:1000], 32)
        plots.save(plots.grid(pairs, columns=8, scale=2), neighbours)
    if real.real.ndim == 2:
        table, used = metrics.feature_table(made.examples, real.real, seed=seed), "as they are"
    else:
        table, used = _pictures(made, real, features, seed)
    facts = {
        **table.facts,
        "name": str(name),
        "samples": samples,
        "reference": real.name,
        "held_out": "half of the reference" if real.held_out is None else "test split",
        "features_of": used,
        "backend": made.backend,
        "seconds": round(time.monotonic() - begun, 1),
    }
    return dataclasses.replace(table, facts=facts)


def _pictures(
    made: Generated, real: Reference, features: str | None, seed: int
) -> tuple[Table, str]:
    network, used = _network(features, real.name)
    judged = network is not None and real.name not in NETWORKS[used].one_class
    table = metrics.picture_table(
        made.examples,
        real.real,
        real.held_out,
        features=metrics.oriented_gradients if network is None else network.features,
        classifier=network.judgements if judged and network is not None else None,
        seed=seed,
    )
    if network is None or not judged or made.labels is None:
        return table, used
    estimate = metrics.requested_accuracy(network.judgements(made.examples), made.labels)
    spread = math.sqrt(network.accuracy * (1 - network.accuracy) / network.tested)
    floor = Estimate(network.accuracy, spread, network.tested, "held-out real")
    row = Row("label", "accuracy of the requested label", estimate, floor, HIGHER)
    return dataclasses.replace(table, rows={"label": row, **table.rows}), used


def _network(features: str | None, source: str) -> tuple[FeatureNetwork | None, str]:
    shipped = registry.checkpoints()
    chosen = network_for(source, shipped) if features is None else features
    if chosen is None or chosen == GRADIENTS:
        return None, "oriented gradients"
    if chosen not in NETWORKS or chosen not in shipped:
        there = [GRADIENTS, *(name for name in NETWORKS if name in shipped)]
        raise InvalidArgumentError(
            f"There are no features {chosen!r}; there are: {', '.join(there)}."
            + nearest(chosen, there)
        )
    return load(chosen), chosen


# --- what is measured ----------------------------------------------------------------------------


def _is_data(name: Any) -> bool:
    """Whether a path holds data rather than a model."""
    path = Path(name)
    if str(name) in zoo.ENTRIES:
        return False
    if path.suffix.lower() in (".npy", ".npz"):
        return True
    return path.is_dir() and not (path / "config.json").exists()


def _drawn(
    name: Any, samples: int, seed: int, draw: Callable[[Any, int, int], np.ndarray] | None
) -> Generated:
    from ganzoo.environment import require_backend

    backend = require_backend()
    gan: Any = find.load(name)
    images = gan.sample(samples, seed=seed) if draw is None else draw(gan, samples, seed)
    labels = None
    if hasattr(gan, "classes"):
        labels = np.arange(samples) % len(gan.classes)  # what sampling does without a label
    return Generated(images, labels, backend)


def _read(name: Any, reference: Reference, samples: int, seed: int) -> Generated:
    found = read_examples(Path(name), reference.real.shape[1:])
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(found))
    return Generated(found[order[:samples]])


def read_examples(path: Path, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Return pictures (n, height, width, channels) in [-1, 1], or features (n, d), of a path.

    Args:
        path: A folder of pictures, or an array file.
        shape: (height, width, channels) of the pictures, or (d,); None takes what is there.
    """
    if shape is None:
        shape = _own_shape(path)
    if len(shape) == 3:
        return data.images(path, shape)
    array = read_array(path)
    if array.ndim != 2 or array.shape[1:] != shape:
        raise DataError(f"{path} must hold features of shape (n, {shape[0]}); got {array.shape}.")
    return array


def _own_shape(path: Path) -> tuple[int, ...]:
    if path.is_dir():
        return picture_shape(path)
    array = read_array(path)
    return (*array.shape[1:], 1) if array.ndim == 3 else array.shape[1:]


# --- what it is compared with --------------------------------------------------------------------


def load_reference(source: Any) -> Reference:
    """Return real data: a named source with its test split, where it has one, or a path."""
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
    return Reference(name, read_examples(Path(name)), None)


def _recipe_data(name: Any) -> str | None:
    """Return the data source of a model's recipe: the run's that a preset is in, or the zoo's."""
    folder = Path(name).resolve()
    if str(name) not in zoo.ENTRIES:
        try:
            recipe = json.loads((folder.parent / "recipe.json").read_text(encoding="utf-8"))
            return str(recipe.get("images") or recipe["data"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass  # no run of `ganzoo train`
    entry = zoo.ENTRIES.get(folder.name)
    return None if entry is None or entry.recipe is None else entry.recipe.data
