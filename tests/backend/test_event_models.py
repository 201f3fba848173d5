"""FATGAN on the backend of this process, against NumPy: so all backends agree."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import arrays, kinematics, panels
from ganzoo.events import features as event_features
from ganzoo.events import layers as event_layers
from ganzoo.events.features import FEATURES, EventFeatures
from ganzoo.events.kinematics import Beams
from ganzoo.events.layers import Momenta, Standardize
from ganzoo.events.truth import sample
from ganzoo.losses import gaussian_mmd2
from ganzoo.penalties import GradientPenalty

EVENTS = sample().momenta
TINY: dict[str, Any] = {
    "latent_dim": 4,
    "generator_units": (8, 6),
    "discriminator_units": (6, 8),
    "dropout": 0.0,
}
WIDTHS = (0.5, 1.0, 3.0)


def to_numpy(tensor: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(tensor))


def mmd2_by_hand(x: np.ndarray, y: np.ndarray) -> float:
    """The U-statistic in float64, pair by pair."""

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        distance = np.square(a[:, None] - b[None, :]).sum(-1)
        return np.mean([np.exp(-distance / (2 * width**2)) for width in WIDTHS], axis=0)

    x, y = x.astype(np.float64), y.astype(np.float64)
    off = [(k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (kernel(x, x), kernel(y, y))]
    return float(sum(off) - 2 * kernel(x, y).mean())


def test_mmd_against_the_formula():
    random = np.random.default_rng(0)
    x = random.standard_normal((40, 5)).astype(np.float32)
    y = random.standard_normal((30, 5)).astype(np.float32) + 0.3
    assert float(gaussian_mmd2(x, y, WIDTHS)) == pytest.approx(mmd2_by_hand(x, y), abs=1e-5)


def test_mmd_is_unbiased_and_sees_a_shift():
    random = np.random.default_rng(1)
    same = [
        float(gaussian_mmd2(*random.standard_normal((2, 50, 2)).astype(np.float32), WIDTHS))
        for _ in range(60)
    ]
    assert abs(np.mean(same)) < 4 * np.std(same) / np.sqrt(60)
    assert np.std(same) > 0
    far = random.standard_normal((2, 50, 2)).astype(np.float32)
    far[1] += 1000.0
    within = float(gaussian_mmd2(far[0], far[1] - 1000.0, WIDTHS))
    assert float(gaussian_mmd2(*far, WIDTHS)) > 0.5 > abs(within)


class AtMixtures(GradientPenalty):
    """Gradients at fixed mixtures of real events, which no random number enters."""

    def points(self, real: Any, fake: Any, seed: Any) -> Any:
        return 0.7 * real + 0.3 * keras.ops.flip(real, axis=0)


class PenaltyOnly(ganzoo.FATGAN):
    """Only the penalty is left of the critic's loss."""

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return 0.0 * (keras.ops.mean(real_logits) + keras.ops.mean(fake_logits))


def test_gradient_penalty_against_the_chain_rule():
    features = ("px", "py", "log_gap", "pT", "E", "pz_over_pT", "log_Q2")
    constants = ganzoo.FATGAN.constants(EVENTS, "cartesian", features)
    gan = PenaltyOnly(features=features, **constants, **TINY)
    random = np.random.default_rng(2)
    weights = [random.standard_normal(w.shape).astype(np.float32) for w in gan.critic.weights]
    gan.critic.set_weights(weights)
    gan.compile(
        keras.optimizers.SGD(0.0),
        keras.optimizers.SGD(0.0),
        penalty=AtMixtures(10.0),
        steps={"discriminator": 1},
    )
    loss = gan.fit(EVENTS[:64], batch_size=64, shuffle=False, verbose=0).history["d_loss"][0]

    seen = to_numpy(gan.features_of(EVENTS[:64])).astype(np.float64)
    hidden = 0.7 * seen + 0.3 * seen[::-1]
    gradient = np.repeat(np.eye(len(features))[None], 64, axis=0)  # d hidden / d features
    for matrix, bias in zip(weights[0:4:2], weights[1:4:2], strict=True):
        before = hidden @ matrix.astype(np.float64) + bias
        slope = np.where(before > 0, 1.0, 0.2)
        gradient = (gradient @ matrix.astype(np.float64)) * slope[:, None, :]
        hidden = before * slope
    gradient = (gradient @ weights[4].astype(np.float64))[..., 0]
    norm = np.sqrt(np.square(gradient).sum(1))
    assert loss == pytest.approx(10.0 * np.square(norm - 1).mean(), rel=1e-5)


