"""Classifiers trained beside a model, so that its figure can be compared: the same network alone.

The network of the model's own classifier, with fresh weights, learns by cross-entropy from pictures
with labels; nothing of the game is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import keras
import numpy as np

from ganzoo import schedules
from ganzoo.batches import ShuffledBatches
from ganzoo.feeding import Examples, Labels, Part
from ganzoo.game.classifying import Classifies
from ganzoo.game.labels import one_hot
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.losses import category_loss
from ganzoo.tasks.task import Progress
from ganzoo.zoo.forms import Recipe

EVERY = 50  # steps between two reports of the progress


@dataclass(frozen=True)
class Teaching:
    """How such a classifier is trained: Adam whose rate falls along a cosine to 2 %.

    Attributes:
        epochs: Passes over the pictures.
        batch_size: Pictures per step.
        learning_rate: At the beginning.
        momentum: Of the averaged weights, or None.
        beta_1: Of Adam.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    momentum: Any = None
    beta_1: float = 0.5

    @classmethod
    def of_recipe(cls, recipe: Recipe, player: str) -> Teaching:
        """Return the length, batches, rate and averages with which a recipe trains a player."""
        adam = recipe.stages[0].optimizers[player]
        rate = adam["learning_rate"]
        rate = rate["from"] if isinstance(rate, Mapping) else rate
        own = {"beta_1": adam.get("beta_1", cls.beta_1), "momentum": recipe.ema_momentum}
        return cls(recipe.epochs, recipe.batch_size, rate, **own)


class Taught(Classifies, AdversarialModel):
    """A classifier that learns from labels: a game of one player.

    Args:
        network: Built `keras.Model` from pictures to logits (B, classes).
        classes: Names of the classes.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players: ClassVar[Mapping[str, Player]] = {"classifier": Player(("network",), "c_loss")}
    averaged: ClassVar[tuple[str, ...]] = ("network",)
    classifier = ("network",)

    def __init__(self, network: keras.Model, classes: Sequence[str], **kwargs: Any) -> None:
        super().__init__({"network": network}, **kwargs)
        self.classes = tuple(classes)

    @property
    def parts(self) -> Sequence[Part]:
        """Pictures and their labels."""
        return (Examples("real", self.classified_shape), Labels("label", self.classes))

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, ...), "label": (B, classes)}."""
        named = self.named(data)
        label = one_hot(named["label"], len(self.classes), "float32")
        return {"real": self.tensor(named["real"]), "label": label}

    def classifier_objective(self, batch: Batch) -> Objective:
        """The cross-entropy of the labels."""
        return Objective(category_loss(self.apply(self.network, batch["real"]), batch["label"]))


def taught(
    model: Any,
    images: np.ndarray,
    labels: np.ndarray,
    teaching: Teaching,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    what: str = "training a classifier",
) -> Taught:
    """Return a classifier like a model's own that was trained with some pictures and labels alone.

    Args:
        model: A model with `classify`, whose network is copied without its weights.
        images: float32 (n, height, width, channels) in [-1, 1], n >= 1.
        labels: Integers (n,).
        teaching: How it is trained; batches are no larger than n.
        seed: Seeds weights, order and dropout.
        progress: Told how many steps are done.
        what: What is said of it there.
    """
    keras.utils.set_random_seed(seed)
    size = min(teaching.batch_size, len(images))
    batches = ShuffledBatches((images, labels), size, seed)
    total = teaching.epochs * batches.steps_per_epoch
    made = Taught(fresh_classifier(model), model.classes, ema_momentum=teaching.momentum, seed=seed)
    first = teaching.learning_rate
    rate = {"from": first, "to": 0.02 * first, "over": total * size}
    adam = schedules.adam(size, learning_rate=rate, beta_1=teaching.beta_1)
    made.compile(optimizers={"classifier": adam})
    told = [] if progress is None else [_Told(progress, what, total)]
    made.fit(batches, epochs=teaching.epochs, verbose=0, callbacks=told)
    return made


def fresh_classifier(model: Any) -> keras.Model:
    """Return the networks of a model's classifier as one, from pictures to logits, not trained."""
    images = keras.Input(model.classified_shape, name="images")
    made: Any = images
    for name in model.classifier:
        made = keras.models.clone_model(getattr(model, name))(made)
    logits = made[model.class_output] if isinstance(made, list | tuple) else made
    return keras.Model(images, logits, name="network")


class _Told(keras.callbacks.Callback):
    """Tells a progress how many steps of a training are done."""

    def __init__(self, progress: Progress, what: str, total: int) -> None:
        super().__init__()
        self.progress, self.what, self.total, self.done = progress, what, total, 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count a step."""
        self.done += 1
        if self.done % EVERY == 0 or self.done == self.total:
            self.progress(self.what, self.done, self.total)
