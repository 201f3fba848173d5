"""Callbacks of Keras, and options of `fit` and `compile`, on each backend."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import GAN, Objective, penalties
from ganzoo.errors import InvalidArgumentError
from tests.backend.fit_support import (
    BACKEND,
    MOVED,
    START,
    Adds,
    Slope,
    X,
    kernel,
    linear,
    networks,
    sgd,
    trained,
)

# --- callbacks, options of fit and compile --------------------------------------------------------


@pytest.mark.parametrize("raise_error", [False, True])
@pytest.mark.filterwarnings("ignore:Batch 0")
def test_terminate_on_nan_sees_every_loss(raise_error):
    gan = Slope(*networks([linear()]))
    gan.compile(sgd(), sgd())
    done = []
    count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: done.append(1))
    stop = keras.callbacks.TerminateOnNaN(raise_error=raise_error)
    gan.discriminator.layers[-1].set_weights([START * np.nan])
    if raise_error:
        with pytest.raises(RuntimeError, match="loss is not finite"):
            gan.fit(X, batch_size=1, verbose=0, callbacks=[count, stop])
    else:
        gan.fit(X, batch_size=1, epochs=3, verbose=0, callbacks=[count, stop])
    assert len(done) == 1


def test_steps_per_execution_and_run_eagerly():
    ends = []
    for options in ({}, {"run_eagerly": True}, {"steps_per_execution": 2}):
        gan = Slope(*networks([linear()]), seed=1)
        gan.compile(sgd(), sgd(), **options)
        if BACKEND == "torch" and "steps_per_execution" in options:
            with pytest.raises(ValueError, match="must be 1 with the PyTorch backend"):
                trained(gan, batch_size=2)
            continue
        trained(gan, batch_size=2)
        ends.append(kernel(gan))
    for end in ends[1:]:
        np.testing.assert_allclose(end, ends[0], rtol=1e-5)


def test_jit_compile():
    gan = Slope(*networks([linear()]))
    gan.compile(sgd(), sgd(), jit_compile=True)
    assert gan.sample(2, seed=0).shape == (2, 3)
    if BACKEND == "torch":
        for method in (gan.fit, gan.evaluate):
            with pytest.raises(InvalidArgumentError, match=r"jit_compile=True\) cannot be hon"):
                method(X, verbose=0)
        gan.compile(sgd(), sgd(), jit_compile="auto")
    trained(gan)
    np.testing.assert_allclose(kernel(gan), MOVED, rtol=1e-5)


class Far(GAN):
    """Its generator also minimises a distance."""

    def generator_objective(self, batch: Any) -> Any:
        made = super().generator_objective(batch)
        return Objective(made.loss + 50.0 * ops.mean(ops.abs(batch["real"] - made.passed["fake"])))


def test_validation_losses_have_the_terms_of_the_training():
    gan = Far(*networks([linear(kernel_regularizer="l2")], [Adds(3.0)]))
    gan.compile(sgd(0.0), sgd(0.0), penalty=penalties.R1(1.0))
    logs = trained(gan, validation_data=(X,), validation_batch_size=8)
    assert logs["g_loss"][0] > 20
    assert logs["val_g_loss"] == pytest.approx(logs["g_loss"], rel=1e-5)
    penalty = 0.5 * (START**2).sum()  # is left out, as it is in no other evaluation
    assert logs["val_d_loss"][0] == pytest.approx(logs["d_loss"][0] - penalty, rel=1e-4)


def test_which_epochs_and_steps():
    gan = Slope(*networks([linear()]))
    gan.compile(sgd(), sgd())
    fit = gan.fit(
        X, batch_size=2, initial_epoch=1, epochs=5, steps_per_epoch=1, validation_split=0.25,
        validation_freq=2, validation_steps=1, verbose=0,
    )  # fmt: skip
    assert fit.epoch == [1, 2, 3, 4]
    assert len(fit.history["val_d_loss"]) == 2
    assert int(ops.convert_to_numpy(gan.optimizer.iterations)) == 4
