"""A warning where pictures in [0, 1] meet a generator whose tanh makes [-1, 1]."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from ganzoo.feeding.parts import Examples, Part

# They move or rename numbers and change none.
_SAME_NUMBERS = (
    layers.Cropping2D,
    layers.Flatten,
    layers.Identity,
    layers.InputLayer,
    layers.Permute,
    layers.Reshape,
)


def ends_in_tanh(network: Any) -> bool:
    """Return whether a network's last operation is a tanh, as far as its layers tell."""
    for layer in reversed(getattr(network, "layers", [])):
        if isinstance(layer, keras.Model):
            return ends_in_tanh(layer)
        if not isinstance(layer, _SAME_NUMBERS):
            return getattr(layer, "activation", None) is keras.activations.tanh
    return False


def is_half_range(array: np.ndarray) -> bool:
    """Return whether all numbers are in the upper half of [-1, 1], and not all alike."""
    low, high = float(array.min()), float(array.max())
    return low >= 0.0 and high > 0.5 and low < high


def warn_of_half_range(parts: Sequence[Part], found: Mapping[str, np.ndarray], where: str) -> None:
    """Warn of examples that are all in [0, 1], which a generator with a tanh hardly makes.

    A warning and no error: bright pictures in [-1, 1] may all be like that, if hardly ever.

    Args:
        parts: What the model is trained with.
        found: Checked arrays by name.
        where: What the arrays are, for the message.
    """
    for part in parts:
        if not isinstance(part, Examples) or part.maker is None or part.name not in found:
            continue
        if is_half_range(found[part.name]) and ends_in_tanh(part.maker):
            low, high = float(found[part.name].min()), float(found[part.name].max())
            warnings.warn(
                f"{where} are all in [{low:g}, {high:g}], but the generator ends in a tanh and "
                "makes [-1, 1]. If black is 0 and white is 1, scale with 2 * x - 1.",
                stacklevel=2,
            )
