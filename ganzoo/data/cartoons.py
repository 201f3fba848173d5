"""Cartoon faces by the DiceBear packages: seeded, as many as wanted, without a download.

The drawings of a style are put together from parts (hair, eyes, mouth, clothes, colours) that the
seed of a face chooses, drawn by resvg at a multiple of the size, and cut to the head.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from importlib import metadata, resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image
from tqdm import tqdm

from ganzoo.checks import check_count
from ganzoo.data.pairs import check_split
from ganzoo.errors import DataError, InvalidArgumentError, OutputError, nearest
from ganzoo.extras import require
from ganzoo.files.cache import cache_folder
from ganzoo.files.writing import written
from ganzoo.plots import from_uint8

COUNT, SIZE, STYLE, SEED = 10_000, 64, "toon_head", 0
SUPERSAMPLING = 2
GROUNDS = ("b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf")  # flat colours behind the heads
FORM = 1  # raise it when the pictures change, so that older caches are not read


class CartoonStyle(NamedTuple):
    """A style of DiceBear.

    Attributes:
        file: Name of its definition in the package dicebear_styles.
        licence: SPDX.
        credit: Whom to credit.
        left, top, side: The square that is kept, as shares of the drawing's side.
    """

    file: str
    licence: str
    credit: str
    left: float
    top: float
    side: float


STYLES = {
    "toon_head": CartoonStyle(
        "toon-head", "CC-BY-4.0", "Johan Melin, ToonHead; DiceBear", 0.125, 0.0, 0.75
    ),
    "adventurer": CartoonStyle(
        "adventurer", "CC-BY-4.0", "Lisa Wischofsky, Adventurer; DiceBear", 0.05, 0.0, 0.9
    ),
    "open_peeps": CartoonStyle(
        "open-peeps", "CC0-1.0", "Pablo Stanley, Open Peeps; DiceBear", 0.0, 0.0, 1.0
    ),
}


def cartoon_faces(
    split: str = "train",
    count: int = COUNT,
    size: int = SIZE,
    style: str = STYLE,
    seed: int = SEED,
) -> np.ndarray:
    """Return cartoon faces, float32 (n, size, size, 3) in [-1, 1].

    Drawing 10,000 takes a few minutes; what was drawn is kept in ganzoo's cache. A face depends on
    the style, the seed, its number and the version of the packages alone, so that the first faces
    of a large set are those of a small one. Two faces of a set may be alike: the parts are finite.

    Args:
        split: "train" or "test": other faces, a tenth as many. None of the latter is in the former.
        count: Faces of the training split, from 1 to 1,000,000.
        size: Pixels per side, 16 to 512.
        style: One of `STYLES`.
        seed: Of all faces, an integer >= 0.

    Raises:
        DataError: A drawing fails.
        InvalidArgumentError: No such split or style, a number outside of what is accepted.
        MissingExtraError: A package is not installed; `pip install "keras-ganzoo[cartoons]"`.
    """
    check_split(split)
    check_count("count", count, most=1_000_000)
    check_count("size", size, least=16, most=512)
    check_count("seed", seed, least=0, most=2**31 - 2)
    if style not in STYLES:
        raise InvalidArgumentError(
            f"Cartoons have no style {style!r}; there are {', '.join(STYLES)}."
            f"{nearest(str(style), STYLES)}"
        )
    dicebear = require("dicebear", "drawing cartoon faces")
    require("resvg_py", "drawing cartoon faces")
    require("dicebear_styles", "drawing cartoon faces")
    versions = [metadata.version(name) for name in ("dicebear-core", "dicebear-styles")]
    held_out = max(1, count // 10)
    key = "|".join(map(str, (FORM, *versions, style, seed, count, size)))
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    path = cache_folder() / "cartoons" / f"{name}.npz"
    kept = _kept(path)
    if kept is None:
        _folder_of(path)  # before minutes are spent
        kept = _drawn(dicebear, STYLES[style], count, held_out, size, seed)
        with written(path, suffix=".npz") as temporary:
            np.savez_compressed(temporary, **kept)
    return from_uint8(kept[split])


def hundred_cartoons(split: str = "train") -> np.ndarray:
    """Return a hundred cartoon faces, float32 (100, 64, 64, 3); the test split of `cartoon_faces`.

    Args:
        split: "train" or "test".
    """
    if split == "test":
        return cartoon_faces("test")
    return cartoon_faces(split, count=100)


def _folder_of(path: Path) -> None:
    """Make the folder of a file.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot keep cartoons in {path.parent}: {error.strerror}; GANZOO_CACHE names another "
            "folder."
        ) from error


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in ("train", "test")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _drawn(
    dicebear: Any, style: CartoonStyle, count: int, held_out: int, size: int, seed: int
) -> dict[str, Any]:
    """Return faces by split: those of the second whose pixels are in the first are drawn anew."""
    text = (resources.files("dicebear_styles") / f"{style.file}.json").read_text("utf-8")
    definition = dicebear.Style(json.loads(text))
    total = count + held_out
    with tqdm(total=total, desc="drawing cartoons", disable=not sys.stderr.isatty()) as bar:
        train = np.empty((count, size, size, 3), np.uint8)
        for number in range(count):
            train[number] = _face(dicebear, definition, style, f"{seed}-{number}", size)
            bar.update()
        seen = {image.tobytes() for image in train}
        test: list[np.ndarray] = []
        for number in range(100 * held_out):
            image = _face(dicebear, definition, style, f"{seed}-test-{number}", size)
            if image.tobytes() not in seen:
                test.append(image)
                bar.update()
            if len(test) == held_out:
                return {"train": train, "test": np.stack(test)}
    raise DataError(f"{style.file} has too few faces: {count:,} drawn have nearly all of them.")


def _face(dicebear: Any, definition: Any, style: CartoonStyle, name: str, size: int) -> np.ndarray:
    """Return one face, uint8 (size, size, 3): means of 2x2 pixels of a larger drawing."""
    side = round(SUPERSAMPLING * size / style.side)
    options = {"seed": name, "size": side, "backgroundColor": list(GROUNDS)}
    resvg = require("resvg_py", "drawing cartoon faces")
    try:
        svg = dicebear.Avatar(definition, options).to_string()
        png = resvg.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)
        with Image.open(io.BytesIO(bytes(png))) as opened:
            picture = opened.convert("RGB")
    except Exception as error:  # resvg raises what Rust tells it
        raise DataError(f"The face {name!r} of {style.file} cannot be drawn ({error}).") from None
    left, top = round(style.left * side), round(style.top * side)
    large = SUPERSAMPLING * size
    box = (left, top, left + large, top + large)
    cut = picture.crop(box).resize((size, size), Image.Resampling.BOX)
    return np.asarray(cut)
