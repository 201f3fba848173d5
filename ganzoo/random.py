"""Latents that a user can see: NumPy, so that a seed means the same on every backend."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError


def random_generator(seed: Any = None) -> np.random.Generator:
    """Return `Generator(PCG64(seed))`; `seed` is an integer >= 0, or None for fresh entropy."""
    if seed is not None and (
        isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0
    ):
        raise InvalidArgumentError(f"seed must be an integer >= 0 or None; got {seed!r}.")
    return np.random.Generator(np.random.PCG64(seed))


def draw_latents(n: int, latent_dim: int, seed: int | None = None) -> np.ndarray:
    """Return standard normal latents, float32 of shape (n, latent_dim)."""
    n = check_count("The number of samples", n)
    return random_generator(seed).standard_normal((n, latent_dim), dtype=np.float32)


def random_images(n: int, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return uniform numbers in [-1, 1), float32 (n, *shape): what a probe asks a network about."""
    return (2.0 * random_generator(seed).random((n, *shape), dtype=np.float32) - 1.0).astype("f4")
