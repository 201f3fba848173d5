"""Folders, damaged files and array files: what is read, what is left out, and a word on it."""

from __future__ import annotations

import os
import warnings

import numpy as np
import pytest
from PIL import Image

from ganzoo import data
from ganzoo.data.pictures import picture_shape, read
from ganzoo.errors import DataError
from tests.data.test_pictures import GREY, RAMP, noise, one, scaled

# --- folders -------------------------------------------------------------------------------------


def test_a_folder_says_what_it_leaves_out(tmp_path):
    folder, elsewhere = tmp_path / "d", tmp_path / "elsewhere"
    for inner in (folder / ".ipynb_checkpoints", folder / "__MACOSX", folder / "b", elsewhere):
        inner.mkdir(parents=True)
        Image.new("L", (8, 8)).save(inner / "x.png")
    Image.new("L", (8, 8)).save(folder / "a.PGM")
    Image.new("L", (8, 8)).save(folder / "._a.png")
    for name in ("notes.txt", "more.txt", "drawing.svg"):
        (folder / name).write_text("no picture")
    os.symlink(elsewhere, folder / "c")
    os.symlink(folder, folder / "again")
    os.symlink(folder / "b", folder / "a_link")
    os.symlink(elsewhere / "x.png", folder / "z.png")
    os.symlink(folder / "absent.png", folder / "broken.png")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert len(data.images(folder, GREY)) == 4
    found = read(folder, GREY)
    assert found.names == ("a.PGM", "b/x.png", "c/x.png", "z.png")
    (line,) = found.notes
    assert [str(warning.message) for warning in said] == [line]
    assert "files with other endings: 3 (.txt 2, .svg)" in line
    assert "hidden or system files and folders: 3 (" in line
    assert "linked folders whose pictures are read anyway: 2 (a_link, again)" in line
    assert "links that lead nowhere: 1 (broken.png)" in line


def test_a_folder_without_pictures_says_what_there_is(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"")
    with pytest.raises(DataError, match=r"holds no pictures .* Left out .* \(\.heic\)"):
        data.images(tmp_path, GREY)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a\x08\x00", b"II*\x00\x08\x00\x00\x00"]
)
@pytest.mark.parametrize("ending", [".png", ".gif", ".tif", ".tga", ".jp2", ".avif"])
def test_damaged_files_are_named(content, ending, tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / f"b{ending}").write_bytes(content)
    with pytest.raises(
        DataError, match=rf"b\{ending} is not a readable picture \(.+\)\.$"
    ) as caught:
        data.images(tmp_path, GREY)
    assert "\n" not in str(caught.value)


def test_what_pillow_warns_of_is_said_with_the_name(tmp_path, recwarn):
    exif = Image.Exif()
    exif[274] = 1
    Image.new("L", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    content = (tmp_path / "a.jpg").read_bytes()
    at = content.index(b"Exif\0\0") + 14  # the number of entries
    (tmp_path / "a.jpg").write_bytes(content[:at] + b"\x00\x09" + content[at + 2 :])
    (line,) = read(tmp_path, GREY).notes
    assert line.startswith("Of 1 picture, Pillow says: ")
    assert line.endswith("(a.jpg).")
    assert not recwarn.list


def test_a_real_photograph(data_folder):
    path = next((data_folder / "photos").glob("*.jpg"))
    with Image.open(path) as opened:
        expected = opened.convert("RGB").resize((24, 16), Image.Resampling.LANCZOS)
    made = one(path, (16, 24, 3), resize=True)
    np.testing.assert_array_equal(made, scaled(np.asarray(expected)))
    assert picture_shape(path)[2] == 3


def test_the_shape_of_the_first_picture(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (8, 4), (9, 9, 9)).save(tmp_path / "a.jpg", exif=exif)
    assert picture_shape(tmp_path) == (8, 4, 1)


# --- array files ---------------------------------------------------------------------------------


def test_which_array_of_a_file_is_read(tmp_path):
    pixels = noise(3, 8, 8)
    np.savez(tmp_path / "g.npz", images=pixels, characters=np.array("abc"), missing=np.array(""))
    np.testing.assert_array_equal(data.images(tmp_path / "g.npz", GREY)[..., 0], scaled(pixels))
    np.savez(tmp_path / "two.npz", x_train=pixels, x_test=pixels)
    with pytest.raises(DataError, match="one array, or one called images; got x_train, x_test"):
        data.images(tmp_path / "two.npz", GREY)


def test_arrays_of_sixteen_bits(tmp_path):
    np.save(tmp_path / "a.npy", RAMP[None])
    made = data.images(tmp_path / "a.npy", GREY)[0, ..., 0]
    np.testing.assert_allclose(made, RAMP / 32767.5 - 1.0, atol=1e-6)
    np.save(tmp_path / "b.npy", noise(2, 8, 8).astype(np.uint16))
    with pytest.raises(DataError, match=r"16-bit numbers up to 2.*save uint8"):
        data.images(tmp_path / "b.npy", GREY)
