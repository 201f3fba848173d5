"""Official portraits: faces found by OpenCV and cut out, without names.

Haar cascade for frontal faces (Viola, Jones 2001, Rapid Object Detection using a Boosted Cascade of
Simple Features), as OpenCV ships it. The crops of the zoo's models were cut out by a detector whose
boxes are smaller by 7 % on the average (measured on a sample of them); the sides and the places of
these crops are chosen so that faces lie alike.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.data.origins import ORIGINS
from ganzoo.data.picture_downloads import PORTRAITS
from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.files.archives import members, names
from ganzoo.files.writing import written
from ganzoo.preparation.photographs import upright
from ganzoo.preparation.pieces import Piece, Told

SIDE = 64
SCALE, ABOVE = 1.64, 0.014  # side of a crop over that of a box; the box's centre below the crop's
_CASCADE = "haarcascade_frontalface_default.xml"
_SMALLEST = 0.2  # side of a face over the picture's short side
LEAST = {"us": 400, "uk": 800}  # portraits; fewer are another version of the source
# Of the UK the official ones, which are the .jpeg: the older .jpg are of other sources.
_PATHS = {
    "us": re.compile(r"[^/]+/images/(?:[^/]+/)*[A-Z]\d{6}\.jpg"),
    "uk": re.compile(r"[^/]+/www/docs/images/mpsL/\d+\.jpeg"),
}


def faces() -> list[Piece]:
    """Return the faces: images (n, 64, 64, 3), origin (n,), "us" or "uk"; by the sources' names."""
    (target,) = ORIGINS["faces"].files
    return [Piece(target, PORTRAITS, _faces, "cv2")]


def face(picture: Image.Image, detector: Any) -> np.ndarray | None:
    """Return the largest face of a portrait, uint8 (64, 64, 3).

    Args:
        picture: In RGB.
        detector: A `cv2.CascadeClassifier`.

    Returns:
        None where no face is found, or its crop leaves the picture.
    """
    least = round(_SMALLEST * min(picture.size))
    boxes = detector.detectMultiScale(np.asarray(picture.convert("L")), 1.05, 5, 0, (least, least))
    if len(boxes) == 0:
        return None
    x, y, width, height = (float(number) for number in max(boxes, key=lambda box: box[2]))
    side = SCALE * width
    left, top = x + (width - side) / 2, y + (height - side) / 2 - ABOVE * side
    if left < 0 or top < 0 or left + side > picture.width or top + side > picture.height:
        return None
    box = (left, top, left + side, top + side)
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box))


def _faces(archives: Sequence[Path], target: Path, told: Told) -> None:
    cv2 = require("cv2", "finding faces")
    detector = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / _CASCADE))
    images: list[np.ndarray] = []
    origin: list[str] = []
    of = {code: _portraits(code, path) for code, path in zip(_PATHS, archives, strict=True)}
    total, done = sum(map(len, of.values())), 0
    for code, archive in zip(of, archives, strict=True):
        found = {}
        for path, content in members(archive, of[code].__contains__):
            crop = face(upright(content, f"{archive.name}: {path}"), detector)
            if crop is not None:
                found[path] = crop
            done += 1
            told(done, total)
        images += [found[path] for path in sorted(found)]
        origin += [code] * len(found)
    if not images:
        raise DataError(f"No face is found in the {total} portraits; they are others.")
    if len(images) < total:
        warnings.warn(
            f"{total - len(images)} of {total} portraits are left out: no face is found in them, "
            "or it is too near to the border.",
            stacklevel=2,
        )
    with written(target, suffix=".npz") as temporary:
        np.savez_compressed(temporary, images=np.stack(images), origin=np.array(origin))


def _portraits(code: str, archive: Path) -> set[str]:
    """Return the paths of the portraits in an archive."""
    found = {path for path in names(archive) if _PATHS[code].fullmatch(path)}
    if len(found) < LEAST[code]:
        raise DataError(
            f"{archive.name} has {len(found)} portraits; at least {LEAST[code]} are expected. It "
            "is another version."
        )
    return found
