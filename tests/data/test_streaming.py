"""Pictures one by one are those that are read together; opacity is what the file has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo.data import pictures
from ganzoo.errors import DataError

SIZE = (12, 10)  # width, height


def picture(mode: str) -> Image.Image:
    random = np.random.default_rng(1)
    if mode == "I;16":
        return Image.fromarray(random.integers(0, 65536, SIZE[::-1]).astype(np.uint16))
    rgba = Image.fromarray(random.integers(0, 256, (*SIZE[::-1], 4), dtype=np.uint8))
    if mode == "P":
        made = rgba.convert("RGB").quantize(16)
        made.info["transparency"] = 3
        return made
    return rgba.convert(mode)


def stream(path: Path, channels: int, rules: pictures.Rules) -> list[pictures.Picture]:
    size = (6, 9)
    notes = pictures.Notes(path)
    return [*pictures.stream([path], channels, lambda *_: size, rules, notes, opacity=True)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_one_by_one_is_as_together(mode, channels, tmp_path):
    path = tmp_path / ("a.tif" if mode in ("CMYK", "I;16") else "a.png")
    picture(mode).save(path)
    rules = pictures.Rules(resize="stretch", background="#204060")
    (one,) = stream(path, channels, rules)
    assert np.array_equal(one.image, pictures.read(path, (6, 9, channels), rules).images[0])
    assert one.name == str(path)
    if mode in ("LA", "P", "RGBA") and channels < 4:
        with Image.open(path) as opened:
            alpha = opened.convert("RGBA").getchannel("A")
        expected = alpha.resize((9, 6), Image.Resampling.LANCZOS)
        assert np.array_equal(one.opacity, np.asarray(expected))
    else:
        assert one.opacity is None


def test_what_is_opaque_everywhere_has_no_opacity(tmp_path):
    made = picture("RGBA")
    made.putalpha(255)
    made.save(tmp_path / "a.png")
    (one,) = stream(tmp_path / "a.png", 3, pictures.Rules(resize=True))
    assert one.opacity is None


def test_headers(tmp_path):
    made = picture("RGB")
    exif = Image.Exif()
    exif[274] = 6  # on its side
    made.save(tmp_path / "a.jpg", exif=exif)
    assert pictures.header(tmp_path / "a.jpg") == (12, 10, 1)
    made.save(tmp_path / "a.gif", save_all=True, append_images=[picture("L").convert("RGB")])
    assert pictures.header(tmp_path / "a.gif") == (10, 12, 1)
    assert pictures.header(tmp_path / "a.gif", "all") == (10, 12, 2)
    (tmp_path / "b.png").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"b\.png is not a readable picture"):
        pictures.header(tmp_path / "b.png")