def test_features_against_kinematics():
    events = EVENTS.astype(np.float64).T
    beams = kinematics.Beams(50.0, 50.0)
    pT, theta = kinematics.pT(*events[:2]), kinematics.theta(*events)
    energy, phi = kinematics.energy(*events), kinematics.phi(*events[:2])
    y = 1.0 - (energy + events[2]) / 100.0  # without the proton's mass
    expected = {
        "px": events[0],
        "py": events[1],
        "pz": events[2],
        "log_gap": np.log(50.0 - events[2]),
        "log_energy_gap": np.log(50.0 - energy),
        "pT": pT,
        "log_pT": np.log(pT),
        "E": energy,
        "pz_over_pT": events[2] / pT,
        "eta": -np.log(np.tan(theta / 2)),
        "theta": theta,
        "phi": phi,
        "cos_phi": np.cos(phi),
        "sin_phi": np.sin(phi),
        "log_Q2": np.log(kinematics.Q2(*events, beams)),
        "log_Q2_excess": np.log(np.maximum(kinematics.Q2(*events, beams) / 2.0 - 1.0, 1e-4)),
        "y": y,
        "log_y": np.log(y),
        "x": np.minimum(kinematics.Q2(*events, beams) / (10_000 * y), 2.0),
        "log_x": np.log(kinematics.Q2(*events, beams) / (10_000 * y)),
        "log_s_hat": np.log(kinematics.Q2(*events, beams) / y),
    }
    assert set(expected) == set(FEATURES)
    got = to_numpy(EventFeatures(FEATURES)(EVENTS))
    scale = {
        "log_energy_gap": 3e-3,
        "log_y": 3e-3,
        "x": 3e-3,
        "log_x": 3e-3,
        "log_s_hat": 3e-3,
        "log_gap": 3e-4,
        "log_Q2_excess": 3e-3,
    }  # float32 beside 50 GeV
    for column, name in enumerate(FEATURES):
        np.testing.assert_allclose(
            got[:, column], expected[name], rtol=1e-4, atol=scale.get(name, 1e-5), err_msg=name
        )


@pytest.mark.parametrize("representation", event_layers.REPRESENTATIONS)
def test_the_transform_is_the_features_turned_round(representation):
    numbers = EventFeatures(event_layers.REPRESENTATIONS[representation])(EVENTS)
    np.testing.assert_allclose(to_numpy(Momenta(representation)(numbers)), EVENTS, atol=3e-3)


@pytest.mark.parametrize("representation", ["cartesian", "spherical", "invariant"])
def test_pz_is_below_the_beam_energy_whatever_is_generated(representation):
    random = np.random.default_rng(3)
    scales = np.repeat([0.0, 1.0, 5.0, 50.0, 1e4], 1000)[:, None]
    wild = (random.standard_normal((5000, 3)) * scales).astype(np.float32)
    momenta = to_numpy(Momenta(representation)(wild))
    assert np.isfinite(momenta).all()
    assert (momenta[:, 2] < 50.0).all()
    if representation == "invariant":
        beams = arrays.BEAMS["50x50"]
        shares = panels.shares(momenta, beams, 2.0)
        assert shares["q2_leak"] == shares["beyond_beam"] == 0.0


def test_no_event_is_below_the_cut_of_the_model():
    numbers = np.random.default_rng(4).normal(0, 3, (1000, 3)).astype("float32")
    momenta = to_numpy(Momenta("invariant", 18.0, 275.0, q2_min=10.0)(numbers)).astype("float64")
    q2 = kinematics.Q2(*momenta.T, Beams(18.0, 275.0))
    assert 10.0 * (1 - 1e-4) < q2.min() < 10.1
    again = EventFeatures(["log_Q2_excess", "log_x"], 18.0, 275.0, q2_min=10.0)(momenta)
    inside = (np.abs(numbers[:, 0]) < 4) & (numbers[:, 1] < -0.1)
    inside &= q2 / (4 * 18 * 275) < 0.9 * np.exp(numbers[:, 1])
    assert inside.sum() > 100
    assert np.abs(to_numpy(again) - numbers[:, :2])[inside].max() < 0.05
    for wrong in (0.0, -1.0, float("inf"), "2"):
        with pytest.raises(InvalidArgumentError, match="q2_min must be"):
            Momenta("invariant", q2_min=wrong)


