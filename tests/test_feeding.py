"""`fit`, `evaluate` and `predict` on TensorFlow: how arrays become batches."""

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


def _gan(**options):
    gan = ganzoo.VanillaGAN(**zoo.FAMILIES["VanillaGAN"].tiny, seed=1)
    gan.compile(**options)
    return gan


def _images(n, gan):
    """Return n images that differ: image k is k / n everywhere."""
    return np.ones((n, *gan.data_shape), "float32") * (np.arange(n) / n).reshape(-1, 1, 1, 1)


@pytest.fixture
def pipelines(monkeypatch):
    """The autotuning of every tf.data pipeline that Keras begins."""
    import tensorflow as tf

    strategy = type(tf.distribute.get_strategy())
    distribute, seen = strategy.experimental_distribute_dataset, []

    def spy(self, dataset, *args):
        seen.append(dataset.options().autotune.enabled)
        return distribute(self, dataset, *args)

    monkeypatch.setattr(strategy, "experimental_distribute_dataset", spy)
    return seen


@pytest.mark.parametrize(
    ("kind", "steps_per_execution", "expected"),
    [("array", 1, []), ("batches", 1, []), ("array", 2, [False]), ("dataset", 1, [None])],
)
def test_arrays_need_no_pipeline_and_datasets_stay_as_they_are(
    kind, steps_per_execution, expected, pipelines
):
    import tensorflow as tf

    gan = _gan(steps_per_execution=steps_per_execution)
    images = _images(8, gan)
    data = {
        "array": images,
        "batches": ShuffledBatches(images, 4, seed=0),
        "dataset": tf.data.Dataset.from_tensor_slices(images).batch(4),
    }[kind]
    assert gan.fit(data, batch_size=4, epochs=2, verbose=0).history["d_loss"]
    assert pipelines == expected


def test_a_validation_set_is_fed_untuned(pipelines):
    gan = _gan()
    images = _images(8, gan)
    assert gan.fit(images, validation_data=images, verbose=0).history["val_d_loss"]
    assert pipelines == [False]


def test_evaluate_and_predict_of_arrays_are_those_of_datasets(pipelines):
    import tensorflow as tf

    results = []
    for from_dataset in (False, True):
        keras.utils.set_random_seed(5)
        gan = _gan()
        images = _images(7, gan)
        latents = np.random.default_rng(1).normal(size=(7, gan.latent_dim)).astype("float32")
        if from_dataset:
            images, latents = (
                tf.data.Dataset.from_tensor_slices(array).batch(3) for array in (images, latents)
            )
        losses = gan.evaluate(images, batch_size=3, verbose=0)
        results.append((losses, gan.predict(latents, batch_size=3, verbose=0)))
    (losses, made), (expected_losses, expected) = results
    np.testing.assert_allclose(losses, expected_losses, atol=1e-6)
    np.testing.assert_allclose(made, expected, atol=1e-6)
    assert pipelines == [None, None]  # those of the datasets


@pytest.mark.parametrize("shuffle", [True, False])
def test_an_epoch_has_every_example_once_in_batches_of_the_size(shuffle):
    gan = _gan(run_eagerly=True)
    batches, train_step = [], gan.train_step

    def recorded(data):
        batches.append(np.asarray(keras.utils.unpack_x_y_sample_weight(data)[0])[:, 0, 0, 0])
        return train_step(data)

    gan.train_step = recorded
    keras.utils.set_random_seed(3)
    gan.fit(_images(10, gan), batch_size=4, epochs=2, shuffle=shuffle, verbose=0)
    assert [len(batch) for batch in batches] == [4, 4, 2] * 2
    epochs = np.concatenate(batches).reshape(2, 10) * 10
    np.testing.assert_allclose(np.sort(epochs), [np.arange(10)] * 2, atol=1e-5)
    in_order = np.allclose(epochs[0], np.arange(10), atol=1e-5)
    assert in_order != shuffle
    assert np.allclose(epochs[0], epochs[1]) != shuffle


def test_more_steps_than_batches_end_with_keras_own_warning():
    gan = _gan()
    with pytest.warns(UserWarning, match="ran out of data"):
        gan.fit(_images(8, gan), batch_size=4, steps_per_epoch=3, verbose=0)
    assert int(gan.optimizer.iterations) == 2


def test_a_new_compile_traces_anew():
    gan = _gan()
    images = _images(4, gan)
    gan.fit(images, batch_size=4, verbose=0)
    gan.compile(steps={"discriminator": 3})
    gan.fit(images, batch_size=4, verbose=0)
    assert int(gan.optimizer["discriminator"].iterations) == 3
