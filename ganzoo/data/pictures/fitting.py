"""Pictures of another size to the wanted one."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from ganzoo.data.pictures.notes import Notes
from ganzoo.data.pictures.rules import Rules
from ganzoo.errors import DataError

_PROPORTION = 0.01  # a difference in width over height that rounding to pixels makes
_OTHER_FITS = (
    "{} stretched to %dx%d out of proportion; resize='crop' or 'pad' (--fit crop, --fit pad) keeps "
    "the proportions"
)


def fitted(
    picture: Image.Image, shape: tuple[int, ...], rules: Rules, name: str, notes: Notes
) -> Image.Image:
    """Return a picture in the wanted size.

    Args:
        picture: Of mode L, RGB, RGBA or F.
        shape: Wanted height and width first.
        rules: How.
        name: What the picture is called.
        notes: Told what was done.

    Raises:
        DataError: It has another size, and that is refused.
    """
    height, width = shape[:2]
    if picture.size == (width, height):
        return picture
    how = rules.fit
    if how is None:
        raise other_size(name, (picture.height, picture.width), shape)
    own, wanted = picture.width / picture.height, width / height
    if abs(own / wanted - 1.0) <= _PROPORTION:
        notes.add(f"{{}} resized to {height}x{width}", name)
        return picture.resize((width, height), Image.Resampling.LANCZOS)
    if how == "crop":
        notes.add(f"{{}} resized to {height}x{width} with a part cut off at two sides", name)
        box = _middle(picture, wanted)
        return picture.resize((width, height), Image.Resampling.LANCZOS, box=box)
    if how == "pad":
        notes.add(f"{{}} resized to {height}x{width}, filled up with {rules.background}", name)
        return _padded(picture, width, height, rules)
    notes.add(_OTHER_FITS % (height, width), name)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def other_size(name: str, size: Sequence[int], shape: Sequence[int]) -> DataError:
    """Return the error of a picture whose size is not that of `shape`, where none is resized."""
    return DataError(
        f"{name} has {size[0]}x{size[1]} pixels, wanted are {shape[0]}x{shape[1]}; "
        "pass resize=True (--resize) to fit them."
    )


def _middle(picture: Image.Image, wanted: float) -> tuple[float, float, float, float]:
    """Return the largest box in the middle that has the wanted width over height."""
    width = min(float(picture.width), picture.height * wanted)
    height = min(float(picture.height), picture.width / wanted)
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return left, top, left + width, top + height


def _padded(picture: Image.Image, width: int, height: int, rules: Rules) -> Image.Image:
    factor = min(width / picture.width, height / picture.height)
    inner = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    small = picture.resize(inner, Image.Resampling.LANCZOS)
    ground = Image.new(picture.mode, (width, height), ground_colour(picture.mode, rules))
    ground.paste(small, ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return ground


def ground_colour(mode: str, rules: Rules) -> float | tuple[int, ...]:
    """Return the background in a mode: a grey, three colours, or these with no opacity."""
    if mode in ("RGB", "RGBA"):
        return rules.colour + ((0,) if mode == "RGBA" else ())
    return float(rules.grey) if mode == "F" else rules.grey
