"""Data that cannot be right, from sources of every kind: one line that says what to do."""

from __future__ import annotations

import warnings
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo.batches import ShuffledBatches
from ganzoo.errors import DataError
from tests.faults.harness import one_line

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def gan() -> Any:
    return ganzoo.VanillaGAN((8, 8, 1), 4, generator_units=(4,), discriminator_units=(4,), seed=1)


def pictures(n: int = 6) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1.0, 1.0, (n, 8, 8, 1)).astype("float32")


def bytes_of(n: int = 6) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (n, 8, 8), np.uint8)


FAULTS = {
    "text in a list": (lambda: ["a.png", "b.png"], "Read picture files with ganzoo.data.images"),
    "a path": (lambda: "pictures/", "got str"),
    "a set": (lambda: {1, 2}, "a tf.data.Dataset, a DataLoader, a PyDataset or a generator"),
    "an empty list": (list, "n >= 1"),
    "a list of two shapes": (
        lambda: [*pictures(), pictures()[0, :7]],
        "got 7 of 2 shapes, such as (8, 8, 1) and (7, 8, 1)",
    ),
    "PIL pictures": (lambda: [Image.fromarray(one) for one in bytes_of()], "x[..., None]"),
    "8 bits": (lambda: bytes_of()[..., None], "x / 127.5 - 1"),
    "16 bits": (lambda: bytes_of()[..., None].astype("uint16") * 257, "x / 32767.5 - 1"),
    "black and white": (lambda: pictures() > 0, "np.where(x, 1.0, -1.0)"),
    "channels first": (lambda: np.moveaxis(pictures(), -1, 1), "np.moveaxis(x, 1, -1)"),
    "rows of pixels": (lambda: pictures().reshape(6, 64), "x.reshape(-1, 8, 8, 1)"),
    "one picture": (lambda: pictures()[0], "x[None]"),
    "two sets in a tuple": (lambda: (pictures(), pictures()), "two arguments: fit(x, y)"),
    "names": (lambda: {"pixels": pictures()}, "'real' or 'examples' or 'image'"),
    "a batch of four": (lambda: iter([(pictures(),) * 4]), "got a tuple of 4"),
    "dictionaries of pixels": (lambda: iter([{"pixels": pictures()}]), "got 'pixels'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_training_data(fault: str, gan: Any) -> None:
    make, part = FAULTS[fault]
    with pytest.raises(DataError) as caught:
        gan.fit(make(), verbose=0)
    one_line(caught.value, part)


def test_ragged_pictures_of_a_pipeline(gan: Any) -> None:
    import tensorflow as tf

    rows = tf.ragged.constant([[[0.0], [1.0]], [[0.5]]])
    with pytest.raises(DataError) as caught:
        gan.fit(tf.data.Dataset.from_tensors(rows), verbose=0)
    one_line(caught.value, "Batch 1 of the tf.data.Dataset", "several shapes")


def test_pairs_that_are_none() -> None:
    from ganzoo import zoo

    model = ganzoo.Pix2Pix(**zoo.FAMILIES["Pix2Pix"].tiny)
    sources, targets = (np.zeros((4, *shape), "float32") for shape in
                        (model.source_shape, model.target_shape))  # fmt: skip
    for data in (iter([(sources,)]), {"source": sources}, ShuffledBatches(sources, 2, seed=1)):
        with pytest.raises(DataError) as caught:
            model.fit(data, verbose=0)
        one_line(caught.value, "trained with pairs")
    with pytest.raises(DataError) as caught:
        model.fit(sources, targets + 2, verbose=0)
    one_line(caught.value, "'target': Training data must be in [-1, 1]")


@pytest.mark.parametrize(
    ("last", "warned"),
    [
        ([keras.layers.Dense(64, activation="tanh"), keras.layers.Reshape((8, 8, 1))], True),
        ([keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1)), "tanh"], True),
        ([keras.layers.Dense(64, activation="sigmoid"), keras.layers.Reshape((8, 8, 1))], False),
    ],
    ids=["tanh", "tanh at the end", "sigmoid"],
)
def test_half_of_the_range_is_a_warning_where_there_is_a_tanh(last: list, warned: bool) -> None:
    last = [keras.layers.Activation(one) if isinstance(one, str) else one for one in last]
    generator = keras.Sequential([keras.Input((4,)), *last])
    judge = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
    gan = ganzoo.GAN(generator, keras.Sequential(judge))
    for data in ((pictures() + 1) / 2, ShuffledBatches((pictures() + 1) / 2, 6, seed=1)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gan.evaluate(data, verbose=0)
        told = [str(one.message) for one in caught if "tanh" in str(one.message)]
        assert bool(told) == warned
        for message in told:
            one_line(message, "scale with 2 * x - 1", "[-1, 1]")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gan.evaluate(pictures(), verbose=0)
