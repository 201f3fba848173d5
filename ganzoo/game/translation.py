"""Pictures into pictures: `Translator` learns from pairs, `UnpairedTranslator` from two sets.

The games of Isola et al. 2016 (arXiv:1611.07004), without the distance from the target, which is
the family's, and the data of Zhu et al. 2017 (arXiv:1703.10593), whose game is the family's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.feeding import Examples, Part, check_pictures
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import run
from ganzoo.game.weights import accepted
from ganzoo.losses import binary_discriminator_loss, non_saturating_generator_loss
from ganzoo.random import random_images

Tensor = Any
DIRECTIONS = ("ab", "ba")


class _OfPictures(AdversarialModel):
    """What both kinds share: batches of named parts, of which the pictures are checked."""

    def _tensors(self, named: Mapping[str, Any], pictures: Sequence[str]) -> Batch:
        """Return pictures in this model's type, and other parts, such as labels, as they are."""
        return {
            name: self.tensor(part) if name in pictures else ops.convert_to_tensor(part)
            for name, part in named.items()
        }


@keras.saving.register_keras_serializable("ganzoo")
class Translator(_OfPictures):
    """A generator that turns a source picture into a target picture, learned from pairs.

    `fit(sources, targets)` or `fit({"source": ..., "target": ...})` trains, `translate(sources)`
    uses it. The discriminator sees a source and a target; what it says of each patch counts alike.

    Args:
        generator: Built `keras.Model` from sources (B, h, w, c) to targets in [-1, 1].
        discriminator: Built `keras.Model` from [source, target] to logits (B, ..., 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    penalised = True
    weighted = True

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **kwargs: Any) -> None:
        super().__init__({"generator": generator, "discriminator": discriminator}, **kwargs)
        self.check_judge([tuple(tensor.shape[1:]) for tensor in discriminator.inputs])

    def check_judge(self, judged: Sequence[Any]) -> None:
        """Refuse a discriminator that takes something else than this game shows it.

        Args:
            judged: The shapes of its inputs.
        """
        pair = [self.source_shape, self.target_shape]
        if judged != pair:
            raise InvalidArgumentError(
                f"The generator makes {pair[1]} from {pair[0]}, so the discriminator must take "
                f"[source, target] of these shapes; it takes {judged}."
            )

    @property
    def source_shape(self) -> tuple[Any, ...]:
        """(height, width, channels) of a source."""
        return tuple(self.generator.inputs[0].shape[1:])

    @property
    def target_shape(self) -> tuple[Any, ...]:
        """(height, width, channels) of a target."""
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
        """Return {"source": (B, h, w, c), "target": (B, h, w, c)} and whatever else is named."""
        return self._tensors(self.named(data), ("source", "target"))

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell true pairs from a source with what was made of it."""
        translated = functools.partial(self.translated, batch)
        made = translated() if self.at_once else without_gradient(translated)

        def judge(x: Tensor, rows: Any = slice(None)) -> Tensor:
            return self.judge(batch["source"][rows], x)

        fake_logits = judge(made)
        weights = dict.fromkeys(("real_weights", "fake_weights"), batch.get("weights"))
        real_logits, given = judge(batch["target"]), accepted(self.discriminator_loss, weights)
        loss = self.discriminator_loss(real_logits, fake_logits, **given)
        penalty = self.penalty_of(judge, batch["target"], made, **weights)
        seen = {"made": made, "fake_logits": fake_logits, "real_logits": real_logits}
        known = seen if self.at_once else {}
        return Objective(loss if penalty is None else loss + penalty, {}, known)

    def generator_objective(self, batch: Batch) -> Objective:
        """Make what the discriminator takes for the target."""
        known = "made" in batch
        made = batch["made"] if known else self.translated(batch)
        logits = batch["fake_logits"] if known else self.judge(batch["source"], made)
        given = accepted(self.generator_loss, {"fake_weights": batch.get("weights")})
        return Objective(self.generator_loss(logits, **given), {}, {"made": made})

    def translated(self, batch: Batch) -> Tensor:
        """Return what the generator makes of the sources of a batch."""
        return self.apply(self.generator, batch["source"])

    def judge(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the discriminator's logits of pairs."""
        return self.apply(self.discriminator, source, target)

    # --- data, use ---------------------------------------------------------------------------

    @property
    def parts(self) -> Sequence[Part]:
        """Sources and targets."""
        return (
            Examples("source", self.source_shape),
            Examples("target", self.target_shape, maker=self.generator),
        )

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with pairs: fit(sources, targets), or "
            'fit({"source": ..., "target": ...}).'
        )

    def call(self, sources: Tensor, training: bool = False) -> Tensor:
        """Translate sources (B, h, w, c)."""
        return self.apply(self.inference_network("generator"), sources, training=training)

    def translate(self, images: Any, *, batch_size: int = 16) -> np.ndarray:
        """Return what the generator makes of source pictures.

        Args:
            images: In [-1, 1], shape (n, h, w, c) of the sources, n >= 1.
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (n, h, w, c) of the targets, in [-1, 1].

        Raises:
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        images = check_pictures(images, self.source_shape)
        return run(self.inference_network("generator"), images, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"source": (n, h, w, c)}."""
        return {"source": random_images(n, self.source_shape, seed)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, h, w, c)}."""
        return {"generator": self.translate(inputs["source"])}


def both_ways(
    generator: Callable[[str], keras.Model], discriminator: Callable[[str], keras.Model]
) -> dict[str, keras.Model]:
    """Return two generators and two discriminators, each built from its name."""
    return {
        **{f"generator_{way}": generator(f"generator_{way}") for way in DIRECTIONS},
        **{f"discriminator_{which}": discriminator(f"discriminator_{which}") for which in "ab"},
    }


class UnpairedTranslator(_OfPictures):
    """Two generators between two sets of pictures, a to b and b to a, without pairs.

    `fit(UnpairedBatches(a, b, batch_size, seed=...))` trains, `translate(pictures, "ab")` uses it.

    Args:
        networks: `generator_ab`, `generator_ba`, and what judges them.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    averaged: ClassVar[tuple[str, ...]] = ("generator_ab", "generator_ba")

    def shape_of(self, which: str) -> tuple[int, ...]:
        """Return (height, width, channels) of the pictures of set "a" or "b"."""
        other = {"a": "ab", "b": "ba"}[which]
        return tuple(getattr(self, f"generator_{other}").inputs[0].shape[1:])

    def batch(self, data: Any) -> Batch:
        """Return {"a": (B, h, w, c), "b": (B, h, w, c)}; rows are no pairs."""
        return self._tensors(self.named(data), ("a", "b"))

    in_rows = False

    @property
    def parts(self) -> Sequence[Part]:
        """Pictures of set a and of set b."""
        return (
            Examples("a", self.shape_of("a"), maker=self.generator_ba),
            Examples("b", self.shape_of("b"), maker=self.generator_ab),
        )

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained on two sets without pairs, which may differ in "
            "length, given as UnpairedBatches(a, b, batch_size, seed=...)."
        )

    export_names = ("a",)

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        """Translate pictures of set a (B, h, w, c) into set b."""
        return self.apply(self.inference_network("generator_ab"), images, training=training)

    def translate(self, images: Any, direction: str = "ab", *, batch_size: int = 16) -> np.ndarray:
        """Return what a generator makes of pictures.

        Args:
            images: In [-1, 1], shape (n, h, w, c), n >= 1.
            direction: "ab" or "ba".
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (n, h, w, c), in [-1, 1].

        Raises:
            InvalidArgumentError: Another direction.
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        if direction not in DIRECTIONS:
            raise InvalidArgumentError(
                f"direction must be {' or '.join(map(repr, DIRECTIONS))}; got {direction!r}."
                + nearest(str(direction), DIRECTIONS)
            )
        images = check_pictures(images, self.shape_of(direction[0]))
        network = self.inference_network(f"generator_{direction}")
        return run(network, images, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"a": (n, h, w, c), "b": (n, h, w, c)}."""
        return {
            which: random_images(n, self.shape_of(which), seed + index)
            for index, which in enumerate("ab")
        }

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the pictures of both generators."""
        return {
            f"generator_{direction}": self.translate(inputs[direction[0]], direction)
            for direction in DIRECTIONS
        }
