"""The latent space: paths through it, and the latents of given pictures."""

from ganzoo.latent.finding import Inversion, StyleInversion, invert, invert_styles
from ganzoo.latent.paths import (
    SWEEPS,
    Directions,
    along,
    corners,
    directions,
    draw,
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
    "StyleInversion",
    "along",
    "corners",
    "directions",
    "draw",
    "invert",
    "invert_styles",
    "linear",
    "plane",
    "spherical",
    "sweep",
    "truncated",
    "walk",
]
