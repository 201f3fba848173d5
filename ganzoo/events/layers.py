"""Layers between numbers that a network makes well and the momenta of electrons.

Transform of FAT-GAN, Alanazi et al. 2020, arXiv:2001.11103: the generator makes standardised
numbers that `Momenta` turns into (px, py, pz), with pz below the beam energy by construction; what
the critic sees is in `ganzoo.events.features`. All of it is part of the graph, so that gradients
flow, and in float32 whatever the dtype policy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo.errors import InvalidArgumentError, nearest

Tensor = Any
REPRESENTATIONS: dict[str, tuple[str, ...]] = {
    "direct": ("px", "py", "pz"),
    "cartesian": ("px", "py", "log_gap"),
    "spherical": ("log_energy_gap", "eta", "phi"),
    "invariant": ("log_Q2_excess", "log_x", "phi"),
    "partonic": ("log_Q2_excess", "log_s_hat", "phi"),
}
Q2_MIN = 2.0  # GeV2, of the zoo's events
# The gaps below the kinematic limit stay above this share of it: pz = limit - gap is then below
# the limit in float32 too.
LEAST_GAP = 1e-6
LEAST_Y = 1e-6  # of the inelasticity and of its distance from 1


@keras.saving.register_keras_serializable("ganzoo")
class Standardize(layers.Layer):
    """(x - mean) / deviation for each column, or the way back.

    Args:
        mean: One number per column.
        deviation: One number > 0 per column.
        invert: Map standard numbers back: x * deviation + mean.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(
        self, mean: Sequence[float], deviation: Sequence[float], invert: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.mean = [float(value) for value in mean]
        self.deviation = [float(value) for value in deviation]
        self.invert = bool(invert)
        self._constants = np.asarray([self.mean, self.deviation], np.float32)
        if len(self.mean) != len(self.deviation) or not self.mean or min(self.deviation) <= 0:
            raise InvalidArgumentError(
                "Standardize needs as many deviations > 0 as means, at least one; "
                f"got {self.mean} and {self.deviation}."
            )

    def call(self, x: Tensor) -> Tensor:
        """Map (B, columns) to (B, columns)."""
        mean, deviation = (ops.convert_to_tensor(values) for values in self._constants)
        return x * deviation + mean if self.invert else (x - mean) / deviation

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"mean": self.mean, "deviation": self.deviation, "invert": self.invert}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("ganzoo")
class Momenta(layers.Layer):
    """Numbers that a network makes well, (B, 3), to electron momenta (px, py, pz) in GeV, (B, 3).

    - "direct": they are px, py, pz; nothing keeps pz below the beam energy.
    - "cartesian": px, py, T with T = log(E_b - pz), so that pz = E_b - exp(T) < E_b always.
    - "spherical": log(E_max - E), pseudorapidity eta and azimuth phi, where E_max is the larger of
      the two beam energies, the kinematic limit; theta = 2 atan(exp(-eta)). Any phi is an angle.
    - "invariant": log(Q2 / Q2_min - 1), the logarithm of Bjorken's x, and azimuth phi: no event is
      below the cut in Q2, and an edge in x is one in a number that is generated. Without masses,
      y = Q2 / (4 E_b E_p x) < 1, E + pz = 2 E_b (1 - y), E - pz = Q2 / (2 E_b).
    - "partonic": the same with log(s_hat / GeV2) instead of log x, where s_hat = 4 E_b E_p x is the
      squared mass of the electron and the struck parton: an edge in it, as generators cut, is at
      the same place for all beams.

    Args:
        representation: One of these five.
        electron_beam: Energy of the electron beam in GeV.
        proton_beam: Energy of the proton beam in GeV.
        q2_min: Least Q2 in GeV2, > 0.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(
        self,
        representation: str = "cartesian",
        electron_beam: float = 50.0,
        proton_beam: float = 50.0,
        q2_min: float = Q2_MIN,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.representation = check_representation(representation)
        self.electron_beam, self.proton_beam = check_beams(electron_beam, proton_beam)
        self.q2_min = check_q2_min(q2_min)

    def call(self, x: Tensor, beams: Tensor = None) -> Tensor:
        """Map (B, 3) to (px, py, pz) in GeV; `beams` (B, 2) are those of each row, in GeV."""
        if self.representation == "direct":
            return x
        first, second, third = ops.split(x, 3, axis=-1)
        beam, proton = beams_of(self, beams)
        if self.representation in ("invariant", "partonic"):
            return self._of_invariants(first, second, third, beam, proton)
        limit = larger(beam, proton)
        if self.representation == "cartesian":
            gap = ops.clip(ops.exp(third), LEAST_GAP * beam, beam + limit)
            return ops.concatenate([first, second, beam - gap], axis=-1)
        gap = ops.clip(ops.exp(first), LEAST_GAP * limit, (1.0 - LEAST_GAP) * limit)
        momentum = limit - gap  # the electron's mass is nothing beside it
        # 1 / cosh(eta), without overflow, and tanh(eta)
        transverse = 2.0 * ops.exp(-ops.abs(second)) / (1.0 + ops.exp(-2.0 * ops.abs(second)))
        directions = [
            transverse * ops.cos(third),
            transverse * ops.sin(third),
            ops.tanh(second),
        ]
        return momentum * ops.concatenate(directions, axis=-1)

    def _of_invariants(
        self, excess: Tensor, second: Tensor, phi: Tensor, beam: Any, proton: Any
    ) -> Tensor:
        """Map log(Q2 / Q2_min - 1), log x or log s_hat, and phi, (B, 1) each, to (B, 3)."""
        square = 4.0 * beam * proton
        log_x = second if self.representation == "invariant" else second - _log(square)
        q2 = self.q2_min * (1.0 + ops.exp(ops.minimum(excess, _log(square / self.q2_min))))
        y = ops.clip(q2 / square * ops.exp(-ops.clip(log_x, -20.0, 0.0)), LEAST_Y, 1.0 - LEAST_Y)
        transverse = ops.sqrt(q2 * (1.0 - y))
        parts = [transverse * ops.cos(phi), transverse * ops.sin(phi)]
        return ops.concatenate([*parts, beam * (1.0 - y) - q2 / (4.0 * beam)], axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {
            "representation": self.representation,
            "electron_beam": self.electron_beam,
            "proton_beam": self.proton_beam,
            "q2_min": self.q2_min,
        }
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("ganzoo")
class Turn(layers.Layer):
    """Turn momenta about the beam by the direction of a vector in the plane.

    Normal numbers give every angle with the same probability: the azimuth of the result is uniform,
    as it must be where the beams are not polarised, whatever the momenta were before.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, momenta: Tensor, direction: Tensor) -> Tensor:
        """Map (px, py, pz), (B, 3), and the x and y of vectors, (B, 2), to (B, 3)."""
        x, y = ops.split(ops.cast(direction, "float32"), 2, axis=-1)
        length = ops.sqrt(ops.square(x) + ops.square(y) + 1e-12)
        cosine, sine = x / length, y / length
        px, py, pz = ops.split(momenta, 3, axis=-1)
        return ops.concatenate([px * cosine - py * sine, px * sine + py * cosine, pz], axis=-1)


