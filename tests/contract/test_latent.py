"""What every model that draws from latents keeps, on the backend of this process.

Each test runs for one family in the usual run, and for all of them with `pytest -m slow`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.presets import folder as presets
from ganzoo.random import draw_latents
from tests.contract import support
from tests.contract.support import (
    BATCH,
    build,
    copy_variables,
    data_for,
    largest_difference,
    moved,
    values,
    where_nothing_is_compiled,
)

DRAWING = (
    "sampling", "style-based sampling", "labelled", "events", "codes", "encoding", "clustering",
)  # fmt: skip
USUAL = "ConditionalDCGAN"  # labels, convolutions and batch norm
FAMILIES = [
    pytest.param(name, marks=() if name == USUAL else pytest.mark.slow)
    for name in sorted(zoo.FAMILIES)
    if zoo.FAMILIES[name].task in DRAWING
]


def real_data(gan: Any, n: int = 4 * BATCH, seed: int = 3) -> np.ndarray:
    """Return data of the model's kind, without labels."""
    return data_for(gan, n, seed)[0]


def labels_for(gan: Any, data: np.ndarray) -> np.ndarray | None:
    """Return labels for a model that takes some, None for the others."""
    return (*data_for(gan, len(data)), None)[1]


def fit(gan: Any, data: np.ndarray, **options: Any) -> Any:
    """Train on arrays, with labels where the model wants them."""
    labels = labels_for(gan, data)
    return support.fit(gan, (data,) if labels is None else (data, labels), **options)


def all_state(gan: Any) -> list[Any]:
    """Return every variable that a training has."""
    return [*gan.variables, *gan.optimizer.variables]


def steps(gan: Any, count: int, skip: int = 0) -> None:
    """Train for `count` steps on the same sequence of batches, from step `skip` on."""
    data = real_data(gan, n=24 * BATCH)[skip * BATCH : (skip + count) * BATCH]
    fit(gan, data, shuffle=False)


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_toys_are_picked_up():
    assert {"ToyWGANGP", "ToyGuesser"} <= set(zoo.FAMILIES)
    assert "toy" in ganzoo.list_models()


def test_shapes(family):
    gan = build(family)
    latents = draw_latents(3, gan.latent_dim, seed=0)
    made = gan.generate(latents)
    assert made.shape == (3, *gan.data_shape)
    assert made.dtype == np.float32
    condition = gan.condition(3)
    inputs = latents if condition is None else [latents, condition]
    assert tuple(gan.judge(made, condition).shape) == (3, 1)
    assert np.allclose(gan.predict(inputs, verbose=0), made, atol=1e-6)


def test_config_round_trip(family):
    gan = build(family, ema_momentum=0.9, seed=4)
    config = json.loads(json.dumps(gan.get_config()))
    again = type(gan).from_config(config)
    assert json.loads(json.dumps(again.get_config())) == config
    assert [v.shape for v in again.weights] == [v.shape for v in gan.weights]


@pytest.mark.parametrize("simultaneous", [False, True], ids=["in turn", "simultaneous"])
def test_one_step_moves_everything(family, simultaneous):
    gan = build(family, ema_momentum=0.9)
    if simultaneous:
        gan.compile(simultaneous=True, steps={"discriminator": 1})
    pair = gan.optimizer
    groups = {
        "generator": gan.generator.trainable_variables,
        "discriminator": gan.discriminator.trainable_variables,
        **{f"moments of {player}": pair[player].variables[2:] for player in gan.players},
        "batch-norm statistics": [
            v for v in gan.generator.non_trainable_weights if "moving_" in v.path
        ],
        "average": gan.averaged_generator.trainable_variables or gan.averaged_generator.weights,
        "latent seed": [gan.latent_seed.state],
    }
    before = {name: values(variables) for name, variables in groups.items()}
    fit(gan, real_data(gan, BATCH))
    for name, variables in groups.items():
        share = np.mean(moved(before[name], variables)) if variables else 1.0
        # A bias before batch norm has no gradient, and WGAN's last bias cancels out.
        assert share > 0.6, f"{name}: only {share:.0%} of the variables moved"
    assert int(keras.ops.convert_to_numpy(pair.iterations)) == 1
    critic_steps = int(keras.ops.convert_to_numpy(pair["discriminator"].iterations))
    assert critic_steps == gan.steps["discriminator"]


def test_logs(family):
    gan = build(family)
    history = fit(gan, real_data(gan), epochs=2).history
    losses = {player.loss for player in gan.players.values()}
    assert set(history) == {*losses, *gan.logged} >= {"d_loss", "g_loss"}
    assert np.isfinite(list(history.values())).all()
    assert all(0.0 <= share <= 1.0 for share in history["d_real_accuracy"])


def test_evaluate_changes_nothing(family):
    gan = build(family)
    fit(gan, real_data(gan, BATCH))
    state = [*gan.weights, *gan.optimizer.variables, gan.latent_seed.state]
    before = values(state)
    data = real_data(gan)
    losses = gan.evaluate(
        data, labels_for(gan, data), batch_size=BATCH, verbose=0, return_dict=True
    )
    assert np.isfinite(losses["d_loss"])
    assert np.isfinite(losses["g_loss"])
    assert not any(moved(before, state))


