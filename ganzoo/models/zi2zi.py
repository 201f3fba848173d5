"""Zi2Zi: characters of one font in many hands, by one network that is told the style.

Tian 2017, zi2zi: Master Chinese Calligraphy with Conditional Adversarial Networks
(github.com/kaonashi-tyc/zi2zi; no paper): pix2pix (Isola et al. 2016, arXiv:1611.07004) with the
style beside the code at the bottom of the U-Net, a discriminator that names the style (AC-GAN,
Odena et al. 2016, arXiv:1610.09585), and a constant loss, by which what was made has the code of
its source (DTN, Taigman et al. 2016, arXiv:1611.02200).

Deviations: four levels by default, for small pictures, instead of eight. The embedding of a style
is learned instead of fixed noise. The encoder, which reads sources and what was made, normalises
each picture by itself instead of the batch, and its code as a whole, so that it cannot shrink.
Logits of patches instead of one; a softmax of the style, as in AC-GAN, instead of a sigmoid for
each. Shuffled labels take the place of true ones in a share of the batch instead of a batch of
their own. Dropout in training alone, so that the same source gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.game.labels import check_classes
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.styles import StyleTranslator
from ganzoo.layers.patches import count_patch_parameters, pair_discriminator
from ganzoo.layers.unet import CODE, count_unet_parameters, styled_unet_generator
from ganzoo.losses import l2_distance
from ganzoo.schedules import plain, read, value_at

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Zi2Zi(StyleTranslator):
    """Learns from pairs with a label; logs `l1`, `category` and `constant` beside the losses.

    Args:
        image_shape: (height, width, channels) of sources and targets; the sides are multiples of 2
            to the number of `generator_filters`.
        styles: Names of the styles, in the order of the labels.
        generator_filters: Channels of each level of the U-Net, from the picture down.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        embedding_dim: Numbers that stand for a style.
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        distance_weight: Factor of the L1 distance from the target, >= 0: a number, or a schedule of
            images seen, as all factors are.
        constant_weight: Factor of the squared distance of the codes, >= 0.
        category_weight: Factor of the cross-entropy of the style, >= 0.
        adversarial_weight: Factor of the adversarial loss, >= 0.
        shuffled: Share of the labels that are shuffled, in [0, 1], the same; there the L1 distance
            is left out. {"from": 0, "to": 0.5, "over": 1, "after": 200_000} is a second phase.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    logged: tuple[str, ...] = (*StyleTranslator.logged, "constant")
    weighted = True

    def __init__(
        self,
        image_shape: Sequence[int] = (48, 48, 1),
        styles: Sequence[str] = ("regular", "bold"),
        generator_filters: Sequence[int] = (64, 128, 256, 256),
        discriminator_filters: Sequence[int] = (64, 128, 256),
        embedding_dim: int = 128,
        dropout: float = 0.5,
        distance_weight: Any = 100.0,
        constant_weight: Any = 15.0,
        category_weight: Any = 1.0,
        adversarial_weight: Any = 1.0,
        shuffled: Any = 0.0,
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        shape = check_image_shape(image_shape, multiple=2 ** len(made))
        styles = check_classes("styles", styles)
        constant_weight = read("constant_weight", constant_weight, least=0.0)
        generator = styled_unet_generator(
            image_shape=shape,
            styles=len(styles),
            embedding_dim=check_count("embedding_dim", embedding_dim, most=8192),
            filters=made,
            dropout=check_rate("dropout", dropout),
        )
        discriminator = pair_discriminator(
            source_shape=shape, target_shape=shape, filters=judged, categories=len(styles)
        )
        super().__init__(
            generator,
            discriminator,
            styles,
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            category_weight=category_weight,
            shuffled=shuffled,
            **kwargs,
        )
        code = generator.get_layer(CODE).output
        views = (generator.inputs[0], code), (generator.inputs, [generator.output, code])
        # Set so that Keras does not find the generator's weights a second time.
        object.__setattr__(self, "_views", tuple(keras.Model(*ends) for ends in views))
        self.constant_weight = constant_weight
        self._architecture = {
            "image_shape": shape,
            "styles": self.styles,
            "generator_filters": made,
            "discriminator_filters": judged,
            "embedding_dim": embedding_dim,
            "dropout": dropout,
            "constant_weight": plain(constant_weight),
            **self.factors(),
        }

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        styles: Sequence[str],
        generator_filters: Sequence[int],
        discriminator_filters: Sequence[int],
        embedding_dim: int = 128,
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        channels = image_shape[-1]
        made = count_unet_parameters(channels, generator_filters, channels)
        above = [channels, *generator_filters][-2]  # of the level above the code
        made += embedding_dim * (len(styles) + 16 * above)
        judged = count_patch_parameters(2 * channels, discriminator_filters)
        return made + judged + (discriminator_filters[-1] + 1) * len(styles)

    def made(self, batch: Batch) -> dict[str, Tensor]:
        """Return what is made of the sources, and their codes."""
        made, code = self.apply(self._views[1], batch["source"], batch["asked"])
        return {"made": made, "code": code}

    def generator_objective(self, batch: Batch) -> Objective:
        """All terms: the game, the distance, the style, and the code that shall stay."""
        game = super().generator_objective(batch)
        known = {**batch, **game.passed}
        again = self.apply(self._views[0], known["made"])
        far = l2_distance(again, known["code"], batch.get("weights"))
        loss = game.loss + value_at(self.constant_weight, self.images_seen()) * far
        return Objective(loss, {**game.logs, "constant": far}, game.passed)
