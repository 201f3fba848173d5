"""Differentiable augmentation: the discriminator sees shifted and partly hidden pictures only.

Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training (arXiv:2006.10738).
Real and generated images are treated alike, in the updates of both networks, so that a small set
of images is harder to learn by heart while the generator still learns the pictures as they are. We
fill with the background instead of zero, and leave out colour, which ink does not have.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo._backend import own_rows, uniform
from ganzoo.checks import check_rate
from ganzoo.errors import InvalidArgumentError
from ganzoo.schedules import plain, read, value_at

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Augmentation:
    """Random translation and cutout, differentiable in the image, other for each example.

    Args:
        translation: Largest shift along each axis, as a share of the side, in [0, 1).
        cutout: Side of the square that is hidden, as a share of the image's, in [0, 1). Its centre
            may be anywhere in the image.
        background: What comes in from outside and what the square shows, in [-1, 1].
        probability: With which each example is augmented, in [0, 1]: a number, a
            `ganzoo.schedules.Schedule` or plain data of one.
    """

    def __init__(
        self,
        translation: float = 0.125,
        cutout: float = 0.5,
        background: float = -1.0,
        probability: Any = 1.0,
    ) -> None:
        check_rate("translation", translation)
        check_rate("cutout", cutout)
        if not -1.0 <= background <= 1.0:
            raise InvalidArgumentError(f"background must be in [-1, 1]; got {background!r}.")
        self.translation = float(translation)
        self.cutout = float(cutout)
        self.background = float(background)
        self.probability = read("probability", probability, least=0.0, most=1.0)

    def __call__(self, examples: Tensor, seed: Any, images: Any = None) -> Tensor:
        """Return augmented images.

        Args:
            examples: Images, shape (B, height, width, channels).
            seed: A `keras.random.SeedGenerator`.
            images: Images seen so far, for a scheduled probability; None where it is a number.

        Raises:
            InvalidArgumentError: The examples are not images, or the probability is scheduled and
                `images` is None.
        """
        if len(examples.shape) != 4:
            raise InvalidArgumentError(
                "Augmentation is for images (n, height, width, channels); got data of shape "
                f"(n, {', '.join(map(str, examples.shape[1:]))})."
            )
        ink = examples - self.background  # 0 is the background now
        if self.translation:
            ink = self._translated(ink, seed)
        if self.cutout:
            ink = ink * self._mask(ink, seed)
        augmented = ink + self.background
        if self.probability == 1.0:
            return augmented
        shape = (ops.shape(examples)[0], 1, 1, 1)
        chance = own_rows(lambda rows: uniform(rows, seed, "float32"), shape)
        return ops.where(chance < value_at(self.probability, images), augmented, examples)

    def _translated(self, ink: Tensor, seed: Any) -> Tensor:
        rows = self._shift(ink, 1, seed)  # (B, height, height)
        columns = self._shift(ink, 2, seed)  # (B, width, width)
        ink = ops.einsum("bij,bjwc->biwc", rows, ink)
        return ops.einsum("bij,bhjc->bhic", columns, ink)

    def _shift(self, ink: Tensor, axis: int, seed: Any) -> Tensor:
        """Return for each example the matrix that moves it along an axis."""
        side = ink.shape[axis]
        most = int(self.translation * side + 0.5)
        shape = (ops.shape(ink)[0], 1, 1)
        offsets = own_rows(
            lambda rows: keras.random.randint(rows, -most, most + 1, seed=seed), shape
        )
        positions = ops.arange(side, dtype="int32")
        moved = positions[None, None, :] + offsets  # where each source position goes to
        return ops.cast(ops.equal(positions[None, :, None], moved), ink.dtype)

    def _mask(self, ink: Tensor, seed: Any) -> Tensor:
        """Return 0 in the hidden square and 1 elsewhere: (B, height, width, 1)."""
        rows, columns = (self._hidden(ink, axis, seed) for axis in (1, 2))
        hidden = ops.logical_and(rows[:, :, None], columns[:, None, :])
        return ops.cast(ops.logical_not(hidden), ink.dtype)[..., None]

    def _hidden(self, ink: Tensor, axis: int, seed: Any) -> Tensor:
        """Return which positions along an axis the square covers: (B, side)."""
        side = ink.shape[axis]
        length = int(self.cutout * side + 0.5)
        shape = (ops.shape(ink)[0], 1)
        centres = own_rows(lambda rows: keras.random.randint(rows, 0, side, seed=seed), shape)
        offsets = ops.arange(side, dtype="int32")[None] - centres + length // 2
        return ops.logical_and(offsets >= 0, offsets < length)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {
            "translation": self.translation,
            "cutout": self.cutout,
            "background": self.background,
            "probability": plain(self.probability),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Augmentation:
        """Build the augmentation of `get_config()`."""
        return cls(**config)
