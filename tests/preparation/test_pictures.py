"""Photographs, portraits and doodles: from a mirror that has real ones to what the reader gives."""

from __future__ import annotations

import importlib.util
import io
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ganzoo import data
from ganzoo.data import doodles as reading
from ganzoo.data.gallery import Gallery
from ganzoo.data.picture_downloads import DOODLES, FLAMINGOS, KODAK, PHOTOS, SIZES, WALLPAPERS
from ganzoo.errors import DataError, IntegrityError, MissingExtraError
from ganzoo.preparation import doodles, gallery, portraits, prepare
from ganzoo.preparation.fetching import fetched
from tests.preparation.packing import deb, picture, tar
from tests.preparation.test_resuming import CONTENT


@pytest.fixture
def real(data_folder, folder):
    """The folder of real data; what is prepared goes into another one."""
    assert data_folder != folder
    return data_folder


def left(folder):
    """What lies in the folder beside the files of the sets."""
    return [path.name for path in folder.rglob(".*")]


def test_kodak(real, folder, server):
    for name, download in KODAK.items():
        server.files[f"/{download.name}"] = (real / "kodak" / name).read_bytes()
    made, there = prepare("kodak")
    assert [path.name for path in made] == [*KODAK]
    assert not there
    found, expected = data.photo_gallery("test"), Gallery(sorted((real / "kodak").glob("*.png")))
    assert found.sizes == expected.sizes
    assert np.array_equal(found[4], expected[4])
    assert not left(folder)
    made[3].unlink()
    server.requests.clear()
    made, there = prepare("kodak")  # the others are kept
    assert (len(made), len(there)) == (1, 11)
    assert sum(server.requests.values()) == 1
    made[0].unlink()
    server.files["/kodim07.png"] = server.files["/kodim01.png"]
    with pytest.raises(IntegrityError, match=r"kodim07\.png sends more than the registered"):
        prepare("kodak")
    assert not made[0].exists()


@pytest.fixture
def photographs(serve, real, monkeypatch):
    """Serve the real photographs: in two packages, and alone; one of them at twice the size."""
    content = {name: (real / f"photos/{name}.jpg").read_bytes() for name in SIZES}
    large = Image.open(io.BytesIO(content["kait-herzog-8242"])).resize((1498, 1440))
    stream = io.BytesIO()
    large.save(stream, "PNG")  # the ending tells nothing
    content["kait-herzog-8242"] = stream.getvalue()
    served = {}
    for number, package in WALLPAPERS.items():
        inside = [name for name, download in PHOTOS.items() if download is package]
        files = {f"usr/share/backgrounds/{name}.jpg": content[name] for name in inside}
        package = serve(f"{number}.deb", deb(files, ""))
        served |= dict.fromkeys(inside, package)
    for name in SIZES:
        if name not in served:
            served[name] = serve(f"{name}.jpg", content[name], hashed=False)
    monkeypatch.setattr(gallery, "PHOTOS", {name: served[name] for name in SIZES})
    return content


def test_photos(photographs, real, folder, server):
    made, _ = prepare("photos")
    assert len(made) == 34
    found, expected = data.photo_gallery(), Gallery(sorted((real / "photos").glob("*.jpg")))
    assert [path.name for path in found.files] == [path.name for path in expected.files]
    assert found.sizes == expected.sizes
    for row in range(0, 33, 4):  # written as JPEG once more
        assert np.abs(found[row].astype(float) - expected[row]).mean() < 1.0
    halved = [path.stem for path in found.files].index("kait-herzog-8242")
    assert np.abs(found[halved].astype(float) - expected[halved]).mean() < 2.0
    credit = (folder / "photos/CREDITS.txt").read_text().splitlines()
    assert [line.partition(".jpg: ")[0] for line in credit] == [*SIZES]
    assert "Fossa_by_Jasper_Roks.jpg: CC BY-SA 3.0, Jasper Roks" in credit
    assert [server.requests[f"/{number}.deb"] for number in WALLPAPERS] == [1, 1]
    assert not left(folder)


