"""Batches of random crops of photographs, small and large, with flips and quarter turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ganzoo.batches import Batches
from ganzoo.checks import check_count
from ganzoo.data.degrade import Degradation
from ganzoo.data.gallery import ROOM, Gallery
from ganzoo.plots import from_uint8
from ganzoo.resampling import check_scale, cropped, reduced

SIDE = 24  # pixels of a small crop, the SRGAN paper's 96 at 4
CROPS = 8000  # of an epoch


class Crops:
    """Which crops an epoch has of which photographs, and how small ones are made.

    A photograph is reduced as a whole, so that a small crop is what a camera would see of that
    part, and is rounded to 8 bits.

    Args:
        gallery: Photographs; those smaller than a crop are left out.
        scale: 2, 3 or 4.
        side: Pixels of a small crop.
        count: Crops of an epoch.
        degradation: Noise and JPEG of small crops; by default none.
        room: Bytes of decoded pictures. Where they are more, each epoch has some of them, others
            each time.

    Raises:
        DataError: No photograph is as large as a crop.
    """

    def __init__(
        self,
        gallery: Gallery,
        scale: int,
        side: int = SIDE,
        count: int = CROPS,
        degradation: Degradation | None = None,
        room: int = ROOM,
    ) -> None:
        self.scale, self.side = check_scale(scale), check_count("side", side, most=4096)
        self.count, self.room = check_count("count", count), check_count("room", room, most=2**40)
        self.gallery = gallery.at_least(self.side * self.scale)
        self.degradation = degradation or Degradation(self.scale)

    def __len__(self) -> int:
        return self.count

    def chosen(self, random: np.random.Generator) -> list[int]:
        """Return which photographs an epoch has crops of: at random, as many as there is room."""
        kept: list[int] = []
        used = 0
        for index in random.permutation(len(self.gallery)):
            height, width = self.gallery.sizes[index]
            used += height * width * self.gallery.channels
            if kept and used > self.room:
                break
            kept.append(int(index))
        return sorted(kept)

    def pair(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a photograph small and large, uint8 (h, w, c) and (scale h, scale w, c)."""
        large = cropped(self.gallery[index], self.scale)
        return reduced(large, self.scale), large

    def draw(
        self, pairs: Sequence[tuple[np.ndarray, np.ndarray]], n: int, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return n random crops: float32 (n, side, side, c) and the large ones, in [-1, 1].

        Every place of every photograph is as likely.
        """
        side, scale = self.side, self.scale
        free = np.array([[length - side + 1 for length in small.shape[:2]] for small, _ in pairs])
        places = free.prod(axis=1)
        of = random.choice(len(pairs), size=n, p=places / places.sum())
        rows, columns = (random.integers(0, free[of, axis]) for axis in (0, 1))
        turns, flips = random.integers(0, 4, n), random.integers(0, 2, n)
        made = []
        for which, factor in ((0, 1), (1, scale)):
            length = factor * side
            parts = [
                pairs[p][which][factor * i : factor * i + length, factor * j : factor * j + length]
                for p, i, j in zip(of, rows, columns, strict=True)
            ]
            turned = [
                np.rot90(part[:, ::-1] if flip else part, turn)
                for part, turn, flip in zip(parts, turns, flips, strict=True)
            ]
            made.append(np.stack(turned))
        return from_uint8(self.degradation.spoilt(made[0], random)), from_uint8(made[1])


class CropBatches(Batches):
    """Batches (small crops, large crops) that depend on seed, epoch and step alone.

    Args:
        crops: What they are of.
        batch_size: Crops per batch, in all processes together.
        seed: Seeds which photographs and crops an epoch has.
        epoch, step: Where to begin; see `Batches`.
    """

    def __init__(
        self, crops: Crops, batch_size: int, seed: int, epoch: int = 0, step: int = 0
    ) -> None:
        self.crops = crops
        self._pairs: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._of: tuple[int, int] | None = None
        steps = len(crops) // check_count("batch_size", batch_size)
        super().__init__((), batch_size, steps, seed, epoch, step)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        self._decode()
        random = _random(self.seed, self.epoch, self.step + index + 1)
        small, large = self.crops.draw(list(self._pairs.values()), self.batch_size, random)
        return small[self._own], large[self._own]

    def named_parts(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the first batch by these names; the others are right in the same way."""
        return dict(zip(names, self[0], strict=False))

    def facts(self) -> dict[str, Any]:
        """Return what makes these batches the same ones."""
        crops = self.crops
        return {
            "examples": [f"crops {crops.side} x {crops.scale} of {len(crops.gallery)} pictures"],
            "crops": crops.count,
            "degradation": repr(crops.degradation),
            "room": crops.room,
            "batch_size": self.batch_size,
            "order_seed": self.seed,
            "sha256": crops.gallery.digest(),
        }

    def _decode(self) -> None:
        """Decode the photographs of the epoch that are not decoded yet; forget the others."""
        if self._of == (self.seed, self.epoch):
            return
        chosen = self.crops.chosen(_random(self.seed, self.epoch, 0))
        self._pairs = {index: pair for index, pair in self._pairs.items() if index in chosen}
        missing = [index for index in chosen if index not in self._pairs]
        self._pairs |= {index: self.crops.pair(index) for index in missing}
        self._pairs = dict(sorted(self._pairs.items()))
        self._of = (self.seed, self.epoch)


def _random(seed: int, epoch: int, step: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, epoch + 1, step]))
