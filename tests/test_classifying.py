"""`ganzoo classify`: what it writes, what it prints, and what it refuses."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo import plots, zoo
from ganzoo.cli import main
from ganzoo.errors import DataError
from ganzoo.presets import find
from ganzoo.zoo import registry


def run(*arguments: object) -> tuple[int, str, str]:
    """Run the command line; return its exit code, its output, and what it said beside."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classify") / "my_sgan"
    model = registry.model_class("SGAN")(**zoo.FAMILIES["SGAN"].tiny, seed=1)
    model.save_to_preset(folder)
    return folder


@pytest.fixture
def pictures(tmp_path):
    """A folder of three 8x8 pictures, one of them in a folder of its own."""
    pixels = np.random.default_rng(0).integers(0, 256, (3, 8, 8), np.uint8)
    for name, image in zip(("a.png", "b, c.png", "inner/d.png"), pixels, strict=True):
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return tmp_path / "pictures", plots.from_uint8(pixels[..., None])


def test_a_table_of_pictures(preset, pictures, tmp_path):
    folder, images = pictures
    model = find.load(preset)
    told = model.classify(images)
    output = tmp_path / "classes.csv"
    code, shown, said = run("classify", preset, folder, "-o", output, "--batch-size", 2)
    assert (code, shown) == (0, "")
    assert f"3 pictures of {folder}, written to {output}" in said
    with open(output, encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    assert head == ["file", "class", "probability"]
    assert [line[0] for line in lines] == ["a.png", "b, c.png", "inner/d.png"]
    assert [line[1] for line in lines] == [model.classes[label] for label in told.argmax(axis=1)]
    assert np.allclose([float(line[2]) for line in lines], told.max(axis=1), atol=1e-5)
    before = output.read_bytes()
    code, _, said = run("classify", preset, folder / "a.png", "-o", output)
    assert code == 1
    assert "pass --overwrite to replace it" in said
    assert output.read_bytes() == before
    assert run("classify", preset, folder / "a.png", "-o", output, "--overwrite")[0] == 0
    assert len(output.read_text(encoding="utf-8").splitlines()) == 2

    arrays = tmp_path / "classes.npz"
    assert run("classify", preset, folder, "-o", arrays)[0] == 0
    with np.load(arrays) as made:
        assert list(made["files"]) == ["a.png", "b, c.png", "inner/d.png"]
        assert tuple(made["classes"]) == ("one", "two", "three")
        assert np.allclose(made["probabilities"], told, atol=1e-6)
        assert np.array_equal(made["labels"], told.argmax(axis=1))


def test_few_pictures_have_a_line_each_and_many_a_line_per_class(preset, pictures, tmp_path):
    folder, images = pictures
    model = find.load(preset)
    told = model.classify(images)
    code, shown, _ = run("classify", preset, folder)
    assert code == 0
    lines = shown.splitlines()
    assert [line.split()[-2] for line in lines] == [
        model.classes[label] for label in told.argmax(axis=1)
    ]
    assert lines[0].startswith("a.png ")
    many = np.random.default_rng(1).uniform(-1, 1, (30, 8, 8, 1)).astype(np.float32)
    np.save(tmp_path / "many.npy", many)
    code, shown, said = run("classify", preset, tmp_path / "many.npy")
    assert code == 0
    assert shown.splitlines()[0].split() == ["class", "pictures", "mean", "probability"]
    counts = [int(line.split()[1]) for line in shown.splitlines()[1:]]
    assert counts == np.bincount(model.classify(many).argmax(axis=1), minlength=3).tolist()
    assert "30 pictures; -o FILE.csv has a line for each" in said


def test_what_cannot_be_classified_is_one_line(preset, pictures, tmp_path):
    folder, _ = pictures
    (folder / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (9, 8)).save(tmp_path / "wide.png")
    cases = [
        ((preset, folder), "broken.png"),
        ((preset, tmp_path / "wide.png"), "wide.png has 8x9 pixels, wanted are 8x8"),
        ((preset, tmp_path / "no"), f"{tmp_path / 'no'} does not exist"),
        ((preset, folder, "-o", "a.txt"), "the ending must be .csv or .npz"),
        (("sgan_mnist_101", folder), "Did you mean 'sgan_mnist_100'"),
    ]
    for arguments, part in cases:
        code, shown, said = run("classify", *arguments)
        assert code != 0
        assert shown == ""
        assert part in said
        assert len(said.splitlines()) == 1, said


def test_where_the_pictures_come_from_nothing_is_written(preset, tmp_path):
    array = tmp_path / "pictures.npz"
    np.savez(array, images=np.zeros((3, 8, 8, 1), "float32"))
    before = array.read_bytes()
    code, _, said = run("classify", preset, array, "-o", array, "--overwrite")
    assert code == 1
    assert f"Cannot write into {array}: the pictures come from there." in said
    assert array.read_bytes() == before


def test_arrays_whose_black_is_not_the_models(preset, tmp_path):
    bits = np.random.default_rng(0).integers(0, 2, (4, 8, 8, 1))
    np.save(tmp_path / "bits.npy", bits.astype("uint8"))
    code, _, said = run("classify", preset, tmp_path / "bits.npy")
    assert code == 1
    assert "8-bit numbers up to 1" in said
    assert "save 0 and 255" in said
    model = find.load(preset)
    with pytest.warns(UserWarning, match=r"all in \[0, 1\].*2 \* x - 1"):
        model.classify(bits)


def test_pictures_in_python_are_of_any_kind_and_refused_in_one_line(preset):
    model = find.load(preset)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")
    assert np.array_equal(model.classify(list(images)), model.classify(images))
    for wrong, said in (
        (images[0], r"Pictures must have shape .* That is one example; .*x\[None\]"),
        (images[0, ..., 0], r"one example without the axis of its channel"),
        ([images[0], images[1][:4]], "must be of one shape"),
        ((images, np.arange(3)), "must be of one shape"),
    ):
        with pytest.raises(DataError, match=said):
            model.classify(wrong)
