"""What a saved model states: its precision, and weights without what they were trained by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import tasks, zoo
from ganzoo.batches import ShuffledBatches
from ganzoo.errors import InvalidArgumentError, TrainingError
from ganzoo.training import TrainingState
from ganzoo.zoo import registry
from tests.contract.support import LONG

BACKEND = keras.backend.backend()


def dcgan(**options: Any) -> Any:
    return ganzoo.DCGAN(**{**zoo.FAMILIES["DCGAN"].tiny, **options})


def pictures(n: int = 16) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (n, 8, 8, 1)).astype("float32")


def precisions(model: Any) -> list[str]:
    """The types in which a model and each of its layers compute; outputs are float32."""
    networks = (*model.networks.values(), *model.averages.values())
    layers = [layer.compute_dtype for network in networks for layer in network.layers]
    return [model.compute_dtype, *layers]


def test_precision_is_an_argument_and_is_saved(tmp_path: Path) -> None:
    gan = dcgan(dtype="mixed_bfloat16", ema_momentum=0.9)
    assert keras.config.dtype_policy().name == "float32"
    assert precisions(gan)[:2] == ["bfloat16"] * 2
    gan.save(tmp_path / "a.keras")
    again = ganzoo.load(tmp_path / "a.keras")
    assert precisions(again) == precisions(gan)
    assert np.allclose(again.sample(4, seed=0), gan.sample(4, seed=0), atol=1e-6)
    assert precisions(dcgan(**{**gan.get_config(), "dropout": 0.0})) == precisions(gan)


def test_a_games_own_precision_is_saved_beside_its_networks(tmp_path: Path) -> None:
    gan = dcgan(dtype="mixed_bfloat16")
    plain = ganzoo.GAN(gan.generator, gan.discriminator, dtype="mixed_bfloat16")
    plain.save(tmp_path / "a.keras")
    assert precisions(ganzoo.load(tmp_path / "a.keras")) == precisions(plain)


def test_a_preset_is_float32_and_is_loaded_in_any_precision(tmp_path: Path) -> None:
    gan = dcgan(dtype="mixed_bfloat16")
    gan.save_to_preset(tmp_path / "preset")
    assert set(precisions(ganzoo.load(tmp_path / "preset"))) == {"float32"}
    half = ganzoo.load(tmp_path / "preset", dtype="mixed_bfloat16")
    assert precisions(half) == precisions(gan)


def test_a_precision_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"'mixed_bfloat1'.*Did you mean"):
        dcgan(dtype="mixed_bfloat1")


def test_a_training_does_not_go_on_in_another_precision(tmp_path: Path) -> None:
    batches = ShuffledBatches(pictures(), 8, seed=1)
    gan = dcgan(dtype="mixed_bfloat16")
    with TrainingState(tmp_path, batches=batches) as state:
        gan.fit(batches, verbose=0, callbacks=[state])
    with (
        TrainingState(tmp_path, batches=batches) as state,
        pytest.raises(TrainingError, match="dtype: was 'mixed_bfloat16', is 'float32'"),
    ):
        state.restore(dcgan())


def test_weights_load_into_other_dropout(tmp_path: Path) -> None:
    gan = dcgan(dropout=0.1)
    gan.save_weights(tmp_path / "a.weights.h5")
    other = dcgan(dropout=0.0)
    with pytest.warns(UserWarning, match=r"random states.*dropout differs"):
        other.load_weights(tmp_path / "a.weights.h5")
    assert np.allclose(other.sample(4, seed=0), gan.sample(4, seed=0), atol=1e-6)


def test_a_model_is_loaded_without_its_optimizers(tmp_path: Path) -> None:
    gan = dcgan()
    gan.compile(keras.optimizers.RMSprop(1e-3, momentum=0.5), keras.optimizers.SGD(1e-3))
    gan.fit(pictures(), batch_size=8, verbose=0)
    gan.save(tmp_path / "a.keras")
    with pytest.warns(UserWarning, match="saved optimizer of the discriminator is another one"):
        again = keras.saving.load_model(tmp_path / "a.keras", compile=False)
    assert np.allclose(again.sample(4, seed=0), gan.sample(4, seed=0), atol=1e-6)
    assert again.fit(pictures(), batch_size=8, verbose=0).history["d_loss"]
    whole = keras.saving.load_model(tmp_path / "a.keras")
    assert type(whole.optimizer["generator"]).__name__ == "SGD"
    assert int(keras.ops.convert_to_numpy(whole.optimizer.iterations)) == 2


@pytest.mark.parametrize("family", ["ConditionalDCGAN", pytest.param("CycleGAN", marks=LONG)])
def test_families_are_channels_last_whatever_keras_is_set_to(family: str) -> None:
    facts = zoo.FAMILIES[family]
    made = []
    for form in ("channels_last", "channels_first"):
        keras.config.set_image_data_format(form)
        try:
            keras.utils.set_random_seed(0)
            model: Any = registry.model_class(family)(**facts.tiny, seed=1)
            model.fit(*tasks.get(facts.task).tiny_data(model, 4, 0), batch_size=4, verbose=0)
            made.append(model.probe(model.probe_inputs(n=2)))
            assert keras.config.image_data_format() == form
        finally:
            keras.config.set_image_data_format("channels_last")
    assert all(np.array_equal(made[0][name], made[1][name]) for name in made[0])


@pytest.mark.parametrize("family", ["DCGAN", "ConditionalDCGAN", "Pix2Pix"])
def test_export_of_a_model_that_was_never_called(family: str, tmp_path: Path) -> None:
    model: Any = registry.model_class(family)(**zoo.FAMILIES[family].tiny, seed=1)
    if BACKEND == "torch":
        with pytest.raises(InvalidArgumentError, match="Keras writes no SavedModel on PyTorch"):
            model.export(tmp_path / "saved", verbose=False)
        return
    tensorflow = pytest.importorskip("tensorflow")
    model.export(str(tmp_path / "saved"), verbose=False)
    inputs = list(model.probe_inputs(n=5).values())
    loaded = tensorflow.saved_model.load(str(tmp_path / "saved"))
    made = loaded.serve(inputs[0] if len(inputs) == 1 else inputs).numpy()
    assert np.allclose(made, next(iter(model.probe(model.probe_inputs(n=5)).values())), atol=1e-4)


def test_export_says_in_one_line_what_keras_cannot(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        dcgan().export(str(tmp_path / "a"), format="nothing")
    assert len(str(caught.value).splitlines()) == 1


def test_steps_are_counted_where_several_are_one_call() -> None:
    if BACKEND == "torch":
        pytest.skip("Keras has no steps_per_execution on PyTorch")
    gan = dcgan()
    gan.compile(steps_per_execution=2)
    stop = ganzoo.callbacks.StopAfter(4)
    gan.fit(pictures(64), batch_size=8, epochs=2, verbose=0, callbacks=[stop])
    assert int(keras.ops.convert_to_numpy(gan.optimizer.iterations)) == 4
