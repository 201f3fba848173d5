"""What every model keeps that turns pictures into pictures."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import lab, tasks, zoo
from ganzoo.batches import UnpairedBatches
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.tasks.task import Drawing
from tests.contract.support import build, data_for

PAIRED = [name for name, facts in zoo.FAMILIES.items() if facts.task == "translation"]
COLOURING = [name for name, facts in zoo.FAMILIES.items() if facts.task == "colorization"]
UNPAIRED = [name for name, facts in zoo.FAMILIES.items() if facts.task == "unpaired translation"]


@pytest.mark.parametrize("family", PAIRED)
def test_pairs(family):
    model = build(family)
    sources, targets = data_for(model, 5)
    made = model.translate(sources)
    assert made.shape == targets.shape
    assert made.dtype == np.float32
    assert np.abs(made).max() <= 1.0
    assert np.allclose(made, model.translate(sources, batch_size=2), atol=1e-6)
    assert np.allclose(made, model.predict(sources, verbose=0), atol=1e-6)
    with pytest.raises(DataError, match="5 sources and 4 targets"):
        model.fit(sources, targets[:4], verbose=0)
    with pytest.raises(DataError, match="Training data are missing"):
        model.fit(sources, verbose=0)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.translate(sources + 3)


@pytest.mark.parametrize("family", PAIRED)
def test_a_mapping_is_the_same_pairs(family):
    histories = []
    for named in (False, True):
        model = build(family, seed=1)
        sources, targets = data_for(model)
        data = ({"source": sources, "target": targets},) if named else (sources, targets)
        losses = model.evaluate(*data, batch_size=8, verbose=0, return_dict=True)
        histories.append(set(losses))
        assert np.isfinite(list(losses.values())).all()
    assert histories[0] == histories[1]


@pytest.mark.parametrize("family", UNPAIRED)
def test_two_sets(family):
    model = build(family)
    a, b = (np.zeros((n, *model.shape_of(which)), np.float32) for n, which in ((5, "a"), (7, "b")))
    made = model.translate(a)
    assert made.shape == (5, *model.shape_of("b"))
    assert np.allclose(made, model.translate(a, "ab", batch_size=2), atol=1e-6)
    assert np.allclose(made, model.predict(a, verbose=0), atol=1e-6)
    assert model.translate(b, "ba").shape == (7, *model.shape_of("a"))
    with pytest.raises(InvalidArgumentError, match="must be 'ab' or 'ba'; got 'a'"):
        model.translate(a, "a")
    with pytest.raises(DataError, match=r"given as UnpairedBatches\(a, b"):
        model.fit(a, b)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.fit(UnpairedBatches(a + 2, b, 2), verbose=0)


@pytest.mark.parametrize("family", [*PAIRED, *UNPAIRED])
def test_pictures_of_a_path_are_translated_and_written(family, tmp_path):
    model = build(family)
    task = tasks.get(zoo.FAMILIES[family].task)
    shape = model.source_shape if family in PAIRED else model.shape_of("b")
    inputs = tmp_path / "inputs.npy"
    np.save(inputs, np.zeros((3, *shape), np.float32))
    options = {"pictures": inputs, "direction": None if family in PAIRED else "ba"}
    drawing = Drawing(family, 2, None, tmp_path / "out.npy", ".npy", None, options)
    task.check(drawing)
    task.draw(model, drawing, lambda *_: None)
    assert len(np.load(tmp_path / "out.npy")) == 2
    with pytest.raises(DataError, match="give it some"):
        task.check(Drawing(family, 2, None, tmp_path / "out.npy", ".npy"))


@pytest.mark.parametrize("family", COLOURING)
def test_colours_of_any_size_keep_the_lightness(family):
    model = build(family)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 21, 13, 3)).astype("float32")
    made = model.colorize(images, batch_size=2)
    assert made.shape == images.shape
    assert made.dtype == np.float32
    lightness = [lab.from_rgb(pictures)[..., 0] for pictures in (images, made)]
    assert np.allclose(*lightness, atol=0.02)
    assert np.abs(made - made.mean(axis=-1, keepdims=True)).max() > 1e-3  # not grey
    assert np.allclose(model.colorize(images), made, atol=1e-5)
    grey = lab.join(lab.lightness(images), np.zeros((3, 21, 13, 2)))
    assert np.allclose(model.colorize(grey), made, atol=0.01)
    for wrong in (images[0], images[..., :2]):
        with pytest.raises(DataError, match=r"1 or 3\) are coloured"):
            model.colorize(wrong)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.colorize(images * 200)
