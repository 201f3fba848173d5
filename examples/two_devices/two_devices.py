"""The same losses on two devices as on one, on the backend that KERAS_BACKEND names.

    KERAS_BACKEND=jax python examples/two_devices/two_devices.py

JAX: keras.distribution.DataParallel; TensorFlow: tf.distribute.MirroredStrategy; PyTorch: two
processes and DistributedDataParallel. The devices are two halves of a CPU, so nothing gets faster.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["XLA_FLAGS"] = (  # JAX: before it is imported
    os.environ.get("XLA_FLAGS", "") + " --xla_force_host_platform_device_count=2"
)

from ganzoo import VanillaGAN  # before Keras: it chooses a backend that is installed
from ganzoo.batches import ShuffledBatches
from ganzoo.cli.script import Script
import click
import keras
import numpy as np

STEPS, BATCH = 10, 64
WIDE = ((256, 512, 1024), (1024, 512, 256))  # as in gan_mnist
NARROW = ((64, 128), (128, 64))
Train = Callable[[], np.ndarray]  # trains a GAN; returns its losses, shape (STEPS, 2)


# --- what is trained: nothing here knows how many devices there are --------------------------


def discs(n: int, seed: int) -> np.ndarray:
    """Return white discs on black, float32 (n, 28, 28, 1) in [-1, 1]."""
    generator = np.random.Generator(np.random.PCG64(seed))
    x, y, radius = generator.uniform((8, 8, 3), (20, 20, 8), (n, 3)).T[:, :, None, None]
    rows, columns = np.mgrid[:28, :28]
    inside = radius - np.hypot(rows - y, columns - x)
    return np.clip(inside, -1, 1).astype(np.float32)[..., None]


def train(wide: bool, dropout: float, batch_norm: bool, float64: bool) -> np.ndarray:
    """Train a GAN for ten epochs of one step each; return d_loss and g_loss of each step."""
    keras.utils.set_random_seed(1)
    if float64:
        keras.config.set_dtype_policy("float64")
    units = WIDE if wide else NARROW
    gan = VanillaGAN(
        (28, 28, 1), 100, *units, dropout=dropout, batch_norm=batch_norm, ema_momentum=0.99, seed=2
    )
    gan.compile(adam(), adam())
    history = gan.fit(ShuffledBatches(discs(BATCH, 3), BATCH, seed=4), epochs=STEPS, verbose=0)
    return np.stack([history.history["d_loss"], history.history["g_loss"]], axis=1)


def adam() -> keras.optimizers.Adam:
    """Return an optimizer that does not blow rounding up.

    Adam divides gradients by their size; with its usual epsilon, 1e-7, also those that are nothing
    but rounding, which depends on the number of devices.
    """
    return keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-5)


# --- two devices, per backend ----------------------------------------------------------------


def on_two_devices(train: Train) -> np.ndarray:
    """Call `train` where the backend has two devices to work on; return what it returned."""
    on = {"jax": with_data_parallel, "tensorflow": mirrored, "torch": in_two_processes}
    return on[keras.backend.backend()](train)


def with_data_parallel(train: Train) -> np.ndarray:
    """Train on both devices of JAX."""
    with keras.distribution.DataParallel().scope():
        return train()


def mirrored(train: Train) -> np.ndarray:
    """Train on both devices of TensorFlow; model and optimizers are made within the scope."""
    with mirrored_strategy().scope():
        return train()


@functools.cache  # TensorFlow's collectives get mixed up where a process has a second strategy
def mirrored_strategy() -> Any:
    """Return the strategy of this process."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def divide_cpu() -> None:
    """Make two devices of TensorFlow's CPU; before anything is computed."""
    import tensorflow as tf

    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], halves)


def in_two_processes(train: Train) -> np.ndarray:
    """Train in two processes of PyTorch; `torchrun --nproc-per-node 2` starts them as well."""
    import torch

    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
        free.close()
        path = Path(folder) / "losses.npy"
        torch.multiprocessing.spawn(one_process, (port, train, path), nprocs=2)
        return np.load(path)


def one_process(rank: int, port: int, train: Train, path: Path) -> None:
    """Train in the process `rank`; the first one writes the losses."""
    from torch import distributed

    distributed.init_process_group(
        "gloo", init_method=f"tcp://localhost:{port}", rank=rank, world_size=2
    )
    losses = train()
    if rank == 0:  # so for pictures and checkpoints: one process writes
        np.save(path, losses)
    distributed.destroy_process_group()


@click.command(cls=Script, help=__doc__)
@click.option("--dropout", default=0.3, show_default=True)
@click.option("--batch-norm", is_flag=True, help="Batch normalisation in the generator.")
@click.option("--wide", is_flag=True, help="The networks of gan_mnist instead of small ones.")
@click.option("--float64", is_flag=True, help="Twice the digits: is a difference rounding?")
def main(dropout: float, batch_norm: bool, wide: bool, float64: bool) -> None:
    if keras.backend.backend() == "tensorflow":
        divide_cpu()
    if keras.backend.backend() == "jax" and float64:
        import jax

        jax.config.update("jax_enable_x64", True)
    job = functools.partial(train, wide, dropout, batch_norm, float64)
    one, two = job(), on_two_devices(job)
    print("step   d_loss: one     two   g_loss: one     two")
    for step, row in enumerate(np.concatenate([one, two], axis=1)[:, [0, 2, 1, 3]], start=1):
        print(f"{step:4d}   {row[0]:11.7f} {row[1]:.7f} {row[2]:11.7f} {row[3]:.7f}")
    print(f"largest difference on {keras.backend.backend()}: {np.abs(one - two).max():.1e}")


if __name__ == "__main__":
    sys.exit(main())
