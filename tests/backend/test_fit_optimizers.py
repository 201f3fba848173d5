"""Options of optimizers, averages of weights, and learning rates under `fit`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.batches import ShuffledBatches
from ganzoo.callbacks import StopAfter
from ganzoo.errors import InvalidArgumentError
from ganzoo.training import TrainingState
from tests.backend.fit_support import (
    MEAN,
    MOVED,
    START,
    Slope,
    X,
    kernel,
    linear,
    networks,
    sgd,
    trained,
)

# --- optimizers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "end"),
    [
        ({"clipvalue": 0.05}, START - 0.1 * np.clip(MEAN, -0.05, 0.05)),
        ({"clipnorm": 0.05}, START - 0.1 * 0.05 * MEAN / np.linalg.norm(MEAN)),
        ({"weight_decay": 0.5}, START * (1 - 0.1 * 0.5) - 0.1 * MEAN),
        ({"loss_scale_factor": 8.0}, MOVED),
        ({"gradient_accumulation_steps": 2}, START),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_options_of_optimizers(options, end):
    gan = Slope(*networks([linear()]))
    trained(gan, sgd(**options))
    np.testing.assert_allclose(kernel(gan), end, rtol=1e-5)
    if "gradient_accumulation_steps" in options:
        trained(gan)  # the second half of an update
        np.testing.assert_allclose(kernel(gan), MOVED, rtol=1e-5)


def test_scaling_of_the_loss_and_constraints():
    gan = Slope(*networks([linear()]))
    trained(gan, keras.optimizers.LossScaleOptimizer(sgd()))
    np.testing.assert_allclose(kernel(gan), MOVED, rtol=1e-4)
    gan = Slope(*networks([linear(kernel_constraint=keras.constraints.NonNeg())]))
    trained(gan, sgd())
    np.testing.assert_allclose(kernel(gan), np.maximum(MOVED, 0), rtol=1e-5)


def averaging() -> Any:
    return sgd(use_ema=True, ema_momentum=0.5)


def test_use_ema_leaves_the_average_at_the_end():
    gan = Slope(*networks([linear()]))
    trained(gan, averaging(), epochs=2)
    # The average begins with the first step's weights.
    np.testing.assert_allclose(end := kernel(gan), MOVED - 0.1 * 0.5 * MEAN, rtol=1e-5)
    average = gan.optimizer["discriminator"]._model_variables_moving_average[0]
    np.testing.assert_array_equal(end, ops.convert_to_numpy(average))


def test_swap_ema_weights_evaluates_the_average():
    seen = []

    class Look(keras.callbacks.Callback):
        def on_test_begin(self, logs: Any = None) -> None:
            seen.append(kernel(self.model))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append(kernel(self.model))

    gan = Slope(*networks([linear()]))
    gan.compile(averaging(), sgd())  # the generator's has no average
    swap = keras.callbacks.SwapEMAWeights()
    gan.fit(X, batch_size=4, verbose=0, validation_data=(X,), callbacks=[swap, Look()])
    assert not np.allclose(seen[0], seen[1])
    np.testing.assert_allclose(kernel(gan), seen[0])  # and `fit` ends with the average
    gan.compile(sgd(), sgd())
    with pytest.raises(ValueError, match="use_ema=True"):
        gan.fit(X, verbose=0, validation_data=(X,), callbacks=[keras.callbacks.SwapEMAWeights()])


def test_a_resumed_epoch_does_not_end_with_the_average(tmp_path):
    ends = []
    for stop in (None, 1):
        gan = Slope(*networks([linear()]), seed=1)
        gan.compile(averaging(), sgd())
        for after in [stop, None] if stop else [None]:
            batches = ShuffledBatches(X, 2, seed=3)
            with TrainingState(tmp_path / str(stop), batches=batches) as state:
                begin = state.restore(gan)
                more = [StopAfter(after)] if after else []
                gan.fit(batches, initial_epoch=begin.epoch, epochs=2, verbose=0,
                        callbacks=[*more, state])  # fmt: skip
        ends.append(kernel(gan))
    np.testing.assert_array_equal(*ends)


def set_rate(gan: Any, how: str) -> None:
    if how == "callback":
        trained(gan, callbacks=[keras.callbacks.LearningRateScheduler(lambda *_: 0.5)])
    gan.optimizer.learning_rate = 0.5


@pytest.mark.parametrize("rate", ["schedule", "function", "callback"])
def test_a_learning_rate_is_set_for_all_players_or_for_none(rate):
    gan = Slope(*networks([linear()]))
    falling = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    gan.compile(sgd(), sgd(falling if rate != "function" else lambda: 0.1))
    with pytest.raises(InvalidArgumentError, match="rate of the generator follows a schedule"):
        set_rate(gan, rate)
    assert float(ops.convert_to_numpy(gan.optimizer["discriminator"].learning_rate)) == (
        pytest.approx(0.1)
    )
    gan.compile(sgd(), sgd())
    with pytest.raises(InvalidArgumentError, match="must be a number"):
        gan.optimizer.learning_rate = falling
