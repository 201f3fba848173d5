"""Each set from a mirror on 127.0.0.1 to the file that `ganzoo.data` reads."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ganzoo import data
from ganzoo.data import downloads, origins, scripts
from ganzoo.data.styles import SOURCE, STYLES
from ganzoo.errors import DataError, MissingExtraError
from ganzoo.preparation import Progress, digits, emoji, fonts, photographs, prepare
from ganzoo.preparation.known import fingerprint
from tests.preparation.packing import deb, packed_zip, picture, tar

FLOWERS = [f"{kind}/{number}" for kind in ("daisy", "roses", "tulips") for number in range(20)]
CLOTHES = [f"{part}/t-shirt/ab-{number}" for part in ("train", "test") for number in range(20)]


@pytest.fixture
def knows(monkeypatch):
    """Let a set be of other pictures than the zoo's."""

    def only(names):
        monkeypatch.setattr(photographs, "known", lambda name: {*map(fingerprint, names)})
        monkeypatch.setattr(emoji, "known", lambda name: {*map(fingerprint, names)})

    return only


def left(folder):
    """What lies in the folder beside the files of the sets."""
    return [path.name for path in folder.rglob(".*")]


def test_flowers(serve, knows, folder, monkeypatch):
    knows(FLOWERS)
    files = {f"flower_photos/{name}.jpg": picture(i) for i, name in enumerate(FLOWERS)}
    files |= {"flower_photos/daisy/unknown.jpg": picture(1), "flower_photos/LICENSE.txt": b"CC"}
    monkeypatch.setattr(photographs, "FLOWERS", serve("flowers.tgz", tar(files)))
    told = []

    class Shown(Progress):
        def made(self, name, done, total):
            told.append((name, done, total))

    made, there = prepare("flowers", progress=Shown())
    assert made == [folder / "flowers/flowers_128.zip"]
    assert not there
    assert told[-1] == ("flowers", 60, 60)
    with zipfile.ZipFile(made[0]) as archive:
        assert archive.namelist() == sorted(f"{name}.jpg" for name in FLOWERS)
        with Image.open(io.BytesIO(archive.read("daisy/3.jpg"))) as found:
            assert found.size == (128, 128)
            made_square = np.asarray(found, np.float32)
    with Image.open(io.BytesIO(files["flower_photos/daisy/3.jpg"])) as original:
        centre = original.crop((5, 0, 35, 30)).resize((128, 128), Image.Resampling.LANCZOS)
    assert np.abs(made_square - np.asarray(centre, np.float32)).mean() < 2.0
    train, test = (data.flower_colours(split) for split in ("train", "test"))
    assert {*train.names} | {*test.names} == {*FLOWERS}
    assert not left(folder)


def test_clothing(serve, knows, folder, monkeypatch):
    knows(CLOTHES)
    files = {f"clothing-dataset-small-master/{n}.jpg": picture(i) for i, n in enumerate(CLOTHES)}
    archive = serve("clothing.tar.gz", tar(files), hashed=False)
    monkeypatch.setattr(photographs, "CLOTHING", archive)
    prepare("clothing")
    assert {*data.clothing_edges("train").names} | {*data.clothing_edges("test").names} == {
        *CLOTHES
    }
    assert not left(folder)


