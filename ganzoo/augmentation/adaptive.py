"""Changes whose strength adapts itself to what the discriminator knows by heart."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo._backend import mean_over_replicas, process
from ganzoo.augmentation.fixed import Augmentation
from ganzoo.checks import check_number
from ganzoo.errors import InvalidArgumentError

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class AdaptiveAugmentation(Augmentation):
    """Augmentation whose strength follows the discriminator's certainty of real images.

    arXiv:2006.06676, section 3: r = E[sign D(x)] over real images as D sees them; where it is above
    the target, the strength rises, else it falls. The strength is the chance with which each change
    of each image is made, each by itself. r is averaged over about four steps. Of a relativistic
    game r is that of the differences D(x) - D(G(z)), as its logits have no zero of their own.

    The strength is a weight of the compiled model (`gan.augmentation_strength.value`), so it is
    saved and a training resumes with it; `compile` with such an augmentation again does not set it
    back, with another it is gone, and a preset is without it. `fit` logs it.

    Args:
        target: Of r, in (-1, 1): 0.6 in the paper.
        images: After how many images a strength of 0 can be 1; 500,000 in the paper, whose
            trainings are twenty times as long as those of this zoo.
        most: Largest strength, in (0, 1]: changes begin to be drawn by the generator above 0.8
            (section 2.2).
        translation, cutout, background, mirror, scale, brightness, contrast, saturation: See
            `Augmentation`.
    """

    def __init__(
        self,
        target: float = 0.6,
        images: float = 50_000.0,
        most: float = 0.8,
        translation: float = 0.125,
        cutout: float = 0.0,
        background: float = -1.0,
        mirror: bool = False,
        scale: float = 0.2,
        brightness: float = 0.0,
        contrast: float = 0.0,
        saturation: float = 0.0,
    ) -> None:
        super().__init__(
            translation=translation,
            cutout=cutout,
            background=background,
            mirror=mirror,
            scale=scale,
            brightness=brightness,
            contrast=contrast,
            saturation=saturation,
        )
        if not -1.0 < check_number("target", target) < 1.0:
            raise InvalidArgumentError(f"target must be in (-1, 1); got {target!r}.")
        if not check_number("images", images) >= 1.0:
            raise InvalidArgumentError(f"images must be a number >= 1; got {images!r}.")
        if not 0.0 < check_number("most", most) <= 1.0:
            raise InvalidArgumentError(f"most must be in (0, 1]; got {most!r}.")
        self.target, self.images, self.most = float(target), float(images), float(most)

    def __call__(
        self, examples: Tensor, seed: Any, images: Any = None, strength: Any = None
    ) -> Tensor:
        """Return images augmented with a strength in [0, 1], a number or a scalar tensor.

        Raises:
            InvalidArgumentError: As for `Augmentation`, or there is no strength.
        """
        self._check(examples)
        if strength is None:
            raise InvalidArgumentError(
                "AdaptiveAugmentation needs a strength in [0, 1], which the step of a model hands "
                "over; got None."
            )
        return self._changed(examples, seed, chance=strength)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"target": self.target, "images": self.images, "most": self.most}
        config = {**own, **super().get_config()}
        del config["probability"]
        return config


@keras.saving.register_keras_serializable("ganzoo")
class Strength(keras.layers.Layer):
    """The state of an `AdaptiveAugmentation`, which belongs to a model: two numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        options: dict[str, Any] = {
            "shape": (), "initializer": "zeros", "dtype": "float32", "trainable": False,
            "autocast": False, "aggregation": "mean",
        }  # fmt: skip
        self.value = self.add_weight(name="value", **options)
        self.certainty = self.add_weight(name="certainty", **options)
        self.built = True

    def follow(self, augmentation: AdaptiveAugmentation, accuracy: Tensor, rows: Any) -> Tensor:
        """Move towards the target after a step; return the strength.

        Args:
            augmentation: What is adapted.
            accuracy: Share of the real images that the discriminator took for real, any shape.
            rows: Images of the step, on all devices together.
        """
        accuracy = ops.mean(ops.cast(accuracy, "float32"))
        if process()[1] > 1:
            (accuracy,) = mean_over_replicas([accuracy])
        certainty = 0.75 * ops.convert_to_tensor(self.certainty) + 0.25 * (2.0 * accuracy - 1.0)
        step = ops.cast(rows, "float32") / augmentation.images
        moved = ops.convert_to_tensor(self.value) + step * ops.sign(certainty - augmentation.target)
        moved = ops.clip(moved, 0.0, augmentation.most)
        self.certainty.assign(certainty)
        self.value.assign(moved)
        return moved
