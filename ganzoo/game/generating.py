"""Generating with a GAN: from latents to samples, the same on every backend."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ganzoo import checks
from ganzoo._backend import apply, batch_multiple
from ganzoo.errors import InvalidArgumentError
from ganzoo.random import draw_latents

Tensor = Any
MAX_SAMPLE_BYTES = 2**34


class Generating:
    """The half of `GAN` that needs the generator alone."""

    generator: Any
    averaged_generator: Any
    predict: Any

    @property
    def latent_dim(self) -> int:
        """Length of a latent vector."""
        return int(self.generator.input_shape[-1])

    @property
    def data_shape(self) -> tuple[int, ...]:
        """Shape of one example: (height, width, channels) for images."""
        return tuple(self.generator.output_shape[1:])

    @property
    def sampling_generator(self) -> keras.Model:
        """The network that generates: the averaged generator where there is one."""
        return self.generator if self.averaged_generator is None else self.averaged_generator

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        """Generate from latents (B, latent_dim)."""
        return apply(self.sampling_generator, latents, training=training)

    def generate(self, latents: Any, batch_size: int = 256) -> np.ndarray:
        """Generate one example per latent vector.

        Args:
            latents: Finite numbers, shape (n, latent_dim), n >= 1.
            batch_size: Examples per forward pass; it does not change the result.

        Returns:
            float32 array of shape (n, *data_shape), in [-1, 1].

        Raises:
            InvalidArgumentError: The latents have another rank, width or dtype, or are not finite.
        """
        latents = checks.check_latents(latents, self.latent_dim)
        return self._predicted([latents], batch_size)

    def _predicted(self, inputs: list[np.ndarray], batch_size: int) -> np.ndarray:
        """Return `predict` on arrays of n rows each, in equal batches: one compilation only."""
        batch_size = checks.check_count("batch_size", batch_size)
        n = len(inputs[0])
        size = min(batch_size, n)
        size += -size % batch_multiple()
        padding = ((0, -n % size), (0, 0))
        padded = [np.pad(array, padding) for array in inputs]
        whole = padded[0] if len(padded) == 1 else padded
        return np.asarray(self.predict(whole, batch_size=size, verbose=0)[:n], np.float32)

    def sample(self, n: int, seed: int | None = None, batch_size: int = 256) -> np.ndarray:
        """Draw `n` examples.

        Args:
            n: How many, >= 1.
            seed: Seeds a NumPy `Generator(PCG64(seed))`; the same seed gives the same latents on
                every backend and for every batch size. None draws others each time.
            batch_size: Examples per forward pass.

        Returns:
            float32 array of shape (n, *data_shape), in [-1, 1].
        """
        self.check_memory(n)
        return self.generate(draw_latents(n, self.latent_dim, seed), batch_size)

    def check_memory(self, n: int) -> None:
        """Refuse more samples than 16 GiB of float32 hold."""
        checks.check_count("The number of samples", n)
        most = MAX_SAMPLE_BYTES // (4 * int(np.prod(self.data_shape)))
        if n > most:
            raise InvalidArgumentError(
                f"At most {most} samples of shape {self.data_shape} fit into 16 GiB; got {n}. "
                "Draw them in parts, with another seed each."
            )
