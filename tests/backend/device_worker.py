"""Trains GANs on one device and on two: python -m tests.backend.device_worker OUT.json CASE ...

A process of its own, as the number of devices is settled before a backend starts. It uses what
examples/two_devices shows to users.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "two_devices"))

import keras
import numpy as np
import two_devices  # before JAX starts

from ganzoo import DCGAN, ConditionalDCGAN, CycleGAN, VanillaGAN
from ganzoo.augmentation import Augmentation
from ganzoo.batches import Batches, ShuffledBatches, UnpairedBatches
from ganzoo.penalties import GradientPenalty

STEPS, BATCH = 10, 16


def vanilla(dropout: float, batch_norm: bool, **options: Any) -> Any:
    """Return a small perceptron GAN."""
    gan = VanillaGAN(
        (8, 8, 1), 6, (32, 32), (32, 32), dropout=dropout, batch_norm=batch_norm,
        ema_momentum=0.9, seed=2,
    )  # fmt: skip
    gan.compile(two_devices.adam(), two_devices.adam(), **options)
    return gan


def augmented() -> Any:
    """Return a DCGAN with batch norm, dropout, augmentation and a simultaneous step."""
    gan = DCGAN((8, 8, 1), 6, (4, 4), (4,), (2, 2), kernel_size=3, ema_momentum=0.9, seed=2)
    # No Adam: gradients of a bias before batch norm are rounding alone, which it would blow up.
    gan.compile(*gradient_descent(), simultaneous=True, augmentation=Augmentation())
    return gan


def conditional() -> Any:
    """Return a conditional DCGAN, whose generator has conditional batch norm."""
    gan = ConditionalDCGAN(
        image_shape=(8, 8, 1), classes=("a", "b"), latent_dim=6, generator_filters=(4, 4),
        discriminator_filters=(4,), generator_strides=(2, 2), kernel_size=3, seed=2,
    )  # fmt: skip
    gan.compile(*gradient_descent())
    return gan


def translation() -> Any:
    """Return a CycleGAN, whose players have two networks each; a pool is a device's own."""
    gan = CycleGAN(
        (8, 8, 1), 4, 1, (4,), cycle_weight=1.0, identity_weight=0.5, pool_size=0,
        ema_momentum=0.9, seed=2,
    )  # fmt: skip
    # Small steps: instance norm of pictures that are mostly even blows rounding up.
    gan.compile({player: keras.optimizers.SGD(1e-5) for player in gan.players})
    return gan


def gradient_descent() -> tuple[Any, Any]:
    """Return two optimizers whose steps are as large as the gradients."""
    return keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)


CASES: dict[str, Callable[[], Any]] = {
    "plain": functools.partial(vanilla, 0.0, False),
    "dropout_and_batch_norm": functools.partial(vanilla, 0.3, True),
    "penalty": functools.partial(
        vanilla, 0.0, False, penalty=GradientPenalty(1.0, every=2), steps={"discriminator": 2}
    ),
    "augmented": augmented,
    "conditional": conditional,
    "translation": translation,
}


def spread(gan: Any) -> float:
    """Return by how much any variable of the model differs between the devices."""
    backend = keras.backend.backend()
    variables = [*gan.variables, *gan.optimizer.variables]
    if backend == "torch":
        from ganzoo._backend import mean_over_replicas

        values = [variable.value.detach().double() for variable in variables]
        means = mean_over_replicas(values)
        return max(float((a - b).abs().max()) for a, b in zip(values, means, strict=True))
    copies = [
        variable.value.addressable_shards if backend == "jax" else variable.value.values
        for variable in variables
    ]
    arrays = [[np.asarray(getattr(c, "data", c)) if backend == "jax" else c.numpy() for c in few]
              for few in copies]  # fmt: skip
    return max(float(np.ptp(np.float64(few), axis=0).max()) for few in arrays)


def train(name: str, devices: int) -> np.ndarray:
    """Train; return d_loss and g_loss of each step, those of an evaluation, and samples, flat.

    With two devices their spread is the last number.
    """
    keras.utils.set_random_seed(1)
    gan = CASES[name]()
    images = two_devices.discs(BATCH, 3)[:, 10:18, 10:18]
    examples = (images, np.arange(BATCH) % 2) if name == "conditional" else images
    batches: Batches = ShuffledBatches(examples, BATCH, seed=4)
    if name == "translation":
        # Even pictures have no variance, and instance norm would blow rounding up.
        noise = np.random.default_rng(5).normal(size=images.shape).astype("float32")
        images = np.tanh(images + noise)
        batches = UnpairedBatches(images, images[::-1].copy(), BATCH, seed=4)
    history = gan.fit(batches, epochs=STEPS, verbose=0).history
    judged = [0.0, 0.0]
    if name == "plain":  # once is enough: another function to compile
        judged = gan.evaluate(ShuffledBatches(examples, BATCH, seed=5), verbose=0)[:2]
    samples = gan.translate(images[:5]) if name == "translation" else gan.sample(5, seed=0)
    numbers = np.concatenate([history["d_loss"], history["g_loss"], judged, samples.reshape(-1)])
    return np.append(numbers, spread(gan) if devices == 2 else 0.0)


def train_all(names: tuple[str, ...], devices: int) -> np.ndarray:
    """Return `train` of several cases, a row each."""
    return np.stack([train(name, devices) for name in names])


def compare(names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Return for each case the largest differences between one device and two."""
    one = train_all(names, 1)
    two = two_devices.on_two_devices(functools.partial(train_all, names, 2))
    parts = np.split(np.abs(one - two), [2 * STEPS, 2 * STEPS + 2, one.shape[1] - 1], axis=1)
    labels = ("losses", "evaluated", "samples", "spread")
    return {
        name: {label: float(part[row].max()) for label, part in zip(labels, parts, strict=True)}
        for row, name in enumerate(names)
    }


def main(path: str, names: list[str]) -> None:
    """Write the differences of the named cases."""
    if keras.backend.backend() == "tensorflow":
        two_devices.divide_cpu()
    found = compare(tuple(names or CASES))
    Path(path).write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
