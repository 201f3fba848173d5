"""What every translator of many styles keeps."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import zoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.zoo import registry
from tests.contract.support import build, data_for

STYLED = [name for name, facts in zoo.FAMILIES.items() if facts.task == "styled translation"]
pytestmark = pytest.mark.parametrize("family", STYLED)


def named(model: Any, n: int = 8) -> dict[str, np.ndarray]:
    """Return random pairs with labels in turn."""
    return data_for(model, n)[0]


def test_a_style_is_a_name_an_index_or_a_mixture(family):
    model = build(family)
    sources = named(model, 5)["source"]
    made = {style: model.translate(sources, style) for style in model.styles}
    first, second = (made[style] for style in model.styles[:2])
    assert first.shape == (5, *model.target_shape)
    assert first.dtype == np.float32
    assert np.abs(first).max() <= 1.0
    assert np.abs(first - second).max() > 1e-3  # the style is heard
    assert np.array_equal(model.translate(sources, 1), second)
    assert np.array_equal(model.translate(sources, "1"), second)
    assert np.allclose(model.translate(sources, 0, batch_size=2), first, atol=1e-6)
    labels = [0, 1, model.styles[1], 0, 1]
    each = model.translate(sources, labels)
    assert np.allclose(each[[0, 3]], first[[0, 3]], atol=1e-6)
    assert np.allclose(each[[1, 2, 4]], second[[1, 2, 4]], atol=1e-6)
    assert np.allclose(model.translate(sources, np.array([0, 1, 1, 0, 1])), each, atol=1e-6)
    between = model.translate(sources, 0.5)
    assert min(np.abs(between - first).max(), np.abs(between - second).max()) > 1e-4
    in_turn = model.translate(sources)
    assert np.allclose(in_turn[1], second[1], atol=1e-6)
    predicted = model.predict([sources, model.condition(5, 1)], verbose=0)
    assert np.allclose(predicted, second, atol=1e-6)


def test_what_is_refused_in_one_line(family):
    model = build(family)
    data = named(model)
    count = len(model.styles)
    for label, message in (
        ("tow", r"no label 'tow'.*Did you mean 'two'"),
        (count, f"a number from 0 to {count - 1}"),
        (-1, "There is no label -1"),
        ([0, 1], "8 pictures need 8 labels; got 2"),
        (np.ones((8, 2)), "must be numbers of shape"),
    ):
        with pytest.raises(InvalidArgumentError, match=message):
            model.translate(data["source"], label)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.translate(data["source"] + 3, 0)
    with pytest.raises(DataError, match=r'"label": ...}\), one label per pair'):
        model.fit(data["source"], data["target"], verbose=0)
    with pytest.raises(DataError, match=f"Labels must be from 0 to {count - 1}"):
        model.fit({**data, "label": data["label"] + 1}, verbose=0)
    with pytest.raises(DataError, match=r"Of names: \[gan.styles.index\(y\) for y in names\]"):
        model.fit({**data, "label": np.array(["one"] * 8)}, verbose=0)
    for wrong in ({"styles": ("one",)}, {"styles": ("one", "one")}, {"shuffled": 1.5}):
        with pytest.raises(InvalidArgumentError):
            type(model)(**{**zoo.FAMILIES[family].tiny, **wrong})


def test_a_share_of_the_labels_is_dealt_anew(family):
    model = _of(family, shuffled=0.5, seed=1)
    condition = ops.convert_to_tensor(np.eye(3, dtype="float32")[np.arange(300) % 3])
    drawn = [
        {name: ops.convert_to_numpy(part) for name, part in one.asked(batch).items()}
        for one in (model, _of(family, shuffled=0.5, seed=1))
        for batch in ({"condition": condition},)
    ]
    asked, paired = drawn[0]["asked"], drawn[0]["paired"]
    assert np.array_equal(asked, drawn[1]["asked"])  # by the model's own seed
    kept = (asked == ops.convert_to_numpy(condition)).all(axis=1)
    assert kept[paired == 1].all()
    assert 0.4 < paired.mean() < 0.6
    assert 0.2 < kept[paired == 0].mean() < 0.5  # one of three is dealt its own
    assert np.array_equal(asked.sum(axis=1), np.ones(300))
    never = _of(family, shuffled=0.0).asked({"condition": condition})
    assert np.array_equal(ops.convert_to_numpy(never["asked"]), ops.convert_to_numpy(condition))
    assert ops.convert_to_numpy(never["paired"]).all()


def test_shuffled_pictures_have_no_distance(family):
    """All labels shuffled: the weight of the distance changes nothing; without, it does."""
    losses = {}
    for share in (0.0, 1.0):
        for weight in (0.0, 1e3):
            model = _of(family, shuffled=share, distance_weight=weight, dropout=0.0, seed=1)
            made = model.objective("generator", model.batch((named(model),)))
            losses[share, weight] = float(ops.convert_to_numpy(made.loss))
    assert losses[1.0, 0.0] == losses[1.0, 1e3]
    assert losses[0.0, 1e3] > losses[0.0, 0.0] + 100.0


def test_the_losses_are_the_sums_that_are_stated(family):
    model = _of(family, distance_weight=100.0, constant_weight=15.0, category_weight=2.0)
    data = named(model)
    figures = model.evaluate(data, batch_size=8, verbose=0, return_dict=True)
    made = model.translate(data["source"], data["label"])
    sides = {}
    for name, target in (("fake", made), ("real", data["target"])):
        outputs = model.discriminator([data["source"], target], training=False)
        logits, styles = (ops.convert_to_numpy(one).astype(float) for one in outputs)
        told = styles - np.log(np.exp(styles).sum(axis=1, keepdims=True))
        sides[name] = logits, -told[np.arange(8), data["label"]].mean()
    category = 2.0 * 0.5 * (sides["fake"][1] + sides["real"][1])
    d_loss = 0.5 * (
        np.logaddexp(0.0, sides["fake"][0]).mean() + np.logaddexp(0.0, -sides["real"][0]).mean()
    )
    far = np.abs(made - data["target"]).mean()
    g_loss = np.logaddexp(0.0, -sides["fake"][0]).mean() + 2.0 * sides["fake"][1] + 100.0 * far
    assert figures["d_loss"] == pytest.approx(d_loss + category, rel=1e-4)
    assert figures["l1"] == pytest.approx(far, rel=1e-4)
    assert figures["category"] == pytest.approx(sides["fake"][1], rel=1e-4)
    assert figures["g_loss"] == pytest.approx(g_loss + 15.0 * figures["constant"], rel=1e-4)
    # The constant loss is that of the codes, and a code has a mean square of 1, or a little less.
    encoder = keras.Model(model.generator.inputs[0], model.generator.get_layer("code").output)
    codes = [ops.convert_to_numpy(encoder(x, training=False)) for x in (data["source"], made)]
    assert figures["constant"] == pytest.approx(np.square(codes[0] - codes[1]).mean(), rel=1e-3)
    sizes = np.square(codes[0]).mean(axis=(1, 2, 3))
    assert sizes.min() > 0.7
    assert sizes.max() < 1.001


def test_a_weight_of_three_is_three_examples(family):
    model = _of(family)
    data = named(model, 6)
    weights, rows = np.array([3, 1, 1, 1, 1, 1]), [0, 0, *range(6)]
    losses = [
        model.evaluate(data, sample_weight=weights, batch_size=6, verbose=0, return_dict=True),
        model.evaluate(
            {k: v[rows] for k, v in data.items()}, batch_size=8, verbose=0, return_dict=True
        ),
    ]
    for name, loss in losses[0].items():
        assert loss == pytest.approx(losses[1][name], rel=1e-4), name


def _of(family: str, **options: Any) -> Any:
    """Return the tiny model of a family with other arguments."""
    keras.utils.set_random_seed(7)
    return registry.model_class(family)(**{**zoo.FAMILIES[family].tiny, **options})
