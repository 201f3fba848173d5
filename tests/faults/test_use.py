"""Faults of use: wrong names, numbers, latents, outputs and images are refused in one line."""

from __future__ import annotations

import gzip
import resource
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from harness import command_line, one_line

import ganzoo
from ganzoo import zoo
from ganzoo.errors import DataError, GanzooError, InvalidArgumentError, UnknownModelError
from ganzoo.zoo import registry

pytestmark = [pytest.mark.fault, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def gan() -> Any:
    """A small DCGAN for 8x8x1 images."""
    return registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny)


def refused(result: Result, code: int, *parts: str) -> None:
    """Assert that a command ended with this code and one line, without a traceback."""
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.stderr
    one_line(result.stderr.splitlines()[-1], *parts)


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["sample", "info", "train"])
def test_unknown_name_on_the_command_line(command: str) -> None:
    refused(command_line(command, "dcgan_minst"), 2, "'dcgan_minst'", "'dcgan_mnist'")


@pytest.mark.parametrize("name", ["dcgan_minst", "", "no/such/folder", "../x", "a\0b", "*", "."])
def test_unknown_name_in_python(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GanzooError) as caught:
        ganzoo.load(name)
    one_line(caught.value)


@pytest.mark.parametrize("name", [None, 3, True, ["dcgan_mnist"], Path("no_such_folder")])
def test_name_that_is_no_name(name: Any) -> None:
    with pytest.raises(GanzooError) as caught:
        ganzoo.load(name)
    one_line(caught.value)


