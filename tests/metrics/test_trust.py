"""Metrics against independent implementations, their errors against repetition, bad input."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from ganzoo import metrics
from ganzoo.errors import DataError, GanzooError, InvalidArgumentError, MissingExtraError

REPEATS = 200


def sample(seed: int, n: int, d: int = 2, shift: float = 0.0) -> np.ndarray:
    """Draw (n, d) standard normal numbers around a shift."""
    return shift + np.random.default_rng(seed).standard_normal((n, d))


@pytest.fixture(scope="module")
def pair() -> tuple[np.ndarray, np.ndarray]:
    """Two sets that differ in mean, width and correlation: (300, 6) each."""
    mix = np.random.default_rng(9).standard_normal((6, 6))
    return sample(0, 300, 6), sample(1, 300, 6, 0.4) @ mix


# --- independent implementations ----------------------------------------------------------------


def test_frechet_and_kernel_distance_against_torchmetrics(pair):
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.fid")
    kid = pytest.importorskip("torchmetrics.image.kid")

    class Flat(torch.nn.Module):
        num_features = 6

        def forward(self, x):
            return x.reshape(len(x), -1)

    fid = image.FrechetInceptionDistance(Flat(), input_img_size=(1, 1, 6)).set_dtype(torch.float64)
    for real, array in zip((True, False), pair, strict=True):
        fid.update(torch.tensor(array), real=real)
    ours = metrics.frechet_distance(*pair, extrapolate=False).value
    assert ours == pytest.approx(float(fid.compute()), rel=1e-5)
    x, y = (torch.tensor(array) for array in pair)
    theirs = kid.poly_mmd(x, y, degree=3, gamma=None, coef=1.0)
    assert metrics.kernel_distance(*pair).value == pytest.approx(float(theirs), rel=1e-9)


def test_manifold_overlap_against_prdc(pair):
    prdc = pytest.importorskip("prdc")
    theirs = prdc.compute_prdc(*pair, nearest_k=5)
    ours = metrics.manifold_overlap(*pair, k=5)
    for name, value in theirs.items():
        assert ours[name].value == pytest.approx(float(value), abs=1e-6), name


def test_transport_against_pot(pair):
    ot = pytest.importorskip("ot")
    directions = np.random.Generator(np.random.PCG64(0)).standard_normal((6, 128))
    directions /= np.linalg.norm(directions, axis=0)
    for order in (1, 2):
        theirs = ot.sliced_wasserstein_distance(*pair, projections=directions, p=order)
        ours = metrics.sliced_wasserstein(*pair, order=order, seed=0).value
        assert ours == pytest.approx(float(theirs), rel=1e-9)
    x, y = pair[0][:, 0], pair[1][:200, 0]
    theirs = ot.emd2_1d(x, y, metric="minkowski", p=1.0)
    assert metrics.wasserstein_1(x, y).value == pytest.approx(float(theirs), rel=1e-9)


def test_auc_and_jensen_shannon_against_scikit_learn_and_scipy(pair):
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import ks_2samp, spearmanr, wasserstein_distance
    from sklearn.metrics import roc_auc_score

    from ganzoo.metrics.two_sample import auc

    x, y = (np.round(array[:, 0], 1) for array in pair)  # rounded: with ties
    assert metrics.kolmogorov_smirnov(x, y).value == pytest.approx(ks_2samp(x, y).statistic)
    assert metrics.wasserstein_1(x, y[:99]).value == pytest.approx(wasserstein_distance(x, y[:99]))
    truth = np.repeat([0, 1], 300)
    assert auc(x, y)[0] == pytest.approx(roc_auc_score(truth, np.concatenate([x, y])))
    edges = np.linspace(-3, 3, 21)
    p, q = (np.histogram(np.clip(v, -2.99, 2.99), edges)[0] for v in (x, y))
    ours = metrics.jensen_shannon(x, y, bins=edges).value
    assert ours == pytest.approx(jensenshannon(p, q) ** 2, abs=2e-3)
    ranks = metrics.rank_correlations(np.round(pair[1], 1))
    assert np.allclose(ranks, spearmanr(np.round(pair[1], 1)).statistic)


# --- errors --------------------------------------------------------------------------------------


def probabilities(seed: int, n: int) -> np.ndarray:
    """Draw (n, 3) soft answers of a classifier."""
    logits = 2 * sample(seed, n, 3)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


CASES = {
    "frechet": lambda s: metrics.frechet_distance(
        sample(s, 400), sample(s + 1, 400, shift=0.7), seed=s
    ),
    "kernel": lambda s: metrics.kernel_distance(
        sample(s, 200), sample(s + 1, 200, shift=0.7), seed=s
    ),
    "sliced": lambda s: metrics.sliced_wasserstein(
        sample(s, 300), sample(s + 1, 300, shift=0.7), projections=32, seed=0
    ),
    "precision": lambda s: metrics.manifold_overlap(
        sample(s, 240), sample(s + 1, 240, shift=0.7), seed=s
    )["precision"],
    "coverage": lambda s: metrics.manifold_overlap(
        sample(s, 240), sample(s + 1, 240, shift=0.7), seed=s
    )["coverage"],
    "auc": lambda s: metrics.classifier_auc(
        sample(s, 300), sample(s + 1, 300, shift=0.7), seed=s
    ),
    "auc of alike sets": lambda s: metrics.classifier_auc(sample(s, 300), sample(s + 1, 300)),
    "frechet of alike sets": lambda s: metrics.frechet_distance(
        sample(s, 400), sample(s + 1, 400), seed=s
    ),
    "diversity": lambda s: metrics.diversity(sample(s, 200), 0.8 * sample(s + 1, 200), seed=s),
    "kl": lambda s: metrics.kl_divergence(
        sample(s, 2000, 1), sample(s + 1, 2000, 1, 0.7), bins=np.linspace(-2, 2, 9), seed=s
    ),
    "jensen_shannon": lambda s: metrics.jensen_shannon(
        sample(s, 2000, 1), sample(s + 1, 2000, 1, 0.7), bins=np.linspace(-2, 2, 9), seed=s
    ),
    "chi2_per_bin": lambda s: metrics.chi2_per_bin(
        sample(s, 2000, 1), sample(s + 1, 2000, 1, 0.7), bins=np.linspace(-2, 2, 9), seed=s
    ),
    "wasserstein_1": lambda s: metrics.wasserstein_1(
        sample(s, 300, 1), sample(s + 1, 300, 1, 0.7), seed=s
    ),
    "kolmogorov_smirnov": lambda s: metrics.kolmogorov_smirnov(
        sample(s, 300, 1), sample(s + 1, 300, 1, 0.7), seed=s
    ),
    "score": lambda s: metrics.classifier_score(probabilities(s, 300), seed=s),
    "correlations": lambda s: metrics.correlation_difference(
        sample(s, 300), sample(s + 1, 300) @ np.array([[1, 0.5], [0, 1]]), seed=s
    ),
    "memorisation": lambda s: metrics.memorisation(
        sample(7, 400), sample(s, 200, shift=0.3), sample(s + 1, 200), seed=s
    ),
}  # fmt: skip

GENEROUS = ("precision", "coverage", "frechet of alike sets")


@pytest.mark.parametrize("case", CASES)
def test_errors_cover_about_68_percent(case):
    # The truth at this n is the mean of many repetitions; its own error is 1 / sqrt(200) of one.
    found = [CASES[case](10 * repeat) for repeat in range(REPEATS)]
    values = np.array([estimate.value for estimate in found])
    errors = np.array([estimate.error for estimate in found])
    covered = (np.abs(values - values.mean()) < errors).mean()
    # 0.68 +- 0.033 by counting. The jackknife is generous where neighbours are counted, and where
    # both sets are alike.
    most = 0.90 if case in GENEROUS else 0.78
    assert 0.58 <= covered <= most, f"{covered:.3f}, {errors.mean() / values.std():.2f}"


# --- order, seeds, bad input ---------------------------------------------------------------------

ALL = {
    "frechet": metrics.frechet_distance,
    "kernel": metrics.kernel_distance,
    "manifold": lambda x, y: metrics.manifold_overlap(x, y)["density"],
    "sliced": metrics.sliced_wasserstein,
    "auc": metrics.classifier_auc,
    "diversity": metrics.diversity,
    "correlations": metrics.correlation_difference,
    "memorisation": lambda x, y: metrics.memorisation(x, y),
    "kl": lambda x, y: metrics.kl_divergence(x[:, 0], y[:, 0]),
    "ks": lambda x, y: metrics.kolmogorov_smirnov(x[:, 0], y[:, 0]),
}


@pytest.mark.parametrize("name", ALL)
def test_neither_order_nor_repetition_changes_anything(name, pair):
    x, y = pair
    order = np.random.default_rng(3).permutation(len(x))
    first, again = ALL[name](x, y), ALL[name](x[order], y[order[::-1]])
    assert first == again
    assert math.isfinite(first.value + first.error)
    assert first.error > 0


@pytest.mark.parametrize("name", ALL)
def test_bad_input_is_refused_with_the_least_that_works(name, pair):
    x, y = pair
    with pytest.raises(DataError, match=r"At least \d+ .* are needed; got 20"):
        ALL[name](x[:20], y[:20])
    broken = y.copy()
    broken[3, 0] = np.nan
    with pytest.raises(DataError, match="must be finite; number 3"):
        ALL[name](x, broken)
    if name not in ("kl", "ks"):
        with pytest.raises(DataError, match=r"6.* 5|5.* 6"):
            ALL[name](x, y[:, :5])
    with pytest.raises(DataError, match="real numbers"):
        ALL[name](x, y.astype(str))


def test_other_bad_input(pair):
    x, y = pair
    for call in (
        lambda: metrics.kernel_distance(x, y, kernel="gausian"),
        lambda: metrics.kernel_distance(x, y, kernel="gaussian", bandwidth=0.0),
        lambda: metrics.classifier_auc(x, y, classifier="tree"),
        lambda: metrics.classifier_auc(x, y, classifier=3),
        lambda: metrics.manifold_overlap(x, y, k=0),
        lambda: metrics.sliced_wasserstein(x, y, projections=0),
        lambda: metrics.kl_divergence(x[:, 0], y[:, 0], bins=[1, 0, 2]),
        lambda: metrics.kl_divergence(x, y),
        lambda: metrics.feature_distances(x, y, ["one"]),
        lambda: metrics.classifier_score(x),
        lambda: metrics.requested_accuracy(probabilities(0, 60), np.zeros(59, int)),
        lambda: metrics.edge_leak(x[:, 0], 1, 0),
        lambda: metrics.unphysical_share(np.ones(100)),
        lambda: metrics.correlation_difference(x[:, :1], y[:, :1]),
        lambda: metrics.frechet_distance([], []),
    ):
        with pytest.raises(GanzooError) as raised:
            call()
        assert len(str(raised.value).splitlines()) == 1
    with pytest.raises(InvalidArgumentError, match="Did you mean 'gaussian'"):
        metrics.kernel_distance(x, y, kernel="gausian")


def test_a_missing_extra_is_said(pair, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r'pip install "keras-ganzoo\[metrics\]"'):
        metrics.classifier_auc(*pair)
    assert metrics.frechet_distance(*pair).error > 0  # this one needs NumPy alone
