"""A weight for each generated example, by a classifier: the ratio, what it costs, files with it."""

from __future__ import annotations

import numpy as np
import pytest

import ganzoo
from ganzoo import metrics
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import files, panels
from ganzoo.events import stream as event_sampling
from ganzoo.events import weights as event_weights
from ganzoo.events.truth import sample
from tests.events.commands import refused, run

sklearn_base = pytest.importorskip("sklearn.base", reason="scikit-learn is not installed")

SHIPPED = sample()
SHIFT = 0.5  # of the toy's Gaussian: the ratio of densities is exp(SHIFT^2 / 2 - SHIFT x)


def toy(n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Return real numbers of mean 0 and generated ones of mean SHIFT, (n, 1) each."""
    random = np.random.default_rng(1)
    return random.standard_normal((n, 1)), SHIFT + random.standard_normal((n, 1))


def biased(momenta: np.ndarray, seed: int) -> np.ndarray:
    """Return events drawn again with probabilities that favour a large pT."""
    random = np.random.default_rng(seed)
    p = panels.quantities(momenta, SHIPPED.beams)["pT"]
    return momenta[random.choice(len(momenta), len(momenta), p=p / p.sum())]


def test_the_weights_are_the_ratio_of_the_densities():
    real, generated = toy()
    weights = metrics.classifier_weights(real, generated, classifier="logistic")
    known = np.exp(SHIFT**2 / 2 - SHIFT * generated[:, 0])
    assert np.abs(np.log(weights / known)).max() < 0.15
    assert weights.mean() == pytest.approx(1.0, abs=0.03)
    # sum w^2 / n is exp(SHIFT^2) for the true ratio
    assert metrics.effective_size(weights) / len(weights) == pytest.approx(
        np.exp(-(SHIFT**2)), abs=0.03
    )
    assert np.average(generated[:, 0], weights=weights) == pytest.approx(0.0, abs=0.03)
    trees = metrics.classifier_weights(real, generated)
    assert np.average(generated[:, 0], weights=trees) == pytest.approx(0.0, abs=0.05)


def test_other_numbers_of_real_examples_are_no_weight():
    real, generated = toy()
    few = metrics.classifier_weights(real[:4000], generated, classifier="logistic")
    assert few.mean() == pytest.approx(1.0, abs=0.06)


class Remembers(sklearn_base.BaseEstimator, sklearn_base.ClassifierMixin):
    """A classifier that refuses to weigh what it was trained on."""

    def fit(self, x, y):
        self.seen = {row.tobytes() for row, label in zip(x, y, strict=True) if label == 0}
        return self

    def predict_proba(self, x):
        assert not {row.tobytes() for row in x} & self.seen
        return np.full((len(x), 2), 0.5)


@pytest.mark.parametrize("folds", [2, 7])
def test_no_example_is_weighed_by_a_classifier_that_saw_it(folds):
    real, generated = toy(500)
    weights = metrics.classifier_weights(real, generated, classifier=Remembers(), folds=folds)
    assert np.allclose(weights, (500 - np.array([500 // folds, 500 // folds + 1])).mean() / 500,
                       atol=0.01)  # fmt: skip
    with pytest.raises(AssertionError):
        metrics.density_ratio(real, generated, classifier=Remembers())(generated)


def test_effective_size():
    assert metrics.effective_size(np.full(7, 3.0)) == pytest.approx(7.0)
    assert metrics.effective_size([1.0, 0.0, 0.0]) == pytest.approx(1.0)
    assert metrics.effective_size([1.0, 2.0]) == pytest.approx(9 / 5)
    for bad in ([], [-1.0, 2.0], [0.0, 0.0], [[1.0]], [np.inf]):
        with pytest.raises(DataError, match="Weights must be finite numbers >= 0"):
            metrics.effective_size(bad)


class Sure(sklearn_base.BaseEstimator, sklearn_base.ClassifierMixin):
    def fit(self, x, y):
        return self

    def predict_proba(self, x):
        return np.repeat([[0.0, 1.0]], len(x), axis=0)


def test_what_is_refused():
    real, generated = toy(200)
    for given, part in (
        ((real[:50], generated), "At least 100 real examples"),
        ((real, np.ones((200, 2))), "as many features; got 1 and 2"),
        ((real, np.full((200, 1), np.nan)), "must be finite"),
    ):
        with pytest.raises(DataError, match=part):
            metrics.classifier_weights(*given)
    with pytest.raises(DataError, match="sure that 40 of 40 generated"):
        metrics.classifier_weights(real, generated, classifier=Sure())
    with pytest.raises(InvalidArgumentError, match="Did you mean 'trees'"):
        metrics.classifier_weights(real, generated, classifier="tree")
    with pytest.raises(InvalidArgumentError, match="folds must be"):
        metrics.classifier_weights(real, generated, folds=1)
    with pytest.raises(DataError, match=r"Momenta must have shape \(n, 3\)"):
        event_weights.event_weights(np.ones((200, 4)), SHIPPED.momenta, SHIPPED.beams)


def test_weights_mend_a_biased_sample():
    """Judged with true events that no classifier saw."""
    fit, other, source = SHIPPED.momenta[:1500], SHIPPED.momenta[1500:2800], SHIPPED.momenta[2800:]
    made = biased(source, seed=2)
    weights = event_weights.event_weights(made, fit, SHIPPED.beams)
    true, generated = (panels.quantities(part, SHIPPED.beams) for part in (other, made))
    edges = panels.bin_edges(true, 12)
    before = event_weights.weighted_chi2(true, generated, np.ones(len(made)), edges)
    after = event_weights.weighted_chi2(true, generated, weights, edges)
    assert before["pT"] > 5
    assert after["pT"] < 0.5 * before["pT"]
    assert np.mean(list(after.values())) < 0.7 * np.mean(list(before.values()))
    assert 100 < metrics.effective_size(weights) < len(made)
    again = event_weights.event_weights(made, fit, SHIPPED.beams)
    assert np.array_equal(weights, again)
    with pytest.raises(DataError, match=r"a weight for each event, shape \(1200,\); got \(3,\)"):
        event_weights.weighted_chi2(true, generated, np.ones(3))


def test_chi2_of_weights_of_one_is_the_usual_one():
    true, made = (panels.quantities(p, SHIPPED.beams) for p in np.split(SHIPPED.momenta, 2))
    plain = panels.distances(true, made)
    ours = event_weights.weighted_chi2(true, made, np.full(2000, 0.3))
    for name, chi2 in ours.items():
        assert chi2 == pytest.approx(plain[name].chi2_per_bin, rel=0.1)


@pytest.fixture(scope="module")
def gan() -> ganzoo.FATGAN:
    constants = ganzoo.FATGAN.constants(SHIPPED.momenta)
    return ganzoo.FATGAN(
        **constants, latent_dim=4, generator_units=(16,), discriminator_units=(8,), dropout=0.0
    )


@pytest.fixture(scope="module")
def preset(gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("preset") / "small_electrons"
    gan.save_to_preset(folder)
    return folder


@pytest.mark.parametrize("ending", files.ENDINGS)
def test_a_column_of_weights_in_every_form(ending, preset, gan, tmp_path):
    try:
        files.check_library(f"events{ending}")
    except ImportError as error:  # MissingExtraError
        pytest.skip(str(error))
    path = tmp_path / f"events{ending}"
    told = run("sample", preset, "-n", 3000, "--seed", 5, "--weights", "--reference",
               "electrons_sample", "-o", path)  # fmt: skip
    weights, found = files.read_weights(path), files.read(path)
    assert weights.shape == (3000,)
    assert (weights > 0).all()
    drawn = event_sampling.draw(gan, 3000, seed=5)
    assert np.allclose(found.momenta, drawn.momenta, rtol=1e-6)
    worth = metrics.effective_size(weights)
    assert found.origin["effective_events"] == pytest.approx(worth, rel=1e-6)
    assert found.origin["weight_reference"] == "electrons_sample"
    assert f"3000 events are worth {worth:.0f} (" in told


def test_weights_do_not_depend_on_the_batch_and_outlive_a_cut(preset, tmp_path):
    given = ("--seed", 5, "--weights", "--reference", "electrons_sample", "-o")
    run("sample", preset, "-n", 20_000, *given, tmp_path / "a.npz")
    run("sample", preset, "-n", 5000, "--batch-size", 1, *given, tmp_path / "b.npz")
    one, other = (files.read_weights(tmp_path / f"{name}.npz") for name in "ab")
    assert np.array_equal(one[:5000], other)
    run("sample", preset, "-n", 1000, "--q2min", 3, *given, tmp_path / "cut.npz")
    cut, momenta = (
        files.read_weights(tmp_path / "cut.npz"),
        files.read(tmp_path / "cut.npz").momenta,
    )
    whole = files.read(tmp_path / "a.npz").momenta
    rows = [int(np.flatnonzero((whole == row).all(axis=1))[0]) for row in momenta[:20]]
    assert np.array_equal(one[rows], cut[:20])


def test_where_weights_cannot_be(preset, tmp_path):
    events = tmp_path / "events.npz"
    line = refused("sample", preset, "-n", 40_000, "--seed", 1, "--part", "1/2", "--weights",
                   "-o", events)  # fmt: skip
    assert "--weights and --part exclude each other" in line
    assert "--weights is for events" in refused("sample", "gan_mnist", "--weights")
    line = refused("sample", preset, "--reference", "electrons_sample", "-o", events)
    assert "--reference names the true events of --weights" in line
    line = refused("sample", preset, "--weights", "--reference", "pithia", "-o", events)
    assert "Did you mean 'pythia'" in line
    assert not events.exists()
    run("sample", preset, "-n", 100, "--seed", 1, "-o", events)
    with pytest.raises(DataError, match="must have one column weight"):
        files.read_weights(events)
    run("sample", preset, "-n", 2000, "--seed", 1, "--weights", "--reference", "electrons_sample",
        "-o", events, "--overwrite")  # fmt: skip
    line = refused("merge", events, "-o", tmp_path / "all.npz")
    assert "events.npz" in line
