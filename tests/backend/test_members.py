"""Several generators of events that learn beside each other: what they share."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers.members import ChosenMember, DenseOfMembers, number_of

TINY: dict[str, Any] = {
    "latent_dim": 4,
    "turned": True,
    "generator_units": (8, 8),
    "discriminator_units": (8,),
    "features": ("pT", "log_gap"),
    "generated_mean": (0.0, 0.0, 0.2),
    "generated_deviation": (2.0, 2.0, 1.7),
    "dropout": 0.0,
}


def events(n: int = 64) -> np.ndarray:
    random = np.random.default_rng(0)
    px, py = random.normal(0.0, 2.0, (2, n))
    return np.stack([px, py, 50.0 - np.exp(random.normal(0.2, 1.0, n))], axis=1).astype("float32")


def numpy(tensor: Any) -> np.ndarray:
    return np.array(keras.ops.convert_to_numpy(tensor))


def test_a_layer_of_members_is_a_dense_layer_for_each():
    layer = DenseOfMembers(3)
    x = np.random.default_rng(1).standard_normal((5, 2, 4)).astype("float32")
    made = numpy(layer(x))
    kernel, bias = (numpy(weight) for weight in layer.weights)
    assert (kernel.shape, bias.shape, made.shape) == ((2, 4, 3), (2, 3), (5, 2, 3))
    assert np.abs(kernel).max() <= np.sqrt(6.0 / 7.0)
    for member in range(2):
        assert np.allclose(made[:, member], x[:, member] @ kernel[member] + bias[member], atol=1e-5)


def test_each_member_is_chosen_as_often_as_the_others():
    numbers = np.random.default_rng(2).standard_normal((40_000, 1)).astype("float32")
    outputs = np.broadcast_to(np.arange(4.0, dtype="float32")[None, :, None], (40_000, 4, 1))
    chosen = numpy(ChosenMember(4)(outputs, numbers))[:, 0]
    assert np.abs(np.bincount(chosen.astype(int), minlength=4) / 40_000 - 0.25).max() < 0.01
    middles = np.array([[number_of(member, 4)] for member in range(4)], "float32")
    assert numpy(ChosenMember(4)(outputs[:4], middles))[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0]
    extremes = np.array([[-40.0], [40.0]], "float32")
    assert numpy(ChosenMember(4)(outputs[:2], extremes))[:, 0].tolist() == [0.0, 3.0]


def test_members_share_nothing_but_the_events():
    """What becomes of one member does not depend on the weights of another."""
    ends, begun = [], ganzoo.FATGAN(**TINY, members=3).get_weights()
    for change in (0.0, 0.5):
        gan = ganzoo.FATGAN(**TINY, members=3, seed=7)
        gan.set_weights(begun)
        for network in (gan.generator, gan.discriminator):
            for variable in network.trainable_variables:
                value = numpy(variable)
                value[1] += change
                variable.assign(value)
        before = [numpy(variable) for variable in gan.trainable_variables]
        gan.fit(events(), batch_size=32, epochs=2, shuffle=False, verbose=0)
        ends.append([numpy(variable) for variable in gan.trainable_variables])
    moved = [
        np.abs(new - old).max(axis=tuple(range(1, old.ndim)))
        for old, new in zip(before, ends[1], strict=True)
    ]
    assert sum(bool((each > 0).all()) for each in moved) >= len(moved) - 1  # but the last bias
    for first, second in zip(*ends, strict=True):
        assert np.allclose(first[[0, 2]], second[[0, 2]], atol=1e-6)
        assert not np.allclose(first[1], second[1], atol=1e-3)


def test_events_of_all_members_and_of_one():
    gan = ganzoo.FATGAN(**TINY, members=3, seed=7)
    latents = np.random.default_rng(3).standard_normal((6, gan.latent_dim)).astype("float32")
    assert gan.latent_dim == TINY["latent_dim"] + 1
    each = [gan.generate(latents, member=member) for member in range(3)]
    assert not any(np.allclose(each[0], other, atol=1e-3) for other in each[1:])
    mixed = gan.generate(latents)
    for row, made in enumerate(mixed):
        assert any(np.allclose(made, one[row], atol=1e-5) for one in each)
    with pytest.raises(InvalidArgumentError, match="member must be from 0 to 2; got 3"):
        gan.generate(latents, member=3)
    alone = ganzoo.FATGAN(**TINY, seed=7)
    given = latents[:, :-1]
    assert np.array_equal(alone.generate(given), alone.generate(given, member=0))


def test_members_are_weighed_evaluated_saved_and_exported(tmp_path):
    gan = ganzoo.FATGAN(**TINY, members=2, seed=7, ema_momentum=0.9)
    data, weights = events(32), np.linspace(0.5, 1.5, 32)
    gan.fit(data, sample_weight=weights, batch_size=16, verbose=0)
    assert np.isfinite(
        list(gan.evaluate(data, batch_size=16, return_dict=True, verbose=0).values())
    ).all()
    gan.save_to_preset(tmp_path / "members")
    again = ganzoo.load(tmp_path / "members")
    assert np.allclose(gan.sample(8, seed=1), again.sample(8, seed=1), atol=1e-6)
    pytest.importorskip("onnxruntime", reason="onnxruntime (extra `export`) is not installed")
    from ganzoo import export

    assert export.onnx(again, tmp_path / "members.onnx").difference < 1e-4


def test_the_discrepancy_is_for_one_generator():
    gan = ganzoo.FATGAN(**TINY, members=2)
    with pytest.raises(InvalidArgumentError, match="for one generator"):
        gan.compile(mmd_weight=1.0)
