"""What every family keeps that enlarges pictures."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo import zoo
from ganzoo.callbacks import StopAfter
from ganzoo.data.crops import CropBatches, Crops
from ganzoo.data.gallery import gallery
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.game.run import run
from ganzoo.training import TrainingState
from tests.contract.support import (
    build,
    data_for,
    largest_difference,
    moved,
    set_numbered,
    values,
    where_nothing_is_compiled,
)

ENLARGING = [name for name, facts in zoo.FAMILIES.items() if facts.task == "superresolution"]


def images(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


@pytest.mark.parametrize("family", ENLARGING)
def test_pictures_of_any_size_become_larger(family):
    model = build(family)
    scale, given = model.scale, images(3, 7, 12, 3)
    made = model.translate(given)
    assert made.shape == (3, 7 * scale, 12 * scale, 3)
    assert made.dtype == np.float32
    assert np.abs(made).max() <= 1.0
    assert np.allclose(made, model.translate(given, batch_size=2), atol=1e-6)
    assert np.allclose(made, np.clip(model.predict(given, verbose=0), -1, 1), atol=1e-6)
    assert model.translate(given[..., :1]).shape == (*made.shape[:3], 1)
    for wrong, said in (
        (given[..., :2], r"\(n, any, any, 3\)"),
        (given[:, :1], "Pictures of 2x2 pixels or more are enlarged; got 1x12"),
        (given * 3, r"must be in \[-1, 1\]"),
    ):
        with pytest.raises(DataError, match=said):
            model.translate(wrong)


@pytest.mark.parametrize("family", ENLARGING)
def test_tiles_are_the_whole(family):
    model = build(family)
    set_numbered(model)
    network = model.inference_network("generator")
    picture, told = images(1, 400, 30, 3), []
    made = model.translate(picture, progress=lambda *facts: told.append(facts))
    assert told[-1][1] > 1, "it was not cut"
    whole = np.clip(run(network, picture), -1.0, 1.0)
    assert whole.std() > 0.1
    assert np.abs(made - whole).max() <= 1e-5


@pytest.mark.parametrize("family", ENLARGING)
def test_pairs_that_do_not_fit_are_refused(family):
    model = build(family)
    sources, targets = data_for(model, 4)
    with pytest.raises(DataError, match=f"Targets must be {model.scale} times as large"):
        model.fit(sources, targets[:, 1:], verbose=0)
    with pytest.raises(DataError, match="Training data are missing"):
        model.fit(sources, verbose=0)
    with pytest.raises(InvalidArgumentError, match="generator, cannot wait"):
        model.compile(steps={"generator": 0})
    with pytest.raises(InvalidArgumentError, match="scale must be 2, 3 or 4; got 5"):
        type(model)(scale=5)


@pytest.mark.parametrize("family", ENLARGING)
def test_without_a_game_the_discriminator_waits(family):
    tiny = {**zoo.FAMILIES[family].tiny, "adversarial_weight": 0.0}
    model = type(build(family))(**tiny, seed=1)
    assert model.steps == {"discriminator": 0, "generator": 1}
    judge, maker = values(model.discriminator.variables), values(model.generator.variables)
    logs = model.fit(*data_for(model), batch_size=8, verbose=0).history
    assert not any(moved(judge, model.discriminator.variables))
    assert all(moved(maker, model.generator.trainable_variables))
    assert logs["d_loss"] == [0.0]
    assert logs["g_loss"] == pytest.approx(logs["l1"])
    model.compile(steps={"discriminator": 1})
    model.fit(*data_for(model), batch_size=8, verbose=0)
    assert any(moved(judge, model.discriminator.variables))


@pytest.mark.parametrize("family", ENLARGING)
def test_features_are_a_further_distance_and_are_neither_trained_nor_saved(family, tmp_path):
    model = build(family, seed=1)
    inputs = keras.Input((None, None, 3))
    features = keras.Model(inputs, [keras.layers.Conv2D(4, 3)(inputs), inputs])
    before = values(features.weights)
    model.compile(content=features, content_weight=2.0, steps={"discriminator": 0})
    logs = model.fit(*data_for(model), batch_size=8, verbose=0).history
    assert logs["content"][0] > 0.0
    distance = 1.0 * logs["l1"][0] + 2.0 * logs["content"][0]
    assert logs["g_loss"][0] == pytest.approx(distance, rel=1e-5)
    assert not any(moved(before, features.weights))
    with pytest.warns(UserWarning, match="content function is not saved"):
        model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert largest_difference(again.variables, model.variables) == 0.0
    with pytest.raises(InvalidArgumentError, match="content must be a function"):
        model.compile(content="vgg")


@where_nothing_is_compiled
def test_a_training_on_crops_goes_on_bitwise(tmp_path):
    from PIL import Image

    (tmp_path / "photos").mkdir()
    for index in range(2):
        pixels = np.random.default_rng(index).integers(0, 256, (40, 50, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{index}.png")
    found = []
    for folder, cuts in (("straight", [6]), ("stopped", [2, 6])):
        for end in cuts:
            keras.utils.set_random_seed(7)
            model = build("SRGAN", seed=1, ema_momentum=0.9)
            crops = Crops(gallery(tmp_path / "photos"), model.scale, side=6, count=12)
            batches = CropBatches(crops, 4, seed=5)
            with TrainingState(tmp_path / folder, batches=batches, every_steps=1) as state:
                begin = state.restore(model)
                done = begin.epoch * batches.steps_per_epoch + begin.step
                stop = StopAfter(end, done=done)
                model.fit(batches, initial_epoch=begin.epoch, epochs=2, verbose=0,
                          callbacks=[stop, state])  # fmt: skip
        found.append(model)
    assert largest_difference(found[0].variables, found[1].variables) == 0.0
    assert largest_difference(found[0].optimizer.variables, found[1].optimizer.variables) == 0.0
