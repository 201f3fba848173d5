"""Pictures larger than a network's own in overlapping tiles, as exact as if they were whole.

Only that part of a tile is kept whose receptive field lies inside of it, so that no seam is seen:
the result is that of the same network on the whole picture. Tiles have the network's own size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.receptive import Axis, inside
from ganzoo.game.run import run


@dataclass(frozen=True)
class Cuts:
    """Where one axis is cut.

    Attributes:
        tile: Pixels of a tile.
        stride: Most pixels from one tile to the next.
        before: First pixels of a tile that are not kept, unless the picture begins there.
        align: Tiles begin at multiples of it.
        scale: Output pixels for one input pixel.
    """

    tile: int
    stride: int
    before: int
    align: int
    scale: int

    def of(self, size: int) -> list[tuple[int, int, int]]:
        """Return (begin of a tile, begin and end of what it gives) along a side of `size` pixels.

        The side is a multiple of `align`, and at least a tile long.
        """
        begins = [*range(0, size - self.tile, self.stride), size - self.tile]
        edges = [0, *(begin + self.before for begin in begins[1:]), size]
        return [(begin, *edges[i : i + 2]) for i, begin in enumerate(begins)]


@dataclass(frozen=True)
class Tiling:
    """How pictures are cut for a network: along rows and along columns."""

    network: Any
    axes: tuple[Cuts, Cuts]

    def run(
        self,
        picture: np.ndarray,
        *,
        batch_size: int = 16,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> np.ndarray:
        """Return what the network makes of a picture.

        Sides that the network's strides do not divide are continued by their mirror image, and what
        is made of that is cut off.

        Args:
            picture: (height, width, channels) in [-1, 1], no side shorter than a tile's.
            batch_size: Tiles per forward pass.
            progress: Told how many tiles are done, of how many.

        Returns:
            float32 (height, width, channels), as many times as large as what the network makes.
        """
        sizes, (rows, columns) = picture.shape[:2], self.axes
        batch_size = check_count("batch_size", batch_size)
        if sizes[0] < rows.tile or sizes[1] < columns.tile:
            raise InvalidArgumentError(
                f"Tiles have {rows.tile}x{columns.tile} pixels; the picture has only "
                f"{sizes[0]}x{sizes[1]}."
            )
        more = [-size % axis.align for size, axis in zip(sizes, self.axes, strict=True)]
        picture = np.pad(picture, ((0, more[0]), (0, more[1]), (0, 0)), "symmetric")
        cuts = [axis.of(size) for size, axis in zip(picture.shape, self.axes, strict=False)]
        places = [(row, column) for row in cuts[0] for column in cuts[1]]
        made = None
        for start in range(0, len(places), batch_size):
            part = places[start : start + batch_size]
            tiles = self._run(picture, part, min(batch_size, len(places)))
            if made is None:
                shape = (picture.shape[0] * rows.scale, picture.shape[1] * columns.scale)
                made = np.empty((*shape, tiles.shape[-1]), np.float32)
            for tile, (row, column) in zip(tiles, part, strict=False):
                part_of_tile, place = zip(*self._kept(row, column), strict=True)
                made[place] = tile[part_of_tile]
            progress(start + len(part), len(places))
        assert made is not None
        return made[: sizes[0] * rows.scale, : sizes[1] * columns.scale]

    def _run(self, picture: np.ndarray, places: list[Any], count: int) -> np.ndarray:
        """Return what is made of the tiles at some places; always as many, which compiles once."""
        rows, columns = (axis.tile for axis in self.axes)
        tiles = [picture[i : i + rows, j : j + columns] for (i, *_), (j, *_) in places]
        tiles += tiles[-1:] * (count - len(tiles))
        return run(self.network, np.stack(tiles), batch_size=count)

    def _kept(self, *places: tuple[int, int, int]) -> Iterator[tuple[slice, slice]]:
        """Yield for each axis what is kept of a tile, and where it belongs."""
        for axis, (tile, begin, end) in zip(self.axes, places, strict=True):
            f = axis.scale
            yield slice(f * (begin - tile), f * (end - tile)), slice(f * begin, f * end)


def tiling(network: Any, tile: tuple[int, int] | None = None) -> Tiling:
    """Return how pictures are cut into tiles for a network.

    Args:
        network: A `keras.Model` (B, h, w, c) -> (B, h', w', c') of fixed sides.
        tile: (height, width) of a tile, for a network that takes any.

    Raises:
        InvalidArgumentError: It takes statistics of the picture, or its receptive field is too
            large or not known; the reason is the end of a sentence.
    """
    rows, columns = inside(network, tile)
    height, width = network.inputs[0].shape[1:3] if tile is None else tile
    return Tiling(network, (_cuts(rows, height), _cuts(columns, width)))


def fitted_tiling(network: Any, most: int) -> Tiling:
    """Return square tiles for a network of any size: about eight times their margin.

    Args:
        network: A `keras.Model` (B, h, w, c) -> (B, h', w', c').
        most: Most pixels of a side, as memory has it.

    Raises:
        InvalidArgumentError: As of `tiling`.
    """
    cuts = tiling(network, (most, most)).axes[0]
    side = min(max(8 * cuts.before, 64), most)
    return tiling(network, (side, side))


def whole_where_small(tiled: Tiling, size: tuple[int, int]) -> Tiling:
    """Return a tiling whose tiles are as long as the picture, where that is shorter.

    Args:
        tiled: Of a network that takes any size, by `fitted_tiling`.
        size: (height, width) of a picture.
    """
    rows, columns = (
        cuts if side > cuts.tile else Cuts(side, side, 0, 1, cuts.scale)
        for side, cuts in zip(size, tiled.axes, strict=True)
    )
    return Tiling(tiled.network, (rows, columns))


def _cuts(axis: Axis, tile: int) -> Cuts:
    """Return the cuts along an axis of the output, of tiles of so many pixels."""
    scale = 1 / axis.step
    if scale.denominator != 1 or tile % axis.align or len(axis.inside) != tile * scale:
        raise InvalidArgumentError("what it makes does not lie pixel by pixel over what it takes")
    kept = np.flatnonzero(axis.inside)
    if not len(kept) or len(kept) != kept[-1] - kept[0] + 1:
        raise _too_wide(tile)
    before = -(-int(kept[0]) // int(scale))
    after = -(-(len(axis.inside) - 1 - int(kept[-1])) // int(scale))
    stride = (tile - before - after) // axis.align * axis.align
    if stride < 1:
        raise _too_wide(tile)
    return Cuts(tile, stride, before, axis.align, int(scale))


def _too_wide(tile: int) -> InvalidArgumentError:
    return InvalidArgumentError(f"its receptive field leaves nothing of tiles of {tile} pixels")
