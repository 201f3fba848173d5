"""`FeatureAugmentedGAN`: a game of events in which the critic sees features of momenta.

The game of `ganzoo.models.fat_gan`, which says what it takes from the paper, for events of one pair
of beams (`FATGAN`) and of several (`BeamFATGAN`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo import checks
from ganzoo._backend import apply_each
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import features as event_features
from ganzoo.events import layers as event_layers
from ganzoo.events import networks
from ganzoo.events.kinematics import Beams
from ganzoo.events.layers import REPRESENTATIONS
from ganzoo.feeding import Examples, Part
from ganzoo.game.members import GameOfMembers
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.losses import gaussian_mmd2

Tensor = Any
WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)


@keras.saving.register_keras_serializable("ganzoo")
class FeatureAugmentedGAN(GameOfMembers):
    """Latents to electron momenta (px, py, pz) in GeV, judged by features of them.

    The arguments are those of `ganzoo.FATGAN`.
    """

    weighted = True

    def __init__(
        self,
        representation: str = "cartesian",
        features: Sequence[str] = ("px", "py", "log_gap", "pT", "E", "pz", "pz_over_pT"),
        *,
        generated_mean: Sequence[float] = (0.0, 0.0, 0.0),
        generated_deviation: Sequence[float] = (1.0, 1.0, 1.0),
        feature_mean: Sequence[float] | None = None,
        feature_deviation: Sequence[float] | None = None,
        electron_beam: float = 50.0,
        proton_beam: float = 50.0,
        latent_dim: int = 100,
        turned: bool = False,
        generator_units: Sequence[int] = (512, 512, 512, 512, 512),
        discriminator_units: Sequence[int] = (512, 512, 512, 512, 512),
        negative_slope: float = 0.2,
        dropout: float = 0.1,
        members: int = 1,
        q2_min: float = event_layers.Q2_MIN,
        **kwargs: Any,
    ) -> None:
        architecture: dict[str, Any] = {
            "representation": event_layers.check_representation(representation),
            "features": event_features.check_features(features),
            "generated_mean": networks.check_numbers("generated_mean", generated_mean, 3),
            "generated_deviation": networks.check_numbers(
                "generated_deviation", generated_deviation, 3
            ),
            "feature_mean": networks.check_numbers(
                "feature_mean", feature_mean, len(features), 0.0
            ),
            "feature_deviation": networks.check_numbers(
                "feature_deviation", feature_deviation, len(features)
            ),
            "electron_beam": float(electron_beam),
            "proton_beam": float(proton_beam),
            "latent_dim": checks.check_count(
                "latent_dim", latent_dim, least=3 if turned else 1, most=8192
            ),
            "turned": bool(turned),
            "generator_units": checks.check_sizes("generator_units", generator_units),
            "discriminator_units": checks.check_sizes("discriminator_units", discriminator_units),
            "negative_slope": negative_slope,
            "dropout": checks.check_rate("dropout", dropout),
            "members": checks.check_count("members", members, most=64),
            "q2_min": event_layers.check_q2_min(q2_min),
            **self._further(),
        }
        super().__init__(
            networks.build_generator(architecture),
            networks.build_discriminator(architecture),
            **kwargs,
        )
        # Momenta close to the beam energy need all digits: no half precision outside the networks.
        self.dtype_policy = "float32"
        self._architecture, self.members = architecture, architecture["members"]

    def _further(self) -> dict[str, Any]:
        """Return the arguments of its networks that a subclass has besides."""
        return {}

    @staticmethod
    def constants(
        momenta: Any,
        representation: str = "cartesian",
        features: Sequence[str] = ("px", "py", "log_gap", "pT", "E", "pz", "pz_over_pT"),
        electron_beam: float = 50.0,
        proton_beam: float = 50.0,
        q2_min: float = event_layers.Q2_MIN,
    ) -> dict[str, Any]:
        """Return the constructor arguments that depend on the data.

        Args:
            momenta: Training events, (px, py, pz) in GeV, shape (n, 3).
            representation, features, electron_beam, proton_beam, q2_min: As for the constructor.
        """
        beams = (electron_beam, proton_beam, q2_min)
        generated = event_features.constants(momenta, REPRESENTATIONS[representation], *beams)
        seen = event_features.constants(momenta, features, *beams)
        return {
            "generated_mean": generated[0],
            "generated_deviation": generated[1],
            "feature_mean": seen[0],
            "feature_deviation": seen[1],
        }

    def compile(
        self,
        *args: Any,
        mmd_weight: float = 0.0,
        mmd_widths: Sequence[float] = WIDTHS,
        mmd_examples: int = 1024,
        **kwargs: Any,
    ) -> None:
        """Choose how to train; further arguments are those of `WassersteinGAN.compile`.

        Args:
            mmd_weight: Factor (the paper's eta) of the squared maximum mean discrepancy between the
                standardised features of real and generated events in the generator's loss, >= 0.
            mmd_widths: Widths of its Gaussian kernels, in standard deviations of the features.
            mmd_examples: At most so many examples of a batch enter it: its cost is their square.
        """
        if mmd_weight and self.members > 1:
            raise InvalidArgumentError("The discrepancy is for one generator; members have none.")
        if mmd_weight < 0:
            raise InvalidArgumentError(f"mmd_weight must be >= 0; got {mmd_weight!r}.")
        if not len(mmd_widths) or min(mmd_widths) <= 0:
            raise InvalidArgumentError(f"mmd_widths must be numbers > 0; got {mmd_widths!r}.")
        checks.check_count("mmd_examples", mmd_examples)
        super().compile(*args, **kwargs)
        self._mmd: dict[str, Any] = {
            "mmd_weight": float(mmd_weight),
            "mmd_widths": [float(width) for width in mmd_widths],
            "mmd_examples": int(mmd_examples),
        }

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, for saving."""
        return {**super().get_compile_config(), **self._mmd}

    @property
    def beams(self) -> Beams:
        """Energies of the two beams in GeV."""
        return Beams(self._architecture["electron_beam"], self._architecture["proton_beam"])

    @property
    def data_range(self) -> None:
        """Momenta have no fixed range."""
        return None

    @staticmethod
    def count_parameters(**architecture: Any) -> int:
        """Return as many parameters as both networks have."""
        return networks.count_parameters(architecture)

    @property
    def features_of(self) -> keras.Model:
        """The layers from momenta (B, 3) to standardised features (B, number of features)."""
        return self.discriminator.get_layer(networks.FEATURES)

    @property
    def critic(self) -> keras.Model:
        """The network from standardised features to scores (B, 1); of members one for each."""
        return self.discriminator.get_layer("critic" if self.members == 1 else networks.CRITICS)

    def judge_both(
        self, real: Tensor, fake: Tensor, batch: Batch
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """As of any GAN, with each event's features computed once.

        The penalty is that of the critic alone: its gradient is taken at standardised features.
        """
        training = not self.evaluating
        seen = self.features_of_both(self.for_members(real), fake, batch)
        if self.members == 1:
            scores = apply_each(self.critic, seen, training=training)
        else:
            scores = [self.scored(features) for features in seen]

        def judge(x: Tensor, rows: Any = slice(None)) -> Tensor:
            return self.scored(x)

        penalty = self.penalty_of(judge, seen[0], seen[1], **self.weights_of(batch))
        return scores[0], scores[1], penalty

    def features_of_both(self, real: Tensor, fake: Tensor, batch: Batch) -> Sequence[Tensor]:
        """Return what the critic sees of real and of generated events, (B, features) each."""
        return apply_each(self.features_of, [real, fake], training=not self.evaluating)

    def generator_objective(self, batch: Batch) -> Objective:
        """-E[D(fake)] + mmd_weight * MMD2(real, fake)."""
        made = super().generator_objective(batch)
        if not self._mmd["mmd_weight"]:
            return made
        most = self._mmd["mmd_examples"]
        pair = (batch["real"], made.passed["fake"])
        seen = [self.apply(self.features_of, events[:most]) for events in pair]
        weights = batch["weights"][:most] if "weights" in batch else None
        far = gaussian_mmd2(seen[0], seen[1], self._mmd["mmd_widths"], weights)
        return made._replace(loss=made.loss + self._mmd["mmd_weight"] * far)

    @property
    def parts(self) -> Sequence[Part]:
        """Momenta (n, 3) in GeV, "real"."""
        return (Examples("real", self.data_shape, None, also=self._check_below_beam),)

    def _check_below_beam(self, momenta: np.ndarray) -> None:
        """Refuse events that the transform cannot express: pz at or above the beam energy."""
        beam = self._architecture["electron_beam"]
        beyond = momenta[:, 2] >= beam
        if self._architecture["representation"] != "direct" and beyond.any():
            raise DataError(
                f"Electrons must have pz below the beam energy of {beam:g} GeV; event "
                f"{int(beyond.argmax())} has {momenta[beyond.argmax(), 2]:g} GeV."
            )
