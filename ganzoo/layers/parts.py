"""Parts of pictures, and smaller ones, by slices alone."""

from __future__ import annotations

import itertools
from typing import Any

from keras import ops

Tensor = Any


def quarter(images: Tensor, which: Tensor) -> Tensor:
    """Return a quarter of each image, (B, height / 2, width / 2, channels).

    Args:
        images: Of even sides.
        which: Which one of each image, (B, 1, 1, 1): 0 to 3, row by row.
    """
    height, width = images.shape[1] // 2, images.shape[2] // 2
    quarters = (
        images[:, i * height : (i + 1) * height, j * width : (j + 1) * width]
        for i, j in itertools.product(range(2), repeat=2)
    )
    return sum(
        ops.cast(ops.equal(which, float(number)), images.dtype) * quarter
        for number, quarter in enumerate(quarters)
    )


def halved(images: Tensor) -> Tensor:
    """Return images of half the sides, means of 2x2 pixels."""
    rows = images[:, ::2] + images[:, 1::2]
    return 0.25 * (rows[:, :, ::2] + rows[:, :, 1::2])
