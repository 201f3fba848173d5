"""The shortest training step, of `examples/seven_lines`, unchanged on every backend."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import keras
import numpy as np

SCRIPT = Path(__file__).parents[2] / "examples" / "seven_lines" / "seven_lines.py"


def the_script() -> Any:
    """Import the example's file."""
    spec = importlib.util.spec_from_file_location("seven_lines", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_seven_lines_train_both_networks():
    layers = keras.layers
    generator = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="tanh")])
    discriminator = keras.Sequential([keras.Input((3,)), layers.Dropout(0.3), layers.Dense(1)])
    discriminator.layers[-1].set_weights([np.zeros((3, 1)), np.zeros(1)])
    gan = the_script().SevenLines(generator, discriminator, seed=1)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    before = [network.get_weights()[0] for network in (generator, discriminator)]
    real = np.random.default_rng(0).uniform(0.5, 1, (20, 3)).astype(np.float32)

    first = gan.fit(real, batch_size=20, verbose=0).history
    # A discriminator of zeros says 1/2: log 2, as everywhere. It moves first, towards real data.
    np.testing.assert_allclose(first["d_loss"], np.log(2), rtol=1e-5)
    assert (discriminator.get_weights()[0] > 0).all()
    assert np.isfinite(first["g_loss"]).all()

    gan.fit(real, batch_size=8, epochs=2, verbose=0)  # the last batch has four examples
    assert all(
        (network.get_weights()[0] != old).all()
        for network, old in zip((generator, discriminator), before, strict=True)
    )
    assert int(keras.ops.convert_to_numpy(gan.optimizer.iterations)) == 7
    assert gan.sample(5, seed=0).shape == (5, 3)
