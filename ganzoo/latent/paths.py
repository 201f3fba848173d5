"""The latent space of a GAN: paths, grids, sweeps and directions in it.

Arrays in, arrays out: every function but `directions` makes latents, float32 (n, latent_dim), which
`gan.generate` turns into pictures and `ganzoo.plots` into files. Importing it needs no backend.

    from ganzoo import plots
    from ganzoo.latent import paths as latent

    ends = latent.draw(2, gan.latent_dim, seed=0)
    plots.grid(gan.generate(latent.spherical(*ends, 10)), columns=10)
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from ganzoo.checks import check_count, check_latents
from ganzoo.errors import InvalidArgumentError
from ganzoo.random import draw_latents as draw
from ganzoo.random import random_generator

__all__ = [
    "SWEEPS",
    "Directions",
    "along",
    "corners",
    "directions",
    "draw",
    "linear",
    "plane",
    "spherical",
    "sweep",
    "truncated",
    "walk",
]

# (scale of the means, scale of the deviations): M. Hjorth-Jensen's lecture on the DCGAN for MNIST.
SWEEPS = ((1.0, 1.0), (5.0, 1.0), (-5.0, 1.0), (1.0, 5.0), (1.0, 10.0))


class Directions(NamedTuple):
    """Directions in the latent space, the one that changes the picture most first.

    Attributes:
        vectors: Unit vectors, orthogonal, float32 (k, latent_dim).
        gains: By how much a picture changes per unit of the way: the root mean square over the
            latents asked of the Euclidean distance in pixel values, (k,).
        total: The same summed in squares over all directions, of which `gains` are a part.
    """

    vectors: np.ndarray
    gains: np.ndarray
    total: float


def sweep(
    n: int,
    latent_dim: int,
    means: float = 1.0,
    deviations: float = 1.0,
    seed: int | None = None,
) -> np.ndarray:
    """Draw latents whose mean and standard deviation change along their coordinates.

    Coordinate i has mean `means * t_i` and standard deviation `deviations * |t_i|`, where t goes
    from -1 to 1 in equal steps. Moving the means goes from kind to kind of picture, widening the
    deviations raises the variety. `SWEEPS` has the five pairs of the lecture.
    """
    t = np.linspace(-1.0, 1.0, check_count("latent_dim", latent_dim), dtype=np.float32)
    return means * t + deviations * t * draw(n, latent_dim, seed)


def linear(start: Any, end: Any, n: int) -> np.ndarray:
    """Return `n` latents on the straight line from start to end, both (latent_dim,), both included.

    Halfway between two normal latents a vector is shorter than any that the generator was trained
    on, by a factor of about 0.71: pictures lose contrast there. `spherical` avoids that.
    """
    start, end = _vectors(start, end)
    t = np.linspace(0.0, 1.0, check_count("n", n), dtype=np.float32)[:, None]
    return (1.0 - t) * start + t * end


def spherical(start: Any, end: Any, n: int) -> np.ndarray:
    """Return `n` latents on the arc from start to end, both (latent_dim,), both included.

    Spherical linear interpolation: Shoemake 1985, "Animating rotation with quaternion curves";
    White 2016, "Sampling Generative Networks" (arXiv:1609.04468) for latents. The direction turns
    evenly; the length goes from one to the other evenly.
    """
    start, end = _vectors(start, end)
    return _slerp(start[None], end[None], np.linspace(0.0, 1.0, check_count("n", n)))[0]


def corners(four: Any, rows: int, columns: int) -> np.ndarray:
    """Return latents (rows * columns, latent_dim), row by row, between four corners.

    Args:
        four: Latents (4, latent_dim): top left, top right, bottom left, bottom right.
        rows, columns: Of the grid; spherical interpolation down the sides, then across.
    """
    four = np.asarray(four, np.float32)
    if four.ndim != 2 or len(four) != 4:
        raise InvalidArgumentError(f"Corners are latents (4, latent_dim); got {four.shape}.")
    down = np.linspace(0.0, 1.0, check_count("rows", rows))
    across = np.linspace(0.0, 1.0, check_count("columns", columns))
    sides = _slerp(four[:2], four[2:], down)  # (2, rows, d)
    return _slerp(sides[0], sides[1], across).reshape(rows * columns, -1)


def plane(rows: int, columns: int) -> np.ndarray:
    """Return a grid of the plane of two latents, in equal steps of probability.

    The numbers are percentiles of a standard normal, so that each cell stands for as many draws;
    Makhzani et al. 2015 (arXiv:1511.05644), figure 2. From left to right the first number grows,
    from bottom to top the second one.

    Args:
        rows, columns: Of the grid, >= 1.

    Returns:
        float32 (rows * columns, 2), row by row from the top.
    """
    check_count("rows", rows)
    check_count("columns", columns)
    normal = NormalDist()
    across, down = (
        np.array([normal.inv_cdf((index + 0.5) / count) for index in range(count)], np.float32)
        for count in (columns, rows)
    )
    x, y = np.meshgrid(across, down[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def walk(stops: Any, steps: int, *, closed: bool = True) -> np.ndarray:
    """Return latents on arcs from stop to stop, `steps` from each to the next.

    Args:
        stops: Latents (n, latent_dim), n >= 2.
        steps: Latents per arc; a stop belongs to the arc that it begins.
        closed: Come back to the first stop, as a film that is shown for ever should; else end at
            the last one, which is then the last of (n - 1) * steps + 1 latents.
    """
    stops = np.asarray(stops, np.float32)
    if stops.ndim != 2 or len(stops) < 2:
        raise InvalidArgumentError(
            f"A walk needs two stops or more, latents (n, latent_dim); got {stops.shape}."
        )
    t = np.linspace(0.0, 1.0, check_count("steps", steps), endpoint=False)
    ends = np.roll(stops, -1, axis=0) if closed else stops[1:]
    path = _slerp(stops[: len(ends)], ends, t).reshape(len(ends) * steps, -1)
    return path if closed else np.concatenate([path, stops[-1:]])


def truncated(n: int, latent_dim: int, limit: float = 1.0, seed: int | None = None) -> np.ndarray:
    """Draw normal latents of which every coordinate beyond ±limit was drawn again.

    The truncation trick of Brock et al. 2018 (BigGAN, arXiv:1809.11096): a smaller limit gives
    more typical pictures and fewer kinds of them.
    """
    if not isinstance(limit, int | float) or not 0.05 <= limit <= 100:
        raise InvalidArgumentError(f"limit must be from 0.05 to 100; got {limit!r}.")
    random = random_generator(seed)
    shape = (check_count("n", n), check_count("latent_dim", latent_dim))
    latents = random.standard_normal(shape, dtype=np.float32)
    while (outside := np.abs(latents) > limit).any():
        latents[outside] = random.standard_normal(int(outside.sum()), dtype=np.float32)
    return latents


def along(start: Any, direction: Any, reach: float, n: int) -> np.ndarray:
    """Return `n` latents from `start - reach * direction` to `start + reach * direction`."""
    start, direction = _vectors(start, direction)
    t = np.linspace(-reach, reach, check_count("n", n), dtype=np.float32)
    return start + t[:, None] * direction


def directions(
    gan: Any,
    count: int = 5,
    *,
    latents: Any = None,
    seed: int = 0,
    step: float = 0.05,
    **options: Any,
) -> Directions:
    """Return the directions that change the picture most, on average over latents.

    The eigenvectors of the mean of J^T J, where J is the derivative of the pixel values by the
    latent: the averaged metric of Wang and Ponce 2021, "The Geometry of Deep Generative Image
    Models and its Applications" (arXiv:2101.06006). Here J comes from central differences: two
    pictures per coordinate, no gradient.

    Args:
        gan: A GAN.
        count: How many directions, 1 to latent_dim.
        latents: Where to differentiate, (n, latent_dim); 16 drawn ones by default.
        seed: Seeds those.
        step: Half the distance of a difference.
        **options: Of `gan.generate`, such as `label`.
    """
    size = gan.latent_dim
    count = check_count("count", count, most=size)
    latents = draw(16, size, seed) if latents is None else check_latents(latents, size)
    metric = np.zeros((size, size))
    offsets = np.concatenate([np.eye(size), -np.eye(size)]).astype(np.float32) * np.float32(step)
    for latent in latents:
        made = gan.generate(latent + offsets, **options).reshape(2, size, -1).astype(np.float64)
        jacobian = (made[0] - made[1]) / (2.0 * step)  # (latent_dim, values of a picture)
        metric += jacobian @ jacobian.T / len(latents)
    squares, vectors = np.linalg.eigh(metric)
    chosen = vectors.T[::-1][:count]
    signs = np.sign(chosen[np.arange(count), np.abs(chosen).argmax(axis=1)])  # the same everywhere
    gains = np.sqrt(np.maximum(squares[::-1], 0.0))
    return Directions(
        (chosen * signs[:, None]).astype(np.float32),
        gains[:count],
        float(np.sqrt((gains**2).sum())),
    )


def _vectors(first: Any, second: Any) -> tuple[np.ndarray, np.ndarray]:
    pair = np.asarray(first, np.float32), np.asarray(second, np.float32)
    if pair[0].ndim != 1 or pair[0].shape != pair[1].shape:
        raise InvalidArgumentError(
            "Two latents of shape (latent_dim,) are needed; got "
            f"{pair[0].shape} and {pair[1].shape}."
        )
    return pair


def _slerp(start: np.ndarray, end: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Interpolate between rows (n, d) of start and end at t (m,): float32 (n, m, d)."""
    start, end = start.astype(np.float64)[:, None], end.astype(np.float64)[:, None]
    first, last = (np.linalg.norm(x, axis=-1, keepdims=True) for x in (start, end))
    a, b = start / np.maximum(first, 1e-12), end / np.maximum(last, 1e-12)
    t = t[None, :, None]
    angle = np.arccos(np.clip((a * b).sum(axis=-1, keepdims=True), -1.0, 1.0))
    sine = np.sin(angle)
    straight = sine < 1e-6  # equal or opposite directions: there is no arc, or no single one
    divisor = np.where(straight, 1.0, sine)
    left = np.where(straight, 1.0 - t, np.sin((1.0 - t) * angle) / divisor)
    right = np.where(straight, t, np.sin(t * angle) / divisor)
    length = (1.0 - t) * first + t * last
    return ((left * a + right * b) * length).astype(np.float32)
