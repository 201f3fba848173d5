"""Latents that a user can see: NumPy, so that a seed means the same on every backend."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError

# Events of a block: what one stream of random numbers gives, and what one forward pass makes. It is
# the same for every number of events, as linear algebra rounds differently for matrices of another
# height, so that the same seed gives the same bits.
BLOCK = 16_384


def random_generator(seed: Any = None) -> np.random.Generator:
    """Return `Generator(PCG64(seed))`; `seed` is an integer >= 0, or None for fresh entropy."""
    _check_seed(seed)
    return np.random.Generator(np.random.PCG64(seed))


def some_rows(total: int, count: int | None, seed: int) -> np.ndarray:
    """Return which of so many rows are looked at: all for None, or a seeded choice in order.

    The first rows of a set are not like the others where it was put together from several:
    MNIST's first 5,000 test digits are of other writers than the rest.
    """
    if count is None or count >= total:
        return np.arange(total)
    return np.sort(random_generator(seed).permutation(total)[:count])


def given_or_fresh(seed: int | None) -> int:
    """Return a seed as it is; of None one of 128 bits out of the system's entropy."""
    _check_seed(seed)
    entropy = np.random.SeedSequence().entropy if seed is None else seed
    assert isinstance(entropy, int | np.integer)
    return int(entropy)


def block_latents(block: int, latent_dim: int, seed: int) -> np.ndarray:
    """Return the latents of one block, float32 of shape (16384, latent_dim), standard normal.

    Block b comes from `PCG64(SeedSequence(seed, spawn_key=(b,)))`, so that each can be drawn alone,
    in any order and on any machine.

    Args:
        block: From 0 on.
        latent_dim: Length of a latent vector.
        seed: An integer >= 0.
    """
    _check_seed(seed)
    sequence = np.random.SeedSequence(int(seed), spawn_key=(block,))
    random = np.random.Generator(np.random.PCG64(sequence))
    return random.standard_normal((BLOCK, latent_dim), dtype=np.float32)


def _check_seed(seed: Any) -> None:
    if seed is not None and (
        isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0
    ):
        raise InvalidArgumentError(f"seed must be an integer >= 0 or None; got {seed!r}.")


def draw_latents(n: int, latent_dim: int, seed: int | None = None) -> np.ndarray:
    """Return standard normal latents, float32 of shape (n, latent_dim)."""
    n = check_count("The number of samples", n)
    return random_generator(seed).standard_normal((n, latent_dim), dtype=np.float32)


def random_images(n: int, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return uniform numbers in [-1, 1), float32 (n, *shape): what a probe asks a network about."""
    return (2.0 * random_generator(seed).random((n, *shape), dtype=np.float32) - 1.0).astype("f4")
