"""What ganzoo's own training does without `fit` around it: the compiled step, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten.translators import FAMILIES as TRANSLATORS


def model(name: str, seed: int = 0, changes: Any = None, **compile_options: Any) -> Any:
    """Return an entry's untrained GAN, compiled as the hand-written loops train it.

    `changes` are arguments of the model that differ from the entry's.
    """
    from ganzoo import zoo
    from ganzoo.penalties import GradientPenalty
    from ganzoo.zoo import registry

    keras.utils.set_random_seed(seed)
    entry = zoo.ENTRIES[name]
    gan = registry.model_class(entry.family)(**{**entry.config, **(changes or {})})
    if entry.family in TRANSLATORS:
        gan.compile(**{"simultaneous": entry.family == "Pix2Pix", **compile_options})
        return gan
    if entry.family != "FATGAN":
        gan.compile(**{"simultaneous": True, **compile_options})
        return gan
    gan.compile(
        keras.optimizers.Adam(**spec.EVENT_ADAM),
        keras.optimizers.Adam(**spec.EVENT_ADAM),
        penalty=GradientPenalty(spec.PENALTY, every=spec.PENALTY_EVERY),
        steps={"discriminator": spec.CRITIC_STEPS},
        **compile_options,
    )
    return gan


def batches(
    name: str, batch_size: int, count: int, seed: int = 0, image_shape: Any = None
) -> list[Any]:
    """Return random images or pairs of them, or real events, float32 arrays of one batch each."""
    from ganzoo import zoo
    from ganzoo.events.truth import sample

    config = zoo.ENTRIES[name].config
    random = np.random.Generator(np.random.PCG64(seed))
    if zoo.ENTRIES[name].family in TRANSLATORS:
        return [pairs(config, batch_size, random) for _ in range(count)]
    if "image_shape" in config:
        shape = (batch_size, *(image_shape or config["image_shape"]))
        return [random.uniform(-1, 1, shape).astype(np.float32) for _ in range(count)]
    events = np.float32(sample().momenta)
    return [events[random.integers(len(events), size=batch_size)] for _ in range(count)]


def pairs(config: Any, batch_size: int, random: Any) -> dict[str, np.ndarray]:
    """Return one batch of random pictures for a translator, by the names that it has for them."""
    source = tuple(config.get("source_shape") or config["image_shape"])
    target = (*source[:2], config.get("channels", source[-1]))
    names = ("source", "target") if "source_shape" in config else ("a", "b")
    return {
        name: random.uniform(-1, 1, (batch_size, *shape)).astype(np.float32)
        for name, shape in zip(names, (source, target), strict=True)
    }


class BareStep:
    """The step that `fit` compiles, called as Keras' trainer does but without its loop."""

    def __init__(self, gan: Any) -> None:
        self.gan = gan
        gan._fitting = True  # on PyTorch: kernels in the order in memory that `fit` gives them
        gan.make_train_function()
        self.run = getattr(self, f"_{keras.backend.backend()}")

    def _tensorflow(self, data: Iterable[Any]) -> tuple[float, float]:
        import tensorflow as tf

        for batch in data:
            tensors = tf.nest.map_structure(tf.convert_to_tensor, batch)
            logs = self.gan.train_function(iter([(tensors, None, None)]))
        return _losses(logs)

    def _torch(self, data: Iterable[Any]) -> tuple[float, float]:
        self.gan.train()
        for batch in data:
            logs = self.gan.train_function([(batch,)])
        return _losses(logs)

    def _jax(self, data: Iterable[Any]) -> tuple[float, float]:
        names = ("trainable", "non_trainable", "optimizer", "metrics")
        wanted = {f"{name}_variables": True for name in names}
        state = self.gan._get_jax_state(**wanted)
        for batch in data:
            logs, state = self.gan.train_function(state, iter([(batch,)]))
        self.gan._jax_state_synced = False
        self.gan._jax_state = dict(zip(wanted, state, strict=True))
        self.gan.jax_state_sync()
        return _losses(logs)


def _losses(logs: Any) -> tuple[float, float]:
    return float(logs["d_loss"]), float(logs["g_loss"])