@pytest.mark.parametrize("form", ["whole model", "weights"])
def test_ten_and_ten_steps_are_twenty(family, form, tmp_path: Path):
    keras.utils.set_random_seed(5)
    straight = build(family, ema_momentum=0.9)
    interrupted = build(family, ema_momentum=0.9)
    copy_variables(straight, interrupted)
    steps(straight, 10)
    steps(straight, 10, skip=10)
    steps(interrupted, 10)
    if form == "whole model":
        interrupted.save(tmp_path / "gan.keras")
        resumed = keras.models.load_model(tmp_path / "gan.keras")
    else:
        interrupted.save_weights(tmp_path / "gan.weights.h5")
        resumed = build(family, ema_momentum=0.9)
        resumed.load_weights(tmp_path / "gan.weights.h5")
    steps(resumed, 10, skip=10)
    assert largest_difference(all_state(straight), all_state(resumed)) == 0.0


def test_same_seed_same_samples(family):
    gan = build(family)
    first = gan.sample(7, seed=1)
    assert np.array_equal(first, gan.sample(7, seed=1))
    assert np.allclose(first, gan.sample(7, seed=1, batch_size=3), atol=1e-6)
    assert not np.array_equal(first, gan.sample(7, seed=2))
    assert np.allclose(first[:4], gan.sample(4, seed=1), atol=1e-6)


def test_preset_round_trip(family, tmp_path: Path):
    folder = tmp_path / "preset"
    gan = build(family, ema_momentum=0.9)
    steps(gan, 4)
    gan.save_to_preset(folder)
    again = ganzoo.load(folder)
    assert presets.check_probe(again, folder) <= 1e-6
    assert np.allclose(gan.sample(5, seed=1), again.sample(5, seed=1), atol=1e-6)
    assert largest_difference(gan.discriminator.weights, again.discriminator.weights) == 0.0
    with pytest.raises(ganzoo.errors.OutputError, match="overwrite"):
        gan.save_to_preset(folder)
    gan.save_to_preset(folder, overwrite=True)
    seeded = ganzoo.load(folder, seed=5)
    assert values([seeded.latent_seed.state])[0].tolist() == [5, 0]
    assert largest_difference(seeded.generator.weights, again.generator.weights) == 0.0
    averaged = ganzoo.load(folder, ema_momentum=0.5)
    assert np.allclose(again.sample(5, seed=1), averaged.sample(5, seed=1), atol=1e-6)
    steps(averaged, 2)


def tf_dataset(*arrays: np.ndarray) -> Any:
    tf = pytest.importorskip("tensorflow")
    return tf.data.Dataset.from_tensor_slices(arrays).batch(BATCH)


def bare_torch_loader(data: np.ndarray, *labels: np.ndarray) -> Any:
    if labels:
        pytest.skip("a bare tensor has no place for the labels of a conditional GAN")
    torch = pytest.importorskip("torch")
    return torch.utils.data.DataLoader(torch.from_numpy(data), batch_size=BATCH)


def torch_loader(data: np.ndarray, *labels: np.ndarray) -> Any:
    torch = pytest.importorskip("torch")
    labels = labels or (np.zeros(len(data)),)
    pairs = torch.utils.data.TensorDataset(*map(torch.from_numpy, (data, *labels)))
    return torch.utils.data.DataLoader(pairs, batch_size=BATCH)


class Batches(keras.utils.PyDataset):
    def __init__(self, *arrays: np.ndarray) -> None:
        super().__init__()
        self.arrays = arrays

    def __len__(self) -> int:
        return len(self.arrays[0]) // BATCH

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        return tuple(array[index * BATCH : (index + 1) * BATCH] for array in self.arrays)


@pytest.mark.parametrize(
    "kind", [tf_dataset, torch_loader, bare_torch_loader, Batches], ids=lambda f: f.__name__
)
def test_fit_on_each_kind_of_data(family, kind):
    gan = build(family)
    data = real_data(gan)
    labels = labels_for(gan, data)
    before = values(gan.generator.trainable_variables)
    gan.fit(kind(data) if labels is None else kind(data, labels), verbose=0)
    assert any(moved(before, gan.generator.trainable_variables))


def test_fit_on_arrays_with_labels(family):
    gan = build(family)
    data = real_data(gan)
    before = values(gan.generator.trainable_variables)
    gan.fit(data, np.zeros(len(data)), batch_size=BATCH, verbose=0)
    assert any(moved(before, gan.generator.trainable_variables))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_stays_finite(family, policy):
    keras.config.set_dtype_policy(policy)
    gan = build(family, ema_momentum=0.9)
    history = fit(gan, real_data(gan), epochs=2).history
    assert np.isfinite(list(history.values())).all()
    assert all(np.isfinite(value).all() for value in values(gan.weights))
    assert gan.sample(3, seed=0).dtype == np.float32


@where_nothing_is_compiled
def test_eager_is_the_same_as_compiled(family):
    keras.utils.set_random_seed(6)
    compiled, eager = build(family), build(family)
    copy_variables(compiled, eager)
    eager.compile(run_eagerly=True, penalty=compiled.penalties, steps=compiled.steps)
    steps(compiled, 2)
    steps(eager, 2)
    assert largest_difference(compiled.weights, eager.weights) < 1e-3
