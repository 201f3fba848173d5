"""The callbacks that watch a training, under a user's own `model.fit`."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import plots, tasks, zoo
from ganzoo.callbacks import (
    BalanceMonitor,
    Curves,
    EquilibriumStopping,
    GeneratorEMA,
    Movie,
    StopAfter,
)
from ganzoo.errors import InvalidArgumentError
from ganzoo.zoo import registry

SHAPE = (8, 8, 1)


def tiny(**options: Any) -> ganzoo.GAN:
    """Return a GAN of 8x8 pictures."""
    return ganzoo.VanillaGAN(
        image_shape=SHAPE, latent_dim=4, generator_units=(8,), discriminator_units=(8,), **options
    )


def pictures(n: int = 32) -> np.ndarray:
    """Return pictures in [-1, 1]."""
    return np.tanh(np.random.default_rng(1).standard_normal((n, *SHAPE))).astype(np.float32)


def fit(gan: Any, *callbacks: Any, epochs: int = 1, first: int = 0) -> dict[str, list[float]]:
    """Train; return the history."""
    return gan.fit(
        pictures(), epochs=epochs, initial_epoch=first, batch_size=16, verbose=0,
        shuffle=False, callbacks=list(callbacks),
    ).history  # fmt: skip


class Pretend(keras.callbacks.Callback):
    """Log figures as if the training had gone so."""

    def __init__(self, **figures: list[float]) -> None:
        super().__init__()
        self.figures = figures

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        assert logs is not None
        logs.update({name: values[epoch] for name, values in self.figures.items()})


def test_a_movie_goes_on_after_a_resume(tmp_path: Path):
    gan = tiny()
    fit(gan, Movie(tmp_path, n=4), epochs=2)
    with Image.open(tmp_path / "movie.gif") as movie:
        assert movie.n_frames == 2
    resumed = Movie(tmp_path, tmp_path / "all.png", n=4, seconds=0.1)
    fit(gan, resumed, epochs=3, first=2)
    with Image.open(tmp_path / "all.png") as movie:
        assert movie.n_frames == 3
        for epoch in (1, 2, 3):
            movie.seek(epoch - 1)
            with Image.open(tmp_path / f"epoch-000{epoch}.png") as picture:
                assert np.array_equal(np.asarray(movie.convert("L")), np.asarray(picture))
    (tmp_path / "all.png").unlink()
    fit(gan, Movie(tmp_path, tmp_path / "all.png", n=4), epochs=3, first=3)  # nothing is left to do
    with Image.open(tmp_path / "all.png") as movie:
        assert movie.n_frames == 3
    fit(gan, Movie(tmp_path, n=4), epochs=1)  # another, shorter training
    with Image.open(tmp_path / "movie.gif") as movie:
        assert getattr(movie, "n_frames", 1) == 1


def test_a_movie_that_cannot_be_written_costs_a_warning(tmp_path: Path):
    (tmp_path / "movie.gif").mkdir()
    with pytest.warns(UserWarning, match=r"movie.gif could not be made: .*it is a directory"):
        fit(tiny(), Movie(tmp_path, n=4))
    with pytest.raises(InvalidArgumentError, match=r"the ending must be \.gif"):
        Movie(tmp_path, tmp_path / "movie.mp4")


def test_curves_go_on_after_a_resume(tmp_path: Path, monkeypatch):
    pytest.importorskip("matplotlib")
    from ganzoo.callbacks import watching

    drawn: list[Any] = []
    draw = watching.draw_curves
    monkeypatch.setattr(watching, "draw_curves", lambda rows, path: drawn.append(rows))
    gan, log = tiny(), tmp_path / "losses.csv"
    fit(gan, keras.callbacks.CSVLogger(log), Curves(tmp_path / "a.png", log), epochs=2)
    logger = keras.callbacks.CSVLogger(log, append=True)
    history = fit(gan, logger, Curves(tmp_path / "a.png", log), epochs=3, first=2)
    assert [row["epoch"] for row in drawn[-1]] == [0, 1, 2]
    assert drawn[-1][-1]["d_loss"] == pytest.approx(history["d_loss"][-1])
    fit(gan, Curves(tmp_path / "a.png"))
    assert [row["epoch"] for row in drawn[-1]] == [0]
    draw([{"epoch": 0, "d_loss": 1.0, "val_f": 3.0, "val_f_error": 0.1}], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert np.asarray(picture).std() > 0
    # What CSVLogger writes without validation: columns of NA, which get no panel.
    draw([{"epoch": 0, "d_loss": 1.0, "f": 2.0, "val_f": np.nan}], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1000, 320)  # two panels


def test_curves_without_matplotlib_say_so_at_the_beginning(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    curves = Curves(tmp_path / "curves.png")
    monkeypatch.undo()
    with pytest.warns(UserWarning, match=r"pip install \"keras-ganzoo\[plot\]\""):
        curves.on_train_begin()
    fit(tiny(), curves)
    assert not (tmp_path / "curves.png").exists()


def test_a_discriminator_that_is_too_strong():
    share = [1.0, 1.0, 1.0, 0.7, 0.99, 1.0]
    pretend = Pretend(d_real_accuracy=share, d_fake_accuracy=share)
    with pytest.warns(UserWarning, match="98.0% .* for 2 epochs .now epoch") as caught:
        fit(tiny(), pretend, BalanceMonitor(accuracy=0.98, patience=2), epochs=6)
    said = [str(w.message) for w in caught if "too strong" in str(w.message)]
    assert ["now epoch 2" in line for line in said] == [True, False]
    assert "now epoch 6" in said[1]
    assert "penalty (R1)" in said[1]
    toy = registry.model_class("WGANGP")(**zoo.FAMILIES["WGANGP"].tiny)
    monitor = BalanceMonitor(patience=1)
    monitor.set_model(toy)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        monitor.on_epoch_end(0, {"d_real_accuracy": 1.0, "d_fake_accuracy": 1.0})


def test_samples_that_are_alike():
    gan = tiny()
    real = pictures()
    history = fit(gan, BalanceMonitor(real))
    made = gan.sample(64, seed=0)
    assert history["diversity"][0] == pytest.approx(spread(made) / spread(real), rel=1e-4)
    last = gan.generator.trainable_variables[-2]
    last.assign(0.0 * keras.ops.convert_to_tensor(last))
    monitor = BalanceMonitor(real, patience=1)
    monitor.set_model(gan)
    logs: dict[str, float] = {}
    with pytest.warns(UserWarning, match="only 0% of what real examples do, for 1 epochs"):
        monitor.on_epoch_end(0, logs)
    assert logs["diversity"] == 0.0


def spread(images: np.ndarray) -> float:
    """Return the mean distance of two pictures, slowly."""
    rows = images.reshape(len(images), -1)
    pairs = [np.linalg.norm(a - b) for i, a in enumerate(rows) for b in rows[:i]]
    return float(np.mean(pairs))


def test_equilibrium(monkeypatch):
    gan = tiny()
    stopping = EquilibriumStopping(pictures(), tolerance=0.1, patience=2, n=20)
    distances = iter([0.01, 0.01, 0.2, 0.05, 0.3, 0.05, 0.04, 0.03])
    monkeypatch.setattr(stopping, "distance", lambda: next(distances))
    history = fit(gan, stopping, epochs=8)
    assert history["d_from_half"] == [0.01, 0.01, 0.2, 0.05, 0.3, 0.05, 0.04]
    assert stopping.stopped_epoch == 6


def test_distance_from_a_half():
    gan = tiny()
    real = pictures(300)
    stopping = EquilibriumStopping(real, n=200)
    stopping.set_model(gan)

    def half(examples: np.ndarray) -> float:
        logits = gan.discriminator.predict(examples, verbose=0).astype(float)
        return float(np.abs(1 / (1 + np.exp(-logits)) - 0.5).mean())

    expected = max(half(stopping.real), half(gan.sample(200, seed=0)))
    assert stopping.distance() == pytest.approx(expected, abs=1e-5)
    for variable in gan.discriminator.trainable_variables[-2:]:
        variable.assign(0.0 * keras.ops.convert_to_tensor(variable))
    assert stopping.distance() == 0.0


def test_equilibrium_of_conditional_models_and_critics():
    conditional = registry.model_class("ConditionalDCGAN")(**zoo.FAMILIES["ConditionalDCGAN"].tiny)
    real = np.zeros((6, *conditional.data_shape), np.float32)
    stopping = EquilibriumStopping(real, np.arange(6) % 3)
    stopping.set_model(conditional)
    stopping.on_train_begin()
    assert 0.0 <= stopping.distance() < 0.5
    stopping = EquilibriumStopping(real)
    stopping.set_model(conditional)
    with pytest.raises(InvalidArgumentError, match="pass the labels"):
        stopping.on_train_begin()
    stopping.set_model(registry.model_class("WGANGP")(**zoo.FAMILIES["WGANGP"].tiny))
    with pytest.raises(InvalidArgumentError, match="is a critic"):
        stopping.on_train_begin()


def test_an_average_for_a_model_that_was_made_without(tmp_path: Path):
    keras.utils.set_random_seed(3)
    gan, other = tiny(seed=1, dropout=0.0), tiny(seed=1, dropout=0.0, ema_momentum=0.9)
    for network in (other.generator, other.averaged_generator):
        network.set_weights(gan.generator.get_weights())
    other.discriminator.set_weights(gan.discriminator.get_weights())
    gan.sample(2, seed=0)
    fit(gan, StopAfter(1), GeneratorEMA(0.9))
    fit(other, StopAfter(1))
    assert gan.averaged_generator is not None
    pairs = zip(gan.averaged_generator.weights, other.averaged_generator.weights, strict=True)
    for mine, wanted in pairs:
        assert np.allclose(
            keras.ops.convert_to_numpy(mine), keras.ops.convert_to_numpy(wanted), atol=1e-6
        )
    averaged = gan.averaged_generator.predict(np.ones((1, 4), np.float32), verbose=0)
    assert np.allclose(gan.generate(np.ones((1, 4))), averaged, atol=1e-6)
    gan.save_to_preset(tmp_path / "preset")
    assert np.allclose(ganzoo.load(tmp_path / "preset").generate(np.ones((1, 4))), averaged)


def test_an_average_turned_on_between_two_fits():
    gan = tiny(seed=1)
    fit(gan)
    fit(gan, GeneratorEMA(0.9))
    kept = gan.averages["generator"]
    before = [np.array(weight) for weight in kept.get_weights()]
    fit(gan, GeneratorEMA(0.9))
    assert gan.averages["generator"] is kept
    assert any((a != b).any() for a, b in zip(before, kept.get_weights(), strict=True))


def test_tensorboard(tmp_path: Path):
    pytest.importorskip("tensorboard")
    pytest.importorskip("tensorflow")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    tensorboard = keras.callbacks.TensorBoard(str(tmp_path))
    history = fit(tiny(), BalanceMonitor(pictures()), tensorboard, epochs=2)
    events = EventAccumulator(str(tmp_path / "train")).Reload()
    assert {"epoch_d_loss", "epoch_d_fake_accuracy", "epoch_diversity"} <= set(
        events.Tags()["tensors"]
    )
    logged = events.Tensors("epoch_g_loss")
    values = [float(make_ndarray(event.tensor_proto)) for event in logged]
    assert values == pytest.approx(history["g_loss"], rel=1e-5)


def test_a_movie_needs_pictures_of_one_size(tmp_path: Path):
    sizes = [Image.new("L", (4, 4)), Image.new("L", (5, 4))]
    with pytest.raises(InvalidArgumentError, match="one size"):
        plots.movie(sizes, tmp_path / "movie.gif")
    with pytest.raises(InvalidArgumentError, match="seconds must be"):
        plots.movie(sizes[:1], tmp_path / "movie.gif", seconds=0.0)


@pytest.mark.parametrize("family", ["Pix2Pix", "CycleGAN"])
@pytest.mark.parametrize("name", ["SampleGrid", "Movie", "BalanceMonitor", "EquilibriumStopping",
                                  "Measure"])  # fmt: skip
def test_a_model_without_latents_is_refused_before_the_training(family, name, tmp_path):
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny)
    real = np.tanh(np.random.default_rng(1).standard_normal((64, 32, 32, 1))).astype(np.float32)
    folder = name in ("SampleGrid", "Movie")
    callback = getattr(ganzoo.callbacks, name)(tmp_path if folder else real)
    examples = tasks.get(zoo.FAMILIES[family].task).tiny_data(model, 4, 0)
    before = int(model.optimizer.iterations)
    with pytest.raises(InvalidArgumentError, match=f"{name} draws from latents.*; {family} has no"):
        model.fit(*examples, verbose=0, callbacks=[callback])
    assert int(model.optimizer.iterations) == before
