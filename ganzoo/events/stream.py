"""Drawing electron events in any number: a stream of structured arrays, with constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.events import arrays as events
from ganzoo.events import kinematics
from ganzoo.events.kinematics import Beams
from ganzoo.random import random_generator

# Events per forward pass. It does not depend on the number requested, since linear algebra rounds
# differently for matrices of another height: the same seed gives the same bits.
BLOCK = 16_384
DEFAULT_BATCH = 8 * BLOCK
MIN_EFFICIENCY = 1e-4
PATIENCE = 64  # blocks


class EventStream:
    """The events of one seed, drawn as they are needed.

    Args:
        gan: A GAN of events, such as `FATGAN`.
        n: How many events, after the cut.
        seed: Seeds the latents; None draws others each time.
        q2_min: Keep events with at least this Q2 in GeV2 only.

    Attributes:
        generated: Events generated so far, the last block's beyond the n-th kept one left out.
        kept: Events kept so far.
    """

    def __init__(
        self, gan: Any, n: int, seed: int | None = None, *, q2_min: float | None = None
    ) -> None:
        self.gan, self.n = gan, check_count("The number of events", n)
        if gan.data_shape != (3,) or not hasattr(gan, "beams"):
            raise InvalidArgumentError(
                f"Events are drawn from a GAN of electron momenta; {gan.name} makes data of shape "
                f"{gan.data_shape}."
            )
        self.beams: Beams = gan.beams
        if q2_min is not None and not 0.0 <= q2_min < self.beams.s:
            raise InvalidArgumentError(
                f"q2_min must be from 0 to {self.beams.s:.6g} GeV2, the beams' s; got {q2_min!r}."
            )
        self.seed, self.q2_min = seed, q2_min
        self.random = random_generator(seed)
        self.generated = self.kept = 0

    @property
    def efficiency(self) -> float:
        """Share of the generated events that was kept."""
        return self.kept / self.generated if self.generated else 1.0

    def metadata(self, name: str) -> dict[str, Any]:
        """Return what a file should state about these events.

        Once all events of a cut are drawn: how many were generated for them, and their share.
        """
        facts: dict[str, Any] = {"generator": f"ganzoo {name}"}
        if self.seed is not None:
            facts["seed"] = int(self.seed)
        if self.q2_min is not None:
            facts["q2_min"] = float(self.q2_min)
            if self.kept == self.n:
                facts |= {"generated": self.generated, "efficiency": self.efficiency}
        return events.ElectronEvents(np.empty(0, events.DTYPE), self.beams, facts).metadata

    def batches(self, batch_size: int = DEFAULT_BATCH) -> Iterator[np.ndarray]:
        """Yield structured arrays (px, py, pz, E) in GeV until there are `n` events.

        Args:
            batch_size: About how many events to make before some are yielded, at least one block
                of 16,384; it changes memory and speed, but no event.

        Raises:
            InvalidArgumentError: Fewer than one event in 10,000 passes the cut.
        """
        blocks = max(1, batch_size // BLOCK)
        while self.kept < self.n:
            missing = -(-(self.n - self.kept) // BLOCK)  # at least so many blocks are needed
            made = self._blocks(min(blocks, missing))
            yield made[: self._accept(made)]

    def _blocks(self, count: int) -> np.ndarray:
        """Return the next blocks, with the cut applied as masked events at their end."""
        shape = (count * BLOCK, self.gan.latent_dim)
        latents = self.random.standard_normal(shape, dtype=np.float32)
        # Not `predict`, whose data pipeline takes as long as a small network.
        blocks = [self.gan.predict_on_batch(block) for block in np.split(latents, count)]
        momenta = np.concatenate(blocks)
        if self.q2_min is None:
            self._marks = np.arange(1, len(momenta) + 1)
        else:
            px, py, pz = momenta.astype(np.float64).T
            chosen = kinematics.Q2(px, py, pz, self.beams) >= self.q2_min
            self._marks = np.flatnonzero(chosen) + 1
            momenta = momenta[chosen]
        self._drawn = shape[0]
        return events.from_momenta(momenta, self.beams).array

    def _accept(self, made: np.ndarray) -> int:
        """Count what is kept of a batch and how many had to be generated for it."""
        wanted = min(len(made), self.n - self.kept)
        self.kept += wanted
        whole = self.kept < self.n or not wanted
        self.generated += self._drawn if whole else int(self._marks[wanted - 1])
        if self.generated > PATIENCE * BLOCK and self.efficiency < MIN_EFFICIENCY:
            raise InvalidArgumentError(
                f"Only {self.kept} of {self.generated} generated events have Q2 >= {self.q2_min:g} "
                "GeV2; ask for a lower q2_min."
            )
        return wanted


def draw(gan: Any, n: int, seed: int | None = None, *, q2_min: float | None = None) -> Any:
    """Return `n` events of a GAN as `ElectronEvents`; for more than memory holds, `EventStream`."""
    stream = EventStream(gan, n, seed, q2_min=q2_min)
    array = np.empty(stream.n, events.DTYPE)
    done = 0
    for batch in stream.batches():
        array[done : done + len(batch)] = batch
        done += len(batch)
    return events.ElectronEvents(array, stream.beams, stream.metadata(gan.name))
