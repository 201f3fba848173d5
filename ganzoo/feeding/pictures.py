"""Pictures that a trained model is given to look at, by its methods: as arrays of any kind."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ganzoo.checks import check_data
from ganzoo.feeding.arrays import as_numpy
from ganzoo.feeding.scale import is_half_range

_BLACK = 0.05  # a picture from 0 to 1 has a pixel that is nearly black; a bright one has none


def check_pictures(
    images: Any,
    shape: tuple[int | None, ...],
    data_range: tuple[float, float] | None = (-1.0, 1.0),
) -> np.ndarray:
    """Return pictures as float32; warn where they look as if black were 0 and not -1.

    Args:
        images: An array, a tensor or a list of pictures, (n, *shape), n >= 1.
        shape: Of one picture; None where any side will do.
        data_range: Which all numbers must be in; None for any finite ones.

    Raises:
        DataError: Pictures of another shape, not finite or out of range.
    """
    array = check_data(as_numpy(images), shape, data_range, "Pictures")
    if data_range == (-1.0, 1.0) and is_half_range(array) and float(array.min()) < _BLACK:
        warnings.warn(
            "The pictures are all in [0, 1], and the model knows [-1, 1]. If black is 0 and white "
            "is 1, scale with 2 * x - 1.",
            stacklevel=3,
        )
    return array
