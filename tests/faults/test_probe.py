"""Faults of a preset's probe.npz: bounded arrays are read, nothing is unpickled."""

from __future__ import annotations

import io
import os
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from harness import one_line

from ganzoo.errors import PresetError
from ganzoo.presets import find, npz
from ganzoo.presets import folder as presets

pytestmark = pytest.mark.fault

LATENTS = np.zeros((3, 4), np.float32)
OUTPUTS = np.zeros((3, 8, 8, 1), np.float32)


class _Touch:
    """What unpickling would run."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.system, ("touch canary",)


def arrays(latents: object = LATENTS, outputs: object = OUTPUTS, **others: object) -> bytes:
    """Return a probe with changed arrays."""
    kept = {"input.latents": latents, "output.generator": outputs}
    kept |= {name.replace("_", ".", 1): array for name, array in others.items()}
    stream = io.BytesIO()
    np.savez(stream, **{name: array for name, array in kept.items() if array is not None})
    return stream.getvalue()


def members(latents: bytes, outputs: bytes) -> bytes:
    """Return a zip archive of two members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("input.latents.npy", latents)
        archive.writestr("output.generator.npy", outputs)
    return stream.getvalue()


def twice() -> bytes:
    """Return a probe whose archive has a name twice."""
    stream = io.BytesIO(arrays())
    with zipfile.ZipFile(stream, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the name that is there twice
        archive.writestr("input.latents.npy", b"")
    return stream.getvalue()


def header(shape: str, dtype: str = "<f4") -> bytes:
    """Return a .npy file that is a header only."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"


def unprefixed() -> bytes:
    """Return a probe whose arrays do not say what they are."""
    stream = io.BytesIO()
    np.savez(stream, latents=LATENTS, outputs=OUTPUTS)
    return stream.getvalue()


def cut() -> bytes:
    """Return the first half of a probe."""
    content = arrays()
    return content[: len(content) // 2]


FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged"),
    "text": (lambda: b"hello", "damaged"),
    "cut": (cut, "damaged"),
    "missing array": (lambda: arrays(outputs=None), "output.<name> are accepted"),
    "missing input": (lambda: arrays(latents=None), "input.latents and output.<name>"),
    "extra array": (lambda: arrays(extra=LATENTS), "are accepted"),
    "extra input": (lambda: arrays(input_condition=LATENTS), "input.latents and"),
    "name of a folder": (lambda: arrays(**{"output_../x": OUTPUTS}), "are accepted"),
    "without prefixes": (unprefixed, "input.latents and output.<name> are accepted"),
    "17 arrays": (lambda: arrays(**{f"output_x{i}": OUTPUTS for i in range(15)}), "17 arrays"),
    "an array twice": (twice, "16 distinct ones are accepted"),
    "pickle": (lambda: arrays(latents=np.array([_Touch()], object)), "input.latents has"),
    "pickled output": (lambda: arrays(outputs=np.array([_Touch()] * 3, object)), "has dtype"),
    "wrong rank": (lambda: arrays(latents=LATENTS[0]), "input.latents has shape"),
    "wrong width": (lambda: arrays(latents=LATENTS[:, 1:]), "input.latents has shape"),
    "scalar": (lambda: arrays(outputs=np.float32(1)), "output.generator has shape"),
    "wrong rows": (lambda: arrays(latents=LATENTS[1:]), "all arrays must have as many rows"),
    "no rows": (lambda: arrays(LATENTS[:0], OUTPUTS[:0]), "input.latents has shape"),
    "wrong dtype": (lambda: arrays(outputs=OUTPUTS.astype("f8")), "dtype float64"),
    "NaN": (lambda: arrays(outputs=OUTPUTS + np.nan), "NaN"),
    "10**12 rows": (
        lambda: members(latents=header("(10**12, 4)"), outputs=header("(3, 8, 8, 1)")),
        "probe.npz",
    ),
    "a million rows": (
        lambda: members(latents=header("(1000000, 4)"), outputs=header("(3, 8, 8, 1)")),
        "input.latents has shape",
    ),
    "no data": (
        lambda: members(latents=header("(3, 4)"), outputs=header("(3, 8, 8, 1)")),
        "0 bytes of data",
    ),
    "zip bomb": (
        lambda: members(latents=bytes(100_000_000), outputs=header("(3, 8, 8, 1)")),
        "unpacks to more than",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_probe(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, part = FAULTS[fault]
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "probe.npz"
    path.write_bytes(make())
    with pytest.raises(PresetError) as caught:
        npz.read_probe(path, {"latents": (4,)})
    one_line(caught.value, "probe.npz", part)
    assert not (tmp_path / "canary").exists()


def test_written_probe_is_read(tmp_path: Path) -> None:
    inputs, outputs = {"latents": LATENTS, "condition": LATENTS}, {"generator": OUTPUTS}
    npz.write_probe(tmp_path / "probe.npz", inputs, outputs)
    rows = {name: array.shape[1:] for name, array in inputs.items()}
    read = npz.read_probe(tmp_path / "probe.npz", rows)
    for written, found in zip((inputs, outputs), read, strict=True):
        assert set(written) == set(found)
        assert all(np.array_equal(written[name], found[name]) for name in written)


@pytest.mark.parametrize("change", ["shape", "name", "value"])
def test_probe_of_another_model(change: str, right_preset: Path, tmp_path: Path) -> None:
    model = find.load(right_preset)
    inputs = model.probe_inputs()
    outputs = model.probe(inputs)
    if change == "shape":
        outputs = {name: array[:, :4] for name, array in outputs.items()}
    elif change == "name":
        outputs = {"encoder": outputs["generator"]}
    else:
        outputs = {name: array + 0.01 for name, array in outputs.items()}
    npz.write_probe(tmp_path / "probe.npz", inputs, outputs)
    with pytest.raises(PresetError) as caught:
        presets.check_probe(model, tmp_path)
    one_line(caught.value, "differs" if change == "value" else "has outputs")
