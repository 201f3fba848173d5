"""`Inpainter`: pictures with a hole, and a generator that completes them.

Pathak et al. 2016 (arXiv:1604.07379) and Denton, Gross, Fergus 2016 (arXiv:1611.06430), whose
losses are the families'. A mask is 1 in the hole and 0 elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.feeding import Examples, Part, check_pictures
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import run
from ganzoo.game.weights import accepted
from ganzoo.losses import binary_discriminator_loss, mean, non_saturating_generator_loss
from ganzoo.random import random_images

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Inpainter(AdversarialModel):
    """A generator that completes pictures, and a discriminator that sees them completed.

    `fit(ganzoo.data.masked.MaskedBatches(images, batch_size, seed=...))` or `fit(images, masks)`
    trains, `inpaint(images, masks)` uses it. The generator never sees what is in the hole. It logs
    `l1`, the mean absolute difference from the truth inside the hole.

    Args:
        generator: Built `keras.Model` from [image (B, h, w, c), mask (B, h, w, 1)] to pictures
            (B, h, w, c) in [-1, 1].
        discriminator: Built `keras.Model` from pictures (B, h, w, c) to logits (B, ..., 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    logged: tuple[str, ...] = ("l1",)
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    penalised = True
    weighted = True

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **kwargs: Any) -> None:
        super().__init__({"generator": generator, "discriminator": discriminator}, **kwargs)
        shape = self.image_shape
        taken = [tuple(tensor.shape[1:]) for tensor in (*generator.inputs, *discriminator.inputs)]
        if taken != [shape, (*shape[:2], 1), shape]:
            raise InvalidArgumentError(
                f"The generator makes {shape}, so it must take [image, mask] of {shape} and "
                f"{(*shape[:2], 1)}, and the discriminator {shape}; they take {taken}."
            )

    @property
    def image_shape(self) -> tuple[int, ...]:
        """(height, width, channels) of a picture."""
        return tuple(self.generator.output_shape[1:])

    # --- the game ----------------------------------------------------------------------------

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """Scalar loss of the discriminator, as of `GAN`; override it to change the game."""
        return binary_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """Scalar loss of the generator, without a distance; override it to change the game."""
        return non_saturating_generator_loss(fake_logits, **weights)

    def batch(self, data: Any) -> Batch:
        """Return {"image": (B, h, w, c), "mask": (B, h, w, 1)}."""
        return {name: self.tensor(part) for name, part in self.named(data).items()
                if name in ("image", "mask")}  # fmt: skip

    def completed(self, batch: Batch) -> Tensor:
        """Return pictures that are the generator's in the hole and the given ones elsewhere."""
        image, mask = batch["image"], batch["mask"]
        visible = image * (1.0 - mask)
        made = self.apply(self.generator, visible, mask)
        return visible + mask * ops.cast(made, visible.dtype)

    def judge(self, images: Tensor, mask: Tensor) -> Tensor:
        """Return the discriminator's logits of whole pictures; a family may show it less."""
        return self.apply(self.discriminator, images)

    def distance(self, made: Tensor, batch: Batch, power: int) -> Tensor:
        """Return the mean of |made - truth|^power inside the holes, a scalar float32 >= 0."""
        mask = ops.cast(batch["mask"], "float32")
        far = ops.absolute(ops.cast(made, "float32") - ops.cast(batch["image"], "float32")) ** power
        inside = ops.mean(mask * far, axis=(1, 2, 3))  # (B,)
        return mean(inside / ops.maximum(ops.mean(mask, axis=(1, 2, 3)), 1e-6),
                    batch.get("weights"))  # fmt: skip

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell true pictures from completed ones."""
        completed = functools.partial(self.completed, batch)
        made = completed() if self.at_once else without_gradient(completed)

        def judge(x: Tensor, rows: Any = slice(None)) -> Tensor:
            return self.judge(x, batch["mask"][rows])

        real_logits, fake_logits = judge(batch["image"]), judge(made)
        weights = dict.fromkeys(("real_weights", "fake_weights"), batch.get("weights"))
        given = accepted(self.discriminator_loss, weights)
        loss = self.discriminator_loss(real_logits, fake_logits, **given)
        penalty = self.penalty_of(judge, batch["image"], made, **weights)
        known = {"made": made, "fake_logits": fake_logits} if self.at_once else {}
        return Objective(loss if penalty is None else loss + penalty, {}, known)

    def generator_objective(self, batch: Batch) -> Objective:
        """Complete pictures so that the discriminator takes them for true ones."""
        known = "made" in batch
        made = batch["made"] if known else self.completed(batch)
        logits = batch["fake_logits"] if known else self.judge(made, batch["mask"])
        given = accepted(self.generator_loss, {"fake_weights": batch.get("weights")})
        loss = self.generator_loss(logits, **given)
        return Objective(loss, {"l1": self.distance(made, batch, 1)}, {"made": made})

    # --- data, use ---------------------------------------------------------------------------

    @property
    def parts(self) -> Sequence[Part]:
        """Pictures, and where their holes are."""
        shape = self.image_shape
        return (
            Examples("image", shape, maker=self.generator),
            Examples("mask", (*shape[:2], 1), (0.0, 1.0)),
        )

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with pictures and masks, 1 in the hole: fit(images, "
            "masks), or ganzoo.data.masked.MaskedBatches(images, batch_size, seed=...)."
        )

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Complete [images (B, h, w, c), masks (B, h, w, 1)]."""
        image, mask = (ops.convert_to_tensor(part) for part in inputs)
        visible = image * (1.0 - mask)
        network = self.inference_network("generator")
        made = self.apply(network, visible, mask, training=training)
        return visible + mask * ops.cast(made, visible.dtype)

    def inpaint(self, images: Any, masks: Any, *, batch_size: int = 16) -> np.ndarray:
        """Return completed pictures; outside of the holes each number is as it was.

        Args:
            images: In [-1, 1], shape (n, h, w, c), n >= 1; what is in a hole is not looked at.
            masks: 1 in a hole and 0 elsewhere, (n, h, w, 1), or (h, w, 1) for all.
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (n, h, w, c) in [-1, 1].

        Raises:
            DataError: Pictures or masks of another shape, or other numbers in them.
        """
        images = check_pictures(images, self.image_shape)
        masks = check_masks(masks, images.shape)
        visible = np.where(masks == 1.0, np.float32(0.0), images)
        made = run(self.inference_network("generator"), visible, masks, batch_size=batch_size)
        return np.where(masks == 1.0, made, images)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"image": (n, h, w, c), "mask": (n, h, w, 1)}, holes in the upper left quarter."""
        masks = np.zeros((n, *self.image_shape[:2], 1), np.float32)
        masks[:, : masks.shape[1] // 2, : masks.shape[2] // 2] = 1.0
        return {"image": random_images(n, self.image_shape, seed), "mask": masks}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, h, w, c)}, the completed pictures."""
        return {"generator": self.inpaint(inputs["image"], inputs["mask"])}


def check_masks(masks: Any, shape: Sequence[int]) -> np.ndarray:
    """Return masks (n, h, w, 1), float32, each number 0 or 1.

    Args:
        masks: One mask (h, w) or (h, w, 1) for all pictures, or n of them.
        shape: (n, h, w, c) of the pictures.

    Raises:
        DataError: Another shape, other numbers, or no hole in one of them.
    """
    masks, (n, height, width, _) = np.asarray(masks), shape
    one, each = (height, width), (n, height, width)
    if masks.shape not in (one, (*one, 1), each, (*each, 1)) or masks.dtype.kind not in "biuf":
        raise DataError(
            f"Masks of {n} pictures of {height}x{width} have shape {(*one, 1)}, or {(*each, 1)}; "
            f"got {masks.dtype} {masks.shape}."
        )
    if not np.isin(masks, (0, 1)).all():
        raise DataError("Masks are 1 in a hole and 0 elsewhere; got other numbers.")
    found = masks.reshape(-1, height, width, 1).astype(np.float32)
    if not found.any(axis=(1, 2, 3)).all():
        raise DataError("A mask marks no hole: it is 0 everywhere.")
    return np.broadcast_to(found, (*each, 1))
