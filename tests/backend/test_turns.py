"""A model in several threads, what ends `predict` and `fit` on the way, and quantised networks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.errors import InvalidArgumentError
from tests.contract.support import where_nothing_is_compiled

ON_JAX = keras.backend.backend() == "jax"


def small(**options: Any) -> Any:
    keras.utils.set_random_seed(0)
    return ganzoo.VanillaGAN(
        (8, 8, 1), latent_dim=4, generator_units=(8,), discriminator_units=(8,), seed=3, **options
    )


def pictures(n: int = 64) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (n, 8, 8, 1)).astype("float32")


class At(keras.callbacks.Callback):
    """Calls something at one batch of whatever runs."""

    def __init__(self, batch: int, action: Any) -> None:
        super().__init__()
        self.batch, self.action = batch, action

    def _maybe(self, batch: int, logs: Any = None) -> None:
        if batch == self.batch:
            self.action()

    on_predict_batch_begin = on_predict_batch_end = _maybe
    on_test_batch_end = on_train_batch_end = _maybe


def interrupt() -> None:
    raise KeyboardInterrupt


def test_threads_draw_what_one_thread_draws() -> None:
    gan = small()
    want = [gan.sample(5, seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda seed: gan.sample(5, seed=seed), range(8)))
    assert np.array_equal(want, got)


def test_threads_share_a_network_that_a_translator_runs() -> None:
    model = ganzoo.CycleGAN(
        (8, 8, 1), filters=4, blocks=1, discriminator_filters=(4, 6), pool_size=6
    )
    x = pictures(6)
    want = model.translate(x)
    with ThreadPoolExecutor(3) as pool:
        got = list(pool.map(lambda _: model.translate(x), range(4)))
    assert all(np.allclose(want, one, atol=1e-6) for one in got)


def test_beside_a_training_one_draws_or_is_told_why_not(tmp_path: Any) -> None:
    gan, said, drawn = small(), [], []

    def beside() -> None:
        for use in (
            lambda: drawn.append(gan.sample(4, seed=0)),
            lambda: gan.save(tmp_path / "a.keras"),
            lambda: gan.save_weights(tmp_path / "a.weights.h5"),
            lambda: gan.save_to_preset(tmp_path / "preset"),
        ):
            try:
                use()
            except InvalidArgumentError as error:
                said.append(str(error))

    def in_another_thread() -> None:
        other = threading.Thread(target=beside)
        other.start()
        other.join()

    gan.fit(pictures(), batch_size=16, verbose=0, callbacks=[At(1, in_another_thread)])
    if ON_JAX:
        assert len(said) == 4
        assert "another thread" in said[0]
        assert "callback" in said[1]
    else:
        assert not said
        assert np.isfinite(drawn[0]).all()
    assert np.isfinite(gan.sample(4, seed=0)).all()


def test_a_second_fit_beside_the_first_is_refused() -> None:
    gan, said = small(), []

    def second() -> None:
        try:
            gan.fit(pictures(), verbose=0)
        except InvalidArgumentError as error:
            said.append(str(error))

    def in_another_thread() -> None:
        other = threading.Thread(target=second)
        other.start()
        other.join()

    gan.fit(pictures(), batch_size=16, verbose=0, callbacks=[At(1, in_another_thread)])
    assert "two cannot train" in said[0]
    assert len(gan.fit(pictures(), verbose=0).history["d_loss"]) == 1  # and then one may


@pytest.mark.parametrize("batch", [0, 2])
@pytest.mark.parametrize("method", ["predict", "evaluate"])
def test_what_is_interrupted_leaves_the_model_as_it_was(method: str, batch: int) -> None:
    gan = small()
    want = gan.sample(4, seed=0)
    given = np.zeros((32, 4), "float32") if method == "predict" else pictures(32)
    with pytest.raises(KeyboardInterrupt):
        getattr(gan, method)(given, batch_size=8, verbose=0, callbacks=[At(batch, interrupt)])
    assert np.array_equal(gan.sample(4, seed=0), want)


def test_an_interrupted_fit_can_be_drawn_from_saved_and_trained_on(tmp_path: Any) -> None:
    gan = small()
    with pytest.raises(KeyboardInterrupt):
        gan.fit(pictures(), batch_size=8, verbose=0, callbacks=[At(2, interrupt)])
    assert np.isfinite(gan.sample(4, seed=0)).all()
    assert int(keras.ops.convert_to_numpy(gan.optimizer.iterations)) == 3
    gan.save(tmp_path / "a.keras")
    gan.fit(pictures(), batch_size=8, verbose=0)


def test_latents_that_do_not_fit_leave_the_model_alive() -> None:
    gan = small()
    want = gan.sample(4, seed=0)
    with pytest.raises(Exception):  # noqa: B017, PT011  each backend has its own
        gan.predict(np.zeros((8, 5), "float32"), verbose=0)
    assert np.array_equal(gan.sample(4, seed=0), want)


@where_nothing_is_compiled
@pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize`")
def test_a_model_draws_by_its_quantised_network(tmp_path: Any) -> None:
    gan, fresh = small(dropout=0.0), small(dropout=0.0)
    before = gan.sample(4, seed=0)  # and so compiles the network as it is now
    gan.generator.quantize("int8")
    fresh.generator.quantize("int8")
    drawn = gan.sample(4, seed=0)
    assert 0 < np.abs(drawn - before).max() < 0.1
    assert np.allclose(drawn, fresh.sample(4, seed=0), atol=1e-6)
    with pytest.raises(InvalidArgumentError, match="generator is quantised"):
        gan.fit(pictures(), verbose=0)
    with pytest.raises(InvalidArgumentError, match="quantised"):
        gan.save_to_preset(tmp_path / "preset")
    gan.save(tmp_path / "a.keras")
    again = ganzoo.load(tmp_path / "a.keras")
    assert np.allclose(again.sample(4, seed=0), drawn, atol=1e-6)


def test_an_average_that_begins_with_fit_and_callbacks_that_draw(tmp_path: Any) -> None:
    """The average changes what is drawn by; the step of the running fit stays."""
    from ganzoo.callbacks import BalanceMonitor, GeneratorEMA, Movie

    gan = small()
    callbacks = [Movie(tmp_path / "movie", n=4), GeneratorEMA(0.9), BalanceMonitor(pictures())]
    history = gan.fit(pictures(), epochs=3, verbose=0, callbacks=callbacks).history
    assert len(history["g_loss"]) == 3
    assert list(gan.averages) == ["generator"]
