"""Luma, PSNR, SSIM and sharpness: known values, and a calculation by hand and by scikit-image."""

from __future__ import annotations

import math

import numpy as np
import pytest
from skimage.color import rgb2ycbcr
from skimage.metrics import structural_similarity

from ganzoo import metrics
from ganzoo.errors import DataError
from ganzoo.metrics.luma import luma


def picture(seed: int = 0, shape: tuple[int, ...] = (24, 31, 3)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_luma_is_that_of_bt_601():
    pixels = picture()
    assert luma(np.array([[0, 0, 0], [255, 255, 255]], np.uint8)) == pytest.approx([16.0, 235.0])
    assert luma(np.array([255, 0, 0], np.uint8)) == pytest.approx(81.481)  # red
    np.testing.assert_allclose(luma(pixels), rgb2ycbcr(pixels)[..., 0], atol=1e-9)
    grey = picture(shape=(4, 5, 1))
    np.testing.assert_allclose(luma(grey), luma(grey.repeat(3, axis=-1)), atol=1e-9)
    for wrong in (pixels.astype(float), pixels[..., :2]):
        with pytest.raises(DataError, match="Luma is of uint8"):
            luma(wrong)


@pytest.mark.parametrize("border", [0, 2, 4])
def test_figures_are_those_by_hand(border):
    truth = picture()
    made = np.clip(truth.astype(int) + picture(1).astype(int) // 8 - 16, 0, 255).astype(np.uint8)
    found = metrics.restored(made, truth, border)
    total, count = 0.0, 0
    for i in range(border, 24 - border):
        for j in range(border, 31 - border):
            y = [
                16 + (65.481 * float(r) + 128.553 * float(g) + 24.966 * float(b)) / 255
                for r, g, b in (made[i, j], truth[i, j])
            ]
            total, count = total + (y[0] - y[1]) ** 2, count + 1
    assert found["psnr"] == pytest.approx(10 * math.log10(255**2 / (total / count)), abs=1e-9)
    inner = slice(border, -border or None)
    lumas = [rgb2ycbcr(one)[inner, inner, 0] for one in (made, truth)]
    wanted = structural_similarity(
        *lumas, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert found["ssim"] == pytest.approx(wanted, abs=1e-9)


def test_what_lies_in_the_border_does_not_count():
    truth, made = picture(), picture()
    made[:4], made[-4:], made[:, :4], made[:, -4:] = 0, 0, 0, 0
    equal = metrics.restored(made, truth, 4)
    assert equal == {"psnr": 100.0, "ssim": pytest.approx(1.0), "sharpness": 1.0}
    assert metrics.restored(made, truth, 3)["psnr"] < 30


def test_sharpness_is_less_where_it_is_smooth_and_more_where_it_is_noisy():
    truth = 64 + picture() // 2
    smooth = (truth.astype(float) * 0.5 + 60).astype(np.uint8)
    assert metrics.restored(smooth, truth, 0)["sharpness"] == pytest.approx(0.25, abs=0.01)
    noisy = np.clip(truth + (picture(2).astype(int) - 128) // 4, 0, 255).astype(np.uint8)
    assert metrics.restored(noisy, truth, 0)["sharpness"] > 1.1


def test_other_sizes_are_refused():
    with pytest.raises(DataError, match="at least 19 pixels high and wide; got"):
        metrics.restored(picture()[:18], picture()[:18], 4)
    with pytest.raises(DataError, match="of one size"):
        metrics.restored(picture(), picture()[:, 1:], 0)