def test_unknown_command() -> None:
    refused(command_line("samples", "dcgan_mnist"), 2, "'samples'", "'sample'")


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "true", "1000000000000", "nan", "", "1e3"])
def test_count_on_the_command_line(count: str, right_preset: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.npy"
    refused(command_line("sample", str(right_preset), "-n", count, "-o", str(output)), 2, "-n")
    assert not output.exists()


@pytest.mark.parametrize("count", [0, -1, 1.5, True, 10**12, "3", None, float("nan"), np.bool_(1)])
def test_count_in_python(count: Any, gan: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        gan.sample(count, seed=0)
    one_line(caught.value)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0", float("nan")])
def test_seed(seed: Any, gan: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        gan.sample(2, seed=seed)
    one_line(caught.value, "seed")


@pytest.mark.parametrize("size", [0, -1, 1.5, True, "8"])
def test_batch_size(size: Any, gan: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        gan.sample(2, seed=0, batch_size=size)
    one_line(caught.value, "batch_size")


LATENTS: dict[str, Any] = {
    "vector": np.zeros(4),
    "scalar": 0.0,
    "three axes": np.zeros((2, 4, 1)),
    "width": np.zeros((2, 5)),
    "none": np.zeros((0, 4)),
    "complex": np.zeros((2, 4), complex),
    "bool": np.zeros((2, 4), bool),
    "text": np.full((2, 4), "0.5"),
    "objects": np.full((2, 4), None),
    "ragged": [[0.0, 0.0, 0.0, 0.0], [0.0]],
    "NaN": np.full((2, 4), np.nan),
    "infinity": np.full((2, 4), -np.inf),
    "beyond float32": np.full((2, 4), 1e300),
    "dates": np.zeros((2, 4), "M8[s]"),
}


@pytest.mark.parametrize("fault", LATENTS)
def test_latents(fault: str, gan: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        gan.generate(LATENTS[fault])
    one_line(caught.value, "atents")


# --- outputs --------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def small_files() -> Iterator[None]:
    """Let every write beyond 100 bytes of a file fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def draw(preset: Path, output: Path | str, *more: str) -> Result:
    """Run `ganzoo sample` for 16 samples."""
    return command_line("sample", str(preset), "-n", "16", "--seed", "0", "-o", str(output), *more)


@pytest.mark.parametrize("name", ["x.png", "x.npy", "x.npz", "folder"])
def test_full_disk_leaves_the_earlier_output(name: str, right_preset: Path, tmp_path: Path) -> None:
    output = tmp_path / name
    if name == "folder":
        output.mkdir()
        earlier = output / "00000.png"
    else:
        earlier = output
    earlier.write_bytes(b"earlier")
    with small_files():
        result = draw(right_preset, output, "--overwrite")
    refused(result, 1, "File too large")
    assert earlier.read_bytes() == b"earlier"
    assert not list(tmp_path.rglob("*.part*"))


@pytest.mark.parametrize("kind", ["exists", "folder", "device", "no folder", "ending", "in a file"])
def test_output_that_cannot_be(kind: str, right_preset: Path, tmp_path: Path) -> None:
    output, code = tmp_path / "x.png", 1
    if kind == "exists":
        output.write_text("mine")
    elif kind == "folder":
        (output / "x.png").mkdir(parents=True)
    elif kind == "device":
        output.symlink_to("/dev/full")
    elif kind == "no folder":
        output = tmp_path / "nowhere" / "x.png"
    elif kind == "ending":
        output, code = tmp_path / "x.jpeg", 2
    else:
        (tmp_path / "file").write_text("mine")
        output = tmp_path / "file" / "x.png"
    refused(draw(right_preset, output), code, str(output))
    if kind == "exists":
        assert output.read_text() == "mine"


def test_output_to_a_full_device(right_preset: Path) -> None:
    refused(draw(right_preset, "/dev/full"), 1, "/dev/full")


def test_output_into_a_file_system_that_refuses(right_preset: Path) -> None:
    refused(draw(right_preset, "/proc/x.png"), 1, "/proc/x.png")


@pytest.mark.parametrize("arguments", [["list"], ["info", "dcgan_mnist"], ["cache"], ["--help"]])
def test_standard_output_is_full(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from ganzoo.cli import main; main()", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode not in (0, -11)
    assert "Traceback" not in done.stderr
    one_line(done.stderr.strip())


def test_preset_is_not_overwritten_unasked(gan: Any, tmp_path: Path) -> None:
    gan.save_to_preset(tmp_path / "mine")
    before = contents(tmp_path / "mine")
    with pytest.raises(GanzooError) as caught:
        gan.save_to_preset(tmp_path / "mine")
    one_line(caught.value, "overwrite")
    assert contents(tmp_path / "mine") == before


SAVE_ON_A_FULL_DISK = """
import resource, sys, ganzoo
gan = ganzoo.load(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    gan.save_to_preset(sys.argv[2], overwrite=True)
except ganzoo.errors.GanzooError as error:
    sys.exit(f"Error: {error}")
"""


@pytest.mark.parametrize("limit", [100, 10_000])
def test_preset_on_a_full_disk(limit: int, right_preset: Path, tmp_path: Path) -> None:
    """In a process of its own, as the HDF5 library crashes when it meets a full disk."""
    target = Path(shutil.copytree(right_preset, tmp_path / "mine"))
    before = contents(target)
    done = subprocess.run(
        [sys.executable, "-c", SAVE_ON_A_FULL_DISK, str(right_preset), str(target), str(limit)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr[-500:]
    one_line(done.stderr.splitlines()[-1], "Error: ", "File too large")
    assert contents(target) == before


def test_preset_where_a_file_is(gan: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(GanzooError) as caught:
        gan.save_to_preset(tmp_path / "mine")
    one_line(caught.value)


@pytest.mark.parametrize("option", [["--epochs", "0"], ["--steps", "-1"], ["--seed", "x"]])
def test_training_numbers(option: list[str], tmp_path: Path) -> None:
    refused(
        command_line("train", "dcgan_mnist", "-o", str(tmp_path / "run"), *option), 2, option[0]
    )
    assert not (tmp_path / "run").exists()


# --- images ---------------------------------------------------------------------------------------


def images(**changes: Any) -> np.ndarray:
    """Return 12 right training images."""
    return np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 1)).astype(np.float32)


def with_nan() -> np.ndarray:
    """Return images of which number 7 holds a NaN."""
    array = images()
    array[7, 3, 3] = np.nan
    return array


IMAGES: dict[str, tuple[Callable[[], Any], str]] = {
    "empty": (lambda: images()[:0], "n >= 1"),
    "NaN": (with_nan, "7"),
    "infinity": (lambda: images() / 0, "finite"),
    "[0, 255]": (lambda: (images() + 1) * 127.5, "[-1, 1]"),
    "uint8": (lambda: ((images() + 1) * 127.5).astype(np.uint8), "[-1, 1]"),
    "channels": (lambda: np.repeat(images(), 3, axis=-1), "(12, 8, 8, 3)"),
    "size": (lambda: images()[:, :7], "(12, 7, 8, 1)"),
    "one image": (lambda: images()[0], "(8, 8, 1)"),
    "no channel": (lambda: images()[..., 0], "(12, 8, 8)"),
    "channels first": (lambda: images().transpose(0, 3, 1, 2), "(12, 1, 8, 8)"),
    "text": (lambda: images().astype(str), "dtype"),
    "objects": (lambda: images().astype(object), "dtype"),
    "complex": (lambda: images().astype(complex), "dtype"),
}


@pytest.mark.parametrize("fault", IMAGES)
def test_training_images(fault: str, gan: Any) -> None:
    make, part = IMAGES[fault]
    with np.errstate(all="ignore"):
        array = make()
    before = [weight.copy() for weight in gan.get_weights()]
    with pytest.raises(DataError) as caught:
        gan.fit(array, epochs=1, verbose=0)
    one_line(caught.value, part)
    assert all(np.array_equal(*pair) for pair in zip(before, gan.get_weights(), strict=True))


def idx(count: int, kind: int = 8) -> bytes:
    """Return a gzipped IDX file of that many equal images."""
    header = struct.pack(">BBBBIII", 0, 0, kind, 3, count, 28, 28)
    return gzip.compress(header + bytes(range(196)) * 4 * count, 1)


FILES: dict[str, Callable[[], bytes | None]] = {
    "missing": lambda: None,
    "empty": lambda: b"",
    "web page": lambda: b"<html>not found</html>",
    "cut": lambda: idx(60_000)[:-1000],
    "fewer images": lambda: idx(59_999),
    "more images": lambda: idx(60_001),
    "other type": lambda: idx(60_000, kind=9),
    "damaged": lambda: idx(60_000)[:20_000] + b"\xff\x0f" * 500 + idx(60_000)[21_000:],
    "bomb": lambda: gzip.compress(bytes(300_000_000), 1),
}


@pytest.mark.parametrize("fault", FILES)
def test_corrupt_data_file_is_named_before_training(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "train-images-idx3-ubyte.gz"
    (tmp_path / "mnist").mkdir()
    content = FILES[fault]()
    if content is not None:
        (tmp_path / "mnist" / name).write_bytes(content)
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    refused(
        command_line("train", "dcgan_mnist", "-o", str(tmp_path / "run"), "--steps", "1"), 1, name
    )
    assert not list((tmp_path / "run").rglob("*.h5"))


def test_unknown_model_is_also_a_key_error() -> None:
    with pytest.raises(KeyError) as caught:
        ganzoo.load("dcgan_minst")
    assert isinstance(caught.value, UnknownModelError)
    one_line(caught.value, "Did you mean 'dcgan_mnist'")


STATE_ON_A_FULL_DISK = """
import resource, sys, ganzoo
from ganzoo.presets.hdf5 import weights_image
from ganzoo.training.states import Position, StateFolder
gan = ganzoo.load(sys.argv[1])
states = StateFolder(sys.argv[2])
states.save(Position(1), weights_image(gan), {})
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY))
try:
    states.save(Position(2), weights_image(gan), {})
except ganzoo.errors.GanzooError as error:
    print(f"Error: {error}", file=sys.stderr)
    lines = []
    newest = states.newest(lines.append)
    gan.load_weights(newest.weights)
    sys.exit(error.exit_code if newest.position == (1, 0) and not lines else 3)
"""


def test_training_state_on_a_full_disk(right_preset: Path, tmp_path: Path) -> None:
    """The state of the epoch before is still there to resume from."""
    done = subprocess.run(
        [sys.executable, "-c", STATE_ON_A_FULL_DISK, str(right_preset), str(tmp_path / "states")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr[-500:]
    one_line(done.stderr.splitlines()[-1], "Error: ", "File too large")