def test_another_photograph_is_one_line(photographs, serve, folder, monkeypatch):
    served = dict(gallery.PHOTOS)
    served["ng-32703"] = serve("ng-32703.jpg", picture(1), hashed=False)
    monkeypatch.setattr(gallery, "PHOTOS", served)
    with pytest.raises(DataError, match=r"40x30 pixels, which is another shape than 1080x720"):
        prepare("photos")
    name = "umang_by_Abhishek_Mudgal"
    served = {name: serve("16.04.deb", deb({"usr/share/doc/x": b""}))}
    monkeypatch.setattr(gallery, "PHOTOS", served)
    with pytest.raises(DataError, match=f"has no file usr/share/backgrounds/{name}"):
        prepare("photos", overwrite=True)


def test_every_photograph_of_a_package_has_its_author():
    packaged = {name for name, d in PHOTOS.items() if d in WALLPAPERS.values()}
    assert packaged == {*gallery.CREDITS}
    assert (len(packaged), len(PHOTOS)) == (18, 33)


def npy(rows: np.ndarray) -> bytes:
    """Return a .npy file, as NumPy writes it."""
    stream = io.BytesIO()
    np.save(stream, rows)
    return stream.getvalue()


@pytest.fixture
def drawings(real, server, folder):
    """Serve the real doodles of a kind with 2,000 more behind them, and the real flamingos."""
    with np.load(real / reading.FILE) as file:
        arrays = dict(file)
    rows = arrays["images"].reshape(6, 3000, 784)
    for kind, of_kind in zip(DOODLES, rows, strict=True):
        content = npy(np.concatenate([of_kind, of_kind[:2000] ^ 255]))
        server.files[f"/{DOODLES[kind].name}"] = content
    flamingos = (real / "quickdraw/flamingo.ndjson").read_bytes()
    server.files[f"/{FLAMINGOS.name}"] = flamingos + flamingos
    return arrays


def test_quickdraw(drawings, folder, server):
    (path,), _ = prepare("quickdraw")
    with np.load(path) as made:
        assert {*made} == {*drawings}
        for name, expected in drawings.items():
            assert made[name].dtype == expected.dtype
            assert np.array_equal(made[name], expected)  # the flamingos are drawn alike
    images, labels = data.quickdraw(labels=True)
    assert len(images) == len(labels) > 16_000
    assert data.flamingos().shape == (25, 28, 28, 1)
    assert not left(folder)


def test_other_doodles_are_one_line(drawings, folder, server):
    whole = server.files["/cat.npy"]
    rows = np.zeros((3000, 784), np.uint8)
    for content, line in (
        (npy(rows), r"The first 3000 doodles of .*cat\.npy have the SHA-256 .*, registered is"),
        (npy(rows[:7]), r"The first 7 doodles of"),
        (npy(rows[:, :9]), r"must hold uint8 \(n, 784\); got uint8 \(3000, 9\)"),
        (b"no array" * 99, r"is no file of bitmaps of NumPy"),
    ):
        server.files["/cat.npy"] = content
        with pytest.raises(DataError, match=line) as caught:
            prepare("quickdraw")
        assert "\n" not in str(caught.value)
        assert not left(folder)
    server.files["/cat.npy"] = whole
    server.files["/flamingo.ndjson"] = b"x" * 20_000
    with pytest.raises(IntegrityError, match="registered is e620ac5a1d23"):
        prepare("quickdraw")
    server.requests.clear()
    server.files["/flamingo.ndjson"] = server.files["/cat.npy"]
    with pytest.raises(IntegrityError):
        prepare("quickdraw")
    assert server.requests["/cat.npy"] == 0  # what has arrived is kept


def test_a_drawing_lies_in_the_middle():
    for strokes in ([[[0, 255], [0, 0]]], [[[100, 102], [50, 50]], [[101, 102], [50, 50]]]):
        rows, columns = np.nonzero(doodles.drawn(strokes) > 128)
        assert {*rows.tolist()} == {13, 14}
        assert abs(columns.min() + columns.max() - 27) <= 1
        assert abs(columns.max() - columns.min() - 24) <= 1


