"""Small pictures of strokes: a feature map without training, grey pixels, diversity.

Inception features (the usual "FID") come from photographs of 299x299 pixels; strokes of a pen in
28x28 are outside their domain. Histograms of oriented gradients measure position and direction of
strokes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife_error
from ganzoo.metrics.inputs import LEAST, two_samples
from ganzoo.metrics.inputs import examples as ordered
from ganzoo.metrics.kernel import squared_distances

CELL = 8  # pixels, about
_BLOCK = 1000


def oriented_gradients(
    images: Any, *, cells: int | None = None, orientations: int = 8
) -> np.ndarray:
    """Return histograms of oriented gradients; Dalal and Triggs 2005, here without blocks.

    The picture is cut into cells x cells; in each, the directions of the gradient (0 to 180
    degrees, linearly shared between the two nearest of `orientations`) are summed with their
    length as the weight. A picture's histogram is divided by its length (plus a little), and the
    square root is taken, so that a stroke counts by its presence rather than by its blackness.

    Args:
        images: Shape (n, height, width, channels) in [-1, 1]; channels are averaged.
        cells: Cells per side; by default as many as make cells of about 8 pixels: 4 for 28x28
            (128 features), 6 for 48x48 (288).
        orientations: Directions.

    Returns:
        float64 array (n, cells * cells * orientations), 0 or more.
    """
    images = check_pictures("images", images)
    n, height, width, _ = images.shape
    if cells is None:
        cells = max(1, math.floor(min(height, width) / CELL + 0.5))
    if not 1 <= cells <= min(height, width):
        raise DataError(f"cells must be from 1 to {min(height, width)}; got {cells}.")
    parts = [
        _histograms(images[start : start + _BLOCK].mean(axis=-1), cells, orientations)
        for start in range(0, n, _BLOCK)
    ]
    return np.concatenate(parts)


def _histograms(grey: np.ndarray, cells: int, orientations: int) -> np.ndarray:
    n, height, width = grey.shape
    down, across = np.gradient(grey.astype(np.float64), axis=(1, 2))
    length = np.hypot(down, across)
    position = np.mod(np.arctan2(down, across) / np.pi, 1.0) * orientations
    lower = np.floor(position)
    weight = position - lower
    row = np.arange(height) * cells // height
    column = np.arange(width) * cells // width
    cell = row[:, None] * cells + column  # (height, width)
    size = cells * cells * orientations
    base = (np.arange(n)[:, None, None] * cells * cells + cell) * orientations
    result = np.zeros(n * size)
    for offset, share in ((0, 1.0 - weight), (1, weight)):
        bins = base + ((lower + offset) % orientations).astype(np.int64)
        result += np.bincount(bins.ravel(), (length * share).ravel(), n * size)
    histograms = result.reshape(n, size)
    return np.sqrt(histograms / (histograms.sum(axis=1, keepdims=True) + 1.0))


def check_pictures(what: str, images: Any) -> np.ndarray:
    """Return pictures (n, height, width, channels); refuse another shape."""
    array = np.asarray(images)
    if array.ndim != 4 or not array.size or array.dtype.kind not in "fiu":
        raise DataError(
            f"The {what} must have shape (n, height, width, channels); got {array.shape}."
        )
    return array


def grey_share(images: Any, *, inner: float = 0.5) -> Estimate:
    """Return the share of pixels that are neither paper nor ink: |value| < `inner`.

    The edges of real strokes are grey too, so the share of real pictures is the target. The error
    is the standard error over pictures.

    Args:
        images: Shape (n, ...) in [-1, 1].
        inner: Half-width of the grey range.
    """
    rows = ordered("images", images)
    shares = (np.abs(rows) < inner).mean(axis=1)
    return mean_estimate(shares)


def mean_estimate(values: np.ndarray) -> Estimate:
    """Return the mean of one number per example, with its standard error."""
    error = float(values.std(ddof=1) / math.sqrt(len(values)))
    return Estimate(float(values.mean()), error, len(values), "standard error")


def diversity(real: Any, generated: Any, *, most: int = 2000, seed: int = 0) -> Estimate:
    """Return the mean distance of two generated examples over that of two real ones.

    1: as varied as real data; towards 0: all alike. Euclidean distances, all distinct pairs.

    Args:
        real, generated: Pictures or features, shapes (n, ...) and (m, ...).
        most: Examples used of each set.
        seed: Seeds the choice and the jackknife's groups.
    """
    first, second = two_samples(real, generated, LEAST, most, seed)
    bottom, top = _Pairs(first, seed), _Pairs(second, seed + 1)
    if bottom.mean(None) == 0.0:
        raise DataError("All real examples are equal, so that there is no diversity to compare.")
    replicates = [top.mean(group) / bottom.mean(group) for group in range(GROUPS)]
    value = top.mean(None) / bottom.mean(None)
    return Estimate(value, jackknife_error(replicates), len(second), "jackknife")


def class_diversity(
    real: Any, real_labels: Any, generated: Any, labels: Any, *, most: int = 500, seed: int = 0
) -> Estimate:
    """Return the mean of `diversity` over the classes that both sets have enough examples of.

    A generator that draws one picture of each class has the diversity of real data over all
    classes, or nearly, and none within them.

    Args:
        real, generated: Pictures or features, shapes (n, ...) and (m, ...).
        real_labels, labels: Their classes, integers (n,) and (m,).
        most: Examples used of each set and class.
        seed: As of `diversity`.

    Raises:
        DataError: No class has enough examples.
    """
    sets = [(np.asarray(rows), np.asarray(told)) for rows, told in
            ((real, real_labels), (generated, labels))]  # fmt: skip
    found = []
    for label in np.unique(sets[0][1]):
        parts = [rows[told == label] for rows, told in sets]
        if min(map(len, parts)) >= LEAST:
            found.append(diversity(*parts, most=most, seed=seed))
    if not found:
        raise DataError(f"No class has {LEAST} examples of both kinds, real and generated.")
    error = math.sqrt(sum(one.error**2 for one in found)) / len(found)
    value = sum(one.value for one in found) / len(found)
    return Estimate(value, error, sum(one.n for one in found), "jackknife")


class _Pairs:
    """Mean distances of distinct pairs, with any one group left out."""

    def __init__(self, rows: np.ndarray, seed: int) -> None:
        labels = group_labels(len(rows), GROUPS, seed)
        distances = np.sqrt(squared_distances(rows, rows))
        # The expanded square leaves a tiny rest on equal rows.
        distances[distances < 1e-6 * np.sqrt((rows**2).sum(axis=1).max())] = 0.0
        members = np.eye(GROUPS)[labels]
        self.sums = members.T @ distances @ members  # (g, g)
        self.counts = members.sum(axis=0)

    def mean(self, group: int | None) -> float:
        """Return the mean distance, of the pairs without members of `group`."""
        kept = np.arange(GROUPS) != (-1 if group is None else group)
        n = self.counts[kept].sum()
        return float(self.sums[np.ix_(kept, kept)].sum() / (n * (n - 1)))
