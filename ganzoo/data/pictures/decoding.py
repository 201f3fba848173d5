"""One file of a picture to its frames, in one form each, by a stated rule for every kind.

8 bits      as they are; palettes through their colours; a model with one channel gets
            0.299 R + 0.587 G + 0.114 B; CMYK, YCbCr, HSV and Lab become RGB without the profiles
            that a file may hold
more bits   16-bit and 32-bit grey is scaled by its full range, 0 to 65535 or 0 to 2**32 - 1, half
            of it where numbers have a sign; floats go from 0 (black) to 1 (white), others are
            refused; of colours with 16 bits the upper 8 are read
opacity     laid over the background, or kept where four channels are wanted
orientation as EXIF says
frames      the first, or all; each completed by those before it, as it is shown
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from ganzoo.data.pictures.notes import Notes
from ganzoo.data.pictures.rules import Rules
from ganzoo.errors import DataError

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_ORIENTATION = 274
_ON_ITS_SIDE = (5, 6, 7, 8)
_BITS, _FORMAT = 258, 339  # TIFF's tags BitsPerSample and SampleFormat
_SIGNED = 2
_GREY = ("1", "L", "LA", "La")
_BY_FORMULA = ("CMYK", "YCbCr", "HSV", "LAB")


def frames(
    path: Path, name: str, channels: int, rules: Rules, notes: Notes, opacity: bool = False
) -> Iterator[tuple[str, Image.Image]]:
    """Yield the frames of a file, with their names.

    Args:
        path: The file.
        name: What it is called.
        channels: 1, 3 or 4; other numbers are refused.
        rules: How pictures are read.
        notes: Told what was done.
        opacity: Whether transparent pictures are left RGBA, for `apart`.

    Yields:
        Names (that of the file, and "#2" and so on behind it for further frames) and pictures of
        mode L, RGB, RGBA, or, for grey of more than 8 bits, F from 0 to 255.

    Raises:
        DataError: The file is damaged, or of a kind that is refused; it is named.
    """
    try:
        with _quiet(name, notes):
            opened = Image.open(path)
        with opened:
            count = getattr(opened, "n_frames", 1) if opened.format != "MPO" else 1
            if count > 1 and rules.frames == "first":
                notes.add("Only the first frame or page of {} is read; frames='all' (--frames all) "
                          "reads all", name)  # fmt: skip
                count = 1
            for index in range(count):
                if index:
                    opened.seek(index)
                called = f"{name}#{index + 1}" if index else name
                with _quiet(name, notes):
                    frame = _frame(opened, called, channels, rules, notes, opacity)
                yield called, frame
    except DataError:
        raise
    except Exception as error:  # Pillow raises many kinds for damaged files
        raise _unreadable(path, error) from None


@contextmanager
def _quiet(name: str, notes: Notes) -> Iterator[None]:
    """Take down what Pillow warns of, with the name of the file."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for text in dict.fromkeys(" ".join(str(warning.message).split()) for warning in said):
        text = text.rstrip(". ").replace("{", "(").replace("}", ")")
        notes.add(f"Of {{}}, Pillow says: {text}", name)


def _frame(
    opened: Any, name: str, channels: int, rules: Rules, notes: Notes, opacity: bool
) -> Image.Image:
    """Return the frame that a file is at, in its form."""
    opened.load()
    deep = opened.mode[0] in "IF"
    picture = _from_deep(opened, name, notes) if deep else opened
    if opened.getexif().get(_ORIENTATION, 1) in range(2, 9):
        notes.add("{} turned upright as EXIF says", name)
        picture = _upright(picture, opened.getexif()[_ORIENTATION])
    if deep:
        return _over_ground(picture, opened, rules, name, notes)
    kept = opacity and has_opacity(picture)
    return _in_mode(picture, name, "RGBA" if kept else MODES[channels], rules, notes)


def apart(
    picture: Image.Image, name: str, channels: int, rules: Rules, notes: Notes
) -> tuple[Image.Image, Image.Image | None]:
    """Return what is seen of an RGBA picture over the background, and how opaque it is.

    Returns:
        A picture of mode L or RGB, as `frames` yields it, and one of mode L, 255 where nothing of
        the background is seen; or None, where that is so everywhere.
    """
    alpha = picture.getchannel("A")
    seen = _in_mode(picture, name, MODES[channels], rules, notes)
    return seen, None if alpha.getextrema() == (255, 255) else alpha


