"""How many parameters the networks of `image_networks` have at most, before they are built."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def count_categorical_parameters(
    *, classes: int, latent_dim: int, units: Sequence[int], **sizes: Any
) -> int:
    """Return at least as many parameters as `categorical_networks` have."""
    judged = 0
    for length in (classes, latent_dim):
        judged += sum((a + 1) * b for a, b in pairwise((length, *units, 1)))
    outputs = (classes + latent_dim,)
    judged += 4 * (classes + latent_dim)
    return judged + count_image_parameters(
        latent_dim=latent_dim, condition=classes, outputs=outputs, **sizes
    )


def count_dense_parameters(*, units: int, latent_dim: int, **sizes: Any) -> int:
    """Return at least as many parameters as both have with a dense layer of `units` each."""
    dense = (latent_dim + 5) * units + 5 * units + 1
    return dense + count_image_parameters(latent_dim=units, outputs=(units,), **sizes)


def count_image_parameters(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    generator_filters: Sequence[int],
    discriminator_filters: Sequence[int],
    kernel_size: int,
    outputs: Sequence[int] = (1,),
    condition: int = 0,
    **_: Any,
) -> int:
    """Return at least as many parameters as such a generator and networks of pictures have.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size: See
            `image_sizes`.
        outputs: For each network of pictures (discriminator, encoder, ...) the length of all its
            outputs together.
        condition: As of `image_generator`.
    """
    height, width, channels = image_shape
    area, scale = kernel_size**2, 2 ** len(generator_filters)
    base = (height // scale) * (width // scale) * generator_filters[0]
    steps = pairwise((*generator_filters, channels))
    made = (latent_dim + condition + 1) * base + area * sum(a * b for a, b in steps)
    made += 5 * (sum(generator_filters) + channels)  # biases and normalisation
    steps = pairwise((channels, *discriminator_filters))
    seen = area * sum(a * b for a, b in steps) + 5 * sum(discriminator_filters)
    halved = [-(-side // 2 ** len(discriminator_filters)) for side in (height, width)]
    features = math.prod(halved) * discriminator_filters[-1]
    return made + sum(seen + (features + 1) * length for length in outputs)
