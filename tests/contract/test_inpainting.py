"""What every model keeps that fills holes in pictures."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import zoo
from ganzoo.data.masked import MaskedBatches
from ganzoo.data.masks import centre
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.zoo import registry
from tests.contract.support import build, data_for

FILLING = [name for name, facts in zoo.FAMILIES.items() if facts.task == "inpainting"]
pytestmark = pytest.mark.parametrize("family", FILLING)


def test_nothing_but_the_hole_changes_and_nothing_in_it_is_seen(family):
    model = build(family)
    images, masks = data_for(model, 5)
    made = model.inpaint(images, masks)
    hole = np.broadcast_to(masks, images.shape) == 1
    assert made.shape == images.shape
    assert made.dtype == np.float32
    assert np.array_equal(made[~hole], images[~hole])
    assert np.abs(made[hole] - images[hole]).max() > 1e-3
    assert np.abs(made).max() <= 1.0
    others = np.where(hole, -images, images)
    assert np.array_equal(model.inpaint(others, masks), made)
    assert np.allclose(model.inpaint(images, masks, batch_size=2), made, atol=1e-6)
    assert np.allclose(model.predict([images, masks], verbose=0), made, atol=1e-6)


def test_one_mask_for_all(family):
    model = build(family)
    images = data_for(model, 3)[0]
    one = centre(*images.shape[1:3])
    made = model.inpaint(images, np.stack([one] * 3))
    for mask in (one, one[..., 0], one.astype(bool), np.stack([one] * 3)[..., 0]):
        assert np.array_equal(model.inpaint(images, mask), made)


def test_what_is_refused_in_one_line(family):
    model = build(family)
    images, masks = data_for(model, 4)
    for wrong, message in (
        (masks[:3], r"Masks of 4 pictures of 8x8 have shape \(8, 8, 1\), or \(4, 8, 8, 1\)"),
        (masks * 0.5, "1 in a hole and 0 elsewhere; got other numbers"),
        (masks * 0, "marks no hole"),
    ):
        with pytest.raises(DataError, match=message):
            model.inpaint(images, wrong)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.inpaint(images + 3, masks)
    with pytest.raises(DataError, match="is trained with pictures and masks"):
        model.fit(images, verbose=0)
    with pytest.raises(DataError, match="'mask'"):
        model.fit(images, -masks, verbose=0)
    with pytest.raises(DataError, match="4 images and 3 masks"):
        model.fit(images, masks[:3], verbose=0)
    cls = type(model)
    with pytest.raises(InvalidArgumentError, match="a multiple of 4"):
        cls(**{**zoo.FAMILIES[family].tiny, "image_shape": (9, 8, 1)})


def test_batches_by_name_are_the_same_pictures(family):
    model = build(family, seed=1)
    images, masks = data_for(model)
    losses = [
        model.evaluate(*data, batch_size=8, verbose=0, return_dict=True)
        for data in ((images, masks), ({"image": images, "mask": masks},))
    ]
    assert losses[0] == losses[1]
    history = model.fit(MaskedBatches(images, 4, seed=1), verbose=0).history
    assert np.isfinite(list(history.values())).all()


def test_the_losses_are_the_sums_that_are_stated(family):
    model = _of(family)
    images, masks = data_for(model)
    figures = model.evaluate(images, masks, batch_size=8, verbose=0, return_dict=True)
    made = model.inpaint(images, masks)
    seen = masks if family == "ContextEncoder" else 1.0  # the content of the hole alone
    real, fake = (
        ops.convert_to_numpy(model.discriminator(pictures * seen, training=False)).astype(float)
        for pictures in (images, made)
    )
    d_loss = 0.5 * (np.logaddexp(0.0, fake).mean() + np.logaddexp(0.0, -real).mean())
    assert figures["d_loss"] == pytest.approx(d_loss, rel=1e-4)
    game, count = np.logaddexp(0.0, -fake).mean(), masks.sum(axis=(1, 2, 3)) * images.shape[-1]
    l1, l2 = (
        ((np.abs(made - images) ** power).sum(axis=(1, 2, 3)) / count).mean() for power in (1, 2)
    )
    assert figures["l1"] == pytest.approx(l1, rel=1e-4)
    if family == "ContextEncoder":
        assert figures["l2"] == pytest.approx(l2, rel=1e-4)
        assert figures["g_loss"] == pytest.approx(0.999 * l2 + 0.001 * game, rel=1e-4)
    else:
        assert figures["g_loss"] == pytest.approx(game, rel=1e-4)


def test_a_weight_of_three_is_three_examples(family):
    model = _of(family)
    images, masks = data_for(model, 6)
    weights, rows = np.array([3, 1, 1, 1, 1, 1]), [0, 0, *range(6)]
    losses = [
        model.evaluate(*data, verbose=0, return_dict=True, **options)
        for data, options in (
            ((images, masks), {"sample_weight": weights, "batch_size": 6}),
            ((images[rows], masks[rows]), {"batch_size": 8}),
        )
    ]
    for name, loss in losses[0].items():
        assert loss == pytest.approx(losses[1][name], rel=1e-4), name


def _of(family: str) -> Any:
    """Return the tiny model of a family with the paper's weights."""
    keras.utils.set_random_seed(7)
    tiny = {k: v for k, v in zoo.FAMILIES[family].tiny.items() if not k.endswith("weight")}
    return registry.model_class(family)(**tiny)
