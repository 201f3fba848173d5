"""The latent space: paths through it, and the latents of given pictures."""

from ganzoo.latent.paths import (
    SWEEPS,
    Directions,
    Inversion,
    along,
    corners,
    directions,
    draw,
    invert,
    linear,
    plane,
    spherical,
    sweep,
    truncated,
    walk,
)

__all__ = [
    "SWEEPS",
    "Directions",
    "Inversion",
    "along",
    "corners",
    "directions",
    "draw",
    "invert",
    "linear",
    "plane",
    "spherical",
    "sweep",
    "truncated",
    "walk",
]
