"""MNIST and Fashion-MNIST: the real files, and damaged ones made from them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo import data, plots
from ganzoo.data.mnist import read_idx
from ganzoo.errors import DataError, InvalidArgumentError

LABELS = "t10k-labels-idx1-ubyte.gz"


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_real_files(data_folder, name):
    images, labels = data.source(name)("test", labels=True)
    assert images.shape == (10_000, 28, 28, 1)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (-1.0, 1.0)
    assert labels.dtype == np.int64
    assert np.bincount(labels, minlength=10).min() > 800


def test_training_digits(data_folder):
    images = data.mnist()
    assert images.shape == (60_000, 28, 28, 1)
    # The well-known mean of MNIST is 0.1307 of the ink.
    assert float(images.mean()) == pytest.approx(2 * 0.1307 - 1, abs=1e-3)


@pytest.fixture
def damaged(data_folder, tmp_path) -> Path:
    """A folder with the real labels to damage."""
    shutil.copy(data_folder / "mnist" / LABELS, tmp_path / LABELS)
    return tmp_path / LABELS


def test_truncated_gzip(damaged):
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with pytest.raises(DataError, match=LABELS):
        read_idx(damaged, (10_000,))


def test_truncated_content(damaged):
    content = gzip.decompress(damaged.read_bytes())
    damaged.write_bytes(gzip.compress(content[:-1]))
    with pytest.raises(DataError, match="must hold 10008 bytes"):
        read_idx(damaged, (10_000,))


def test_longer_content(damaged):
    content = gzip.decompress(damaged.read_bytes())
    damaged.write_bytes(gzip.compress(content + b"\0" * 10_000_000))
    with pytest.raises(DataError, match="must hold 10008 bytes"):
        read_idx(damaged, (10_000,))


def test_another_file_under_the_name(data_folder, damaged):
    shutil.copy(data_folder / "mnist" / "t10k-images-idx3-ubyte.gz", damaged)
    with pytest.raises(DataError, match="not an IDX file"):
        read_idx(damaged, (10_000,))


def test_not_gzip(tmp_path):
    (tmp_path / LABELS).write_text("<html>")
    with pytest.raises(DataError, match="not a readable gzip"):
        read_idx(tmp_path / LABELS, (10_000,))


def test_missing_folder_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="GANZOO_DATA must name"):
        data.mnist(folder=tmp_path)


def test_unknown_split_and_source():
    with pytest.raises(InvalidArgumentError, match="no split 'validation'; there are: train, test"):
        data.mnist("validation")
    with pytest.raises(InvalidArgumentError, match="Did you mean 'mnist'"):
        data.source("mnst")
    with pytest.raises(InvalidArgumentError, match=r"Did you mean 'mnist_m'\?"):
        data.source("MNIST_M")
    with pytest.raises(InvalidArgumentError, match="Unknown data source None"):
        data.source(None)


@pytest.fixture
def pictures(data_folder, tmp_path) -> Path:
    """A folder of five real digits as PNG."""
    folder = tmp_path / "my pictures"
    folder.mkdir()
    for index, image in enumerate(data.mnist("test")[:5]):
        plots.save(plots.to_image(plots.to_uint8(image)), folder / f"{index}.png")
    return folder


def test_a_folder_of_pictures(pictures):
    assert np.allclose(data.images(pictures), data.mnist("test")[:5], atol=1e-6)
    assert data.images(pictures, (32, 36, 3), resize=True).shape == (5, 32, 36, 3)


def test_array_files(pictures, tmp_path):
    pixels = plots.to_uint8(data.images(pictures))
    np.save(tmp_path / "a.npy", pixels[..., 0])
    np.savez(tmp_path / "a.npz", anything=data.images(pictures))
    assert np.array_equal(data.images(tmp_path / "a.npy"), data.images(pictures))
    assert np.array_equal(data.images(tmp_path / "a.npz"), data.images(pictures))


def test_a_bad_picture_is_named(pictures):
    (pictures / "3.png").write_bytes((pictures / "3.png").read_bytes()[:60])
    with pytest.raises(DataError, match=r"3\.png is not a readable picture"):
        data.images(pictures)


def test_a_picture_of_another_size_is_named(pictures):
    Image.new("L", (10, 12)).save(pictures / "x.png")
    with pytest.raises(DataError, match=r"x\.png has 12x10 pixels.*--resize"):
        data.images(pictures)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((0, 28, 28, 1)), "n >= 1"),
        (np.zeros((3, 28, 28, 3)), "got \\(3, 28, 28, 3\\)"),
        (np.full((3, 28, 28, 1), np.nan), "example 0 is not"),
        (np.full((3, 28, 28, 1), 200.0), "Scale 8-bit"),
        (np.array(["a"] * 3), "real numbers"),
    ],
)
def test_bad_arrays(tmp_path, value, message):
    np.save(tmp_path / "a.npy", value)
    with pytest.raises(DataError, match=message):
        data.images(tmp_path / "a.npy")


def test_no_pictures_no_file_no_array(tmp_path):
    with pytest.raises(DataError, match="holds no pictures"):
        data.images(tmp_path)
    with pytest.raises(DataError, match="nothing of that name"):
        data.images(tmp_path / "absent")
    (tmp_path / "a.npy").write_bytes(b"not an array")
    with pytest.raises(DataError, match="not a readable array"):
        data.images(tmp_path / "a.npy")
