"""What a user chooses of how pictures are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageColor

from ganzoo.errors import InvalidArgumentError, nearest

FITS = ("stretch", "crop", "pad")
FRAMES = ("first", "all")
WHITE = "white"


@dataclass(frozen=True)
class Rules:
    """How pictures are read.

    Attributes:
        resize: What is done with pictures of another size: False refuses them; "stretch" (or True)
            resizes each side by itself, "crop" resizes and cuts the middle out, "pad" resizes and
            fills up with the background. Lanczos.
        background: What transparent pictures are laid over, and what "pad" fills up with: a
            colour's name, or "#rrggbb".
        frames: "first" or "all" of the frames of an animation and the pages of a TIFF.
    """

    resize: bool | str = False
    background: str = WHITE
    frames: str = "first"

    def __post_init__(self) -> None:
        if self.resize not in (False, True, None):
            _one_of("resize", self.resize, FITS, "False, True, ")
        _one_of("frames", self.frames, FRAMES)
        try:
            ImageColor.getrgb(self.background)
        except (ValueError, AttributeError, TypeError):
            raise InvalidArgumentError(
                "background must be a colour's name, such as 'white', or '#rrggbb'; got "
                f"{self.background!r}.{nearest(str(self.background), ImageColor.colormap)}"
            ) from None

    @property
    def fit(self) -> str | None:
        """How another size becomes the wanted one, or None where it is refused."""
        return FITS[0] if self.resize is True else (self.resize or None)

    @property
    def colour(self) -> tuple[int, int, int]:
        """The background as red, green and blue, 0 to 255."""
        return ImageColor.getrgb(self.background)[:3]

    @property
    def grey(self) -> int:
        """The background as grey, 0 to 255."""
        return int(np.asarray(Image.new("RGB", (1, 1), self.colour).convert("L"))[0, 0])


def _one_of(what: str, value: Any, known: tuple[str, ...], more: str = "") -> None:
    if value not in known:
        raise InvalidArgumentError(
            f"{what} must be {more}{', '.join(map(repr, known[:-1]))} or {known[-1]!r}; got "
            f"{value!r}.{nearest(str(value), known)}"
        )
