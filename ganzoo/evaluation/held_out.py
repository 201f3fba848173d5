"""What evaluations by classes have in common: held-out pictures with labels, and what is said."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

import numpy as np

from ganzoo import data
from ganzoo.environment import require_backend
from ganzoo.errors import DataError
from ganzoo.evaluation.subject import Subject, no_source, stated
from ganzoo.presets.feature_networks import FeatureNetwork, load, network_for
from ganzoo.zoo import registry

PUBLISHED = "published"  # title of the column of figures from papers
# Sources that are made of others, whose pictures they are measured on.
MADE_OF = {"mnist_100": "mnist"}


class HeldOut(NamedTuple):
    """Pictures with labels that no training saw, and those of the training.

    Attributes:
        name: Of the source.
        images: float32 (n, height, width, channels).
        labels: Integers (n,).
        known, known_labels: The same of the training split.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    known: np.ndarray
    known_labels: np.ndarray


def held_out(subject: Subject, reference: Any) -> HeldOut:
    """Return all held-out pictures of the user's source, else of the recipe's.

    Args:
        subject: A model.
        reference: Name of a source of pictures with classes and a test split, or None.

    Raises:
        InvalidArgumentError: There is no such source.
        DataError: The pictures are of another shape than the model's.
    """
    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    name = name if name is None else MADE_OF.get(name, name)
    fit = [
        known
        for known, loader in data.SOURCES.items()
        if {"split", "labels"} <= set(inspect.signature(loader).parameters)
    ]
    if name not in fit:
        raise no_source(subject, name, "held-out pictures with classes", fit)
    load = data.source(name)
    return HeldOut(name, *load("test", labels=True), *load(labels=True))


def check_shape(subject: Subject, wanted: tuple[int, ...], images: np.ndarray) -> None:
    """Refuse pictures of another shape than a model's."""
    if tuple(wanted) != images.shape[1:]:
        raise DataError(
            f"{subject.name} takes pictures of shape {tuple(wanted)}; those of the reference have "
            f"{images.shape[1:]}."
        )


def judge_of(name: str) -> FeatureNetwork | None:
    """Return the shipped classifier of a source, or None where there is none."""
    network = network_for(name, registry.checkpoints())
    return None if network is None else load(network)


def facts_of(subject: Subject, used: HeldOut, seed: int, begun: float, of: str) -> dict[str, Any]:
    """Return what a table says of where its numbers come from."""
    return stated(
        subject,
        begun,
        n=len(used.images),
        seed=seed,
        samples=len(used.images),
        reference=used.name,
        features_of=of,
        backend=require_backend(),
    )
