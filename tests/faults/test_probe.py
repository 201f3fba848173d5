"""Faults of a preset's probe.npz: two bounded arrays are read, nothing is unpickled."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from harness import one_line

from ganzoo.errors import PresetError
from ganzoo.presets import preflight

pytestmark = pytest.mark.fault

LATENTS = np.zeros((3, 4), np.float32)
OUTPUTS = np.zeros((3, 8, 8, 1), np.float32)


class _Touch:
    """What unpickling would run."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.system, ("touch canary",)


def arrays(**changed: object) -> bytes:
    """Return a probe with changed arrays."""
    stream = io.BytesIO()
    kept = {"latents": LATENTS, "outputs": OUTPUTS, **changed}
    np.savez(stream, **{name: array for name, array in kept.items() if array is not None})
    return stream.getvalue()


def members(**contents: bytes) -> bytes:
    """Return a zip archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def header(shape: str, dtype: str = "<f4") -> bytes:
    """Return a .npy file that is a header only."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"


def cut() -> bytes:
    """Return the first half of a probe."""
    content = arrays()
    return content[: len(content) // 2]


FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged"),
    "text": (lambda: b"hello", "damaged"),
    "cut": (cut, "damaged"),
    "missing array": (lambda: arrays(outputs=None), "latents and outputs are accepted"),
    "extra array": (lambda: arrays(extra=LATENTS), "latents and outputs are accepted"),
    "pickle": (lambda: arrays(latents=np.array([_Touch()], object)), "latents has"),
    "wrong rank": (lambda: arrays(latents=LATENTS[0]), "latents has shape"),
    "wrong width": (lambda: arrays(latents=LATENTS[:, 1:]), "latents has shape"),
    "wrong rows": (lambda: arrays(latents=LATENTS[1:]), "2 latents, but 3 outputs"),
    "wrong dtype": (lambda: arrays(outputs=OUTPUTS.astype("f8")), "dtype float64"),
    "NaN": (lambda: arrays(outputs=OUTPUTS + np.nan), "NaN"),
    "10**12 rows": (
        lambda: members(latents=header("(10**12, 4)"), outputs=header("(3, 8, 8, 1)")),
        "probe.npz",
    ),
    "a million rows": (
        lambda: members(latents=header("(1000000, 4)"), outputs=header("(3, 8, 8, 1)")),
        "latents has shape",
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
        preflight.read_probe(path, 4, (8, 8, 1))
    one_line(caught.value, "probe.npz", part)
    assert not (tmp_path / "canary").exists()
