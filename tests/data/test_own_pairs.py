"""Pairs and sets of a user's own; every mistake is named with the file."""

from __future__ import annotations

from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image

from ganzoo import data
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError

GREY, COLOUR = (8, 8, 1), (8, 8, 3)


def pixels(n: int, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


def write(folder: Path, pictures: np.ndarray, names: str, ending: str = ".png") -> Path:
    for name, picture in zip(names, pictures, strict=True):
        path = folder / f"{name}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(path)
    return folder


def scaled(pictures: np.ndarray) -> np.ndarray:
    return pictures.astype("float32") / 127.5 - 1.0


def test_two_folders_are_paired_by_name(tmp_path):
    left, right = pixels(3, GREY), pixels(3, COLOUR, 1)
    a = write(tmp_path / "a", left, "xyz")
    b = write(tmp_path / "b", right[[2, 0, 1]], "zxy", ".bmp")
    sources, targets = data.own_pairs(a, b, GREY, COLOUR)
    np.testing.assert_allclose(sources, scaled(left), atol=1e-6)
    np.testing.assert_allclose(targets, scaled(right), atol=1e-6)


def test_pictures_side_by_side(tmp_path):
    wide = pixels(2, (8, 16, 3))
    folder = write(tmp_path / "wide", wide, "ab")
    sources, targets = data.own_pairs(folder, None, COLOUR, COLOUR)
    np.testing.assert_allclose(sources, scaled(wide[:, :, :8]), atol=1e-6)
    np.testing.assert_allclose(targets, scaled(wide[:, :, 8:]), atol=1e-6)
    with pytest.warns(UserWarning, match="grey"):
        grey, _ = data.own_pairs(folder, None, GREY, COLOUR)
    assert grey.shape == (2, *GREY)


def test_an_array_file(tmp_path):
    left, right = pixels(4, GREY), pixels(4, COLOUR)
    np.savez(tmp_path / "pairs.npz", sources=left, targets=right)
    sources, targets = data.own_pairs(tmp_path / "pairs.npz", None, GREY, COLOUR)
    np.testing.assert_allclose(sources, scaled(left), atol=1e-6)
    np.testing.assert_allclose(targets, scaled(right), atol=1e-6)
    np.savez(tmp_path / "short.npz", sources=left[:3], targets=right)
    with pytest.raises(DataError, match="holds 3 sources and 4 targets"):
        data.own_pairs(tmp_path / "short.npz", None, GREY, COLOUR)
    with pytest.raises(DataError, match=r"targets: .* \(n, 8, 8, 1\)"):
        data.own_pairs(tmp_path / "pairs.npz", None, GREY, GREY)


def test_mistakes_are_named(tmp_path):
    a = write(tmp_path / "a", pixels(3, GREY), "xyz")
    b = write(tmp_path / "b", pixels(2, GREY), "xy")
    with pytest.raises(DataError, match=r"1 of the pictures in .*a have no partner .*b: z\."):
        data.own_pairs(a, b, GREY, GREY)
    write(a, pixels(1, GREY), "x", ".bmp")
    with pytest.raises(DataError, match=r"two pictures of one name, x\.bmp and x\.png"):
        data.own_pairs(a, b, GREY, GREY)
    write(b, pixels(1, (9, 8, 1)), "w")
    with pytest.raises(DataError, match=r"w\.png"):
        data.own_pairs(b, a, GREY, GREY)
    (b / "w.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"w\.png"):
        data.own_pairs(b, a, GREY, GREY)
    with pytest.raises(InvalidArgumentError, match="Give two folders"):
        data.own_pairs(a, None, GREY, (16, 16, 1))


def test_two_sets_without_pairs(tmp_path):
    a = write(tmp_path / "a", pixels(3, COLOUR), "xyz")
    b = write(tmp_path / "b", pixels(2, COLOUR), "uv")
    first, second = data.own_sets(a, b, COLOUR, COLOUR)
    assert (len(first), len(second)) == (3, 2)
    with pytest.raises(InvalidArgumentError, match="--data A --data-b B"):
        data.own_sets(a, None, COLOUR, COLOUR)


def test_the_command_says_what_lacks(tmp_path):
    def refused(*arguments: object) -> str:
        run = ["train", *map(str, arguments), "-o", str(tmp_path / "run")]
        result = click.testing.CliRunner().invoke(main, run)
        assert result.exit_code != 0
        return result.output

    folder = write(tmp_path / "a", pixels(1, (64, 64, 3)), "x")
    assert "--data A --data-b B" in refused("cyclegan_fruits", "--data", folder)
    assert "give both" in refused("cyclegan_fruits", "--data-b", folder)
    assert "--data-b is for" in refused("dcgan_mnist", "--data", folder, "--data-b", folder)
    assert "batch has 4" in refused("cyclegan_fruits", "--data", folder, "--data-b", folder)
