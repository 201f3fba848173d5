"""What a critic sees of electrons: features that are computed from their momenta.

Augmentation of FAT-GAN, Alanazi et al. 2020, arXiv:2001.11103. It is part of the graph, so that
gradients flow, and in float32 whatever the dtype policy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.events.layers import (
    LEAST_GAP,
    Q2_MIN,
    beams_of,
    check_beams,
    check_q2_min,
    larger,
)

Tensor = Any
LEAST_EXCESS = 1e-4  # of Q2 / Q2_min - 1, which float32 momenta do not know better


class _Event:
    """Columns of shape (B, 1) that the features share, each computed where it is needed."""

    def __init__(
        self, momenta: Tensor, electron_beam: Any, proton_beam: Any, q2_min: float
    ) -> None:
        self.px, self.py, self.pz = ops.split(momenta, 3, axis=-1)
        self.beam, self.proton, self.q2_min = electron_beam, proton_beam, q2_min
        self.pT2 = ops.square(self.px) + ops.square(self.py)
        self.pT = ops.sqrt(self.pT2 + 1e-12)
        self.E = ops.sqrt(self.pT2 + ops.square(self.pz) + 1e-12)
        # E - pz = pT2 / (E + pz) where pz > 0: no cancellation, and a finite gradient
        forward = self.pz > 0
        toward = ops.where(forward, self.E + self.pz, ops.ones_like(self.pz))
        self.minus = ops.where(forward, (self.pT2 + 1e-12) / toward, self.E - self.pz)
        self.y = 1.0 - (self.E + self.pz) / (2.0 * electron_beam)

    @property
    def limit(self) -> Any:
        return larger(self.beam, self.proton)

    def gap(self, limit: Any, value: Tensor) -> Tensor:
        return ops.log(ops.maximum(limit - value, LEAST_GAP * limit))


_FEATURES: dict[str, Callable[[_Event], Tensor]] = {
    "px": lambda e: e.px,
    "py": lambda e: e.py,
    "pz": lambda e: e.pz,
    "log_gap": lambda e: e.gap(e.beam, e.pz),
    "log_energy_gap": lambda e: e.gap(e.limit, e.E),
    "pT": lambda e: e.pT,
    "log_pT": lambda e: ops.log(e.pT),
    "E": lambda e: e.E,
    "pz_over_pT": lambda e: e.pz / e.pT,
    "eta": lambda e: ops.log((e.pT + 1e-6) / (e.minus + 1e-6)),
    "theta": lambda e: ops.arctan2(e.pT, e.pz),
    "phi": lambda e: ops.arctan2(e.py, e.px),
    "cos_phi": lambda e: e.px / e.pT,
    "sin_phi": lambda e: e.py / e.pT,
    "log_Q2": lambda e: ops.log(2.0 * e.beam * e.minus + 1e-6),
    "log_Q2_excess": lambda e: ops.log(
        ops.maximum(2.0 * e.beam * e.minus / e.q2_min - 1.0, LEAST_EXCESS)
    ),
    "y": lambda e: e.y,
    "log_y": lambda e: ops.log(ops.maximum(e.y, 1e-6)),
    "x": lambda e: ops.minimum(e.minus / (2.0 * e.proton * ops.maximum(e.y, 1e-6)), 2.0),
    "log_x": lambda e: ops.log((e.minus + 1e-6) / (2.0 * e.proton * ops.maximum(e.y, 1e-6))),
    "log_s_hat": lambda e: ops.log(2.0 * e.beam * (e.minus + 1e-6) / ops.maximum(e.y, 1e-6)),
}
FEATURES = tuple(_FEATURES)


@keras.saving.register_keras_serializable("ganzoo")
class EventFeatures(layers.Layer):
    """Derived features of electrons: (px, py, pz) in GeV, (B, 3), to (B, number of features).

    `log_gap` is log(E_b - pz), `log_energy_gap` log(E_max - E), `eta` the pseudorapidity, `log_Q2`
    the logarithm of Q2 = 2 E_b (E - pz), `log_Q2_excess` that of Q2 / Q2_min - 1, `y` the
    inelasticity 1 - (E + pz) / (2 E_b), `x` is Bjorken's Q2 / (4 E_b E_p y), at most 2, `log_x`
    its logarithm and `log_s_hat` that of Q2 / y in GeV2, all without masses; the other names say
    what they are.

    Args:
        features: Names, in order, out of `FEATURES`.
        electron_beam: Energy of the electron beam in GeV.
        proton_beam: Energy of the proton beam in GeV.
        q2_min: Least Q2 in GeV2, > 0.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(
        self,
        features: Sequence[str],
        electron_beam: float = 50.0,
        proton_beam: float = 50.0,
        q2_min: float = Q2_MIN,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.features = check_features(features)
        self.electron_beam, self.proton_beam = check_beams(electron_beam, proton_beam)
        self.q2_min = check_q2_min(q2_min)

    def call(self, momenta: Tensor, beams: Tensor = None) -> Tensor:
        """Map (B, 3) to (B, number of features); `beams` (B, 2) are those of each row, in GeV."""
        event = _Event(momenta, *beams_of(self, beams), self.q2_min)
        return ops.concatenate([_FEATURES[name](event) for name in self.features], axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {
            "features": list(self.features),
            "electron_beam": self.electron_beam,
            "proton_beam": self.proton_beam,
            "q2_min": self.q2_min,
        }
        return {**super().get_config(), **own}


def check_features(features: Any) -> tuple[str, ...]:
    """Return names of features as a tuple; refuse an unknown one, none, or a bare string."""
    if isinstance(features, str) or not len(features):
        raise InvalidArgumentError(
            f"features must be a non-empty sequence of names; got {features!r}."
        )
    for name in features:
        if name not in FEATURES:
            raise InvalidArgumentError(
                f"Unknown feature {name!r}; there are {', '.join(FEATURES)}."
                + nearest(str(name), FEATURES)
            )
    return tuple(features)


def constants(
    momenta: np.ndarray,
    features: Sequence[str],
    electron_beam: float,
    proton_beam: float,
    q2_min: float = Q2_MIN,
    beams: np.ndarray | None = None,
) -> tuple[list[float], list[float]]:
    """Return means and deviations of features over events, to six digits: a checkpoint's constants.

    Args:
        momenta: (px, py, pz) in GeV, shape (n, 3).
        features: Names out of `FEATURES`.
        electron_beam, proton_beam: Beam energies in GeV.
        q2_min: Least Q2 in GeV2.
        beams: Energies of electron and proton beam of each event, (n, 2), instead of these two.

    Raises:
        DataError: A feature is the same for all events.
    """
    layer = EventFeatures(features, electron_beam, proton_beam, q2_min)
    given = [momenta] if beams is None else [momenta, beams]
    count = len(momenta) // 100_000 + 1
    parts = zip(*(np.array_split(np.asarray(one, np.float32), count) for one in given), strict=True)
    values = np.concatenate([ops.convert_to_numpy(layer(*part)) for part in parts]).astype(float)
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    if not (deviation > 0).all():
        raise DataError(f"The feature {features[int(deviation.argmin())]} is constant.")
    return [[float(f"{value:.6g}") for value in column] for column in (mean, deviation)]  # type: ignore[return-value]
