"""Electron events: Pythia's, seeded and in files, and the real sample that ships."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import data, events
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError, MissingExtraError
from ganzoo.events import BEAMS, DTYPE, kinematics
from ganzoo.events import files as event_files
from ganzoo.events.truth import cached_electrons, sample

FEW = 200


@pytest.fixture(scope="module")
def made() -> events.ElectronEvents:
    pytest.importorskip("pythia8mc", reason="Pythia (extra `pythia`) is not installed")
    return data.electrons(FEW, seed=1)


def columns(array: np.ndarray) -> list[np.ndarray]:
    return [array[name] for name in ("px", "py", "pz")]


def test_the_shipped_sample_is_what_pythia_makes(made):
    shipped = sample()
    assert len(shipped) == 4000
    for name in ("px", "py", "pz"):
        assert np.array_equal(shipped.array[name][:FEW], made.array[name])
    np.testing.assert_allclose(shipped.array["E"][:FEW], made.array["E"], rtol=1e-12)
    assert shipped.metadata == made.metadata


def test_seeds(made):
    again = data.electrons(FEW, seed=1)
    assert again.array.tobytes() == made.array.tobytes()
    assert data.electrons(20, seed=1).array.tobytes() == made.array[:20].tobytes()
    assert not np.array_equal(data.electrons(20, seed=2).array["px"], made.array["px"][:20])


def test_hera_and_cuts(made):
    hera = data.electrons(FEW, beams="hera", q2_min=10.0, seed=3)
    assert hera.beams == (27.5, 920.0)
    momenta = columns(hera.array)
    assert kinematics.Q2(*momenta, hera.beams).min() >= 10.0
    assert kinematics.is_physical(*momenta, hera.beams).all()
    assert hera.metadata["proton_beam"] == 920.0
    assert made.momenta.shape == (FEW, 3)
    assert made.momenta.dtype == np.float32


def test_progress(made):
    seen: list[int] = []
    data.electrons(2500, seed=1, progress=seen.append)
    assert seen == [1000, 2000, 2500]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"beams": "herra"}, "Did you mean 'hera'"),
        ({"beams": (50,)}, "two energies"),
        ({"beams": (50, -1)}, "proton beam must have from 1 to"),
        ({"beams": (float("nan"), 50)}, "electron beam must have"),
        ({"q2_min": 0.0}, "q2_min must be from 0.1"),
        ({"q2_min": 20_000.0}, "the beams' s"),
        ({"seed": 0}, "Pythia's clock"),
        ({"seed": True}, "integer from 1"),
        ({"n": 0}, "number of events must be"),
    ],
)
def test_bad_arguments(arguments, part):
    with pytest.raises(InvalidArgumentError, match=part):
        data.electrons(**{"n": 1, **arguments})


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("pythia8mc", lambda: data.electrons(1)),
        ("vector", lambda: sample().to_vector()),
        ("uproot", lambda: event_files.check_library("events.root")),
    ],
)
def test_a_missing_library_says_how_to_install_it(module, use, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r'"keras-ganzoo\[(pythia|hep)\]"'):
        use()


def test_the_cache(made, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    first = cached_electrons(FEW, seed=1)
    assert np.array_equal(first, made.momenta)
    (path,) = (tmp_path / "electrons").iterdir()
    monkeypatch.setitem(sys.modules, "pythia8mc", None)  # from here on only the file can serve
    assert np.array_equal(cached_electrons(FEW, seed=1), first)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(MissingExtraError, match="pythia8mc"):
        cached_electrons(FEW, seed=1)


def test_to_vector():
    pytest.importorskip("vector", reason="vector (extra `hep`) is not installed")
    shipped = sample()
    vectors = shipped.to_vector()
    momenta = columns(shipped.array)
    np.testing.assert_allclose(vectors.pt, kinematics.pT(*momenta[:2]))
    np.testing.assert_allclose(vectors.theta, kinematics.theta(*momenta))
    np.testing.assert_allclose(vectors.mass2, kinematics.ELECTRON_MASS**2, atol=1e-11)


def read_back(path) -> tuple[np.ndarray, dict]:
    """Read a file of events with its own library; return the array and the metadata."""
    if path.suffix == ".npz":
        file = np.load(path)
        return file["events"], json.loads(str(file["metadata"]))
    if path.suffix == ".csv":
        with open(path, encoding="utf-8") as file:
            note = json.loads(file.readline().removeprefix("#"))
        return np.genfromtxt(path, delimiter=",", names=True, skip_header=1), note
    if path.suffix == ".h5":
        import h5py

        with h5py.File(path) as file:
            found = {name: file["events"][name][:] for name in events.FIELDS}
            note = dict(file.attrs)
    elif path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        table = parquet.read_table(path)
        found = {name: table[name].to_numpy() for name in events.FIELDS}
        note = json.loads(table.schema.metadata[b"ganzoo"])
    else:
        uproot = pytest.importorskip("uproot", reason="uproot is not installed")
        with uproot.open(path) as file:
            found = file["events"].arrays(library="np")
            note = json.loads(file["metadata"])
    array = np.empty(len(found["px"]), DTYPE)
    for name in events.FIELDS:
        array[name] = found[name]
    return array, note


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_files(ending, tmp_path):
    shipped = sample()
    path = tmp_path / f"events{ending}"
    if ending in (".root", ".parquet"):
        pytest.importorskip({".root": "uproot", ".parquet": "pyarrow"}[ending])
    with event_files.event_writer(path, shipped.metadata, len(shipped)) as append:
        for start in range(0, len(shipped), 1500):
            append(shipped.array[start : start + 1500])
    array, metadata = read_back(path)
    assert len(array) == len(shipped)
    for name in events.FIELDS:
        np.testing.assert_allclose(array[name], shipped.array[name], rtol=1e-9)
    assert metadata == shipped.metadata
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_reading_npz(tmp_path):
    path = tmp_path / "events.npz"
    event_files.write(sample(), path)
    again = event_files.read(path)
    assert again.array.tobytes() == sample().array.tobytes()
    assert again.metadata == sample().metadata
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"is not an \.npz file of events"):
        event_files.read(path)
    np.savez(path, events=np.zeros(3), metadata=np.array("{}"))
    with pytest.raises(DataError, match="has no column 'px'; it has: events"):
        event_files.read(path)


def test_a_writer_that_gets_too_few_events_leaves_nothing(tmp_path):
    path = tmp_path / "events.npz"
    path.write_text("before")
    with (
        pytest.raises(DataError, match="was to get 10 events; there were 5"),
        event_files.event_writer(path, {}, 10) as append,
    ):
        append(np.zeros(5, DTYPE))
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_bad_momenta():
    with pytest.raises(DataError, match=r"shape \(n, 3\)"):
        events.from_momenta(np.zeros((3, 4)), BEAMS["50x50"])


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["events", *map(str, arguments)])
    return result.exit_code, result.output


def test_command_line(made, tmp_path):
    path = tmp_path / "events.npz"
    code, output = command("--beam", 50, 50, "-n", FEW, "--seed", 1, "-o", path)
    assert code == 0, output
    assert event_files.read(path).array.tobytes() == made.array.tobytes()
    for arguments, part in (
        (["-o", path], "--overwrite"),
        (["-o", tmp_path / "events.txt"], "ending must be .npz, .h5, .csv, .parquet or .root"),
        (["-o", tmp_path / "a.npz", "--beam", 1, 2, "--beams", "hera"], "not both"),
        (["-o", tmp_path / "a.npz", "--beams", "lhc"], "Unknown beams 'lhc'"),
        (["-o", tmp_path / "no" / "a.npz"], "there is no folder"),
    ):
        code, output = command("-n", 10, *arguments)
        assert code != 0
        assert part in output
        assert output.count("\n") == 1
