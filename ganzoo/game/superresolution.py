"""`SuperResolver`: larger pictures out of small ones of any size, learned from pairs.

The game of Ledig et al. 2016 (arXiv:1609.04802): a distance from the true picture, a distance of
features that the caller hands over, and a discriminator that sees large pictures alone.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np

from ganzoo import checks
from ganzoo._backend import Mean, without_gradient
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.feeding import Examples, Part, as_numpy, check_pictures
from ganzoo.game.distance import DistanceTranslator
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.run import run
from ganzoo.game.tiles import Tiling, fitted_tiling, whole_where_small
from ganzoo.game.weights import accepted
from ganzoo.losses import l1_distance
from ganzoo.random import random_images
from ganzoo.resampling import check_scale
from ganzoo.schedules import plain, read, value_at

Tensor = Any
PROBED = 8  # pixels of a side
LEAST = 2
MOST = 256  # of a tile
PIXELS = 2**15  # of a forward pass of several pictures or tiles


class SuperResolver(DistanceTranslator):
    """Learns to enlarge; logs `l1`, the mean absolute distance from the target.

    Sources are (B, h, w, channels), targets (B, scale h, scale w, channels) of any h and w.

    Args:
        generator: Built `keras.Model` from sources (B, any, any, c) to targets.
        discriminator: Built `keras.Model` from targets to logits (B, ..., 1).
        scale: 2, 3 or 4.
        distance_weight: Factor of the L1 distance of the pixels, >= 0: a number, or a schedule.
        adversarial_weight: Factor of the adversarial loss, the same. With 0 the discriminator
            waits, unless `compile(steps=...)` says otherwise.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    relativistic: ClassVar[bool] = False  # generator_loss(fake_logits, real_logits)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        scale: int,
        distance_weight: Any,
        adversarial_weight: Any,
        **kwargs: Any,
    ) -> None:
        self._scale = check_scale(scale)
        super().__init__(
            generator,
            discriminator,
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            **kwargs,
        )

    @property
    def scale(self) -> int:
        """How many times as long the sides become."""
        return self._scale

    @property
    def channels(self) -> int:
        """Channels of the pictures."""
        return int(self.source_shape[-1])

    def check_judge(self, judged: Sequence[Any]) -> None:
        """Refuse a discriminator that does not take targets alone."""
        if judged != [self.target_shape]:
            raise InvalidArgumentError(
                f"The discriminator must take targets {self.target_shape}; it takes {judged}."
            )

    # --- the game ----------------------------------------------------------------------------

    def compile(
        self,
        optimizers: Mapping[str, Any] | None = None,
        *,
        steps: Mapping[str, int] | None = None,
        content: Callable[[Tensor], Any] | None = None,
        content_weight: Any = 1.0,
        **kwargs: Any,
    ) -> None:
        """Choose how to train; the other arguments are those of `AdversarialModel.compile`.

        Args:
            optimizers: By player.
            steps: By player; with `{"discriminator": 0}` it waits, and the adversarial loss is left
                out: SRResNet.
            content: Features of pictures (B, h, w, channels) in [-1, 1]: a function, or a Keras
                model, that returns a tensor or a list of some. It is not trained and not saved.
            content_weight: Factor of the mean absolute distance of these features, >= 0.
            **kwargs: Further arguments.
        """
        if content is not None and not callable(content):
            raise InvalidArgumentError(f"content must be a function of pictures; got {content!r}.")
        self._content_weight = read("content_weight", content_weight, least=0.0)
        # A partial hides a model from Keras, which would train and save it.
        self._content = None if content is None else functools.partial(content)
        if content is not None and "content" not in self.trackers:
            self.logged = (*self.logged, "content")
            self.trackers = {**self.trackers, "content": Mean(name="content")}
        if steps is None and self.adversarial_weight == 0.0 and not kwargs.get("simultaneous"):
            steps = {"discriminator": 0}
        super().compile(optimizers, steps=steps, **kwargs)

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, without a content function."""
        if self._content is not None:
            warnings.warn(
                "The content function is not saved with the model; give it to compile() again "
                "after loading.",
                stacklevel=2,
            )
        return {**super().get_compile_config(), "content_weight": plain(self._content_weight)}

    def judge(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the discriminator's logits of targets; the sources are not looked at."""
        return self.apply(self.discriminator, target)

    def generator_objective(self, batch: Batch) -> Objective:
        """Distances of pixels and of features, and the adversarial loss where both play."""
        target, weights, images = batch["target"], batch.get("weights"), self.images_seen()
        made = batch["made"] if "made" in batch else self.translated(batch)
        far = l1_distance(made, target, weights)
        loss, logs = value_at(self.distance_weight, images) * far, {"l1": far}
        if "content" in self.trackers:
            logs["content"] = self._content_distance(made, target, weights)
            loss = loss + value_at(self._content_weight, images) * logs["content"]
        if self.steps["discriminator"]:
            game = self._adversarial(batch, made)
            loss = loss + value_at(self.adversarial_weight, images) * game
        return Objective(loss, logs, {"made": made})

    def _adversarial(self, batch: Batch, made: Tensor) -> Tensor:
        known = "fake_logits" in batch
        logits = [batch["fake_logits"] if known else self.judge(batch["source"], made)]
        if self.relativistic:
            target = batch["target"]
            logits.append(batch["real_logits"] if known else self.judge(batch["source"], target))
        given = {"fake_weights": batch.get("weights"), "real_weights": batch.get("weights")}
        return self.generator_loss(*logits, **accepted(self.generator_loss, given))

    def _content_distance(self, made: Tensor, target: Tensor, weights: Tensor) -> Tensor:
        """Return the mean absolute distance of features, 0 where there are none."""
        content = self._content
        if content is None:
            return 0.0 * l1_distance(made, target)
        pairs = zip(
            keras.tree.flatten(content(made)),
            keras.tree.flatten(without_gradient(lambda: content(target))),
            strict=True,
        )
        parts = [l1_distance(one, true, weights) for one, true in pairs]
        return sum(parts[1:], parts[0]) / float(len(parts))

    # --- data, use ---------------------------------------------------------------------------

    @property
    def parts(self) -> Sequence[Part]:
        """Small pictures, and as many that are `scale` times as large."""
        return (
            Examples("source", self.source_shape),
            Examples("target", self.target_shape, maker=self.generator, beside=self._check_sides),
        )

    def _check_sides(self, target: np.ndarray, parts: Mapping[str, np.ndarray]) -> None:
        source = parts.get("source")
        if source is None:
            return
        small, large = source.shape[1:3], target.shape[1:3]
        if large != tuple(self.scale * side for side in small):
            raise DataError(
                f"Targets must be {self.scale} times as large as sources, which are "
                f"{small[0]}x{small[1]}; got {large[0]}x{large[1]}. `ganzoo.resampling.reduced` "
                "makes sources."
            )

    def translate(
        self,
        images: Any,
        *,
        batch_size: int = 16,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> np.ndarray:
        """Return pictures with `scale` times the sides.

        Large ones are cut into overlapping tiles, which gives what the whole would.

        Args:
            images: In [-1, 1], (n, h, w, channels) of any size from 2x2; a model of colours takes
                grey ones (n, h, w, 1) too, and gives grey ones.
            batch_size: Pictures, or tiles, per forward pass, if they are small; it does not change
                the result.
            progress: Told how many tiles of a picture are done, of how many.

        Returns:
            float32 (n, scale h, scale w, as many channels) in [-1, 1].

        Raises:
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        images = as_numpy(images)
        grey = images.ndim == 4 and images.shape[-1] == 1 and self.channels == 3
        images = check_pictures(images, (None, None, 1 if grey else self.channels))
        if min(images.shape[1:3]) < LEAST:
            raise DataError(
                f"Pictures of {LEAST}x{LEAST} pixels or more are enlarged; got "
                f"{images.shape[1]}x{images.shape[2]}."
            )
        images = images.repeat(3, axis=-1) if grey else images
        made = self._enlarged(images, checks.check_count("batch_size", batch_size), progress)
        np.clip(made, -1.0, 1.0, out=made)
        return made.mean(axis=-1, keepdims=True) if grey else made

    def _enlarged(self, images: np.ndarray, batch_size: int, progress: Any) -> np.ndarray:
        network, size = self.inference_network("generator"), images.shape[1:3]
        cut = self.tiling()
        if cut is None or all(s <= axis.tile for s, axis in zip(size, cut.axes, strict=True)):
            few = max(1, min(batch_size, PIXELS // (size[0] * size[1])))
            made: np.ndarray = run(network, images, batch_size=few)
            return made
        tiles = whole_where_small(cut, size)
        area = tiles.axes[0].tile * tiles.axes[1].tile
        few = max(1, min(batch_size, PIXELS // area))
        several = [tiles.run(image, batch_size=few, progress=progress) for image in images]
        return several[0][None] if len(several) == 1 else np.stack(several)

    def tiling(self) -> Tiling | None:
        """Return how large pictures are cut; None where the network sees all of a picture."""
        try:
            return fitted_tiling(self.inference_network("generator"), MOST)
        except InvalidArgumentError:
            return None

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"source": (n, 8, 8, channels)}."""
        return {"source": random_images(n, (PROBED, PROBED, self.channels), seed)}
