"""BeamFATGAN: a FATGAN of electrons whose beams are asked for.

Q2 and the squared mass of the electron and the struck parton do not change with the frame, and
where the beams are not polarised their distribution depends on the squared energy s of both beams
alone: the networks are told log s, and the layer from invariants to momenta the energies. At fixed
beams the model is a FATGAN, whose first bias has what log s adds (`BeamFATGAN.at`); whatever takes
a model of events takes that. The conditional game is that of Mirza and Osindero 2014,
arXiv:1411.1784, the rest that of `ganzoo.models.fat_gan`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import features as event_features
from ganzoo.events import layers as event_layers
from ganzoo.events.kinematics import Beams
from ganzoo.events.layers import REPRESENTATIONS
from ganzoo.extras import at as imported
from ganzoo.feeding import Examples, Part
from ganzoo.game.feature_augmented import FeatureAugmentedGAN
from ganzoo.game.model import Batch
from ganzoo.game.run import predict_evenly

Tensor = Any
FEATURES = ("log_Q2_excess", "log_Q2", "log_s_hat", "log_x", "x", "log_y", "y", "pT")
_ROUNDING = 1e-6


@keras.saving.register_keras_serializable("ganzoo")
class BeamFATGAN(FeatureAugmentedGAN):
    """Latents and beams to electron momenta (px, py, pz) in GeV, the electron beam along +z.

    `fit(momenta, beams)` takes events (n, 3) and the energies of electron and proton beam of each,
    (n, 2) in GeV. `sample(n, seed, beams=(10, 100))` draws events of any beams whose s is in the
    training's range, and refuses others; without `beams` they are those of the constructor.

    Args:
        representation: As for `FATGAN`; "partonic" needs no other constants for other beams.
        features: What the critic sees, names out of `ganzoo.events.features.FEATURES`, besides log
            s. Those that depend on the frame are of little use.
        electron_beam, proton_beam: Beams in GeV that are meant where none are named.
        beam_range: Energies of electron and proton beam in GeV of those of the training's beams
            that have the least s, and of those that have the largest.
        **kwargs: Further arguments of `FATGAN`; there are no members.
    """

    def __init__(
        self,
        representation: str = "partonic",
        features: Sequence[str] = FEATURES,
        electron_beam: float = 10.0,
        proton_beam: float = 100.0,
        beam_range: Sequence[float] = (5.0, 41.0, 18.0, 275.0),
        **kwargs: Any,
    ) -> None:
        if len(beam_range) != 4:
            raise InvalidArgumentError(
                f"beam_range has four energies, two of each pair of beams; got {beam_range!r}."
            )
        least, largest = (
            tuple(event_layers.named_beams(two)) for two in (beam_range[:2], beam_range[2:])
        )
        if math.prod(least) > math.prod(largest):
            raise InvalidArgumentError(
                f"beam_range names beams of the least s first; got {least} and {largest}."
            )
        if kwargs.get("members", 1) != 1:
            raise InvalidArgumentError(
                f"A model of several beams has one generator; got {kwargs['members']} members."
            )
        self.beam_range = (*least, *largest)
        beams: dict[str, Any] = {"electron_beam": electron_beam, "proton_beam": proton_beam}
        super().__init__(representation, features, **beams, **kwargs)
        self.in_range(self.beams)

    def _further(self) -> dict[str, Any]:
        return {"beam_range": self.beam_range}

    @staticmethod
    def constants(  # type: ignore[override]
        momenta: Any,
        beams: Any,
        representation: str = "partonic",
        features: Sequence[str] = FEATURES,
        q2_min: float = event_layers.Q2_MIN,
    ) -> dict[str, Any]:
        """Return the constructor arguments that depend on the data.

        Args:
            momenta: Training events, (px, py, pz) in GeV, shape (n, 3).
            beams: Energies of electron and proton beam of each, (n, 2) in GeV.
            representation, features, q2_min: As for the constructor.
        """
        given: dict[str, Any] = {"q2_min": q2_min, "beams": beams}
        columns = {"generated": REPRESENTATIONS[representation], "feature": features}
        return {
            f"{kind}_{name}": values
            for kind, names in columns.items()
            for name, values in zip(
                ("mean", "deviation"),
                event_features.constants(momenta, names, 1.0, 1.0, **given),
                strict=True,
            )
        }

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `WassersteinGAN.compile`."""
        if kwargs.get("mmd_weight"):
            raise InvalidArgumentError("The discrepancy is for events of one pair of beams.")
        super().compile(*args, **kwargs)

    # --- beams -------------------------------------------------------------------------------

    def _ends(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return self.beam_range[:2], self.beam_range[2:]

    def in_range(self, beams: Any) -> Beams:
        """Return beams; refuse those whose s the model was not trained for.

        Raises:
            InvalidArgumentError: It says the range.
        """
        found = event_layers.named_beams(beams)
        pairs = self._ends()
        ends = [math.prod(one) for one in pairs]
        if not ends[0] * (1 - _ROUNDING) <= math.prod(found) <= ends[1] * (1 + _ROUNDING):
            known = " to ".join(f"{e:g} x {p:g}" for e, p in pairs)
            raise InvalidArgumentError(
                f"{self.name} knows beams from {known} GeV, s = 4 E_e E_p from {4 * ends[0]:g} to "
                f"{4 * ends[1]:g} GeV2; {found.electron:g} x {found.proton:g} GeV have s = "
                f"{4 * math.prod(found):g} GeV2."
            )
        return found

    def at(self, beams: Any) -> Any:
        """Return a FATGAN of these beams alone, with the averaged weights where there are such.

        Args:
            beams: A name ("50x50", "hera") or two energies in GeV, electron and proton.

        Raises:
            InvalidArgumentError: The training did not reach their s.
        """
        found = self.in_range(beams)
        own = {k: v for k, v in self._architecture.items() if k != "beam_range"}
        # Another family: named by path, imported when called.
        family: Any = imported("ganzoo.models.fat_gan:FATGAN")
        gan = family(**{**own, "electron_beam": found.electron, "proton_beam": found.proton})
        log_s = math.log(math.prod(found) / math.prod(self.beams))
        for name in self.networks:
            kernel, bias, *others = self.inference_network(name).get_weights()
            gan.networks[name].set_weights([kernel[:-1], bias + log_s * kernel[-1], *others])
        gan.name = f"{self.name}_{found.electron:g}x{found.proton:g}"
        return gan

    # --- the game ----------------------------------------------------------------------------

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, 3), "condition": (B, 2)}: momenta and beams, in GeV."""
        return {**super().batch(data), "condition": self.tensor(self.named(data)["beams"])}

    def generate_from(self, latents: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the generator that is trained to latents and beams."""
        return self.apply(self.generator, latents, condition, **options)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the critic to events and their beams."""
        return self.apply(self.discriminator, examples, condition, **options)

    def features_of_both(self, real: Tensor, fake: Tensor, batch: Batch) -> Sequence[Tensor]:
        """Return what the critic sees of real and of generated events, log s last."""
        return [self.apply(self.features_of, x, batch["condition"]) for x in (real, fake)]

    @property
    def parts(self) -> Sequence[Part]:
        """Momenta (n, 3), "real", and beams (n, 2), "beams", both in GeV."""
        return (
            Examples("real", self.data_shape, None),
            Examples("beams", (2,), None, beside=self._check_beams),
        )

    def _check_beams(self, beams: np.ndarray, before: Mapping[str, np.ndarray]) -> None:
        """Refuse beams out of range, and events that the transform cannot express."""
        for one in np.unique(beams, axis=0):
            try:
                self.in_range([float(energy) for energy in one])
            except InvalidArgumentError as error:
                raise DataError(str(error)) from None
        pz = before["real"][:, 2]
        beyond = pz >= beams[:, 0]
        if self._architecture["representation"] != "direct" and beyond.any():
            index = int(beyond.argmax())
            raise DataError(
                f"Electrons must have pz below the beam energy of {beams[index, 0]:g} GeV; event "
                f"{index} has {pz[index]:g} GeV."
            )

    # --- generating --------------------------------------------------------------------------

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Generate from [latents (B, latent_dim), beams (B, 2)], or from latents alone."""
        if not isinstance(inputs, list | tuple):
            usual = ops.convert_to_tensor(np.asarray([self.beams], np.float32))
            inputs = inputs, ops.repeat(usual, ops.shape(inputs)[0], axis=0)
        return self.apply(self.sampling_generator, *inputs, training=training)

    def generate(  # type: ignore[override]
        self, latents: Any, beams: Any = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Generate one event per latent vector.

        Args:
            latents: Finite numbers, shape (n, latent_dim), n >= 1.
            beams: As for `at`, or those of each event, (n, 2) in GeV.
            batch_size: As for `GAN.generate`.
        """
        latents = checks.check_latents(latents, self.latent_dim)
        if np.ndim(beams) == 2:
            rows = np.asarray(beams, np.float32)
            for one in np.unique(rows, axis=0):
                self.in_range([float(energy) for energy in one])
            if rows.shape != (len(latents), 2):
                raise InvalidArgumentError(
                    f"beams must be two energies, or {len(latents)} pairs; got {rows.shape}."
                )
        else:
            found = self.in_range(self.beams if beams is None else beams)
            rows = np.full((len(latents), 2), found, np.float32)
        return predict_evenly(self, [latents, rows], batch_size)

    def sample(  # type: ignore[override]
        self, n: int, seed: int | None = None, beams: Any = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw `n` events of these beams; the rest is as for `FATGAN.sample`."""
        gan = self.at(self.beams if beams is None else beams)
        return gan.sample(n, seed, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim), "beams": (n, 2)}, of the range's two ends in turn."""
        ends = np.asarray(self._ends(), np.float32)
        return {**super().probe_inputs(n, seed), "beams": np.resize(ends, (n, 2))}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, 3)}."""
        return {"generator": self.generate(inputs["latents"], inputs["beams"])}
