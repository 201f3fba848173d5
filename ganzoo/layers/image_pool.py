"""A pool of earlier generated images, which a discriminator sees beside the new ones."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import own_rows, uniform
from ganzoo.checks import check_count, check_seed

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ImagePool(layers.Layer):
    """Hands out a stored image instead of a new one half of the time, and stores the new one.

    Shrivastava et al. 2016, Learning from Simulated and Unsupervised Images (arXiv:1612.07828),
    section 2.3, as in CycleGAN (Zhu et al. 2017, arXiv:1703.10593): the first `size` images are
    stored and handed through. Then each new one is, with probability 1/2, exchanged for a stored
    one. Within a batch no place is used twice, and images are exchanged only for those of earlier
    batches; of a batch larger than the pool the first `size` are.

    Pictures, their number and the random state are variables, so that they are saved and a training
    resumes with them. They change in each call with `training=True`: one call per step. Outputs of
    such a call are constants, without a gradient. Otherwise the input is returned.

    On several devices: with JAX the pool is that of one device. On PyTorch each process keeps one,
    on TensorFlow the pictures are those of the first replica; saved are the first's. All draw the
    numbers of one device.

    Args:
        size: Images in the pool; 0 hands every image through.
        seed: Seed of the random numbers; None takes one from Python's `random`, so that
            `keras.utils.set_random_seed` settles it.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, size: int = 50, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = check_count("size", size, most=100_000, least=0)
        check_seed(seed)
        self.seed = random.randint(1, 2**31 - 1) if seed is None else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape: Any) -> None:
        """Make place for images of a shape (B, ...); none where the pool has no size."""
        if not self.size:
            return
        options = {
            "initializer": "zeros",
            "dtype": "float32",
            "trainable": False,
            "autocast": False,
            "aggregation": "only_first_replica",
        }
        self.pictures = self.add_weight(
            name="pictures", shape=(self.size, *input_shape[1:]), **options
        )
        self.count = self.add_weight(name="count", shape=(), **options)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Map images (B, ...) to images of the same shape."""
        if not training or not self.size:
            return inputs
        new = ops.stop_gradient(ops.cast(inputs, "float32"))
        stored, count = ops.convert_to_tensor(self.pictures), ops.convert_to_tensor(self.count)
        batch = ops.shape(new)[0]
        position, slot, swapped, written = self._drawn(batch, count)
        # Which row of the batch each place of the pool gets, if any.
        places = ops.arange(self.size, dtype="int32")
        gets = ops.logical_and(ops.equal(places[:, None], slot[None]), written[None])
        spread = (-1, *(1 for _ in new.shape[1:]))
        changed = ops.reshape(ops.any(gets, axis=1), spread)
        row = ops.argmax(ops.cast(gets, "int32"), axis=1)
        handed_out = ops.where(ops.reshape(swapped, spread), ops.take(stored, slot, axis=0), new)
        self.pictures.assign(ops.where(changed, ops.take(new, row, axis=0), stored))
        self.count.assign(ops.minimum(position[-1] + 1.0, float(self.size)))
        return ops.cast(handed_out, inputs.dtype)

    def _drawn(self, batch: Any, count: Tensor) -> tuple[Tensor, ...]:
        """Return for each row what happens to it, four tensors (B,).

        Returns:
            How many images came before it, at most the pool's size counted; its place in the pool;
            whether it is exchanged; whether it is stored.
        """
        chance = own_rows(lambda rows: uniform(rows, self.seed_generator, "float32"), (batch,))
        order = ops.argsort(uniform((self.size,), self.seed_generator, "float32"))
        rows = ops.arange(batch, dtype="int32")
        position = count + ops.cast(rows, "float32")
        filling = position < self.size
        chosen = ops.take(ops.cast(order, "int32"), ops.minimum(rows, self.size - 1), axis=0)
        slot = ops.where(filling, ops.cast(position, "int32"), chosen)
        earlier = ops.logical_and(rows < self.size, ops.cast(chosen, "float32") < count)
        swapped = ops.logical_and(ops.logical_and(ops.logical_not(filling), earlier), chance < 0.5)
        return position, slot, swapped, ops.logical_or(filling, swapped)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "size": self.size, "seed": self.seed}