@pytest.mark.parametrize(
    "layer",
    [
        Standardize([1.0, 2.0], [3.0, 4.0], invert=True),
        Momenta("spherical", 27.5, 920.0),
        EventFeatures(["pT", "eta"], 27.5, 920.0),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_are_serialisable(layer):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    columns = 2 if isinstance(layer, Standardize) else 3
    x = np.linspace(0.1, 1.0, 4 * columns, dtype=np.float32).reshape(4, columns)
    assert np.array_equal(to_numpy(layer(x)), to_numpy(again(x)))


def test_standardize_and_back():
    mean, deviation = event_features.constants(EVENTS, ["pT", "log_Q2"], 50.0, 50.0)
    seen = EventFeatures(["pT", "log_Q2"])(EVENTS)
    standard = Standardize(mean, deviation)(seen)
    assert np.abs(to_numpy(standard).mean(0)).max() < 1e-4
    np.testing.assert_allclose(to_numpy(standard).std(0), 1.0, rtol=1e-4)
    back = Standardize(mean, deviation, invert=True)(standard)
    np.testing.assert_allclose(to_numpy(back), to_numpy(seen), atol=1e-5)


def test_half_precision_keeps_the_momenta():
    keras.config.set_dtype_policy("mixed_bfloat16")
    features = ("px", "py", "log_gap", "log_Q2")
    gan = ganzoo.FATGAN(features=features, **TINY)
    expected = to_numpy(EventFeatures(features)(EVENTS))
    np.testing.assert_allclose(to_numpy(gan.features_of(EVENTS)), expected, atol=1e-5)
    assert gan.compute_dtype == "float32"


def test_mmd_moves_the_generator_and_is_saved(tmp_path):
    gan = ganzoo.FATGAN(**TINY, **ganzoo.FATGAN.constants(EVENTS))
    gan.compile(mmd_weight=3.0, mmd_widths=(0.5, 2.0), mmd_examples=16, steps={"discriminator": 1})
    gan.critic.set_weights([0.0 * w for w in gan.critic.get_weights()])
    gan.optimizer["discriminator"].learning_rate = 0.0  # so that only the MMD is left
    before = gan.generator.get_weights()
    gan.fit(EVENTS[:32], batch_size=32, verbose=0)
    assert any((a != b).any() for a, b in zip(before, gan.generator.get_weights(), strict=True))
    gan.save(tmp_path / "gan.keras")
    again = ganzoo.load(tmp_path / "gan.keras")
    assert again.get_compile_config()["mmd_widths"] == [0.5, 2.0]
    assert again.get_compile_config()["mmd_weight"] == 3.0


def test_events_that_cannot_be_are_refused():
    gan = ganzoo.FATGAN(**TINY)
    beyond = EVENTS[:8].copy()
    beyond[3, 2] = 50.0
    with pytest.raises(DataError, match=r"below the beam energy of 50 GeV; event 3 has 50 GeV"):
        gan.fit(beyond, verbose=0)
    with pytest.raises(DataError, match=r"shape \(n, 3\)"):
        gan.fit(EVENTS[:8, :2], verbose=0)
    direct = ganzoo.FATGAN("direct", ("px", "py", "pz"), **TINY)
    direct.fit(beyond, verbose=0)  # the baseline knows no edge


@pytest.mark.parametrize(
    ("bad", "part"),
    [
        ({"representation": "polar"}, "there are direct, cartesian, spherical"),
        ({"features": ("log_Q",)}, "Did you mean 'log_Q2'"),
        ({"features": "pT"}, "features of FATGAN must be a sequence of strings"),
        ({"generated_mean": (0.0,)}, "generated_mean must have 3"),
        ({"feature_deviation": (0.0,) * 7}, "7 finite numbers > 0"),
        ({"electron_beam": -1.0}, "electron beam must have"),
        ({"generator_units": ()}, "non-empty sequence"),
    ],
)
def test_bad_arguments(bad, part):
    with pytest.raises(InvalidArgumentError, match=part):
        ganzoo.FATGAN(**{**TINY, **bad})


@pytest.mark.parametrize(
    "bad", [{"mmd_weight": -1.0}, {"mmd_widths": ()}, {"mmd_widths": (0.0,)}, {"mmd_examples": 0}]
)
def test_bad_compile_arguments(bad):
    with pytest.raises(InvalidArgumentError, match=next(iter(bad))):
        ganzoo.FATGAN(**TINY).compile(**bad)
