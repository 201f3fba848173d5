"""The place where a growing network takes up its next level."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count, check_share

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class FadeIn(layers.Layer):
    """Passes from one tensor over to another: (1 - alpha) * old + alpha * new.

    Karras et al. 2017, Progressive Growing of GANs (arXiv:1710.10196), figure 2. The share alpha is
    a weight that no optimizer moves, so it is saved with its network; the model sets it. Called on
    [old, new], of one shape.

    Args:
        level: Which level is taken up, >= 1.
        alpha: The share at first, in [0, 1].
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, level: int = 1, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.level, self.start = check_count("level", level), check_share("alpha", alpha)
        self.alpha = self.add_weight(
            name="alpha",
            shape=(),
            initializer=keras.initializers.Constant(self.start),
            dtype="float32",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",  # each replica sets it to the same
        )

    def follow(self, growth: Any) -> None:
        """Set the share of this level for a network that has grown so far, a number or a scalar."""
        self.alpha.assign(ops.clip(ops.cast(growth, "float32") - (self.level - 1), 0.0, 1.0))

    def call(self, inputs: Any) -> Tensor:
        """Return the mixture, of the shape of both."""
        old, new = inputs
        alpha = ops.cast(ops.convert_to_tensor(self.alpha), new.dtype)
        return (1.0 - alpha) * old + alpha * new

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of both."""
        return input_shape[1]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "level": self.level, "alpha": self.start}
