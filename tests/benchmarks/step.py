"""ganzoo beside loops written by hand: the training step, `fit`, sampling, and a cold start."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.timing import interleaved, machine, summary

# Names with the batch sizes of their recipes.
NETWORKS = {"gan_mnist": 128, "dcgan_mnist": 64, "dcgan_fonts": 64, "fatgan_electrons": 1000}
TRANSLATORS = {"pix2pix_fonts": 16, "cyclegan_fruits": 8}
SIMULTANEOUS = ("gan_mnist", "dcgan_mnist", "dcgan_fonts")  # the others have several critic steps
# Arguments of `portable.model` that are compared.
PASSES: dict[str, dict[str, Any]] = {
    "in turn": {"simultaneous": False},
    "one pass": {"simultaneous": True},
}
POLICIES: dict[str, dict[str, Any]] = {
    policy: {"policy": policy} for policy in ("float32", "mixed_bfloat16", "mixed_float16")
}
_OWN_IMPORT = """
import numpy as np, keras
from keras import layers
parts = [keras.Input((100,)), layers.Dense(12544, use_bias=False)]
for filters, strides in ((128, 1), (64, 2), (1, 2)):
    parts += [layers.BatchNormalization(), layers.LeakyReLU(0.3)]
    parts += [layers.Reshape((7, 7, 256))] if strides == 1 else []
    parts += [layers.Conv2DTranspose(filters, 5, strides, padding="same", use_bias=False)]
keras.Sequential([*parts, layers.Activation("tanh")]).predict(np.zeros((64, 100)), verbose=0)
"""


def _found(seconds: dict[str, list[float]], per: float, **facts: Any) -> dict[str, Any]:
    """Return the summary of all jobs, `per` a unit of work, and the ratio of the first two."""
    scaled = {name: summary([s / per for s in values]) for name, values in seconds.items()}
    first, second = list(scaled)[:2]
    ratio = scaled[second]["median"] / scaled[first]["median"]
    # Rounds are interleaved, so that the ratio of each round has less noise than its parts.
    rounds = [b / a for a, b in zip(seconds[first], seconds[second], strict=True)]
    spread = summary(rounds)
    return {"machine": machine(), **facts, "seconds": scaled, "ratio": ratio, "ratios": spread}


def training_step(name: str, rounds: int, steps: int, clock: str = "wall") -> dict[str, Any]:
    """Return seconds per training step by hand and by ganzoo's compiled step, and the ratio."""
    import keras

    from tests.benchmarks import portable
    from tests.benchmarks.handwritten import loop

    gan = portable.model(name)
    by_hand = loop(keras.backend.backend(), gan)
    bare = portable.BareStep(gan)
    batch_size = {**NETWORKS, **TRANSLATORS}[name]
    data = portable.batches(name, batch_size, steps)
    jobs = {"by hand": lambda: by_hand.run(data), "ganzoo": lambda: bare.run(data)}
    seconds = interleaved(jobs, rounds, clock)
    return _found(seconds, steps, name=name, batch_size=batch_size, clock=clock)


def fit_epoch(name: str, rounds: int, steps: int) -> dict[str, Any]:
    """Return seconds per step, bare and in `fit` with its progress bar, and the ratio."""
    from tests.benchmarks import portable

    data = portable.batches(name, NETWORKS[name], steps)
    gan = portable.model(name)
    bare = portable.BareStep(gan)
    together = np.concatenate(data)

    def fit() -> None:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            gan.fit(together, batch_size=NETWORKS[name], epochs=1, verbose=1)

    jobs = {"bare step": lambda: bare.run(data), "fit": fit}
    return _found(interleaved(jobs, rounds), steps, name=name, batch_size=NETWORKS[name])


def one_pass(name: str, rounds: int, steps: int) -> dict[str, Any]:
    """Return seconds per step that updates in turn and with one forward pass, and the ratio."""
    return _variants(name, rounds, steps, PASSES)


def precision(name: str, rounds: int, steps: int) -> dict[str, Any]:
    """Return seconds per step in float32, mixed_bfloat16 and mixed_float16; first two as ratio."""
    return _variants(name, rounds, steps, POLICIES)


def _variants(name: str, rounds: int, steps: int, variants: dict[str, Any]) -> dict[str, Any]:
    import keras

    from tests.benchmarks import portable

    data = portable.batches(name, NETWORKS[name], steps)
    jobs = {}
    before = keras.config.dtype_policy()
    for label, options in variants.items():
        options = dict(options)
        keras.config.set_dtype_policy(options.pop("policy", before))
        jobs[label] = functools.partial(
            portable.BareStep(portable.model(name, **options)).run, data
        )
    keras.config.set_dtype_policy(before)
    return _found(interleaved(jobs, rounds), steps, name=name, batch_size=NETWORKS[name])


def sampling(name: str, rounds: int, count: int) -> dict[str, Any]:
    """Return seconds for samples by the bare compiled generator and by `sample`, and the ratio."""
    from ganzoo.random import draw_latents
    from tests.benchmarks import portable

    gan = portable.model(name)
    forward = compiled(gan.generator)
    latents = draw_latents(count, gan.latent_dim, 0)
    parts = [np.resize(latents[i : i + 256], (256, gan.latent_dim)) for i in range(0, count, 256)]
    jobs = {
        "bare generator": lambda: [forward(part) for part in parts],
        "sample": lambda: gan.sample(count, seed=0),
    }
    return _found(interleaved(jobs, rounds), 1, name=name, samples=count)


def compiled(generator: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Return the generator in inference as its framework compiles it; NumPy in and out."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        function = tf.function(lambda z: generator(z, training=False))
        return lambda z: function(tf.convert_to_tensor(z)).numpy()
    if keras.backend.backend() == "jax":
        import jax

        # Copies: `predict` donates the variables' own buffers.
        values = [np.array(v.value) for v in generator.trainable_variables]
        others = [np.array(v.value) for v in generator.non_trainable_variables]
        values, others = jax.device_put((values, others))
        pure = jax.jit(lambda a, b, z: generator.stateless_call(a, b, z, training=False)[0])
        return lambda z: np.asarray(pure(values, others, z))
    import torch

    def forward(z: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return generator(torch.from_numpy(z), training=False).cpu().numpy()

    return forward


def cold_start(rounds: int, folder: Path) -> dict[str, Any]:
    """Return seconds of `ganzoo sample dcgan_mnist -n 64` beside imports and one forward pass."""
    program = "from ganzoo.cli import main; main()"
    picture = str(folder / "cold.png")
    command = ["sample", "dcgan_mnist", "-n", "64", "--seed", "0", "-o", picture, "--overwrite"]
    jobs = {
        "import and forward": lambda: _run("-c", _OWN_IMPORT),
        "ganzoo sample": lambda: _run("-c", program, *command),
        "ganzoo list": lambda: _run("-c", program, "list"),
    }
    return _found(interleaved(jobs, rounds), 1)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
