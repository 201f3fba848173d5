"""Reduction and enlargement: an independent calculation, Pillow's, and what must be so."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ganzoo import resampling
from ganzoo.errors import DataError, InvalidArgumentError


def picture(height: int = 24, width: int = 36, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def keys(x: float) -> float:
    """The kernel of Keys, written as its paper has it."""
    x, a = abs(x), -0.5
    if x <= 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else 0.0


def by_hand(line: np.ndarray, wanted: int) -> np.ndarray:
    """One line, each output a sum over a mirrored continuation of the line, in plain Python."""
    size, step = len(line), len(line) / wanted
    wide = max(step, 1.0)
    far = 4 * size
    lying = np.concatenate([line[::-1], line] * 4 + [line[::-1]])  # begins 7 sizes before
    begin = -7 * size
    made = []
    for output in range(wanted):
        centre = (output + 0.5) * step - 0.5
        weights = {i: keys((centre - i) / wide) for i in range(-far // 2, far)}
        total = sum(weights.values())
        made.append(sum(w * lying[i - begin] for i, w in weights.items() if w) / total)
    return np.array(made)


@pytest.mark.parametrize("scale", resampling.SCALES)
def test_both_ways_are_those_by_hand(scale):
    image = picture(12, 24)[..., :1].astype(float)
    smaller, larger = resampling.reduced(image, scale), resampling.enlarged(image, scale)
    for made, factor in ((smaller, 1 / scale), (larger, scale)):
        height, width = (round(side * factor) for side in image.shape[:2])
        rows = np.stack([by_hand(image[:, x, 0], height) for x in range(image.shape[1])], axis=1)
        expected = np.stack([by_hand(row, width) for row in rows])
        np.testing.assert_allclose(made[..., 0], expected, atol=2e-3)


@pytest.mark.parametrize("scale", resampling.SCALES)
@pytest.mark.parametrize(
    ("kernel", "of_pillow"),
    [("bicubic", Image.Resampling.BICUBIC), ("lanczos", Image.Resampling.LANCZOS)],
)
def test_inside_it_is_that_of_pillow(scale, kernel, of_pillow):
    image = 64 + picture(48, 60) // 2  # Pillow clips between the axes too
    for make, factor in ((resampling.reduced, 1 / scale), (resampling.enlarged, scale)):
        made = make(image, scale, kernel).astype(int)
        size = (made.shape[1], made.shape[0])
        other = np.asarray(Image.fromarray(image).resize(size, of_pillow)).astype(int)
        edge = 4 if factor < 1 else 4 * scale
        inner = (slice(edge, -edge), slice(edge, -edge))
        assert np.abs(made[inner] - other[inner]).max() <= 1, (scale, factor)


def test_a_plane_stays_one_and_light_is_kept():
    flat = np.full((12, 12, 3), 77, np.uint8)
    assert (resampling.reduced(flat, 3) == 77).all()
    assert (resampling.enlarged(flat, 4, "lanczos") == 77).all()
    image = picture(48, 48).astype("float32")
    assert resampling.reduced(image, 4).mean() == pytest.approx(image.mean(), rel=5e-3)


def test_phases_are_the_weights_of_an_enlargement():
    column = picture(8, 1).astype("float32")
    image = column.repeat(4, axis=1)  # the same in each row, so that only rows matter
    for scale in resampling.SCALES:
        weights, i = resampling.phases(scale), 4
        made = np.einsum("rk,kwc->rwc", weights, column[i - 2 : i + 3])
        expected = resampling.enlarged(image, scale)[i * scale : (i + 1) * scale, :1]
        np.testing.assert_allclose(made, expected, atol=1e-3)


def test_batches_types_and_refusals():
    images = np.stack([picture(), picture(seed=1)])
    made = resampling.reduced(images, 2)
    assert made.dtype == np.uint8
    assert np.array_equal(made[1], resampling.reduced(images[1], 2))
    assert resampling.reduced(images / 255.0, 2).dtype == np.float32
    assert resampling.cropped(images[:, :23, :35], 4).shape == (2, 20, 32, 3)
    with pytest.raises(DataError, match="multiples of 4 to be reduced by it; got 23x35"):
        resampling.reduced(images[:, :23, :35], 4)
    for wrong in (5, True, "2"):
        with pytest.raises(InvalidArgumentError, match="scale must be 2, 3 or 4"):
            resampling.enlarged(images, wrong)
    with pytest.raises(InvalidArgumentError, match="Did you mean 'bicubic'"):
        resampling.enlarged(images, 2, "bicubik")
    with pytest.raises(DataError, match="height, width, channels"):
        resampling.enlarged(images[0, 0], 2)
