"""The pool of earlier images: who is stored, who is handed out, in a step, saved and resumed."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo._backend import BackendModel, minimize
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.seeds import KeepsSeeds
from ganzoo.layers import ImagePool


def numbered(first: int, count: int) -> np.ndarray:
    """Return images of which each has its number in every pixel."""
    numbers = np.arange(first, first + count, dtype=np.float32)
    return np.broadcast_to(numbers[:, None, None, None], (count, 2, 3, 1)).copy()


def handed(pool: ImagePool, x: np.ndarray, training: bool = True) -> list[int]:
    """Return the numbers of the images that come out; each must be whole."""
    made = ops.convert_to_numpy(pool(ops.convert_to_tensor(x), training=training))
    assert made.shape == x.shape
    assert np.ptp(made, axis=(1, 2, 3)).max() == 0
    return made[:, 0, 0, 0].astype(int).tolist()


def stored(pool: ImagePool) -> list[int]:
    count = int(ops.convert_to_numpy(pool.count.value))
    return ops.convert_to_numpy(pool.pictures.value)[:count, 0, 0, 0].astype(int).tolist()


def test_the_first_are_stored_and_handed_through():
    pool = ImagePool(5, seed=1)
    assert handed(pool, numbered(1, 3)) == [1, 2, 3]
    assert stored(pool) == [1, 2, 3]
    assert handed(pool, numbered(4, 2)) == [4, 5]
    assert stored(pool) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("batch", [1, 4, 9])
def test_then_half_are_exchanged_and_none_is_lost(batch):
    pool = ImagePool(6, seed=2)
    number, exchanged, tried = 0, 0, 0
    came, went = set(), []
    for _ in range(120 // batch):
        before = stored(pool) if pool.built else []
        new = list(range(number, number + batch))
        out = handed(pool, numbered(number, batch))
        after = stored(pool)
        for row, (given, got) in enumerate(zip(new, out, strict=True)):
            if got != given:
                assert got in before
                assert given in after
                assert got not in after
                assert row < 6
                exchanged += 1
            tried += len(before) == 6 and row < 6
        came.update(new)
        went += [got for got in out if got not in new]
        number += batch
    assert len(stored(pool)) == len(set(stored(pool))) == 6
    assert len(went) == len(set(went))
    assert 0.35 < exchanged / tried < 0.65


def test_not_while_training_and_without_places_it_hands_through():
    pool = ImagePool(4, seed=1)
    handed(pool, numbered(1, 4))
    assert handed(pool, numbered(5, 8), training=False) == list(range(5, 13))
    assert stored(pool) == [1, 2, 3, 4]
    assert handed(ImagePool(0), numbered(1, 3)) == [1, 2, 3]
    with pytest.raises(InvalidArgumentError, match="size must be"):
        ImagePool(-1)


class Pooled(BackendModel, KeepsSeeds, keras.Model):
    """A critic of pooled images; the sum of what it saw is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = ImagePool(4, seed=3)
        self.critic = keras.Sequential(
            [keras.Input((2, 3, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        self.pool.build((None, 2, 3, 1))
        self.compile(keras.optimizers.SGD(1e-3))
        self.optimizer.build(self.critic.trainable_variables)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.critic(inputs)

    def train_step(self, data: Any) -> dict[str, Any]:
        x = keras.utils.unpack_x_y_sample_weight(data)[0]

        def loss() -> Any:
            seen = self.pool(x, training=True)
            return ops.mean(self.critic(seen, training=True)), ops.sum(seen[:, 0, 0, 0])

        value, total = minimize(loss, self.critic.trainable_variables, self.optimizer)
        return {"d_loss": value, "total": total}


def fitted(model: Pooled, first: int, count: int) -> list[float]:
    totals = []
    for number in range(first, first + count, 2):
        x = numbered(number, 2)
        totals += model.fit(x, batch_size=2, shuffle=False, verbose=0).history["total"]
    return totals


def test_in_a_compiled_step_saved_and_resumed(tmp_path):
    straight, begun, again = Pooled(), Pooled(), Pooled()
    totals = fitted(straight, 1, 20)
    assert totals[:2] == [3.0, 7.0]
    assert totals != [2.0 * n + 1 for n in range(1, 21, 2)]
    assert fitted(begun, 1, 10) == totals[:5]
    begun.save_weights(tmp_path / "begun.weights.h5")
    again.load_weights(tmp_path / "begun.weights.h5")
    assert fitted(again, 11, 10) == totals[5:]
    assert stored(again.pool) == stored(straight.pool)
