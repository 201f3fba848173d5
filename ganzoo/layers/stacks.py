"""Runs of layers that several families share, as lists of layers in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import layers

from ganzoo.checks import check_image_shape, check_sizes, check_slope
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers.dropout import dropout as seeded_dropout
from ganzoo.layers.noise import gaussian_noise
from ganzoo.layers.normalisation import ConditionalBatchNormalization
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose

Tensor = Any
Make = Callable[[], Any]
Wrap = Callable[[Any], Any]


def dense_stack(
    units: Sequence[int],
    negative_slope: float,
    dropout: float | None = None,
    *,
    normalise: Make | None = None,
    normalise_first: bool = False,
    dense: Callable[[int], Any] | None = None,
) -> list[Any]:
    """Return dense layers, each followed by LeakyReLU, normalisation and dropout.

    A discriminator that is linear in what is normalised last would give real and generated batches
    the same mean; it is normalised first.

    Args:
        units: Width of each dense layer.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate, in [0, 1); None is no dropout layer.
        normalise: Makes a normalisation layer; None is none.
        normalise_first: Whether that comes before the LeakyReLU, in place of biases.
        dense: Makes a layer of a width instead of Keras' `Dense`.
    """
    stack: list[Any] = []
    for width in units:
        first = normalise_first and normalise is not None
        stack.append(dense(width) if dense else layers.Dense(width, use_bias=not first))
        pair = [layers.LeakyReLU(check_slope(negative_slope))] + (
            [] if normalise is None else [normalise()]
        )
        stack += pair[::-1] if first else pair
        stack += [] if dropout is None else [seeded_dropout(dropout)]
    return stack


def conv_stack(
    filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float | None = None,
    *,
    noise: float | None = None,
    strides: int | Sequence[int] = 2,
    use_bias: bool = True,
    normalise: Make | None = None,
    bare_first: bool = False,
    wrap: Wrap | None = None,
) -> list[Any]:
    """Return strided convolutions, each followed by normalisation, LeakyReLU, dropout and noise.

    Args:
        filters: Channels after each convolution.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate, in [0, 1); None is no dropout layer.
        noise: Standard deviation of normal noise that is added while training; None is no layer.
        strides: Stride of all convolutions, or of each.
        use_bias: Biases in the convolutions.
        normalise: Makes a normalisation layer; None is none.
        bare_first: Whether the first convolution has a bias in place of a normalisation.
        wrap: What becomes of each convolution, such as `SpectralNormalization`.
    """
    stack: list[Any] = []
    each = [strides] * len(filters) if isinstance(strides, int) else strides
    for index, (count, stride) in enumerate(zip(filters, each, strict=True)):
        bare = bare_first and index == 0
        layer = Conv2D(
            count, kernel_size, strides=stride, padding="same", use_bias=use_bias or bare
        )
        stack.append(layer if wrap is None else wrap(layer))
        stack += [] if normalise is None or bare else [normalise()]
        stack.append(layers.LeakyReLU(check_slope(negative_slope)))
        stack += [] if dropout is None else [seeded_dropout(dropout)]
        stack += [] if noise is None else [gaussian_noise(noise)]
    return stack


def transposed_stack(
    base: tuple[int, int],
    filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    *,
    strides: int | Sequence[int] = 2,
    use_bias: bool = True,
    normalise: Make | None = None,
    reshape_first: bool = False,
) -> list[Any]:
    """Return a dense base and transposed convolutions, normalisation and LeakyReLU before each.

    The last convolution makes the image; no activation follows it.

    Args:
        base: Height and width of the images that the dense layer makes.
        filters: Channels at the base and after each convolution, the image's included.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.
        strides: Stride of all convolutions, or of each: one less than filters.
        use_bias: Biases in the dense layer and the convolutions.
        normalise: Makes a normalisation layer; None is none.
        reshape_first: Whether the base becomes an image before it is normalised, so that each
            channel is, or only after its LeakyReLU, so that each unit is.
    """
    each = [strides] * (len(filters) - 1) if isinstance(strides, int) else strides
    shape = (*base, filters[0])
    stack: list[Any] = [layers.Dense(base[0] * base[1] * filters[0], use_bias=use_bias)]
    for index, (count, stride) in enumerate(zip(filters[1:], each, strict=True)):
        between = [] if normalise is None else [normalise()]
        between.append(layers.LeakyReLU(check_slope(negative_slope)))
        if index == 0:
            between.insert(0 if reshape_first else len(between), layers.Reshape(shape))
        stack += between
        stack.append(
            Conv2DTranspose(count, kernel_size, strides=stride, padding="same", use_bias=use_bias)
        )
    return stack


def connected(stack: Sequence[Any], x: Tensor, condition: Tensor = None) -> Tensor:
    """Return what a stack makes of x; conditional layers get the condition beside it.

    Args:
        stack: Layers in their order.
        x: A tensor, or a `keras.Input`.
        condition: For each `ConditionalBatchNormalization`, shape (B, classes).
    """
    for layer in stack:
        conditional = isinstance(layer, ConditionalBatchNormalization)
        x = layer([x, condition] if conditional else x)
    return x


def fit_shape(
    image_shape: Sequence[int], filters: Sequence[int], strides: Sequence[int]
) -> tuple[tuple[int, int, int], tuple[int, int]]:
    """Return the checked image shape and the (height, width) at a generator's base.

    Args:
        image_shape: (height, width, channels); the sides are multiples of the strides' product.
        filters: Channels at the base and after each transposed convolution but the last.
        strides: Stride of each transposed convolution, as many as filters.

    Raises:
        InvalidArgumentError: They do not fit.
    """
    check_sizes("generator_filters", filters)
    check_sizes("generator_strides", strides)
    if len(strides) != len(filters):
        raise InvalidArgumentError(
            "generator_strides needs one stride per entry of generator_filters; "
            f"got {len(strides)} strides for {len(filters)} filters."
        )
    factor = 1
    for stride in strides:
        factor *= stride
    height, width, channels = check_image_shape(image_shape, multiple=factor)
    return (height, width, channels), (height // factor, width // factor)