@keras.saving.register_keras_serializable("ganzoo")
class LogS(layers.Layer):
    """Beams (B, 2) in GeV to log(s / s_0), (B, 1), where s = 4 E_b E_p, without masses.

    Args:
        electron_beam, proton_beam: Energies in GeV of the beams of which s_0 is.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(self, electron_beam: float, proton_beam: float, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.electron_beam, self.proton_beam = check_beams(electron_beam, proton_beam)

    def call(self, beams: Tensor) -> Tensor:
        """Map (B, 2) to (B, 1)."""
        scale = math.log(self.electron_beam * self.proton_beam)
        return ops.sum(ops.log(beams), axis=-1, keepdims=True) - scale

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"electron_beam": self.electron_beam, "proton_beam": self.proton_beam}
        return {**super().get_config(), **own}


def beams_of(layer: Any, beams: Tensor = None) -> tuple[Any, Any]:
    """Return the energies of both beams in GeV: a layer's own, or of each row, (B, 1)."""
    if beams is None:
        return layer.electron_beam, layer.proton_beam
    return tuple(ops.split(ops.cast(beams, "float32"), 2, axis=-1))


def larger(one: Any, other: Any) -> Any:
    """Return the larger of two energies, each a number or (B, 1)."""
    return max(one, other) if isinstance(one, float) else ops.maximum(one, other)


def _log(value: Any) -> Any:
    return math.log(value) if isinstance(value, float) else ops.log(value)


def check_representation(representation: Any) -> str:
    """Return the name of a representation; refuse any other."""
    if representation not in REPRESENTATIONS:
        raise InvalidArgumentError(
            f"Unknown representation {representation!r}; there are {', '.join(REPRESENTATIONS)}."
            + nearest(str(representation), REPRESENTATIONS)
        )
    return str(representation)


def check_beams(electron_beam: Any, proton_beam: Any) -> tuple[float, float]:
    """Return both beam energies in GeV; refuse what is no beam."""
    from ganzoo.events.arrays import find_beams

    return tuple(find_beams((electron_beam, proton_beam)))  # type: ignore[return-value]


def named_beams(beams: Any) -> Any:
    """Return the `Beams` of a name or of two energies in GeV; see `ganzoo.events.arrays`."""
    from ganzoo.events.arrays import find_beams

    return find_beams(beams)


def check_q2_min(q2_min: Any) -> float:
    """Return the least Q2 in GeV2; refuse what is none."""
    if not isinstance(q2_min, int | float) or not 0 < float(q2_min) < np.inf:
        raise InvalidArgumentError(f"q2_min must be a number of GeV2 above 0; got {q2_min!r}.")
    return float(q2_min)
