"""The two scripts that the glyph checkpoints learn, from fonts in a folder of the user's.

Clerical script (隸書): TW-MOE-Li.ttf, Ministry of Education, R.O.C. (Taiwan), CC BY-ND 3.0 TW.
Semi-cursive script (行書): kouzan-mouhitsu-gyosho.ttf, Kouzan Aoyagi, public domain.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data import origins
from ganzoo.data.fonts import Glyphs, glyphs
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.plots import from_uint8

SCRIPTS = ("clerical", "semi-cursive")
_FONTS = {"clerical": "TW-MOE-Li.ttf", "semi-cursive": "kouzan-mouhitsu-gyosho.ttf"}


def font(script: str) -> Path:
    """Return the path of a script's font in `$GANZOO_DATA/fonts`.

    Raises:
        DataError: The font is not there; the message says where to get it.
        InvalidArgumentError: There is no such script.
    """
    if script not in _FONTS:
        raise InvalidArgumentError(
            f"There is no script {script!r}; there are: {', '.join(SCRIPTS)}."
            + nearest(script, SCRIPTS)
        )
    path = origins.folder() / "fonts" / _FONTS[script]
    if not path.is_file():
        raise origins.missing(path, "glyphs", f"the font of the {script} script")
    return path


def script_glyphs(script: str, size: int = 48, cache: Any = None) -> Glyphs:
    """Render the 4,808 commonly used characters in a script; arguments as for `glyphs`."""
    return glyphs(font(script), "moe-4808", size, cache)


def clerical_glyphs() -> np.ndarray:
    """Return the 4,808 characters in clerical script: float32 (4808, 48, 48, 1), ink = 1."""
    return scaled(script_glyphs("clerical").images)


def mixed_glyphs(labels: bool = False) -> Any:
    """Return both scripts, clerical first: float32 (8934, 48, 48, 1), ink = 1.

    With `labels`, a tuple of the images and int64 labels (8934,): 0 clerical, 1 semi-cursive.
    """
    parts = [scaled(script_glyphs(script).images) for script in SCRIPTS]
    images = np.concatenate(parts)
    return (images, np.repeat([0, 1], [len(part) for part in parts])) if labels else images


def scaled(images: np.ndarray) -> np.ndarray:
    """Return uint8 (n, size, size) as float32 (n, size, size, 1) in [-1, 1]."""
    return from_uint8(images)[..., None]
