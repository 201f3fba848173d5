"""Spectral normalisation that trains on every backend.

Keras' own writes the normalised kernel back into the layer, which PyTorch's autograd refuses where
a discriminator is applied twice before its gradient is taken, and which the optimizer then moves.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError

Tensor = Any


_PLAIN = (layers.Dense, layers.Conv1D, layers.Conv2D, layers.Conv3D)
_TRANSPOSED = (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)


@keras.saving.register_keras_serializable("ganzoo")
class SpectralNormalization(layers.Wrapper):
    """Divides the kernel of a layer by its largest singular value, found by power iteration.

    Miyato et al. 2018, Spectral Normalization for GANs (arXiv:1802.05957), algorithm 1. The kernel
    is taken as a matrix (output channels, everything else). The optimizer moves the kernel as it
    was; as such layers are linear in their inputs, these are divided in its stead, which costs no
    copy of the kernel and leaves the layer its fast paths. The bias is not divided.

    Each call with `training=True` takes `power_iterations` steps and keeps their vector u, a
    non-trainable weight of shape (output channels,), for the next; other calls leave it alone. As u
    depends on the kernel only, it is the same on all replicas.

    Args:
        layer: A layer with a `kernel` that is linear in its inputs: dense, convolution, transposed
            convolution. Its activation comes afterwards, as usual.
        power_iterations: Steps per call, >= 1.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        self.power_iterations = check_count("power_iterations", power_iterations, most=1000)

    def build(self, input_shape: Any = None) -> None:
        """Build the layer for a shape, and the vector u for its kernel.

        Raises:
            InvalidArgumentError: The layer has no kernel.
        """
        super().build(input_shape)
        if not isinstance(self.layer, (*_TRANSPOSED, *_PLAIN)):
            raise InvalidArgumentError(
                "SpectralNormalization is for dense layers, convolutions and transposed ones; got "
                f"{type(self.layer).__name__}."
            )
        self.u = self.add_weight(
            name="u",
            shape=(self.layer.kernel.shape[self._output_axis],),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            dtype="float32",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
        )

    @property
    def _output_axis(self) -> int:
        # Kernels of transposed convolutions are (height, width, out, in).
        return -2 if isinstance(self.layer, _TRANSPOSED) else -1

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return the layer's outputs, its kernel divided by the largest singular value."""
        norm = self.norm(update=training)
        # A kernel of zeros stays one.
        factor = ops.where(norm > 0.0, 1.0 / ops.where(norm > 0.0, norm, 1.0), 1.0)
        return self.layer(inputs * ops.cast(factor, inputs.dtype))

    def norm(self, update: bool = False) -> Tensor:
        """Return the estimate v^T W u of the largest singular value, a scalar float32, >= 0.

        It is differentiable in the kernel, with u and v constant, as in the paper.

        Args:
            update: Whether the new u is kept.
        """
        kernel = ops.moveaxis(ops.convert_to_tensor(self.layer.kernel), self._output_axis, 0)
        matrix = ops.reshape(ops.cast(kernel, "float32"), (self.u.shape[0], -1))  # (out, rest)
        constant = ops.stop_gradient(matrix)
        # A copy: what a gradient will need must not be written to by the next call.
        u = ops.copy(ops.convert_to_tensor(self.u))
        for _ in range(self.power_iterations):
            v = _unit(ops.matmul(u, constant))
            u = _unit(ops.matmul(constant, v))
        if update:
            self.u.assign(u)
        return ops.sum(u * ops.matmul(matrix, v))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return that of the layer."""
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "power_iterations": self.power_iterations}


def _unit(vector: Tensor) -> Tensor:
    """Return a vector divided by its length; a vector of zeros as it is."""
    return vector / ops.sqrt(ops.maximum(ops.sum(ops.square(vector)), 1e-24))
