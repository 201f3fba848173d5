"""What a discriminator may see of a whole batch."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class MinibatchStandardDeviation(layers.Layer):
    """Appends one channel: how much the examples of a group differ, so that a collapse is seen.

    Karras et al. 2017, Progressive Growing of GANs (arXiv:1710.10196), section 3; in groups, as in
    StyleGAN2. The standard deviation over the group of each feature, averaged over features.
    Example n belongs to group n modulo the number of groups, which is the batch size divided by
    `group_size`, rounded up: where it does not divide the batch, groups are smaller by one.

    Groups are those of a replica's rows, and of the rows that are given: fewer under a penalty that
    takes every k-th.

    Args:
        group_size: Examples per group at most, >= 1.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, group_size: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group_size = check_count("group_size", group_size)

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, ..., channels) to (B, ..., channels + 1)."""
        size, shape = self.group_size, ops.shape(inputs)
        count = (shape[0] + size - 1) // size  # of groups
        nothing = ops.zeros((size * count - shape[0], *shape[1:]), "float32")
        x = ops.concatenate([ops.cast(inputs, "float32"), nothing], axis=0)
        there = ops.cast(ops.arange(size * count, dtype="int32") < shape[0], "float32")
        features = (1,) * (len(inputs.shape) - 1)
        there = ops.reshape(there, (size, -1, *features))
        x = ops.reshape(x, (size, -1, *shape[1:]))  # (size, groups, ..., channels)
        members = ops.sum(there, axis=0)
        centred = (x - ops.sum(x * there, axis=0) / members) * there
        deviation = ops.sqrt(ops.sum(ops.square(centred), axis=0) / members + 1e-8)
        axes = tuple(range(1, len(inputs.shape)))
        mean = ops.mean(deviation, axis=axes, keepdims=True)  # (groups, 1, ..., 1)
        repeated = ops.tile(mean, (size, *features))[: shape[0]]
        channel = ops.broadcast_to(ops.cast(repeated, inputs.dtype), (*shape[:-1], 1))
        return ops.concatenate([inputs, channel], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs with one channel more."""
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "group_size": self.group_size}
