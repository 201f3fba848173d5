"""Gradient descent in the latent space, as a Keras model whose only weights are latents.

So the step is one call of the seam's `minimize`, and Keras' trainer runs it on every backend.
`ganzoo.latent.invert` and `invert_styles` are what users call.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo._backend import BackendModel, minimize
from ganzoo.random import draw_latents

AVERAGED = 4096  # drawn styles whose mean and deviation are the units of style space
CHUNK = 256  # latents that descend together


class Descent(BackendModel, keras.Model):
    """Latents that follow the gradient of the distance from target images.

    `fit([targets, condition])` with all rows in one batch takes one step per epoch; the condition
    is left out for a generator that takes none.

    Args:
        generator: From latents, or [latents, condition], to images; its weights stay as they are.
        latents: Where to begin, float32 (n, latent_dim).
        prior: Weight of the mean square of a latent's coordinates.
    """

    def __init__(self, generator: keras.Model, latents: np.ndarray, prior: float) -> None:
        super().__init__()
        self.generator, self.prior = generator, prior
        self.latents = self.add_weight(
            shape=latents.shape, initializer="zeros", dtype="float32", name="latents"
        )
        self.latents.assign(latents)
        self.built = True

    def compile(self, optimizer: Any, **kwargs: Any) -> None:
        """Build the optimizer on the latents alone, before Keras builds it on all weights."""
        optimizer.build([self.latents])
        super().compile(optimizer=optimizer, **kwargs)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take one step; each image has its own latent, so that losses add up."""
        parts = keras.utils.unpack_x_y_sample_weight(data)[0]
        targets, *condition = parts if isinstance(parts, list | tuple) else [parts]

        def loss() -> Any:
            given = [self.latents.value, *condition]
            made = self.generator(given if condition else given[0], training=False)
            far = ops.mean(ops.square(ops.cast(made, "float32") - targets), axis=(1, 2, 3))
            size = ops.mean(ops.square(self.latents.value), axis=-1)
            return ops.sum(far + self.prior * size)

        return {"loss": minimize(loss, [self.latents], self.optimizer)}


