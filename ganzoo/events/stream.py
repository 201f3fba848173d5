"""Drawing electron events in any number: a stream of structured arrays, with constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ganzoo._version import __version__
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.events import arrays as events
from ganzoo.events import kinematics
from ganzoo.events.kinematics import Beams
from ganzoo.events.parts import WHOLE, Part, blocks_in, blocks_of, events_in, fingerprint
from ganzoo.random import BLOCK, block_latents, given_or_fresh

DEFAULT_BATCH = 8 * BLOCK
MIN_EFFICIENCY = 1e-4
PATIENCE = 64  # blocks


class EventStream:
    """The events of one seed, drawn as they are needed.

    Block b of 16,384 latents comes from `PCG64(SeedSequence(seed, spawn_key=(b,)))`, and a block is
    one forward pass: an event is the same bits whatever the number, the batch and the part.

    Args:
        gan: A GAN of events, such as `FATGAN`.
        n: How many events, after the cut. With `part`, how many all parts together generate, before
            the cut.
        seed: Seeds the latents; None draws others each time.
        q2_min: Keep events with at least this Q2 in GeV2 only.
        part: Draw these blocks of the run only; see `ganzoo.events.parts`.

    Attributes:
        generated: Events generated so far, the last block's beyond the n-th kept one left out.
        kept: Events kept so far.
        blocks: The blocks drawn so far; with `part`, those of the part.
        total: How many events there are to be: kept ones, with `part` generated ones.

    Raises:
        InvalidArgumentError: No GAN of events, q2_min beyond the beams' s, a part without a seed,
            or more parts than blocks.
    """

    def __init__(
        self,
        gan: Any,
        n: int,
        seed: int | None = None,
        *,
        q2_min: float | None = None,
        part: Part | None = None,
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
        check_part(n, part, seed)
        self.seed, self.q2_min, self.part = seed, q2_min, part
        self.entropy = given_or_fresh(seed)
        self.blocks = range(0) if part is None else blocks_of(n, part)
        self.total = self.n if part is None else events_in(n, self.blocks)
        self.generated = self.kept = 0

    @property
    def length(self) -> int | None:
        """How many events there will be in all; None where a cut makes it unknown."""
        return None if self.part is not None and self.q2_min is not None else self.total

    @property
    def done(self) -> int:
        """How many of `total` there are."""
        return self.kept if self.part is None else self.generated

    @property
    def efficiency(self) -> float:
        """Share of the generated events that was kept."""
        return self.kept / self.generated if self.generated else 1.0

    def metadata(self, name: str) -> dict[str, Any]:
        """Return what a file should state about these events.

        The model (`generator`, the ganzoo `version`, a fingerprint of the `weights`) and the
        `seed`; which `part` of how many `parts`, which `blocks` (the first, and the one after the
        last), and the `requested` number of the whole run, where that says which blocks it has.
        Once all events of a cut are drawn: how many were generated for them, and their share.
        """
        facts: dict[str, Any] = {
            "generator": f"ganzoo {name}",
            "version": __version__,
            "weights": fingerprint(self.gan.sampling_generator),
        }
        if self.seed is not None:
            facts["seed"] = int(self.seed)
        facts |= dict(zip(("part", "parts"), self.part or WHOLE, strict=True))
        fixed = self.part is not None or self.q2_min is None
        blocks = self.blocks if self.part else range(blocks_in(self.n)) if fixed else self.blocks
        facts["blocks"] = [blocks.start, blocks.stop]
        if fixed:
            facts["requested"] = self.n
        if self.q2_min is not None:
            facts["q2_min"] = float(self.q2_min)
            if self.done == self.total:
                facts |= {"generated": self.generated, "efficiency": self.efficiency}
        return events.ElectronEvents(np.empty(0, events.DTYPE), self.beams, facts).metadata

    def batches(self, batch_size: int = DEFAULT_BATCH) -> Iterator[np.ndarray]:
        """Yield structured arrays (px, py, pz, E) in GeV until there are all events.

        Args:
            batch_size: About how many events to make before some are yielded, at least one block
                of 16,384; it changes memory and speed, but no event.

        Raises:
            InvalidArgumentError: Fewer than one event in 10,000 passes the cut.
        """
        most = max(1, batch_size // BLOCK)
        if self.part is not None:
            for first in range(self.blocks.start, self.blocks.stop, most):
                blocks = range(first, min(first + most, self.blocks.stop))
                made, _ = self._made(blocks, events_in(self.n, blocks))
                self.generated += events_in(self.n, blocks)
                self.kept += len(made)
                yield made
            return
        while self.kept < self.n:
            first = self.blocks.stop
            missing = blocks_in(self.n - self.kept)  # at least so many are needed
            blocks = range(first, first + min(most, missing))
            made, marks = self._made(blocks, len(blocks) * BLOCK)
            self.blocks = range(blocks.stop)
            yield made[: self._accept(len(blocks) * BLOCK, marks)]

    def _made(self, blocks: range, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return events of blocks, the first `count`, after the cut, and the number of each."""
        momenta = np.empty((len(blocks) * BLOCK, 3), np.float32)
        for place, block in enumerate(blocks):
            latents = block_latents(block, self.gan.latent_dim, self.entropy)
            # Not `predict`, whose data pipeline takes as long as a small network.
            momenta[place * BLOCK : (place + 1) * BLOCK] = self.gan.predict_on_batch(latents)
        momenta = momenta[:count]
        if self.q2_min is None:
            marks = np.arange(1, count + 1)
        else:
            px, py, pz = momenta.astype(np.float64).T
            chosen = kinematics.Q2(px, py, pz, self.beams) >= self.q2_min
            marks, momenta = np.flatnonzero(chosen) + 1, momenta[chosen]
        return events.from_momenta(momenta, self.beams).array, marks

    def _accept(self, drawn: int, marks: np.ndarray) -> int:
        """Count what is kept of a batch and how many had to be generated for it."""
        wanted = min(len(marks), self.n - self.kept)
        self.kept += wanted
        whole = self.kept < self.n or not wanted
        self.generated += drawn if whole else int(marks[wanted - 1])
        if self.generated > PATIENCE * BLOCK and self.efficiency < MIN_EFFICIENCY:
            raise InvalidArgumentError(
                f"Only {self.kept} of {self.generated} generated events have Q2 >= {self.q2_min:g} "
                "GeV2; ask for a lower q2_min."
            )
        return wanted


def check_part(n: int, part: Part | None, seed: int | None) -> None:
    """Refuse a part without a seed, and parts that the blocks of `n` events cannot be.

    Raises:
        InvalidArgumentError: It says what is needed.
    """
    if part is None:
        return
    if seed is None:
        raise InvalidArgumentError(
            f"Part {part} is of a run with a seed, the same for all parts; give it (--seed)."
        )
    blocks_of(n, part)


def draw(gan: Any, n: int, seed: int | None = None, *, q2_min: float | None = None) -> Any:
    """Return `n` events of a GAN as `ElectronEvents`; for more than memory holds, `EventStream`."""
    stream = EventStream(gan, n, seed, q2_min=q2_min)
    array = np.empty(stream.n, events.DTYPE)
    done = 0
    for batch in stream.batches():
        array[done : done + len(batch)] = batch
        done += len(batch)
    return events.ElectronEvents(array, stream.beams, stream.metadata(gan.name))
