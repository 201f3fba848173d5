"""`ganzoo evaluate` for models with an encoder: what their codes know of held-out pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ganzoo import metrics, plots
from ganzoo.errors import InvalidArgumentError
from ganzoo.evaluation import held_out as measured_on
from ganzoo.evaluation import pictures
from ganzoo.evaluation.subject import Subject
from ganzoo.extras import require
from ganzoo.game.run import run
from ganzoo.latent import explorer
from ganzoo.latent import paths as latent
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table

TAUGHT = 60_000  # training pictures among which the nearest is looked for: all of MNIST's
SHOWN = 48


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    pairs: Any = None,
    plane: Any = None,
    **options: Any,
) -> Table:
    """Measure a model with an encoder: its codes, its reconstructions and its samples.

    - Of how many held-out pictures the nearest training picture, by their codes, is of the same
      class; the floor is the same by the pixels. And the same by what the encoder's last layer
      takes, which is what BiGAN's paper (arXiv:1605.09782, table 1) calls features; an encoder that
      has learned nothing stands beside.
    - How many reconstructions a classifier of the data reads as the class of the picture; the floor
      is the same of the pictures.
    - The L1 distance of reconstructions; its floor is that to the nearest training picture.

    Args:
        subject: A model.
        reference: Name of a source of pictures with classes and a test split.
        samples, seed, **options: As of `ganzoo.evaluation.pictures.evaluate`.
        pairs: Path of a picture to write: held-out pictures beside their reconstructions.
        plane: Path of a picture to write: the codes of held-out pictures, of two numbers each, in
            the colours of their classes, beside what the generator makes of that plane.

    Raises:
        InvalidArgumentError, DataError: As there, and of `held_out`; or there is no plane.
        MissingExtraError: `plane` without matplotlib.
    """
    used = measured_on.held_out(subject, reference)
    model = subject.load()
    measured_on.check_shape(subject, model.data_shape, used.images)
    if plane is not None:
        _draw_plane(subject, model, used, plane)
    back = model.reconstruct(used.images)
    if pairs is not None:
        shown = plots.some(plots.beside(used.images, back), SHOWN)
        plots.save(plots.grid(shown, columns=8, scale=2), pairs)
    known, labels = used.known[:TAUGHT], used.known_labels[:TAUGHT]
    nearest = metrics.nearest_training(known, used.images)

    def neighbour(seen: Callable[[np.ndarray], np.ndarray]) -> Estimate:
        given = seen(known), labels, seen(used.images), used.labels
        return metrics.nearest_neighbour_accuracy(*given)

    pixels = neighbour(lambda images: images)
    features, unlearned = neighbour(_hidden(model)), neighbour(_hidden(_fresh(model, seed)))
    titles = {
        "neighbour": ("nearest code is of the same class", neighbour(model.encode)),
        "features": ("nearest features are of the same class", features),
    }
    rows = {
        **{key: Row(key, title, found, pixels, HIGHER) for key, (title, found) in titles.items()},
        **_kept(used, back),
        "l1": Row(
            "l1",
            "L1 distance of reconstructions",
            metrics.l1(back, used.images),
            metrics.l1(known[nearest.nearest], used.images),
            LOWER,
        ),
    }
    table = pictures.evaluate(subject, reference=reference, samples=samples, seed=seed, **options)
    beside = {**table.beside, "untrained": {"features": unlearned}}
    return dataclasses.replace(table, rows={**rows, **table.rows}, beside=beside)


def _hidden(model: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function of pictures to what the encoder's last layer takes, (n, features)."""
    encoder = model.inference_network("encoder")
    network = keras.Model(encoder.inputs, encoder.layers[-1].input)
    return lambda images: np.asarray(run(network, images))


def _fresh(model: Any, seed: int) -> Any:
    """Return a model of the same configuration that has learned nothing."""
    keras.utils.set_random_seed(seed)
    return type(model).from_config(model.get_config())


def _draw_plane(subject: Subject, model: Any, used: measured_on.HeldOut, path: Any) -> None:
    """Draw codes by class, and the plane in pictures, as figure 2 of arXiv:1511.05644."""
    require("matplotlib", "--plane")
    if model.latent_dim != explorer.PLANE:
        raise InvalidArgumentError(
            f"--plane is for codes of {explorer.PLANE} numbers; those of {subject.name} have "
            f"{model.latent_dim}."
        )
    codes = model.encode(used.images)
    figure = plots.figure((12, 6))
    left, right = figure.subplots(1, 2)
    for label in np.unique(used.labels):
        chosen = codes[used.labels == label]
        left.scatter(*chosen.T, s=2, color=f"C{label % 10}", label=str(label))
    left.legend(markerscale=4, fontsize="small")
    left.set(aspect="equal", title="codes of held-out pictures", xlabel="first", ylabel="second")
    made = model.generate(latent.plane(explorer.SIDE, explorer.SIDE))
    right.imshow(np.asarray(plots.grid(made, explorer.SIDE, gap=0)), cmap="gray")
    right.set_axis_off()
    right.set_title("the plane, in equal steps of probability")
    plots.save_figure(figure, path, dpi=100)


def _kept(used: measured_on.HeldOut, back: np.ndarray) -> dict[str, Row]:
    judge = measured_on.judge_of(used.name)
    if judge is None:
        return {}
    own, floor = (
        _accuracy(judge.judgements(images), used.labels) for images in (back, used.images)
    )
    return {"kept": Row("kept", "reconstructions read as their class", own, floor, HIGHER)}


def _accuracy(told: np.ndarray, labels: np.ndarray) -> Estimate:
    return metrics.requested_accuracy(told, labels)
