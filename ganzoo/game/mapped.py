"""`MappedGAN`: a generator that makes styles of latents, and pictures of styles.

Karras et al. 2018, A Style-Based Generator Architecture (StyleGAN), arXiv:1812.04948: style mixing
(section 3.1) and truncation of styles (appendix B). Karras et al. 2020, StyleGAN2,
arXiv:1912.04958: regularised path lengths (section 3.2).
"""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo._backend import input_gradient, mean_over_replicas, own_rows, replica, uniform
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.game.latent import GAN
from ganzoo.game.players import Objective
from ganzoo.game.run import run
from ganzoo.random import draw_latents

Tensor = Any
MOST = 2.0  # of a truncation; beyond it styles are of no picture
AVERAGED = 4096  # latents whose styles are averaged for the truncation
PARTS = ("mapping", "synthesis")


class MappedGAN(GAN):
    """A GAN whose generator has two networks as layers, by these names.

    "mapping" makes styles (B, width) of latents, "synthesis" images of one style for each level,
    (B, levels, width), from the smallest pictures on: the first ones settle pose and form, the last
    ones colours.

    Args:
        generator: From latents (B, latent_dim) to images in [-1, 1], as above.
        discriminator: From images to logits (B, 1).
        mixing: Share of the generated examples of a training that get two styles, in [0, 1).
        path_length: Weight of the path length penalty in the generator's loss, >= 0: a step of a
            style should change the image by the same length everywhere, that of the mean until
            then (arXiv:1912.04958, eq. 4). It is computed on half of each batch and doubles the
            time of the generator's update; the paper's weight is 2.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        mixing: float = 0.9,
        path_length: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if not 0.0 <= path_length < float("inf"):
            raise InvalidArgumentError(f"path_length must be >= 0; got {path_length!r}.")
        names = [layer.name for layer in generator.layers]
        if not set(PARTS) <= set(names):
            raise InvalidArgumentError(
                f"A generator of styles has the layers {' and '.join(PARTS)}; got "
                f"{', '.join(names)}."
            )
        super().__init__(generator, discriminator, **kwargs)
        self.mixing = checks.check_rate("mixing", mixing)
        self.path_length = float(path_length)
        self.path_mean = PathMean(name="path_mean") if path_length else None
        self.levels, self.style_dim = map(int, generator.get_layer("synthesis").input_shape[1:])

    def generated(self, batch: dict[str, Any]) -> Tensor:
        """Return generated examples, augmented; some with the styles of two latents."""
        if self.evaluating or not self.mixing or self.levels == 1:
            return super().generated(batch)
        rows = ops.shape(batch["real"])[0]
        mapping = self.generator.get_layer("mapping")
        first, second = (
            self.apply(mapping, self.draw_normal(rows, self.latent_dim))[:, None] for _ in range(2)
        )
        # The second style begins at a level: the last one or an earlier one, or none.
        draws = own_rows(lambda shape: uniform(shape, self.latent_seed, "float32"), (rows, 1, 2))
        begins = 1.0 + ops.floor(draws[..., :1] * (self.levels - 1))
        begins = ops.where(draws[..., 1:] < self.mixing, begins, float(self.levels))
        level = ops.cast(ops.arange(self.levels), "float32")[None, :, None]
        styles = ops.where(level < begins, first, second)  # (B, levels, style_dim)
        return self.augmented(self.apply(self.generator.get_layer("synthesis"), styles))

    def generator_objective(self, batch: dict[str, Any]) -> Objective:
        """Make what the discriminator takes for real, with even paths where that is asked for."""
        made = super().generator_objective(batch)
        if self.path_mean is None or self.evaluating:
            return made
        rows = (ops.shape(batch["real"])[0] + 1) // 2
        penalty = self._path_penalty(rows, self.path_mean)
        return made._replace(loss=made.loss + self.path_length * penalty)

    def _path_penalty(self, rows: Any, mean: PathMean) -> Tensor:
        """Return E[(|J^T y| - a)^2], eq. 4: y is normal, a the mean length until now."""
        styles = self.apply(
            self.generator.get_layer("mapping"), self.draw_normal(rows, self.latent_dim)
        )
        styles = ops.repeat(styles[:, None], self.levels, axis=1)
        height, width, channels = self.data_shape
        direction = self.draw_normal(rows, height, width, channels) / (height * width) ** 0.5
        direction = ops.cast(direction, "float32")
        synthesis = self.generator.get_layer("synthesis")

        def projected(styles: Tensor) -> Tensor:
            made = ops.cast(self.apply(synthesis, styles), "float32")
            return ops.sum(made * direction, axis=(1, 2, 3))[:, None]

        gradient = ops.cast(input_gradient(projected, styles), "float32")
        # The lengths of all levels are averaged as squares, as in the paper's code.
        lengths = ops.sqrt(ops.mean(ops.sum(ops.square(gradient), axis=2), axis=1) + 1e-8)
        return ops.mean(ops.square(lengths - mean.follow(lengths)))

    def sample(
        self,
        n: int,
        seed: int | None = None,
        truncation: float = 1.0,
        *,
        batch_size: int | None = None,
    ) -> np.ndarray:
        """Draw `n` examples, 64 at a time by default.

        `truncation` as for `styles`, the rest as for `GAN.sample`.
        """
        batch_size = 64 if batch_size is None else batch_size
        truncation = check_truncation(truncation)
        if truncation == 1.0:
            return super().sample(n, seed, batch_size=batch_size)
        self.check_memory(n)
        latents = draw_latents(n, self.latent_dim, seed)
        return self.synthesize(self.styles(latents, truncation), batch_size=batch_size)

    def styles(self, latents: Any, truncation: float = 1.0) -> np.ndarray:
        """Return the styles of latents (n, latent_dim): float32 (n, style_dim).

        Args:
            latents: Finite numbers, n >= 1.
            truncation: Distance from the mean style, in the style's own, from 0 to 2: 1 leaves it,
                0 is the mean (arXiv:1812.04948, appendix B). Less variety for better pictures.
        """
        truncation = check_truncation(truncation)
        latents = checks.check_latents(latents, self.latent_dim)
        mapping = self.sampling_generator.get_layer("mapping")
        made: np.ndarray = run(mapping, latents)
        if truncation == 1.0:
            return made
        mean = run(mapping, draw_latents(AVERAGED, self.latent_dim, 0)).mean(axis=0)
        return mean + np.float32(truncation) * (made - mean)

    def synthesize(self, styles: Any, *, batch_size: int = 64) -> np.ndarray:
        """Return pictures of styles, (n, *image_shape) in [-1, 1].

        Args:
            styles: One for all levels, (n, style_dim), or one for each, (n, levels, style_dim),
                from the smallest pictures on: the first ones settle pose and form, the last ones
                colours.
            batch_size: Pictures per forward pass.

        Raises:
            DataError: Another shape.
        """
        styles = np.asarray(styles, np.float32)
        if styles.ndim == 2:
            styles = np.repeat(styles[:, None], self.levels, axis=1)
        if styles.shape[1:] != (self.levels, self.style_dim) or not len(styles):
            raise DataError(
                f"Styles are (n, {self.style_dim}) or (n, {self.levels}, {self.style_dim}) with "
                f"n >= 1; got {styles.shape}."
            )
        network = self.sampling_generator.get_layer("synthesis")
        made: np.ndarray = run(network, styles, batch_size=batch_size)
        return made

    def mix(self, rows: Any, columns: Any, begin: int) -> np.ndarray:
        """Return pictures (rows, columns, *image_shape): each row's style, then each column's.

        Args:
            rows, columns: Styles (n, style_dim) and (m, style_dim).
            begin: The level from which on the style is the column's, 0 to the number of levels.

        Raises:
            DataError: Styles of another shape.
        """
        checks.check_count("begin", begin, most=self.levels, least=0)
        rows, columns = np.asarray(rows, np.float32), np.asarray(columns, np.float32)
        for what, styles in (("Rows", rows), ("Columns", columns)):
            if styles.ndim != 2 or styles.shape[1] != self.style_dim or not len(styles):
                raise DataError(
                    f"{what} are styles (n, {self.style_dim}) with n >= 1; got {styles.shape}."
                )
        shape = (len(rows), len(columns), self.levels, self.style_dim)
        mixed = np.broadcast_to(rows[:, None, None], shape).copy()
        mixed[:, :, begin:] = columns[None, :, None]
        made = self.synthesize(mixed.reshape(-1, *shape[2:]))
        return made.reshape(*shape[:2], *made.shape[1:])


@keras.saving.register_keras_serializable("ganzoo")
class PathMean(keras.layers.Layer):
    """A moving mean of path lengths, which begins at the first step's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value = self.add_weight(
            name="value", shape=(), initializer="zeros", dtype="float32", trainable=False,
            autocast=False, aggregation="mean",
        )  # fmt: skip
        self.built = True

    def follow(self, lengths: Tensor) -> Tensor:
        """Move towards the mean of lengths (n,) by a hundredth; return the mean, a constant."""
        now = ops.mean(ops.stop_gradient(lengths))
        if replica()[1] > 1:
            (now,) = mean_over_replicas([now])
        before = ops.convert_to_tensor(self.value)
        moved = ops.where(before == 0.0, now, 0.99 * before + 0.01 * now)
        self.value.assign(moved)
        return moved


def check_truncation(truncation: Any) -> float:
    """Return a truncation of styles as a float; refuse what is no number from 0 to 2.

    Raises:
        InvalidArgumentError: It says what was given.
    """
    try:
        value = float(truncation)
    except (TypeError, ValueError):
        value = math.nan
    if not 0.0 <= value <= MOST:
        raise InvalidArgumentError(
            f"truncation must be a number from 0 to {MOST:g}; got {truncation!r}."
        )
    return value
