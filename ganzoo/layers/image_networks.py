"""Small convolutional networks for pictures, as the families of classic games share them.

Pictures are (B, height, width, channels) in [-1, 1]; a generator doubles the sides with each of its
transposed convolutions, a discriminator and an encoder halve them. What such papers differ in is
the game, not the networks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.layers.stacks import connected, conv_stack, dense_stack, transposed_stack

Tensor = Any
# Of a discriminator that is normalised after all but its first convolution.
NORMALISED: dict[str, Any] = {"normalise": BatchNormalization, "bare_first": True}


def image_sizes(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    generator_filters: Sequence[int],
    discriminator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
) -> dict[str, Any]:
    """Return the arguments that all networks of such a family have in common, checked.

    Args:
        image_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `generator_filters`.
        latent_dim: Length of a latent vector.
        generator_filters: Channels at the dense base and after each transposed convolution
            (stride 2) but the last, which makes the image.
        discriminator_filters: Channels of each convolution, stride 2.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.

    Raises:
        InvalidArgumentError: A size that cannot be, or that does not fit the picture.
    """
    made = check_sizes("generator_filters", generator_filters)
    return {
        "image_shape": check_image_shape(image_shape, multiple=2 ** len(made)),
        "latent_dim": check_count("latent_dim", latent_dim, most=8192),
        "generator_filters": made,
        "discriminator_filters": check_sizes("discriminator_filters", discriminator_filters),
        "kernel_size": check_count("kernel_size", kernel_size, most=64),
        "negative_slope": negative_slope,
    }


def image_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    generator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    condition: int = 0,
    dense_units: Sequence[int] = (),
    normalise: Callable[[], Any] | None = BatchNormalization,
    activation: str = "tanh",
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels).

    Args:
        image_shape, latent_dim, generator_filters, kernel_size, negative_slope: See `image_sizes`.
        condition: With a number, the network takes [latents, condition (B, condition)].
        dense_units: Widths of dense layers before the base.
        normalise: Makes a normalisation layer; None is none, and then layers have biases.
        activation: Of the pictures.
    """
    latents = keras.Input((latent_dim,), name="latents")
    inputs = [latents, keras.Input((condition,), name="condition")] if condition else latents
    scale = 2 ** len(generator_filters)
    stack = transposed_stack(
        (image_shape[0] // scale, image_shape[1] // scale),
        (*generator_filters, image_shape[-1]),
        kernel_size,
        negative_slope,
        use_bias=normalise is None,
        normalise=normalise,
        reshape_first=True,
    )  # (B, 7, 7, 64), (B, 14, 14, 32), (B, 28, 28, 1)
    stack = [*dense_stack(dense_units, negative_slope, normalise=normalise), *stack]
    x = connected(stack, layers.Concatenate()(inputs) if condition else latents)
    images = layers.Activation(activation, dtype="float32", name="images")(x)
    return keras.Model(inputs, images, name="generator")


def image_features(
    images: Tensor,
    *,
    discriminator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float | None = None,
    noise: float | None = None,
    normalise: Callable[[], Any] | None = None,
    bare_first: bool = False,
    dense_units: Sequence[int] = (),
    **_: Any,
) -> Tensor:
    """Return the flat features (B, features) of a Keras input of pictures.

    See `conv_stack`; `dense_units` are widths of dense layers, normalised as the convolutions.
    """
    stack = conv_stack(
        discriminator_filters,
        kernel_size,
        negative_slope,
        dropout,
        noise=noise,
        use_bias=normalise is None,
        normalise=normalise,
        bare_first=bare_first,
    )
    hidden = dense_stack(dense_units, negative_slope, normalise=normalise, normalise_first=True)
    return connected([*stack, layers.Flatten(), *hidden], images)


def image_discriminator(
    *,
    image_shape: Sequence[int],
    outputs: Sequence[int] = (1,),
    name: str = "discriminator",
    **sizes: Any,
) -> keras.Model:
    """Return the network from pictures to logits (B, outputs), or to several such outputs.

    Args:
        image_shape: (height, width, channels).
        outputs: Length of each output, a dense layer of the same features.
        name: Of the network.
        **sizes: Of `image_features`.
    """
    images = keras.Input(image_shape, name="images")
    features = image_features(images, **sizes)
    heads = [layers.Dense(count)(features) for count in outputs]
    return keras.Model(images, heads if len(heads) > 1 else heads[0], name=name)


def dense_heads(
    features: keras.Model,
    outputs: Sequence[int],
    name: str,
    units: Sequence[int] = (),
    negative_slope: float = 0.2,
    normalise: Callable[[], Any] | None = None,
    normalised_outputs: bool = False,
) -> keras.Model:
    """Return the network from flat features to dense outputs (B, count), one or several.

    Args:
        features: The network whose outputs (B, features) it takes.
        outputs: Length of each output.
        name: Of the network.
        units: Widths of hidden layers before the outputs.
        negative_slope: Of their LeakyReLU.
        normalise: Makes the normalisation layers of these; None is none.
        normalised_outputs: Whether batch normalisation follows each output.
    """
    given = keras.Input(features.output_shape[1:], name="features")
    seen = connected(dense_stack(units, negative_slope, normalise=normalise), given)
    made = [layers.Dense(count)(seen) for count in outputs]
    made = [BatchNormalization()(one) for one in made] if normalised_outputs else made
    return keras.Model(given, made if len(made) > 1 else made[0], name=name)


def image_encoder(*, latent_dim: int, stochastic: bool = False, **sizes: Any) -> keras.Model:
    """Return the network from pictures to latents (B, latent_dim), with batch normalisation.

    A stochastic one returns (B, 2 latent_dim): means and logarithms of standard deviations. `sizes`
    are those of `image_discriminator`.
    """
    length = latent_dim * (2 if stochastic else 1)
    sizes = {**sizes, "outputs": (length,), "normalise": BatchNormalization}
    return image_discriminator(name="encoder", **sizes)


def pair_of_codes_discriminator(
    *, image_shape: Sequence[int], latent_dim: int, units: int, negative_slope: float, **sizes: Any
) -> keras.Model:
    """Return the network [pictures, latents (B, latent_dim)] -> logits (B, 1).

    Args:
        image_shape, latent_dim, negative_slope: See `image_sizes`.
        units: Width of the layer that joins both, and of the one that sees the latents.
        **sizes: Of `image_features`.
    """
    images = keras.Input(image_shape, name="images")
    latents = keras.Input((latent_dim,), name="latents")
    seen = image_features(images, negative_slope=negative_slope, **sizes)
    code = connected(dense_stack((units,), negative_slope), latents)
    joined = layers.Concatenate()([seen, code])
    logits = layers.Dense(1)(connected(dense_stack((units,), negative_slope), joined))
    return keras.Model([images, latents], logits, name="discriminator")


def code_discriminator(
    *, latent_dim: int, units: Sequence[int], negative_slope: float, name: str, **_: Any
) -> keras.Model:
    """Return the network (B, latent_dim) -> logits (B, 1) of dense layers."""
    hidden = dense_stack(units, negative_slope)
    return keras.Sequential([keras.Input((latent_dim,)), *hidden, layers.Dense(1)], name=name)


def categorical_networks(
    *,
    classes: int,
    units: Sequence[int],
    dropout: float,
    normalised_outputs: bool = False,
    **sizes: Any,
) -> dict[str, keras.Model]:
    """Return the networks of an autoencoder of classes and styles, by name.

    The generator takes [styles (B, latent_dim), classes (B, classes)]; of the features of pictures
    come the logits of the categories and the styles, and a discriminator judges each.

    Args:
        classes: How many.
        units: Widths of the hidden layers of both discriminators.
        dropout: Dropout rate after each convolution of the features.
        normalised_outputs: Whether batch normalisation follows categories and styles.
        **sizes: See `image_sizes`.
    """
    images = keras.Input(sizes["image_shape"], name="images")
    seen = image_features(
        images, dropout=check_rate("dropout", dropout), normalise=BatchNormalization, **sizes
    )
    features = keras.Model(images, seen, name="features")
    judged = {**sizes, "latent_dim": classes, "name": "category_discriminator"}
    last: dict[str, Any] = {"normalised_outputs": normalised_outputs}
    return {
        "generator": image_generator(condition=classes, **sizes),
        "features": features,
        "categories": dense_heads(features, (classes,), "categories", **last),
        "styles": dense_heads(features, (sizes["latent_dim"],), "styles", **last),
        "discriminator": code_discriminator(units=units, name="discriminator", **sizes),
        "category_discriminator": code_discriminator(units=units, **judged),
    }
