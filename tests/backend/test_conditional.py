"""Conditional GANs: labels in, the asked-for class out."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo import errors, zoo
from ganzoo.layers import ConditionalBatchNormalization
from ganzoo.penalties import R1
from ganzoo.zoo import registry

TINY = zoo.FAMILIES["ConditionalDCGAN"].tiny
NAMES = TINY["classes"]


@pytest.fixture(scope="module")
def gan():
    keras.utils.set_random_seed(1)
    gan = registry.model_class("ConditionalDCGAN")(**TINY, seed=1)
    for layer in gan.generator.layers:
        if isinstance(layer, ConditionalBatchNormalization):
            values = np.random.default_rng(2).normal(size=layer.gamma.shape)
            layer.gamma.assign(1.0 + values)
            layer.beta.assign(values)
    return gan


@pytest.fixture(scope="module")
def batch():
    random = np.random.default_rng(3)
    images = np.tanh(random.standard_normal((16, 8, 8, 1))).astype(np.float32)
    return images, np.arange(16) % 3


def test_a_label_is_a_name_an_index_or_a_place_between(gan):
    assert gan.condition(2, "two").tolist() == [[0, 1, 0]] * 2
    assert gan.condition(2, 1).tolist() == [[0, 1, 0]] * 2
    assert gan.condition(1, "1").tolist() == [[0, 1, 0]]
    assert gan.condition(1, 0.25).tolist() == [[0.75, 0.25, 0]]
    assert gan.condition(1, 2).tolist() == [[0, 0, 1]]
    assert gan.condition(2, ["three", 1.5]).tolist() == [[0, 0, 1], [0, 0.5, 0.5]]
    assert gan.condition(4).argmax(axis=1).tolist() == [0, 1, 2, 0]
    assert gan.condition(1, np.array([[0.2, 0.3, 0.5]])).tolist() == pytest.approx(
        [pytest.approx([0.2, 0.3, 0.5])]
    )


@pytest.mark.parametrize("label", ["too", 3, -1, "2.5", float("nan"), True, None])
def test_another_label_is_refused(gan, label):
    if label is None:
        with pytest.raises(errors.InvalidArgumentError, match="2 samples need 2 labels; got 3"):
            gan.condition(2, ["one", "two", "three"])
        return
    with pytest.raises(errors.InvalidArgumentError, match="accepted: one, two, three"):
        gan.condition(2, label)


def test_labels_change_the_picture_and_the_seed_keeps_the_latents(gan):
    one, two = (gan.sample(4, seed=5, label=label) for label in NAMES[:2])
    assert np.abs(one - two).max() > 0.01
    assert np.array_equal(one, gan.sample(4, seed=5, label="one"))
    between = gan.sample(4, seed=5, label=0.5)
    assert np.abs(between - one).max() > 1e-3
    assert np.abs(between - two).max() > 1e-3
    mixed = gan.sample(4, seed=5, label=["one", "two", "one", "two"], batch_size=3)
    assert np.allclose(mixed[0::2], one[0::2], atol=1e-6)
    assert np.allclose(mixed[1::2], two[1::2], atol=1e-6)


def test_the_discriminator_hears_the_label(gan, batch):
    images, labels = batch
    logits = [
        keras.ops.convert_to_numpy(gan.judge(images, gan.condition(16, label)))
        for label in (list(labels), 0)
    ]
    same = labels == 0
    assert np.allclose(logits[0][same], logits[1][same], atol=1e-6)
    assert np.abs(logits[0][~same] - logits[1][~same]).max() > 1e-4


def test_latents_alone_get_the_even_mixture(gan):
    latents = np.random.default_rng(0).standard_normal((3, 4)).astype(np.float32)
    weights = np.full((3, 3), 1 / 3, np.float32)
    assert np.allclose(
        gan.predict(latents, verbose=0), gan.generate(latents, label=weights), atol=1e-6
    )


def test_training_without_labels_is_refused(gan, batch):
    images, labels = batch
    for wrong, message in (
        (None, "one label per image"),
        (labels[:5], "one label per image"),
        (labels + 1, "from 0 to 2 .one, two, three.; got 1 to 3"),
        (labels + 0.5, "must be integers"),
        (labels.astype(str), "must be integers"),
    ):
        with pytest.raises(errors.DataError, match=message):
            gan.fit(images, wrong, verbose=0)
    with pytest.raises(errors.DataError, match="trained with labels"):
        gan.train_step((keras.ops.convert_to_tensor(images),))


def test_conditional_batch_norm_against_numpy():
    layer = ConditionalBatchNormalization(2)
    random = np.random.default_rng(4)
    x = random.normal(3.0, 2.0, (6, 5, 5, 3)).astype(np.float32)
    condition = np.eye(2, dtype=np.float32)[[0, 1, 0, 1, 0, 1]]
    condition[2] = [0.5, 0.5]
    layer.build([x.shape, condition.shape])
    gamma, beta = random.normal(size=(2, 2, 3)).astype(np.float32)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    made = keras.ops.convert_to_numpy(layer([x, condition], training=True))
    normal = (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-3)
    expected = normal * (condition @ gamma)[:, None, None] + (condition @ beta)[:, None, None]
    assert np.allclose(made, expected, atol=1e-4)


class MeanLogit:
    """A penalty without a gradient, so that it can be called outside of a training step."""

    def __call__(self, judge, real, fake, seed, images=None):
        rows = slice(None, None, 4)
        return keras.ops.mean(judge(real[rows], rows))


def test_a_penalty_on_a_part_of_the_batch_keeps_its_labels(gan, batch):
    images, labels = (keras.ops.convert_to_tensor(batch[0]), list(batch[1]))
    condition = gan.condition(16, labels)
    gan.compile(penalty=MeanLogit())
    logits, _, penalty = gan.judge_both(images, images, {"real": images, "condition": condition})
    expected = keras.ops.convert_to_numpy(logits)[::4].mean()
    assert float(keras.ops.convert_to_numpy(penalty)) == pytest.approx(expected, abs=1e-5)


def test_training_with_labels_and_a_penalty(batch):
    gan = registry.model_class("ConditionalDCGAN")(**TINY, seed=1)
    gan.compile(penalty=R1(1.0, every=4), simultaneous=True)
    history = gan.fit(*batch, batch_size=8, verbose=0).history
    assert np.isfinite(list(history.values())).all()
