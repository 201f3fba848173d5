"""What a generator and a discriminator must have in common, and how often the latter is right."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo.errors import InvalidArgumentError

Tensor = Any


def accuracies(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> dict[str, Tensor]:
    """Return whether each real and each generated example is told right: 0 or 1, float32 (B, 1).

    With weights (B,) of mean 1 it is multiplied by these.
    """
    told = {
        "d_real_accuracy": (ops.cast(real_logits > 0, "float32"), real_weights),
        "d_fake_accuracy": (ops.cast(fake_logits <= 0, "float32"), fake_weights),
    }
    return {
        name: right if weights is None else right * ops.reshape(weights, (-1, 1))
        for name, (right, weights) in told.items()
    }


def check_shapes(generator: keras.Model, discriminator: keras.Model) -> None:
    """Refuse two networks whose shapes do not meet."""
    for what, network in (("generator", generator), ("discriminator", discriminator)):
        if len(network.outputs) != 1:
            raise InvalidArgumentError(
                f"The {what} of a GAN must have one output; got {len(network.outputs)}. A game "
                "with more is a subclass of ganzoo.AdversarialModel."
            )
    made, judged = generator.output_shape[1:], discriminator.inputs[0].shape[1:]
    if made != judged:
        raise InvalidArgumentError(
            f"The generator makes data of shape {made}, the discriminator takes {judged}; "
            "they must be equal."
        )
    if discriminator.output_shape[1:] != (1,):
        raise InvalidArgumentError(
            "The discriminator must return logits of shape (B, 1); got (B, "
            f"{', '.join(map(str, discriminator.output_shape[1:]))})."
        )
