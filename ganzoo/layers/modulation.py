"""What latents and styles scale: convolutions, a basis; and noise per pixel, slow dense layers.

Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN (arXiv:1912.04958), unless
said.
"""

from __future__ import annotations

import math
import random
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import normal, own_rows
from ganzoo.checks import check_count, check_flag, check_positive, check_seed

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ModulatedConv2D(layers.Layer):
    """A convolution whose kernel is another for each example: scaled by its style, then normalised.

    arXiv:1912.04958, eq. 1 and 3. As a convolution is linear, the inputs are scaled in place of the
    kernel and the outputs divided by its length, which needs no grouped convolution. Called on
    [x (B, height, width, in), style (B, units)].

    Args:
        filters: Channels of the outputs.
        kernel_size: Side of the kernel.
        demodulate: Whether outputs are divided by the length of the example's kernel.
        gain: Factor of what is divided so, > 0: the square root of 2 before a rectifier.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        demodulate: bool = True,
        gain: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.gain = check_positive("gain", gain)
        self.filters = check_count("filters", filters)
        self.kernel_size = check_count("kernel_size", kernel_size, most=64)
        self.demodulate = check_flag("demodulate", demodulate)

    def build(self, input_shape: Any) -> None:
        """Build for the shapes of x and of the style."""
        shape, style = input_shape
        size = (self.kernel_size, self.kernel_size)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(*size, shape[-1], self.filters),
            initializer=keras.initializers.HeNormal(),
        )
        self.scales = layers.Dense(
            shape[-1], bias_initializer="ones", name="scales", dtype=self.dtype_policy
        )
        self.scales.build(style)

    def call(self, inputs: Any) -> Tensor:
        """Return images (B, height, width, filters)."""
        x, style = inputs
        scales = self.scales(style)  # (B, in)
        kernel = ops.cast(ops.convert_to_tensor(self.kernel), x.dtype)
        x = ops.multiply(x, ops.cast(scales, x.dtype)[:, None, None])
        y = ops.conv(x, kernel, padding="same")
        if not self.demodulate:
            return y
        energy = ops.sum(ops.square(ops.cast(self.kernel, "float32")), axis=(0, 1))  # (in, out)
        lengths = ops.matmul(ops.square(ops.cast(scales, "float32")), energy)  # (B, out)
        factors = self.gain * ops.rsqrt(lengths + 1e-8)
        return ops.multiply(y, ops.cast(factors, y.dtype)[:, None, None])

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (B, height, width, filters)."""
        return (*input_shape[0][:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"filters": self.filters, "kernel_size": self.kernel_size}
        return {**super().get_config(), **own, "demodulate": self.demodulate, "gain": self.gain}


@keras.saving.register_keras_serializable("ganzoo")
class PixelNoise(layers.Layer):
    """Adds one normal number to all channels of a pixel, times a strength that is learned.

    While training the numbers are drawn anew; otherwise they are a pattern that is saved, so that
    the same latents give the same picture.

    Args:
        seed: Seeds both; by default a number of Python's `random`, which
            `keras.utils.set_random_seed` settles.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        check_seed(seed)
        self.seed = random.randint(1, 2**31 - 1) if seed is None else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape: Any) -> None:
        """Build for images (B, height, width, channels), whose sides are known."""
        self.strength = self.add_weight(name="strength", shape=(), initializer="zeros")
        self.pattern = self.add_weight(
            name="pattern",
            shape=(*input_shape[1:3], 1),
            initializer=keras.initializers.RandomNormal(stddev=1.0, seed=self.seed),
            trainable=False,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return images of the same shape."""
        if training:
            shape = (*ops.shape(inputs)[:3], 1)
            noise = own_rows(lambda rows: normal(rows, self.seed_generator, inputs.dtype), shape)
        else:
            noise = ops.cast(ops.convert_to_tensor(self.pattern), inputs.dtype)
        strength = ops.cast(ops.convert_to_tensor(self.strength), inputs.dtype)
        return ops.add(inputs, ops.multiply(noise, strength))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable("ganzoo")
class ChannelBias(layers.Layer):
    """Adds a learned number to each channel of (B, ..., channels)."""

    def build(self, input_shape: Any) -> None:
        """Build for the number of channels."""
        self.bias = self.add_weight(name="bias", shape=(input_shape[-1],), initializer="zeros")

    def call(self, inputs: Tensor) -> Tensor:
        """Return inputs + bias."""
        return ops.add(inputs, ops.cast(ops.convert_to_tensor(self.bias), inputs.dtype))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape


@keras.saving.register_keras_serializable("ganzoo")
class SlowDense(layers.Layer):
    """A dense layer whose weights are `rate` times what an optimizer moves: they learn so slowly.

    Karras et al. 2017, Progressive Growing of GANs (arXiv:1710.10196), section 4.1, "equalized
    learning rate", with the multiplier of StyleGAN's mapping network.

    Args:
        units: Width.
        rate: Multiplier of the learning rate, > 0.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, units: int, rate: float = 0.01, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.rate = check_count("units", units), check_positive("rate", rate)

    def build(self, input_shape: Any) -> None:
        """Build for inputs (B, in)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=keras.initializers.RandomNormal(stddev=1.0 / self.rate),
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs: Tensor) -> Tensor:
        """Return (B, units)."""
        gain = self.rate * math.sqrt(2.0 / inputs.shape[-1])  # He's, for a LeakyReLU after it
        kernel = ops.cast(ops.convert_to_tensor(self.kernel), inputs.dtype)
        bias = ops.cast(ops.convert_to_tensor(self.bias), inputs.dtype)
        return gain * ops.matmul(inputs, kernel) + self.rate * bias

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (B, units)."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "units": self.units, "rate": self.rate}


@keras.saving.register_keras_serializable("ganzoo")
class Basis(layers.Layer):
    """Learned features of a small picture, each times a number: from (B, channels) to pictures.

    Huang et al. 2025, R3GAN (arXiv:2501.05441), where both networks have one at their small end.

    Args:
        height, width: Sides of the picture.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height, self.width = check_count("height", height), check_count("width", width)

    def build(self, input_shape: Any) -> None:
        """Make the basis for inputs (B, channels)."""
        shape = (self.height, self.width, input_shape[-1])
        self.basis = self.add_weight(
            name="basis", shape=shape, initializer=keras.initializers.RandomNormal(stddev=1.0)
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Return inputs[:, None, None] * basis, (B, height, width, channels)."""
        return ops.multiply(inputs[:, None, None, :], ops.cast(self.basis, inputs.dtype))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (B, height, width, channels)."""
        return (input_shape[0], self.height, self.width, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "height": self.height, "width": self.width}
