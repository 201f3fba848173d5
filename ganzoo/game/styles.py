"""`StyleTranslator`: a translator that is told in which of several styles to draw.

The game of Tian 2017, zi2zi (github.com/kaonashi-tyc/zi2zi), without the constant loss, which is
the family's: pix2pix with a label (Isola et al. 2016, arXiv:1611.07004), and a discriminator that
names the style, too (AC-GAN, Odena et al. 2016, arXiv:1610.09585).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo._backend import own_rows, uniform, without_gradient
from ganzoo.errors import InvalidArgumentError
from ganzoo.feeding import Labels, Part, check_pictures
from ganzoo.game.distance import DistanceTranslator
from ganzoo.game.labels import check_classes, one_hot, weights_of, with_even
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.run import run
from ganzoo.game.weights import accepted
from ganzoo.losses import category_loss, l1_distance
from ganzoo.schedules import plain, read, value_at

Tensor = Any


class StyleTranslator(DistanceTranslator):
    """Learns from pairs with a label, their style; `translate(sources, label=...)` uses it.

    `fit({"source": ..., "target": ..., "label": ...})` takes integer labels, 0 to len(styles) - 1.
    A share of the labels may be shuffled: these pictures have no target, so that they are judged
    by the discriminator alone. It logs `l1`, the distance from the target where there is one, and
    `category`, the cross-entropy of the styles that were asked for.

    Args:
        generator: Built `keras.Model` from [source (B, h, w, c), condition (B, styles)] to targets
            in [-1, 1].
        discriminator: Built `keras.Model` from [source, target] to logits (B, ..., 1) and to
            logits of the styles (B, styles).
        styles: Their names, in the order of the labels.
        distance_weight, adversarial_weight: As of `DistanceTranslator`.
        category_weight: Factor of the cross-entropy of the styles in both players' losses, >= 0: a
            number, or a schedule of images seen.
        shuffled: Share of the labels that are shuffled, in [0, 1], the same.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    logged: tuple[str, ...] = ("l1", "category")
    weighted = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        styles: Sequence[str],
        *,
        category_weight: Any = 1.0,
        shuffled: Any = 0.0,
        **kwargs: Any,
    ) -> None:
        styles = check_classes("styles", styles)
        category_weight = read("category_weight", category_weight, least=0.0)
        shuffled = read("shuffled", shuffled, least=0.0, most=1.0)
        shapes = (generator.inputs[-1].shape[1:], discriminator.outputs[-1].shape[1:])
        if any(tuple(shape) != (len(styles),) for shape in shapes):
            raise InvalidArgumentError(
                f"There are {len(styles)} styles, so the generator must take [source, condition "
                f"({len(styles)},)] and the discriminator return [logits, ({len(styles)},)]; got "
                f"{tuple(shapes[0])} and {tuple(shapes[1])}."
            )
        super().__init__(generator, discriminator, **kwargs)
        self.styles = styles
        self.category_weight, self.shuffled = category_weight, shuffled

    def factors(self) -> dict[str, Any]:
        """Return all weights and the shuffled share as plain data, for a configuration."""
        own = {"category_weight": self.category_weight, "shuffled": self.shuffled}
        return {**super().factors(), **{name: plain(value) for name, value in own.items()}}

    # --- the game ----------------------------------------------------------------------------

    def batch(self, data: Any) -> Batch:
        """Return {"source", "target": (B, h, w, c), "condition": (B, styles)}, one-hot."""
        made = super().batch(data)
        condition = one_hot(made.pop("label"), len(self.styles), self.compute_dtype)
        return {**made, "condition": condition}

    def asked(self, batch: Batch) -> Batch:
        """Return {"asked": (B, styles), "paired": (B,)}: what to draw; 1 where there is a target.

        Of the shuffled share of the rows the conditions of the batch are dealt anew.
        """
        condition = batch["condition"]
        rows = ops.shape(condition)[0]
        if self.evaluating or self.shuffled == 0.0:
            return {"asked": condition, "paired": ops.ones((rows,), "float32")}
        drawn = own_rows(lambda shape: uniform(shape, self.latent_seed, "float32"), (rows, 2))
        others = ops.take(condition, ops.argsort(drawn[:, 0]), axis=0)
        chosen = drawn[:, 1:] < value_at(self.shuffled, self.images_seen())  # (B, 1)
        paired = 1.0 - ops.cast(chosen[:, 0], "float32")
        return {"asked": ops.where(chosen, others, condition), "paired": paired}

    def made(self, batch: Batch) -> dict[str, Tensor]:
        """Return {"made": (B, h, w, c)} of sources and what is "asked", and what else is passed."""
        return {"made": self.apply(self.generator, batch["source"], batch["asked"])}

    def judge_both(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of pairs and those of their styles."""
        logits, styles = self.apply(self.discriminator, source, target)
        return logits, styles

    def judge(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the discriminator's logits of pairs."""
        return self.judge_both(source, target)[0]

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell true pairs from made ones, and the style of both."""
        asked = self.asked(batch)
        draw = functools.partial(self.made, {**batch, **asked})
        made = draw() if self.at_once else without_gradient(draw)

        def judge(x: Tensor, rows: Any = slice(None)) -> Tensor:
            return self.judge(batch["source"][rows], x)

        fake = self.judge_both(batch["source"], made["made"])
        real = self.judge_both(batch["source"], batch["target"])
        weight = batch.get("weights")
        weights = dict.fromkeys(("real_weights", "fake_weights"), weight)
        given = accepted(self.discriminator_loss, weights)
        told = category_loss(real[1], batch["condition"], weight)
        told = 0.5 * (told + category_loss(fake[1], asked["asked"], weight))
        loss = self.discriminator_loss(real[0], fake[0], **given)
        loss = loss + value_at(self.category_weight, self.images_seen()) * told
        penalty = self.penalty_of(judge, batch["target"], made["made"], **weights)
        known = {**asked, **made, "fake": fake} if self.at_once else {}
        return Objective(loss if penalty is None else loss + penalty, {}, known)

    def generator_objective(self, batch: Batch) -> Objective:
        """Make what is taken for the target, in the style that is asked for."""
        known: Batch = {}
        if "made" not in batch:
            known = self.asked(batch)
            known = {**known, **self.made({**batch, **known})}
            known["fake"] = self.judge_both(batch["source"], known["made"])
        batch = {**batch, **known}
        (logits, styles), weight, images = batch["fake"], batch.get("weights"), self.images_seen()
        given = accepted(self.generator_loss, {"fake_weights": weight})
        told = category_loss(styles, batch["asked"], weight)
        rows = batch["paired"] if weight is None else batch["paired"] * weight
        far = l1_distance(batch["made"], batch["target"], rows)
        loss = value_at(self.adversarial_weight, images) * self.generator_loss(logits, **given)
        loss = loss + value_at(self.category_weight, images) * told
        loss = loss + value_at(self.distance_weight, images) * far
        logs = {"l1": far / ops.maximum(ops.mean(rows), 1e-6), "category": told}
        return Objective(loss, logs, known)

    # --- data, use ---------------------------------------------------------------------------

    @property
    def parts(self) -> Sequence[Part]:
        """Sources and targets, and their styles, "label"."""
        return (*super().parts, Labels("label", self.styles, "styles"))

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained with pairs and their styles: "
            'fit({"source": ..., "target": ..., "label": ...}), one label per pair, integers from '
            f"0 to {len(self.styles) - 1}."
        )

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Translate [sources (B, h, w, c), condition (B, styles)].

        Sources alone get the styles' even mixture.
        """
        inputs = with_even(inputs, len(self.styles))
        return self.apply(self.inference_network("generator"), *inputs, training=training)

    def condition(self, n: int, label: Any = None) -> np.ndarray:
        """Return the condition of `n` pictures, float32 (n, styles); `label` as of `translate`."""
        return weights_of(self.styles, label, n, "pictures")

    def translate(self, images: Any, label: Any = None, *, batch_size: int = 16) -> np.ndarray:
        """Return source pictures in a style.

        Args:
            images: In [-1, 1], shape (n, h, w, c) of the sources, n >= 1.
            label: The name or the index of a style; a number between two indices mixes these; a
                sequence of n of them, one for each picture; or an array (n, styles) of weights.
                None takes the styles in turn.
            batch_size: Pictures per forward pass; it does not change the result.

        Returns:
            float32 (n, h, w, c) of the targets, in [-1, 1].

        Raises:
            InvalidArgumentError: There is no such style, or the count is not n.
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        images = check_pictures(images, self.source_shape)
        condition = self.condition(len(images), label)
        return run(self.inference_network("generator"), images, condition, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"source": (n, h, w, c), "condition": (n, styles)}, the styles in turn."""
        return {**super().probe_inputs(n, seed), "condition": self.condition(n)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, h, w, c)}."""
        return {"generator": self.translate(inputs["source"], inputs["condition"])}
