"""A detector in the graph: electrons are smeared and partly lost, and gradients flow through it.

A generator whose events pass through it before the discriminator learns the events as they were
before the detector, as far as they can be inferred: Alanazi et al. 2020, Machine learning-based
event generator for electron-proton scattering, arXiv:2008.03151. There a network that was trained
on a detector simulation is folded in; here it is a parametrisation that is known.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.random import BLOCK, block_latents

Tensor = Any
ROWS = 65_536  # events after which the layer's own random numbers are used again
LEAST_ENERGY = 1e-3  # of the true energy: what is measured at least


@keras.saving.register_keras_serializable("ganzoo")
class Smear(layers.Layer):
    """Smear energy and polar angle of electrons, (px, py, pz) in GeV, (B, 3) to (B, 3).

    The energy is normal about the true one, with sigma_E / E = stochastic / sqrt(E / GeV) (+)
    constant, the sum in quadrature, and so is the polar angle; the azimuth is exact. An angle
    beyond the beam's axis is one on its other side. `accepts` says which of the measured events
    the detector sees, and `select` takes those.

    Its random numbers come from NumPy's `PCG64(seed)`, the same on every backend: each call takes
    the next rows of 65,536, and begins again after them. A game that has numbers of its own, which
    are resumed with it, hands them over as `noise`.

    Args:
        stochastic: Of the energy's resolution, >= 0.
        constant: Of the energy's resolution, >= 0.
        sigma_theta: Deviation of the polar angle in rad, >= 0.
        theta_range: Least and largest measured angle that is accepted, in rad, from 0 to pi.
        least_energy: Least measured energy that is accepted, in GeV, >= 0.
        seed: An integer >= 0.
        **kwargs: `name` and so on of `keras.layers.Layer`.

    Raises:
        InvalidArgumentError: An argument is outside of these.
    """

    def __init__(
        self,
        stochastic: float = 0.1,
        constant: float = 0.01,
        sigma_theta: float = 0.002,
        theta_range: tuple[float, float] = (0.0, float(np.pi)),
        least_energy: float = 0.0,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.stochastic = _at_least_0("stochastic", stochastic)
        self.constant = _at_least_0("constant", constant)
        self.sigma_theta = _at_least_0("sigma_theta", sigma_theta)
        self.least_energy = _at_least_0("least_energy", least_energy)
        try:
            low, high = (float(angle) for angle in theta_range)
        except (TypeError, ValueError):
            low = high = np.nan
        if not 0.0 <= low < high <= float(np.pi) + 1e-6:
            raise InvalidArgumentError(
                f"theta_range must be two rising angles from 0 to pi in rad; got {theta_range!r}."
            )
        self.theta_range = (low, high)
        self.seed = check_count("seed", seed, least=0, most=2**63)
        blocks = [block_latents(block, 2, self.seed) for block in range(ROWS // BLOCK)]
        self._table = np.concatenate(blocks)

    def build(self, input_shape: Any) -> None:
        """Make the place where it is kept how many rows were used."""
        self.used = self.add_weight(
            name="used", shape=(), initializer="zeros", dtype="float32", trainable=False,
            autocast=False,
        )  # fmt: skip

    def call(self, momenta: Tensor, noise: Tensor = None) -> Tensor:
        """Return measured momenta (B, 3).

        Args:
            momenta: True (px, py, pz) in GeV, (B, 3).
            noise: Standard normal numbers (B, 2), of energy and angle, instead of the layer's own.
        """
        px, py, pz = ops.split(ops.cast(momenta, "float32"), 3, axis=-1)
        noise = self._next(ops.shape(momenta)[0]) if noise is None else ops.cast(noise, "float32")
        of_energy, of_angle = ops.split(noise, 2, axis=-1)
        pT = ops.sqrt(ops.square(px) + ops.square(py) + 1e-12)
        energy = ops.sqrt(ops.square(pT) + ops.square(pz))
        resolution = ops.sqrt(self.stochastic**2 / energy + self.constant**2 + 1e-20)
        measured = energy * ops.maximum(1.0 + resolution * of_energy, LEAST_ENERGY)
        theta = ops.arctan2(pT, pz) + self.sigma_theta * of_angle
        transverse = measured * ops.sin(theta) / pT
        return ops.concatenate([px * transverse, py * transverse, measured * ops.cos(theta)], -1)

    def accepts(self, measured: Tensor) -> Tensor:
        """Return whether the detector sees events of measured momenta (B, 3): booleans (B,)."""
        px, py, pz = (measured[:, column] for column in range(3))
        pT = ops.sqrt(ops.square(px) + ops.square(py) + 1e-12)
        theta, energy = ops.arctan2(pT, pz), ops.sqrt(ops.square(pT) + ops.square(pz))
        inside = ops.logical_and(theta >= self.theta_range[0], theta <= self.theta_range[1])
        return ops.logical_and(inside, energy >= self.least_energy)

    def select(self, measured: Tensor, n: Any) -> Tensor:
        """Return the first n accepted of measured momenta, (B, 3) to (n, 3), n <= B.

        If there are fewer, the first others follow: B must be so large that this does not happen.
        The gradient is that of the chosen events: how many are lost at an edge is in none.
        """
        rank = ops.cumsum(ops.cast(self.accepts(measured), "int32"))
        rows = ops.arange(ops.shape(measured)[0], dtype="int32")
        lost = ops.cast(ops.logical_not(self.accepts(measured)), "int32")
        place = rank - 1 + lost * (rank[-1] - rank + 1 + rows - rank)
        return ops.take(measured, ops.argsort(place)[:n], axis=0)

    def observe(self, momenta: Any, seed: int | None = None) -> np.ndarray:
        """Return what the detector sees of events: float32 (m, 3), m <= n, in their order.

        Args:
            momenta: (px, py, pz) in GeV, finite, shape (n, 3).
            seed: Seeds the numbers, the same for as many events; by default the layer's own.
        """
        true = np.asarray(momenta, np.float32)
        if true.ndim != 2 or true.shape[1] != 3 or not np.isfinite(true).all():
            raise DataError(
                "Momenta must be finite and of shape (n, 3), px, py, pz in GeV; got shape "
                f"{true.shape}."
            )
        parts = []
        own = self.seed if seed is None else seed
        for block, start in enumerate(range(0, len(true), BLOCK)):
            here = true[start : start + BLOCK]
            noise = block_latents(block, 2, own)[: len(here)]
            measured = self(here, noise=noise)
            seen = ops.convert_to_numpy(self.accepts(measured))
            parts.append(np.asarray(ops.convert_to_numpy(measured), np.float32)[seen])
        return np.concatenate(parts) if parts else true

    def compute_output_shape(self, input_shape: Any, **kwargs: Any) -> Any:
        """Return (B, 3)."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        names = ("stochastic", "constant", "sigma_theta", "theta_range", "least_energy", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _next(self, count: Any) -> Tensor:
        """Return the next rows of the table, (count, 2)."""
        used = ops.convert_to_tensor(self.used)
        rows = ops.mod(ops.cast(used, "int32") + ops.arange(count, dtype="int32"), ROWS)
        self.used.assign(ops.mod(used + ops.cast(count, "float32"), float(ROWS)))
        return ops.take(ops.convert_to_tensor(self._table), rows, axis=0)


def _at_least_0(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not 0.0 <= number < np.inf:
        raise InvalidArgumentError(f"{name} must be a finite number >= 0; got {value!r}.")
    return number