def header(path: Path, frames: str = "first") -> tuple[int, int, int]:
    """Return height and width of a picture, upright, and how many frames are read of it.

    Raises:
        DataError: The file is no picture; it is named. Its pixels are not read.
    """
    try:
        with warnings.catch_warnings(), Image.open(path) as opened:
            warnings.simplefilter("ignore")
            width, height = opened.size
            if opened.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE:
                width, height = height, width
            every = frames == "all" and opened.format != "MPO"
            return height, width, getattr(opened, "n_frames", 1) if every else 1
    except Exception as error:  # Pillow raises many kinds for damaged files
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> DataError:
    reason = str(error).replace(str(path), "it") or type(error).__name__
    return DataError(f"{path} is not a readable picture ({reason}).")


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Turn a picture as its EXIF orientation, 2 to 8, says."""
    turned = picture.copy()
    turned.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(turned)


def _in_mode(picture: Image.Image, name: str, mode: str, rules: Rules, notes: Notes) -> Image.Image:
    """Return a picture of 8 bits in mode L, RGB or RGBA."""
    if picture.mode in _BY_FORMULA:
        notes.add("{} in CMYK or the like became RGB by formula, without a profile", name)
        picture = picture.convert("RGB")
    if has_opacity(picture) and mode != "RGBA":
        picture = _laid_over(picture, name, rules, notes)
    elif picture.mode in ("La", "RGBa"):
        picture = picture.convert({"La": "LA", "RGBa": "RGBA"}[picture.mode])
    if mode == "L" and picture.mode not in _GREY:
        picture = picture.convert("RGB")
        if is_coloured(picture):
            notes.add("{} in colour made grey, as one channel is wanted", name)
    return picture.convert(mode)


def has_opacity(picture: Image.Image) -> bool:
    """Return whether a picture says how opaque it is anywhere."""
    return picture.mode[-1] in "Aa" or "transparency" in picture.info


def is_coloured(picture: Image.Image) -> bool:
    """Return whether an RGB picture has a pixel that is not grey."""
    pixels = np.asarray(picture)
    return bool((pixels != pixels[..., :1]).any())


def _laid_over(picture: Image.Image, name: str, rules: Rules, notes: Notes) -> Image.Image:
    """Return a picture laid over the background, as RGB."""
    straight = {"La": "LA", "RGBa": "RGBA"}.get(picture.mode)
    rgba = (picture.convert(straight) if straight else picture).convert("RGBA")
    if rgba.getchannel("A").getextrema() == (255, 255):
        return rgba.convert("RGB")
    ground = Image.new("RGBA", rgba.size, (*rules.colour, 255))
    laid = Image.alpha_composite(ground, rgba).convert("RGB")
    notes.add(f"{{}} with transparency laid over {rules.background} (background=, --background)",
              name)  # fmt: skip
    if (np.asarray(laid) == np.asarray(laid)[0, 0]).all():
        notes.add(f"On {rules.background}, nothing is seen of {{}}", name)
    return laid


def _over_ground(
    picture: Image.Image, opened: Any, rules: Rules, name: str, notes: Notes
) -> Image.Image:
    """Return a deep picture, the background where it has its transparent number."""
    number = opened.info.get("transparency")
    if not isinstance(number, int):
        return picture
    hidden = picture_of(np.asarray(opened) == number)
    orientation = opened.getexif().get(_ORIENTATION, 1)
    if orientation in range(2, 9):
        hidden = _upright(hidden, orientation)
    pixels = np.array(picture)
    pixels[np.asarray(hidden) > 0] = rules.grey
    notes.add(f"{{}} with transparency laid over {rules.background} (background=, --background)",
              name)  # fmt: skip
    return picture_of(pixels)


def picture_of(pixels: np.ndarray) -> Image.Image:
    """Return an array as a picture: booleans and uint8 as 8 bits, others as floats."""
    if pixels.dtype == bool:
        return Image.fromarray(pixels.astype(np.uint8) * 255)
    return Image.fromarray(pixels if pixels.dtype == np.uint8 else pixels.astype(np.float32))


def _from_deep(opened: Any, name: str, notes: Notes) -> Image.Image:
    """Return grey of 16 or 32 bits, or of floats, as floats from 0 to 255."""
    pixels = np.asarray(opened)
    if opened.mode == "F":
        return picture_of(_unit(pixels, name) * 255.0)
    bits, signed = _form(opened)
    full = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    if not signed and bits == 32:
        pixels = pixels.astype(np.int32).view(np.uint32)
    if pixels.min() < 0:
        raise DataError(
            f"{name} has numbers below 0 (down to {pixels.min()}); pictures of whole numbers go "
            f"from 0 (black) to {full} (white)."
        )
    notes.deep(full, float(pixels.max()), name)
    notes.add(f"{{}} scaled by the full range, 0 to {full}", name)
    return picture_of(pixels.astype(np.float64) * (255.0 / full))


def _unit(pixels: np.ndarray, name: str) -> np.ndarray:
    low, high = float(pixels.min()), float(pixels.max())
    if not (low >= 0.0 and high <= 1.0):  # NaN is refused too
        raise DataError(
            f"{name} has numbers from {low:g} to {high:g}; pictures of floats go from 0 (black) to "
            "1 (white)."
        )
    return pixels


def _form(opened: Any) -> tuple[int, bool]:
    """Return the bits of a pixel of whole numbers, and whether they have a sign."""
    tags = getattr(opened, "tag_v2", None)
    if tags is not None:
        return int(tags.get(_BITS, (16,))[0]), int(tags.get(_FORMAT, (1,))[0]) == _SIGNED
    return 16, False
