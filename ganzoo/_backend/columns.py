"""Functions of columns (B, 1) on TensorFlow and JAX: `keras.ops`, as steps are compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops
from keras.ops import abs as abs
from keras.ops import arctan2 as arctan2
from keras.ops import clip as clip
from keras.ops import cos as cos
from keras.ops import exp as exp
from keras.ops import log as log
from keras.ops import maximum as maximum
from keras.ops import minimum as minimum
from keras.ops import ones_like as ones_like
from keras.ops import sin as sin
from keras.ops import sqrt as sqrt
from keras.ops import square as square
from keras.ops import tanh as tanh
from keras.ops import where as where


def concatenate(columns: Sequence[Any]) -> Any:
    """Return columns side by side."""
    return ops.concatenate(list(columns), axis=-1)


def split(x: Any) -> Sequence[Any]:
    """Return the columns (B, 1) of (B, columns)."""
    return ops.split(x, x.shape[-1], axis=-1)


def constant(values: np.ndarray, like: Any) -> Any:
    """Return an array as a tensor."""
    del like
    return ops.convert_to_tensor(values)


def float32(x: Any) -> Any:
    """Return the same numbers in float32."""
    return ops.cast(x, "float32")