def test_fruits(serve, folder, monkeypatch):
    kinds = {
        "Apple": {"Apple Red 1": 3, "Apple Red 3": 2},
        "Tomato": {"Tomato 3": 2, "Tomato 4": 4},
    }
    monkeypatch.setattr(photographs, "VIEWS", kinds)
    files = {}
    for part, fruit, kind in (
        ("Training", "Apple", "Apple Red 1"), ("Test", "Apple", "Apple Red 3"),
        ("Training", "Tomatoes", "Tomato 3"), ("Test", "Tomatoes", "Tomato 4"),
        ("Test", "Cherry", "Cherry 1"),
    ):  # fmt: skip
        for turn in range(12):
            stream = io.BytesIO()
            Image.new("RGB", (100, 100), (20 * turn,) * 3).save(stream, "PNG")
            files[f"fruits-main/{part}/{fruit}/{kind}/{turn}_100.jpg"] = stream.getvalue()
    monkeypatch.setattr(photographs, "FRUITS", serve("fruits.tar.gz", tar(files), hashed=False))
    (path,), _ = prepare("fruits")
    with np.load(path) as arrays:
        views = arrays["tomato"][arrays["tomato_kind"] == "Tomato/Tomato 4"]
        assert views[:, 9, 9, 0].tolist() == [0, 60, 120, 180]  # turns 0, 3, 6 and 9
        assert arrays["apple"].shape == (5, 64, 64, 3)
        assert arrays["apple"].dtype == np.uint8
    assert [len(fruit) for fruit in data.apple_tomato("test")[:2]] == [2, 2]
    assert not left(folder)


SVG = '<svg viewBox="0 0 72 72" xmlns="http://www.w3.org/2000/svg">{}</svg>'
BLACK = SVG.format('<path d="M36 0V72" stroke="#000" stroke-width="36"/>').encode()
COLOUR = SVG.format('<rect width="72" height="36" fill="#d22f27"/>').encode()


def test_openmoji(serve, knows, folder, monkeypatch):
    if importlib.util.find_spec("resvg_py") is None:
        pytest.skip("resvg_py is not installed: the extra emoji")
    names = {"1F600": "1f600", "0023-FE0F-20E3": "0023-20e3"}
    knows(names.values())
    files = {
        f"package/{layer}/svg/{name}.svg": drawing
        for name in [*names, "2699"]
        for layer, drawing in (("black", BLACK), ("color", COLOUR))
    }
    monkeypatch.setattr(emoji, "OPENMOJI", serve("openmoji.tgz", tar(files)))
    (path,), _ = prepare("openmoji")
    with np.load(path) as arrays:
        assert arrays["codes"].tolist() == ["0023-20e3", "1f600"]
        assert arrays["outline"].shape == (2, 64, 64)
        assert arrays["outline"][0, 32].tolist() == [255] * 16 + [0] * 32 + [255] * 16
        assert (arrays["colour"][1, :32] == (0xD2, 0x2F, 0x27)).all()
        assert (arrays["colour"][1, 32:] == 255).all()  # transparent
    assert not left(folder)


def test_openmoji_without_its_package_fetches_nothing(server, folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match=r'pip install "keras-ganzoo\[emoji\]"'):
        prepare("openmoji")
    assert not server.requests
    assert not folder.exists()


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_digits(name, serve, folder, monkeypatch):
    contents = [f"file {number} of {name}".encode() for number in range(4)]
    served = tuple(serve(f"{number}.gz", content) for number, content in enumerate(contents))
    origin = replace(origins.ORIGINS[name], downloads=served)
    monkeypatch.setitem(digits.ORIGINS, name, origin)
    made, _ = prepare(name)
    assert [path.read_bytes() for path in made] == contents
    assert {path.name for path in made} == {*downloads.IDX}
    with pytest.raises(DataError, match="is not a readable gzip"):
        data.source(name)()  # it looks for them where they are
    assert not left(folder)


@pytest.fixture
def served_fonts(serve, monkeypatch):
    """All fonts of the styles, each with its file's name as its content."""
    wanted = {*STYLES.values(), SOURCE}
    packages = {}
    for package in {font.package for font in wanted if font.package}:
        files = {font.path: font.file.encode() for font in wanted if font.package == package}
        packages[package] = serve(f"{package}.deb", deb({"usr/share/doc/x": b"x"} | files))
    monkeypatch.setattr(fonts, "PACKAGES", packages)
    content = b"TW-MOE-Li.ttf"
    monkeypatch.setattr(fonts, "CLERICAL_SHA256", hashlib.sha256(content).hexdigest())
    served = serve("li.zip", packed_zip({"隸書.ttf": content, "other.ttf": b""}), hashed=False)
    monkeypatch.setattr(fonts, "CLERICAL", served)


