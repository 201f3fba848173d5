"""The command on tiny models and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click.testing
import numpy as np

from ganzoo import plots, zoo
from ganzoo.cli import main
from ganzoo.zoo import registry

PAIRED, UNPAIRED = "Pix2Pix", "CycleGAN"
SHAPES = {PAIRED: {"source_shape": (8, 8, 1), "channels": 3}}  # grey pictures become coloured


def saved(family: str, folder: Path, **arguments: Any) -> tuple[Any, Path]:
    """Return a tiny model and its preset."""
    arguments = {**zoo.FAMILIES[family].tiny, **SHAPES.get(family, {}), "seed": 1, **arguments}
    model = registry.model_class(family)(**arguments)
    model.save_to_preset(folder / family)
    return model, folder / family


def shape_of(model: Any) -> tuple[int, ...]:
    return model.shape_of("a") if hasattr(model, "shape_of") else model.source_shape


def _run(arguments: tuple[object, ...]) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["translate", *map(str, arguments)])


def translate(*arguments: object) -> str:
    """Run the command; return what it says."""
    result = _run(arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: object) -> str:
    """Run the command, which must refuse with one line; return it."""
    result = _run(arguments)
    assert result.exit_code != 0, result.output
    lines = [line for line in result.output.splitlines() if not line.startswith("Note: ")]
    assert len(lines) == 1, result.output
    assert lines[0].startswith("Error: "), result.output
    return lines[0]


def sources(model: Any, n: int = 5) -> np.ndarray:
    """Return random pictures in [0, 255], uint8 (n, h, w, c)."""
    return noise(n, *shape_of(model))


def noise(*shape: int) -> np.ndarray:
    """Return random numbers in [0, 255], uint8."""
    random = np.random.Generator(np.random.PCG64(2))
    return random.integers(0, 256, shape, dtype=np.uint8)


def folder_of(pixels: np.ndarray, folder: Path) -> Path:
    """Write pictures as PNGs: photo-0.png and so on."""
    folder.mkdir(parents=True)
    for index, picture in enumerate(pixels):
        plots.to_image(picture).save(folder / f"photo-{index}.png")
    return folder