def portrait(face: np.ndarray, side: int, ground: int, width: int, height: int) -> bytes:
    """Return a portrait: a face of 64x64 made larger, on a plain ground."""
    made = Image.new("RGB", (width, height), (ground,) * 3)
    made.paste(Image.fromarray(face).resize((side, side), Image.Resampling.BICUBIC), (25, 20))
    stream = io.BytesIO()
    made.save(stream, "JPEG", quality=95)
    return stream.getvalue()


@pytest.fixture
def parliaments(real, serve, folder, monkeypatch):
    """Serve portraits of 20 real faces in the layouts of both sources; return the faces."""
    with np.load(real / "faces/politicians_64.npz") as file:
        images, origin = file["images"], file["origin"]
    chosen = {code: images[origin == code][::60][:10] for code in ("us", "uk")}
    grey = portrait(np.zeros((64, 64, 3), np.uint8), 64, 0, 100, 100)
    us = {
        f"congress-HEAD/images/A{number:06}.jpg": portrait(face, 170, 90, 225, 275)
        for number, face in enumerate(chosen["us"])
    }
    uk = {
        f"twfy/www/docs/images/mpsL/{number}.jpeg": portrait(face, 200, 150, 260, 300)
        for number, face in enumerate(chosen["uk"])
    }
    uk |= {"twfy/www/docs/images/mpsL/9.jpg": grey, "twfy/www/docs/images/mpsL/77.jpeg": grey}
    served = (
        serve("us.tar.gz", tar(us | {"congress-HEAD/README.md": b""}), hashed=False),
        serve("uk.tar.gz", tar(uk), hashed=False),
    )
    monkeypatch.setattr(portraits, "PORTRAITS", served)
    monkeypatch.setattr(portraits, "LEAST", {"us": 10, "uk": 10})
    return np.concatenate([chosen["us"], chosen["uk"]])


needs_opencv = pytest.mark.skipif(
    importlib.util.find_spec("cv2") is None, reason="OpenCV is not installed: the extra faces"
)


@needs_opencv
def test_faces(parliaments, folder):
    with pytest.warns(UserWarning, match=r"[1-9]\d? of 21 portraits are left out: no face is"):
        (path,), _ = prepare("faces")
    with np.load(path) as file:
        made, origin = file["images"], file["origin"].tolist()
    assert made.shape[1:] == (64, 64, 3)
    assert made.dtype == np.uint8
    assert origin == sorted(origin, reverse=True)
    assert len(origin) >= 14
    # Each is one of the faces, and lies as it did: alike as only the same crops are.
    flat = [images.reshape(len(images), -1).astype(float) for images in (made, parliaments)]
    alike = np.corrcoef(*flat)[: len(made), len(made) :]
    assert np.mean(np.diff(alike.argmax(axis=1)) > 0) > 0.8
    assert np.median(alike.max(axis=1)) > 0.8
    assert len(data.faces()) + len(data.faces("test")) == len(made)
    assert not left(folder)


@needs_opencv
def test_other_portraits_are_one_line(parliaments, folder, monkeypatch):
    monkeypatch.setattr(portraits, "LEAST", {"us": 10, "uk": 12})
    with pytest.raises(DataError, match=r"uk\.tar\.gz has 11 portraits; at least 12 are expected"):
        prepare("faces")
    monkeypatch.setattr(portraits, "LEAST", {"us": 1, "uk": 1})
    monkeypatch.setattr(portraits, "face", lambda picture, detector: None)
    with pytest.raises(DataError, match="No face is found in the 21 portraits"):
        prepare("faces")
    assert not left(folder)


def test_faces_without_opencv_fetch_nothing(server, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtraError, match=r'pip install "keras-ganzoo\[faces\]"'):
        prepare("faces")
    assert not server.requests


def test_the_beginning_of_a_file_is_enough(serve, server, folder):
    folder.mkdir()
    told: list[int] = []
    download = replace(serve("long.bin", CONTENT, hashed=False), size=10_000, beginning=True)
    path = fetched(download, folder, told.append, threading.Event())
    assert path.read_bytes() == CONTENT[:10_000]
    assert told[-1] == 10_000
