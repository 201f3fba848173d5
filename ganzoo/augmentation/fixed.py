"""Random changes of images by a fixed chance.

We fill with the background instead of zero; colours change only where asked for, as ink has none.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo._backend import normal, own_rows, uniform
from ganzoo.checks import check_flag, check_number, check_rate, check_share
from ganzoo.errors import InvalidArgumentError
from ganzoo.schedules import plain, read, value_at

Tensor = Any
_WIDEST = 4  # pixels on each side of which one is the mean, where an image shrinks


@keras.saving.register_keras_serializable("ganzoo")
class Augmentation:
    """Random changes of place, size and colour, differentiable in the image, other for each.

    Args:
        translation: Largest shift along each axis, as a share of the side, in [0, 1).
        cutout: Side of the square that is hidden, as a share of the image's, in [0, 1). Its centre
            may be anywhere in the image.
        background: What comes in from outside and what the square shows, in [-1, 1].
        probability: With which each example is augmented, in [0, 1]: a number, a
            `ganzoo.schedules.Schedule` or plain data of one.
        mirror: Whether half of the images are flipped left to right.
        scale: Standard deviation of the binary logarithm of the size, in [0, 1): 0.2 in the paper.
        brightness: Standard deviation of what is added to all channels, in [0, 1): 0.2.
        contrast: Standard deviation of the binary logarithm of the factor of all channels, from
            mid grey, in [0, 1): 0.5.
        saturation: The same of the distance from the mean of the three channels, in [0, 1]: 1.0.

    The figures are those of arXiv:2006.06676, appendix B. Its rotations and filters are left out.
    """

    def __init__(
        self,
        translation: float = 0.125,
        cutout: float = 0.5,
        background: float = -1.0,
        probability: Any = 1.0,
        mirror: bool = False,
        scale: float = 0.0,
        brightness: float = 0.0,
        contrast: float = 0.0,
        saturation: float = 0.0,
    ) -> None:
        for name, rate in (
            ("translation", translation), ("cutout", cutout), ("scale", scale),
            ("brightness", brightness), ("contrast", contrast),
        ):  # fmt: skip
            check_rate(name, rate)
        check_share("saturation", saturation)
        if not -1.0 <= check_number("background", background) <= 1.0:
            raise InvalidArgumentError(f"background must be in [-1, 1]; got {background!r}.")
        self.translation = float(translation)
        self.cutout = float(cutout)
        self.background = float(background)
        self.probability = read("probability", probability, least=0.0, most=1.0)
        self.mirror = check_flag("mirror", mirror)
        self.scale = float(scale)
        self.brightness = float(brightness)
        self.contrast = float(contrast)
        self.saturation = float(saturation)

    def __call__(
        self, examples: Tensor, seed: Any, images: Any = None, strength: Any = None
    ) -> Tensor:
        """Return augmented images.

        Args:
            examples: Images, shape (B, height, width, channels).
            seed: A `keras.random.SeedGenerator`.
            images: Images seen so far, for a scheduled probability; None where it is a number.
            strength: For `AdaptiveAugmentation` alone.

        Raises:
            InvalidArgumentError: The examples are not images, or have no three channels to
                saturate, or the probability is scheduled and `images` is None.
        """
        self._check(examples)
        augmented = self._changed(examples, seed)
        if self.probability == 1.0:
            return augmented
        chance = _drawn(uniform, examples, 4, seed)
        return ops.where(chance < value_at(self.probability, images), augmented, examples)

    def _check(self, examples: Tensor) -> None:
        if len(examples.shape) != 4:
            raise InvalidArgumentError(
                "Augmentation is for images (n, height, width, channels); got data of shape "
                f"(n, {', '.join(map(str, examples.shape[1:]))})."
            )
        if self.saturation and examples.shape[-1] != 3:
            raise InvalidArgumentError(
                f"saturation needs the three channels of colours; got {examples.shape[-1]}."
            )

    def _changed(self, examples: Tensor, seed: Any, chance: Any = None) -> Tensor:
        """Return images after each change; with a chance, each change of an image has its own."""
        ink = examples - self.background  # 0 is the background now
        for change in self._changes():
            changed = change(ink, seed)
            if chance is not None:
                changed = ops.where(_drawn(uniform, ink, 4, seed) < chance, changed, ink)
            ink = changed
        return ink + self.background

    def _changes(self) -> list[Any]:
        """Return the changes that are asked for, in the order in which they are made."""
        asked = {
            self._mirrored: self.mirror,
            self._scaled: self.scale,
            self._translated: self.translation,
            self._brightened: self.brightness,
            self._contrasted: self.contrast,
            self._saturated: self.saturation,
            self._hidden: self.cutout,
        }
        return [change for change, wanted in asked.items() if wanted]

    def _mirrored(self, ink: Tensor, seed: Any) -> Tensor:
        return ops.where(_drawn(uniform, ink, 4, seed) < 0.5, ops.flip(ink, axis=2), ink)

    def _scaled(self, ink: Tensor, seed: Any) -> Tensor:
        """Return images of another size about their centre, between pixels by triangles."""
        factor = ops.exp2(self.scale * _drawn(normal, ink, 3, seed))  # (B, 1, 1)
        rows, columns = (_resized(factor, ink.shape[axis]) for axis in (1, 2))
        return _moved(ink, ops.cast(rows, ink.dtype), ops.cast(columns, ink.dtype))

    def _translated(self, ink: Tensor, seed: Any) -> Tensor:
        rows = self._shift(ink, 1, seed)  # (B, height, height)
        columns = self._shift(ink, 2, seed)  # (B, width, width)
        return _moved(ink, rows, columns)

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

    def _brightened(self, ink: Tensor, seed: Any) -> Tensor:
        return ink + ops.cast(self.brightness * _drawn(normal, ink, 4, seed), ink.dtype)

    def _contrasted(self, ink: Tensor, seed: Any) -> Tensor:
        factor = ops.exp2(self.contrast * _drawn(normal, ink, 4, seed))
        return (ink + self.background) * ops.cast(factor, ink.dtype) - self.background

    def _saturated(self, ink: Tensor, seed: Any) -> Tensor:
        factor = ops.exp2(self.saturation * _drawn(normal, ink, 4, seed))
        grey = ops.mean(ink, axis=-1, keepdims=True)
        return grey + (ink - grey) * ops.cast(factor, ink.dtype)

    def _hidden(self, ink: Tensor, seed: Any) -> Tensor:
        rows, columns = (self._covered(ink, axis, seed) for axis in (1, 2))
        hidden = ops.logical_and(rows[:, :, None], columns[:, None, :])
        return ink * ops.cast(ops.logical_not(hidden), ink.dtype)[..., None]

    def _covered(self, ink: Tensor, axis: int, seed: Any) -> Tensor:
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
            "mirror": self.mirror,
            "scale": self.scale,
            "brightness": self.brightness,
            "contrast": self.contrast,
            "saturation": self.saturation,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Augmentation:
        """Build the augmentation of `get_config()`."""
        return cls(**config)


def _drawn(draw: Any, examples: Tensor, rank: int, seed: Any) -> Tensor:
    """Draw one float32 number for each example: (B, 1, ...), of this rank."""
    shape = (ops.shape(examples)[0], *(1 for _ in range(rank - 1)))
    return own_rows(lambda rows: draw(rows, seed, "float32"), shape)


def _moved(ink: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Return images whose rows and columns are sums of others': matrices (B, side, side)."""
    ink = ops.einsum("bij,bjwc->biwc", rows, ink)
    return ops.einsum("bij,bhjc->bhic", columns, ink)


def _resized(factor: Tensor, side: int) -> Tensor:
    """Return for each example the matrix that resizes a side about its centre: (B, side, side).

    A pixel is the mean of its neighbours under a triangle, wider where the image shrinks; those
    outside of the image count as background.
    """
    centre = 0.5 * (side - 1)
    positions = ops.arange(side, dtype="float32")
    sources = (positions[None, :, None] - centre) / factor + centre
    reach = ops.clip(factor, 1.0 / _WIDEST, 1.0)

    def triangle(distances: Tensor) -> Tensor:
        return ops.maximum(0.0, 1.0 - reach * ops.abs(distances))

    around = ops.arange(-_WIDEST, _WIDEST + 2, dtype="float32")
    total = ops.sum(triangle(sources - ops.floor(sources) - around), axis=-1, keepdims=True)
    return triangle(sources - positions[None, None, :]) / total
