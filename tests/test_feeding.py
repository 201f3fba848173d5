"""`fit` on TensorFlow: how arrays become batches."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.batches import ShuffledBatches

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="only TensorFlow feeds through tf.data"
)


@pytest.mark.parametrize(
    ("kind", "tuned"), [("array", False), ("batches", False), ("dataset", None)]
)
def test_arrays_are_fed_without_the_tuner_and_datasets_as_they_are(kind, tuned, monkeypatch):
    import tensorflow as tf

    gan = ganzoo.VanillaGAN(**zoo.FAMILIES["VanillaGAN"].tiny, seed=1)
    images = np.zeros((8, *gan.data_shape), "float32")
    data = {
        "array": images,
        "batches": ShuffledBatches(images, 4, seed=0),
        "dataset": tf.data.Dataset.from_tensor_slices(images).batch(4),
    }[kind]
    strategy = type(tf.distribute.get_strategy())
    distribute, seen = strategy.experimental_distribute_dataset, []

    def spy(self, dataset, *args):
        seen.append(dataset.options().autotune.enabled)
        return distribute(self, dataset, *args)

    monkeypatch.setattr(strategy, "experimental_distribute_dataset", spy)
    assert gan.fit(data, epochs=1, verbose=0).history["d_loss"]
    gan.evaluate(images, verbose=0)
    assert seen == [tuned, None]