def test_glyphs_and_styles(served_fonts, server, folder):
    made, there = prepare("glyphs")
    assert made == [scripts.font(script) for script in scripts.SCRIPTS]
    made, there = prepare("styles")
    assert there == [folder / "fonts/TW-MOE-Li.ttf"]
    assert len(made) == len({font.file for font in STYLES.values()})  # the source, less one
    for path in [*made, *there]:
        assert path.read_bytes() == path.name.encode()
    assert server.requests["/fonts-kouzan-mouhitsu.deb"] == 2  # one for the glyphs, one for three
    assert not left(folder)


# What was fetched is not what the set is made of.


@pytest.fixture
def broken(knows, monkeypatch):
    """Archives by their fault, and the line that it is."""
    knows(FLOWERS)
    monkeypatch.setattr(photographs, "MOST_PIXELS", 2000)
    files = {f"flower_photos/{name}.jpg": picture(1) for name in FLOWERS}
    damaged = files | {f"flower_photos/{FLOWERS[7]}.jpg": b"no picture"}
    huge = files | {f"flower_photos/{FLOWERS[7]}.jpg": picture(1, 50, 41)}
    fewer = {name: files[name] for name in [*files][1:]}
    linked = tar(fewer, links={next(iter(files)): "/etc/passwd"})
    return {
        "fewer": (tar(fewer), "has 59 of the 60 pictures that belong to flowers"),
        "a link": (linked, "has 59 of the 60 pictures"),
        "damaged": (tar(damaged), "daisy/7.jpg is not a readable picture"),
        "huge": (tar(huge), "daisy/7.jpg has 50x41 pixels; at most 2000"),
        "no archive": (b"no archive", "no readable zip, tar or Debian package"),
        "truncated": (tar(files)[:-20], "damaged or truncated"),
        "traversal": (tar({"../../x.jpg": b""} | files), "which leads out of its folder"),
    }


@pytest.mark.parametrize(
    "fault", ["fewer", "a link", "damaged", "huge", "no archive", "truncated", "traversal"]
)
def test_another_archive_makes_nothing(fault, broken, serve, folder, monkeypatch):
    content, line = broken[fault]
    monkeypatch.setattr(photographs, "FLOWERS", serve("flowers.tgz", content, hashed=False))
    with pytest.raises(DataError, match=line) as caught:
        prepare("flowers")
    assert "\n" not in str(caught.value)
    assert not list((folder / "flowers").iterdir())
    assert not left(folder)  # so that the next try fetches it anew


def test_another_font_is_refused(served_fonts, serve, folder, monkeypatch):
    content = packed_zip({"li.ttf": b"version 4"})
    monkeypatch.setattr(fonts, "CLERICAL", serve("li.zip", content, hashed=False))
    with pytest.raises(DataError, match=r"has 1 fonts, none with the SHA-256 .* version 3\.00"):
        prepare("glyphs")
    package = serve("fonts-kouzan-mouhitsu.deb", deb({"usr/share/doc/x": b"x"}))
    monkeypatch.setitem(fonts.PACKAGES, "fonts-kouzan-mouhitsu", package)
    monkeypatch.setattr(fonts, "CLERICAL_SHA256", hashlib.sha256(b"version 4").hexdigest())
    with pytest.raises(DataError, match=r"has no file usr/share/fonts/truetype/kouzan-mouhitsu/"):
        prepare("glyphs")


def test_too_few_views_are_refused(serve, folder, monkeypatch):
    content = tar({"x/Test/Apple/Apple Golden 1/0_100.jpg": picture(0)})
    monkeypatch.setattr(photographs, "FRUITS", serve("fruits.tar.gz", content, hashed=False))
    with pytest.raises(DataError, match="has 1 views of Apple Golden 1; 146 are needed"):
        prepare("fruits")
