"""Colours as lightness and two coordinates of hue and chroma: CIE 1976 L*a*b*.

Of sRGB pictures (IEC 61966-2-1) under the white D65, 2 degrees. Lightness is what a grey picture
shows; a and b are what a colouriser adds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError

WHITE = np.array([0.95047, 1.0, 1.08883])  # XYZ of D65
SCALE = 110.0  # a and b of sRGB are between -108 and 99
_TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
_KNEE = 6.0 / 29.0
_ROWS = 64  # of a picture at once, so that large ones need little memory
_STEPS = 12  # of the bisection for the largest chroma: to 1 / 4096 of it


def split(images: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the lightness and the colours of pictures: what a colouriser is trained with.

    Args:
        images: sRGB in [-1, 1], (n, height, width, 3), or grey, (n, height, width, 1).

    Returns:
        float32 (n, height, width, 1), L / 50 - 1, and (n, height, width, 2), (a, b) / 110; both in
        [-1, 1].
    """
    lab = from_rgb(images)
    lightness = np.clip(lab[..., :1] / 50.0 - 1.0, -1.0, 1.0)
    return lightness.astype(np.float32), np.clip(lab[..., 1:] / SCALE, -1, 1).astype(np.float32)


def lightness(images: Any) -> np.ndarray:
    """Return the first of `split`'s arrays, for pictures (..., height, width, 1 or 3) of any size.

    Not clipped, so that `join` gives exactly this lightness back.
    """
    images = np.asarray(images)
    made = np.empty((*images.shape[:-1], 1), np.float32)
    for rows in _strips(images):
        made[rows] = from_rgb(images[rows])[..., :1] / 50.0 - 1.0
    return made


def join(lightness: Any, colours: Any) -> np.ndarray:
    """Return sRGB pictures of `split`'s two arrays, with exactly this lightness.

    Colours that sRGB has not at this lightness are brought towards grey, in their own hue, until it
    has them.

    Args:
        lightness: (..., height, width, 1) in [-1, 1].
        colours: (..., height, width, 2) in [-1, 1].

    Returns:
        float32 (..., height, width, 3) in [-1, 1].
    """
    light, colours = np.asarray(lightness), np.asarray(colours)
    if light.shape[:-1] != colours.shape[:-1] or (light.shape[-1], colours.shape[-1]) != (1, 2):
        raise DataError(
            "Lightness (..., 1) and colours (..., 2) of the same pictures are joined; got "
            f"{light.shape} and {colours.shape}."
        )
    made = np.empty((*light.shape[:-1], 3), np.float32)
    for rows in _strips(light):
        made[rows] = _joined(light[rows].astype(np.float64), colours[rows].astype(np.float64))
    return made


def _strips(images: np.ndarray) -> list[tuple[Any, ...]]:
    """Return indices of strips of rows of pictures (..., height, width, channels)."""
    height = images.shape[-3]
    return [(..., slice(row, row + _ROWS), slice(None), slice(None))
            for row in range(0, height, _ROWS)]  # fmt: skip


def _joined(lightness: np.ndarray, colours: np.ndarray) -> np.ndarray:
    light, ab = (lightness + 1.0) * 50.0, colours * SCALE
    linear = _linear(light, ab)
    outside = ~_shown(linear)
    if outside.any():
        linear[outside] = _brought_in(light[outside], ab[outside])
    return (2.0 * _encoded(np.clip(linear, 0.0, 1.0)) - 1.0).astype(np.float32)


def from_rgb(images: Any) -> np.ndarray:
    """Return L in [0, 100], a and b of pictures: float64 (..., 3).

    Args:
        images: sRGB in [-1, 1], (..., 3), or grey, (..., 1).
    """
    rgb = (np.asarray(images, np.float64) + 1.0) / 2.0
    if rgb.ndim < 1 or rgb.shape[-1] not in (1, 3):
        raise DataError(f"Pictures have 3 colours, or 1 if they are grey; got shape {rgb.shape}.")
    rgb = np.broadcast_to(rgb, (*rgb.shape[:-1], 3))
    linear = np.where(rgb > 0.04045, ((np.maximum(rgb, 0.0) + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = linear @ _TO_XYZ.T / WHITE
    f = np.where(xyz > _KNEE**3, np.cbrt(xyz), xyz / (3.0 * _KNEE**2) + 4.0 / 29.0)
    x, y, z = (f[..., i] for i in range(3))
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def _linear(light: np.ndarray, ab: np.ndarray) -> np.ndarray:
    """Return linear RGB of L (..., 1) and a, b (..., 2), which may be outside of [0, 1]."""
    y = (light + 16.0) / 116.0
    f = np.concatenate([y + ab[..., :1] / 500.0, y, y - ab[..., 1:] / 200.0], axis=-1)
    xyz = np.where(f > _KNEE, f**3, 3.0 * _KNEE**2 * (f - 4.0 / 29.0))
    return (xyz * WHITE) @ _FROM_XYZ.T


def _shown(linear: np.ndarray) -> np.ndarray:
    """Whether sRGB has a colour, but for rounding: (...)."""
    return np.asarray(((linear >= -1e-6) & (linear <= 1.0 + 1e-6)).all(axis=-1))


def _brought_in(light: np.ndarray, ab: np.ndarray) -> np.ndarray:
    """Return linear RGB of pixels (m, 1), (m, 2) with the largest share of chroma that is shown."""
    low, high = np.zeros(len(ab)), np.ones(len(ab))
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        inside = _shown(_linear(light, middle[:, None] * ab))
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return _linear(light, low[:, None] * ab)


def _encoded(linear: np.ndarray) -> np.ndarray:
    """Return sRGB values of linear ones in [0, 1]."""
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
