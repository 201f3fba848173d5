"""What every model keeps that tells the classes of pictures, and those that draw pairs."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import plots, tasks, zoo
from ganzoo.batches import GroupedBatches
from ganzoo.errors import DataError
from ganzoo.game.categories import CategoricalAutoencoder
from ganzoo.game.classifying import Classifies
from ganzoo.random import draw_latents
from ganzoo.tasks.task import Drawing
from ganzoo.zoo import registry
from tests.contract.support import build, data_for

CLASSIFYING = [name for name in zoo.FAMILIES if issubclass(registry.model_class(name), Classifies)]
COUPLED = [name for name, facts in zoo.FAMILIES.items() if facts.task == "coupled"]
CATEGORIES = [
    name for name in zoo.FAMILIES if issubclass(registry.model_class(name), CategoricalAutoencoder)
]
GROUPED = {  # what the labels belong to
    "semi-supervised": "labelled",
    "semi-supervised encoding": "labelled",
    "adaptation": "source",
}
WITH_GROUPS = [name for name, facts in zoo.FAMILIES.items() if facts.task in GROUPED]


@pytest.mark.parametrize("family", CLASSIFYING)
def test_probabilities(family):
    model = build(family)
    images = np.random.default_rng(0).uniform(-1, 1, (5, *model.classified_shape))
    told = model.classify(images)
    assert told.shape == (5, len(model.classes))
    assert told.dtype == np.float32
    assert np.allclose(told.sum(axis=1), 1.0, atol=1e-5)
    assert np.allclose(told, model.classify(images, batch_size=2), atol=1e-6)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.classify(images + 3)


def test_the_zoo_says_which_families_classify():
    assert [name for name, facts in zoo.FAMILIES.items() if facts.classifies] == CLASSIFYING
    for name in CLASSIFYING:  # the command reads pictures, and GANSynth's are sounds
        known = tasks.get(zoo.FAMILIES[name].task).commands
        assert ("classify" in known) == (name != "GANSynth")


@pytest.mark.parametrize("family", CATEGORIES)
def test_classes_and_styles_there_and_back(family, tmp_path):
    model = build(family)
    images = plots.from_uint8(
        plots.to_uint8(np.tanh(np.random.default_rng(1).normal(size=(5, 8, 8, 1))))
    )
    styles, classes = model.encode(images), model.classify(images)
    assert styles.shape == (5, model.latent_dim)
    assert np.allclose(styles, model.encode(images, batch_size=2), atol=1e-6)
    back = model.reconstruct(images)
    assert np.allclose(back, model.generate(styles, classes), atol=1e-6)
    assert np.abs(back - model.generate(styles, 0)).max() > 1e-5  # the class is looked at
    assert tuple(model.judge(images, training=False).shape) == (5, 1)
    sheet = model.sheet(2, seed=3)
    assert sheet.shape == (6, *model.data_shape)
    styles = draw_latents(2, model.latent_dim, 3)
    assert np.allclose(sheet[2:4], model.generate(styles, 1), atol=1e-6)
    np.save(tmp_path / "inputs.npy", images)
    task, output = tasks.get(zoo.FAMILIES[family].task), tmp_path / "codes.npy"
    drawing = Drawing(family, 9, None, output, ".npy", None, {"pictures": tmp_path / "inputs.npy"})
    task.encode(model, drawing, lambda *_: None)
    assert np.allclose(np.load(output), model.encode(images), atol=1e-6)


@pytest.mark.parametrize("family", WITH_GROUPS)
def test_few_labels_and_many_pictures(family):
    model = build(family)
    named = data_for(model, 12)[0]
    own = GROUPED[zoo.FAMILIES[family].task]
    other = next(name for name in named if name not in (own, "label"))
    few = {own: named[own][:6], "label": named["label"][:6]}
    model.fit(GroupedBatches([{other: named[other]}, few], 4, seed=1), verbose=0)
    first = model.parts[0].name
    with pytest.raises(DataError, match="GroupedBatches"):
        model.fit({first: named[first]}, verbose=0)
    with pytest.raises(DataError, match="of one length"):
        model.fit({**few, other: named[other]}, verbose=0)
    wrong = {**few, "label": few["label"] + 5}
    with pytest.raises(DataError, match=r"Labels must be from 0 to 2 \(one, two, three\)"):
        model.fit(GroupedBatches([{other: named[other]}, wrong], 4), verbose=0)


@pytest.mark.parametrize("family", COUPLED)
def test_pairs_of_one_latent(family, tmp_path):
    model = build(family)
    random = np.random.default_rng(0)  # both sides may start alike
    weights = model.generator.get_weights()
    model.generator.set_weights([w + random.normal(0, 0.1, w.shape) for w in weights])
    made = model.sample(5, seed=1)
    assert made.a.shape == (5, *model.shape_of("a"))
    assert made.b.shape == (5, *model.shape_of("b"))
    again = model.sample(5, seed=1, batch_size=2)
    assert np.allclose(made.a, again.a, atol=1e-6)
    assert np.allclose(made.b, again.b, atol=1e-6)
    assert np.abs(made.a - made.b).max() > 1e-4
    output = tmp_path / "pairs.npy"
    drawing = Drawing(family, 5, 1, output, ".npy")
    task = tasks.get(zoo.FAMILIES[family].task)
    task.check(drawing)
    task.draw(model, drawing, lambda *_: None)
    height, width, channels = model.shape_of("a")
    written = np.load(output)
    assert written.shape[:2] == (5, height)
    assert written.shape[2] >= 2 * width
    assert written.shape[3] == channels
    with pytest.raises(DataError, match=r"given as UnpairedBatches\(a, b"):
        model.fit(made.a, made.b)