class StyleSpace:
    """The styles of a `MappedGAN` as if they were latents: from the mean, in standard deviations.

    Args:
        gan: The GAN.
        each_level: Whether every level has coordinates of its own.
    """

    def __init__(self, gan: Any, each_level: bool) -> None:
        drawn = gan.styles(draw_latents(AVERAGED, gan.latent_dim, 0))
        self.gan, self.mean = gan, drawn.mean(axis=0)
        self.deviation = np.maximum(drawn.std(axis=0), np.float32(1e-6))
        self.repeats = 1 if each_level else gan.levels
        size = (gan.levels // self.repeats) * gan.style_dim
        network = gan.sampling_generator.get_layer("synthesis")
        given = keras.Input((size,))
        x = keras.layers.Reshape((-1, gan.style_dim))(given)
        x = keras.layers.Rescaling(self.deviation.tolist(), self.mean.tolist())(x)
        x = x if each_level else keras.layers.UpSampling1D(gan.levels)(x)
        self.sampling_generator = keras.Model(given, network(x))

    def draw(self, n: int, seed: int) -> np.ndarray:
        """Return the coordinates (n, size) of the styles of `n` drawn latents."""
        styles = self.gan.styles(draw_latents(n, self.gan.latent_dim, seed))
        levels = self.gan.levels // self.repeats
        coordinates: np.ndarray = np.tile((styles - self.mean) / self.deviation, (1, levels))
        return coordinates

    def styles(self, coordinates: np.ndarray) -> np.ndarray:
        """Return styles (n, levels, style_dim)."""
        size = self.gan.style_dim
        styles = coordinates.reshape(len(coordinates), -1, size) * self.deviation + self.mean
        return np.repeat(styles, self.repeats, axis=1).astype(np.float32)

    def generate(self, coordinates: np.ndarray) -> np.ndarray:
        """Return the pictures of coordinates."""
        made: np.ndarray = self.gan.synthesize(self.styles(coordinates))
        return made


def found(
    gan: Any,
    images: np.ndarray,
    condition: np.ndarray | None,
    drawn: np.ndarray,
    starts: int,
    **options: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what descent finds of images: latents, their pictures, errors; see `latent.Inversion`.

    Args:
        gan: A GAN, or a `StyleSpace`, which stands for one.
        images, condition, drawn, starts: As of `nearest`.
        **options: `steps`, `learning_rate` and `prior` of `descend`.
    """
    begun = nearest(gan, images, condition, drawn, starts)
    asked = None if condition is None else np.repeat(condition, starts, axis=0)
    ends = descend(gan, np.repeat(images, starts, axis=0), asked, begun, **options)
    return best(gan, images, condition, ends, starts)


def nearest(
    gan: Any, images: np.ndarray, condition: np.ndarray | None, drawn: np.ndarray, starts: int
) -> np.ndarray:
    """Return, for each image, the `starts` drawn latents whose pictures are nearest to it.

    Args:
        gan: The GAN.
        images: (n, height, width, channels).
        condition: (n, classes), or None.
        drawn: (m, latent_dim), m >= starts.
        starts: How many to choose.

    Returns:
        (n * starts, latent_dim), the choices for an image one after the other.
    """
    rows = images.reshape(len(images), -1).astype(np.float64)
    chosen = []
    made: dict[bytes, np.ndarray] = {}  # by condition: without one, a single set of pictures
    for index, row in enumerate(rows):
        asked = b"" if condition is None else condition[index].tobytes()
        if asked not in made:
            made = {asked: _generate(gan, drawn, condition, index).reshape(len(drawn), -1)}
        far = ((made[asked] - row) ** 2).sum(axis=1)
        chosen.append(drawn[np.argsort(far, kind="stable")[:starts]])
    return np.concatenate(chosen)


def _generate(gan: Any, latents: np.ndarray, condition: np.ndarray | None, index: int) -> Any:
    if condition is None:
        return gan.generate(latents)
    return gan.generate(latents, label=np.repeat(condition[index : index + 1], len(latents), 0))


def descend(
    gan: Any,
    targets: np.ndarray,
    condition: np.ndarray | None,
    latents: np.ndarray,
    *,
    steps: int,
    learning_rate: float,
    prior: float,
) -> np.ndarray:
    """Return the latents after `steps` steps of Adam; arguments as for `ganzoo.latent.invert`."""
    found = []
    for start in range(0, len(latents), CHUNK):
        part = slice(start, start + CHUNK)
        descent = Descent(gan.sampling_generator, latents[part], prior)
        schedule = keras.optimizers.schedules.CosineDecay(learning_rate, steps, alpha=0.1)
        descent.compile(keras.optimizers.Adam(schedule))
        inputs = [targets[part]] if condition is None else [targets[part], condition[part]]
        descent.fit(_Repeated(inputs, steps), epochs=1, shuffle=False, verbose=0)
        found.append(np.asarray(ops.convert_to_numpy(descent.latents), np.float32))
    return np.concatenate(found)


class _Repeated(keras.utils.PyDataset):
    """The same batch, `times` times."""

    def __init__(self, inputs: list[np.ndarray], times: int) -> None:
        super().__init__()
        self.inputs, self.times = tuple(inputs), times

    def __len__(self) -> int:
        return self.times

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        return (self.inputs if len(self.inputs) > 1 else self.inputs[0],)


def best(
    gan: Any,
    images: np.ndarray,
    condition: np.ndarray | None,
    found: np.ndarray,
    starts: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the best latent of each image, its picture and its error; see `latent.Inversion`."""
    options = {} if condition is None else {"label": np.repeat(condition, starts, axis=0)}
    made = gan.generate(found, **options)
    far = (made - np.repeat(images, starts, axis=0)).reshape(len(images), starts, -1)
    errors = np.sqrt((far.astype(np.float64) ** 2).mean(axis=-1))  # (n, starts)
    chosen = np.arange(len(images)) * starts + errors.argmin(axis=1)
    return found[chosen], made[chosen], errors.min(axis=1)
