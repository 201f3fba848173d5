"""What is made of MNIST: binary digits, few labels, contours, and MNIST-M.

Every choice is seeded, so that the same call returns the same arrays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo.checks import check_count, check_data, check_seed
from ganzoo.data.mnist import mnist
from ganzoo.data.pairs import Sets, check_split
from ganzoo.data.photographs import flower_pixels
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.plots import from_uint8, to_uint8
from ganzoo.random import given_or_fresh, random_generator

CLASSES = 10


class FewLabels(NamedTuple):
    """Many pictures, and few of them with labels.

    Attributes:
        images: float32 (n, height, width, channels) in [-1, 1].
        labelled: The same of the pictures with labels, (m, ...).
        labels: int64 (m,).
    """

    images: np.ndarray
    labelled: np.ndarray
    labels: np.ndarray


class Domains(NamedTuple):
    """Pictures of one kind with labels, and of another kind.

    Attributes:
        sources: float32 (n, height, width, channels) in [-1, 1].
        labels: int64 (n,), of the sources.
        targets: float32 (m, height, width, channels) in [-1, 1].
        target_labels: int64 (m,), to measure with; no training sees them.
    """

    sources: np.ndarray
    labels: np.ndarray
    targets: np.ndarray
    target_labels: np.ndarray


def binary_mnist(
    split: str = "train", labels: bool = False, folder: str | Path | None = None
) -> Any:
    """Load the MNIST digits in black and white: 1 where a pixel is above half of the ink, else -1.

    Args, errors: as of `ganzoo.data.mnist`.

    Returns:
        Images, float32 of -1 and 1, shape (n, 28, 28, 1); with `labels` also int64 (n,).
    """
    images, digits = mnist(split, True, folder)
    binary = np.where(images > 0, np.float32(1.0), np.float32(-1.0))
    return (binary, digits) if labels else binary


def few_digits(split: str = "train", labelled: int = 100, seed: int = 0) -> FewLabels:
    """Load the MNIST digits with labels of a seeded few, as many of each digit.

    The few are among the images, too.

    Args:
        split: "train" (60,000 pictures) or "test" (10,000, all of which have labels).
        labelled: How many of the training digits have labels, a multiple of 10.
        seed: Seeds which.

    Raises:
        DataError: As of `ganzoo.data.mnist`.
        InvalidArgumentError: Another number of labels.
    """
    check_split(split)
    check_seed(seed)
    each, rest = divmod(check_count("labelled", labelled, least=CLASSES, most=50_000), CLASSES)
    if rest:
        raise InvalidArgumentError(f"labelled must be a multiple of {CLASSES}; got {labelled}.")
    images, digits = mnist(split, labels=True)
    if split == "test":
        return FewLabels(images, images, digits)
    order = random_generator(seed).permutation(len(images))
    chosen = [order[digits[order] == digit][:each] for digit in range(CLASSES)]
    rows = np.concatenate(chosen)
    return FewLabels(images, images[rows], digits[rows])


def contours(images: Any) -> np.ndarray:
    """Return the contours of strokes: what a 3x3 dilation adds, ink 1 on -1.

    Args:
        images: float32 (n, height, width, channels) in [-1, 1].

    Returns:
        float32 of the same shape, in [-1, 1].

    Raises:
        DataError: Pictures of another form, not finite or outside [-1, 1].
    """
    images = np.asarray(images)
    if images.ndim != 4:
        raise DataError(
            f"Contours are drawn of pictures (n, height, width, channels); got {images.shape}."
        )
    images = check_data(images, images.shape[1:], what="Pictures")
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-1.0)
    dilated = images
    for down in range(3):
        for right in range(3):
            moved = padded[:, down : down + height, right : right + width]
            dilated = np.maximum(dilated, moved)
    return dilated - images - np.float32(1.0)


def mnist_edges(split: str = "train") -> Sets:
    """Return digits, and the contours of other digits: (n, 28, 28, 1) each, without pairs.

    Section 4 of CoGAN (arXiv:1606.07536). A seeded choice, as rows of MNIST are no chance: its
    writers, employees and students, take turns in the training split.

    Args:
        split: "train" (30,000 and 30,000) or "test" (5,000 and 5,000).

    Raises:
        DataError: As of `ganzoo.data.mnist`.
    """
    digits, others = _halves(split)
    return Sets(digits, contours(others), ("digits", "contours"))


def mnist_negatives(split: str = "train") -> Sets:
    """Return digits, and the negatives of other digits; splits and errors as of `mnist_edges`."""
    digits, others = _halves(split)
    return Sets(digits, -others, ("digits", "negatives"))


def _halves(split: str) -> tuple[np.ndarray, np.ndarray]:
    images = mnist(split)
    order = random_generator(0).permutation(len(images))
    first, second = (images[np.sort(rows)] for rows in np.split(order, 2))
    return first, second


def mnist_m(split: str = "train", labels: bool = False, seed: int = 0) -> Any:
    """Return MNIST-M: digits in the colours of patches of photographs, (n, 28, 28, 3).

    Ganin et al. 2016, Domain-Adversarial Training of Neural Networks (arXiv:1505.07818), section
    5.2.4: |patch - digit| in each channel, in units of a colour's full range. The patches are a
    seeded choice from the flowers of `ganzoo.data.photographs`, of the same split; in the paper
    from BSDS500.

    Args:
        split: "train" (60,000) or "test" (10,000).
        labels: Return the digits, int64 (n,), too.
        seed: Seeds the patches.

    Raises:
        DataError: MNIST or the flowers are not there; the message says where to get them.
    """
    check_seed(seed)
    images, digits = mnist(split, labels=True)
    made = blended(to_uint8(images), flower_pixels(split), [given_or_fresh(seed), split == "test"])
    return (made, digits) if labels else made


def blended(digits: np.ndarray, photographs: np.ndarray, seed: Any) -> np.ndarray:
    """Return |patch - digit| in [-1, 1], float32 (n, height, width, 3).

    Args:
        digits: uint8 (n, height, width, 1).
        photographs: uint8 (m, rows, columns, 3), at least as large.
        seed: Seeds which photograph is cut where.
    """
    random = np.random.Generator(np.random.PCG64([int(part) for part in seed]))
    (n, height, width), (m, rows, columns) = digits.shape[:3], photographs.shape[:3]
    most = (m, rows - height + 1, columns - width + 1)
    which, top, left = (random.integers(0, limit, size=(n,)) for limit in most)
    made = np.empty((n, height, width, 3), np.uint8)
    for index in range(n):
        y, x = top[index], left[index]
        patch = photographs[which[index], y : y + height, x : x + width].astype(np.int16)
        made[index] = np.abs(patch - digits[index])
    return from_uint8(made)


def mnist_to_mnist_m(split: str = "train") -> Domains:
    """Return MNIST with its labels, and MNIST-M.

    Args:
        split: "train" (60,000 of each) or "test" (10,000 of each).

    Raises:
        DataError: As of `mnist_m`.
    """
    check_split(split)
    return Domains(*mnist(split, labels=True), *mnist_m(split, labels=True))
