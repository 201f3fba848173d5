"""Pictures beside the truth: known values, and scikit-image's SSIM and PSNR."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from ganzoo import metrics
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.metrics.estimate import grouped_mean
from ganzoo.metrics.paired import places
from ganzoo.random import random_generator


def pictures(n: int = 6, shape: tuple[int, ...] = (20, 17, 3), seed: int = 0) -> np.ndarray:
    return np.tanh(np.random.default_rng(seed).normal(size=(n, *shape))).astype("float32")


def strokes(n: int, seed: int = 0) -> np.ndarray:
    """White boxes of random size and place on black, 24x24."""
    random, images = np.random.default_rng(seed), np.full((n, 24, 24, 1), -1.0, "float32")
    for image in images:
        for _ in range(3):
            top, left = random.integers(0, 18, 2)
            high, wide = random.integers(2, 9, 2)
            image[top : top + high, left : left + wide] = 1.0
    return images


@pytest.mark.parametrize("shape", [(20, 17, 3), (11, 11, 1), (48, 48, 1)])
def test_ssim_and_psnr_are_those_of_scikit_image(shape):
    truth = pictures(shape=shape)
    made = np.clip(truth + 0.3 * pictures(shape=shape, seed=1), -1, 1)
    wanted = [
        structural_similarity(
            x, y, channel_axis=-1, data_range=2.0, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False,
        )
        for x, y in zip(made.astype(float), truth.astype(float), strict=True)
    ]  # fmt: skip
    estimate = metrics.ssim(made, truth)
    assert estimate.value == pytest.approx(np.mean(wanted), abs=1e-9)
    assert estimate.error == pytest.approx(np.std(wanted, ddof=1) / len(wanted) ** 0.5, rel=1e-6)
    ratios = [
        peak_signal_noise_ratio(y, x, data_range=2.0)
        for x, y in zip(made.astype(float), truth.astype(float), strict=True)
    ]
    assert metrics.psnr(made, truth).value == pytest.approx(np.mean(ratios), abs=1e-9)


def test_equal_pictures():
    truth = pictures()
    assert metrics.l1(truth, truth).value == 0.0
    assert metrics.ssim(truth, truth).value == pytest.approx(1.0)
    assert metrics.psnr(truth, truth).value == 100.0


def test_l1_is_between_0_and_2():
    black, white = -np.ones((4, 8, 8, 1)), np.ones((4, 8, 8, 1))
    assert metrics.l1(black, white).value == 2.0
    assert metrics.l1(black, 0.0 * white).value == 1.0


def test_found_by_a_permutation_and_by_chance():
    truth = strokes(60)
    assert metrics.found(truth, truth)[1].value == 1.0
    pairs = truth.copy()
    pairs[:30] = truth[[*range(1, 30), 0]]  # half of them are another one's
    assert metrics.found(pairs, truth)[1].value == 0.5
    chance = metrics.found(strokes(60, seed=1), truth, first=(1, 6, 60))
    assert chance[60].value == 1.0
    assert abs(chance[6].value - 0.1) < 4 * max(chance[6].error, 0.03)


def test_grey_pictures_find_nothing():
    """Equal distances count as the furthest: what shows nothing is not found by its place."""
    truth = np.repeat(strokes(1), 10, axis=0)
    assert metrics.found(truth, truth)[1].value == 0.0


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (pictures(5), "one by one"),
        (pictures()[:, :10], "one by one"),
        (pictures() * 300, r"in \[-1, 1\]"),
        (pictures() * np.nan, r"in \[-1, 1\]"),
        ("text", "n, height, width, channels"),
    ],
)
def test_what_cannot_be_compared_is_refused(made, message):
    with pytest.raises(DataError, match=message):
        metrics.l1(made, pictures())


def test_small_pictures_have_no_ssim():
    with pytest.raises(DataError, match="at least 11x11 pixels; got 20x8"):
        metrics.ssim(pictures(shape=(20, 8, 1)), pictures(shape=(20, 8, 1)))


def test_there_are_no_more_candidates_than_truths():
    with pytest.raises(InvalidArgumentError, match="from 1 to 6; got 7"):
        metrics.found(pictures(), pictures(), first=(7,))


@pytest.mark.parametrize("channels", [1, 3])
def test_the_table_of_a_translator(channels):
    truth, real = strokes(120), strokes(200, seed=5)
    if channels == 3:
        truth, real = (x * np.array([1.0, 0.5, -0.5], "float32") for x in (truth, real))
    noise = np.random.default_rng(0).normal(size=truth.shape)
    made = np.clip(truth + 0.06 * noise, -1, 1).astype("float32")
    table = metrics.paired_table(made, truth, real, {"the input itself": strokes(120)})
    assert list(table.rows) == ["l1", "psnr", "ssim", "found_1", "found_5", "frechet", "auc"]
    assert table.rows["l1"].floor.value == 0.0
    assert table.rows["ssim"].floor.value == pytest.approx(1.0)
    assert table["found_1"].value > 0.5
    assert table["auc"].value > 0.9  # noise is not as real
    assert table.rows["auc"].floor.value < 0.75
    assert table.rows["frechet"].floor.value < table["frechet"].value
    beside = table.beside["the input itself"]
    assert beside["l1"].value == pytest.approx(metrics.l1(
        np.broadcast_to(strokes(120), truth.shape), truth).value)  # fmt: skip
    assert len(table.titles()) == len(table.cells()[0]) == 5
    assert "the input itself" in str(table)
    assert set(table.as_dict()["beside"]["the input itself"]) == set(table.rows)
    with pytest.raises(DataError, match="At least 100 pairs are needed; got 20"):
        metrics.paired_table(made[:20], truth[:20], real)


def test_features_of_ones_own():
    truth, real = strokes(120), strokes(200, seed=5)

    def halves(pictures: np.ndarray) -> np.ndarray:
        return np.stack([half.mean((1, 2, 3)) for half in np.split(pictures, 2, axis=1)], axis=1)

    table = metrics.paired_table(truth * 0.5, truth, real, features=halves)
    assert table.facts["features"] == 2
    seen = (halves(real[random_generator(0).permutation(200)[:120]]), halves(truth * 0.5))
    assert table["frechet"].value == metrics.frechet_distance(*seen).value


def test_the_error_of_a_mean_is_that_of_other_groups():
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(200), 16)
    shared = random.normal(size=200)
    alike = grouped_mean(shared[groups], groups)  # as if there were 200 numbers
    assert alike.value == pytest.approx(shared.mean())
    assert alike.error == pytest.approx(shared.std(ddof=1) / 200**0.5, rel=1e-9)
    apart = grouped_mean(random.normal(size=3200), groups)
    assert apart.error == pytest.approx(1 / 3200**0.5, rel=0.2)


def test_places_count_the_nearer_truths():
    truth = strokes(30)
    assert (places(truth, truth) == 1).all()
    assert (places(np.roll(truth, 1, axis=0), truth) > 1).mean() > 0.9
    shares = metrics.found(pictures(30, (24, 24, 1)), truth, (1, 7))
    place = places(pictures(30, (24, 24, 1)), truth)
    assert {k: share.value for k, share in shares.items()} == {
        k: pytest.approx((place <= k).mean()) for k in (1, 7)
    }
    assert place.max() <= 30
