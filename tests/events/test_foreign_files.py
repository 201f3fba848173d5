"""Files of events that others wrote: what they do not state is said, or they are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganzoo import events
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import files as event_files
from ganzoo.events import kinematics
from ganzoo.events.truth import sample

SHIPPED = sample().array[:500]
NAMES = {"px": "el_px", "py": "el_py", "pz": "el_pz", "E": "el_E"}
FIELDS = ",".join(f"{field}={name}" for field, name in NAMES.items())
SAID: dict[str, Any] = {"unit": "GeV", "beams": (50.0, 50.0), "direction": "+z"}


def columns(factor: float = 1.0) -> dict[str, np.ndarray]:
    return {name: SHIPPED[field] * factor for field, name in NAMES.items()}


def foreign(path: Path, values: dict[str, np.ndarray]) -> Path:
    """Write columns as another program would, with nothing said about them."""
    ending = path.suffix
    if ending == ".npz":
        np.savez(path, **values)
    elif ending == ".h5":
        import h5py

        with h5py.File(path, "w") as file:
            for name, column in values.items():
                file[f"reco/{name}"] = column
    elif ending == ".csv":
        table = np.stack(list(values.values()), axis=1)
        np.savetxt(path, table, delimiter=",", header=",".join(values), comments="", fmt="%.12g")
    elif ending == ".parquet":
        pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        import pyarrow.parquet as parquet

        parquet.write_table(pyarrow.table(values), path)
    else:
        uproot = pytest.importorskip("uproot", reason="uproot is not installed")
        with uproot.recreate(path) as file:
            file.mktree("tracks", {"charge": "float64"}).extend({"charge": np.ones(3)})
            file["dir/electrons"] = values  # a TTree, or an RNTuple, by uproot's version
    return path


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_a_foreign_file_is_read_once_all_is_said(ending, tmp_path):
    path = foreign(tmp_path / f"a{ending}", columns())
    with pytest.raises(DataError, match=r"has no column 'px'; it has: .*el_px.*fields= \(--fields"):
        event_files.read(path)
    found = event_files.read(path, fields=FIELDS, **SAID)
    for name in events.FIELDS:
        np.testing.assert_allclose(found.array[name], SHIPPED[name], rtol=1e-9)
    assert found.beams == (50.0, 50.0)
    for missing, message in (
        ("unit", r"states no unit; say it with unit= \(--unit\)"),
        ("beams", r"states no beams; say them with beams= \(--beam E_e E_p\)"),
    ):
        said = {key: value for key, value in SAID.items() if key != missing}
        with pytest.raises(DataError, match=message):
            event_files.read(path, fields=FIELDS, **said)
    without_energy = {"px": "el_px", "py": "el_py", "pz": "el_pz"}
    again = event_files.read(path, fields=without_energy, **SAID)
    np.testing.assert_allclose(again.array["E"], SHIPPED["E"], rtol=1e-9)


@pytest.mark.parametrize(("unit", "factor"), [("MeV", 1e3), ("keV", 1e6), ("TeV", 1e-3)])
def test_other_units_become_gev(unit, factor, tmp_path):
    path = foreign(tmp_path / "a.npz", columns(factor))
    found = event_files.read(path, fields=FIELDS, **{**SAID, "unit": unit})
    np.testing.assert_allclose(found.array["pz"], SHIPPED["pz"], rtol=1e-12)
    assert found.metadata["unit"] == "GeV"
    with pytest.raises(DataError, match=r"median of the electrons' energies .* is the unit right"):
        event_files.read(path, fields=FIELDS, **SAID)


def test_an_electron_beam_along_minus_z(tmp_path):
    values = columns()
    values |= {"el_py": -values["el_py"], "el_pz": -values["el_pz"]}  # half a turn about x
    path = foreign(tmp_path / "a.npz", values)
    said = {"unit": "GeV", "beams": (50, 50)}
    with pytest.raises(DataError, match=r"does not state where .* have pz <= 0; say it with direc"):
        event_files.read(path, fields=FIELDS, **said)
    found = event_files.read(path, fields=FIELDS, direction="-z", **said)
    assert np.array_equal(found.array, SHIPPED)
    assert kinematics.is_physical(*found.momenta.T, found.beams).all()
    forward = foreign(tmp_path / "b.npz", columns())
    with pytest.warns(UserWarning, match=r"\+z is taken, as 100% of its electrons have pz > 0"):
        event_files.read(forward, fields=FIELDS, **said)


def stated(path: Path, **changes: Any) -> Path:
    """Write a file of ganzoo's form that states something else; None leaves it out."""
    metadata = {**sample().metadata, **changes}
    metadata = {key: value for key, value in metadata.items() if value is not None}
    with event_files.event_writer(path, metadata, len(SHIPPED)) as append:
        append(SHIPPED)
    return path


@pytest.mark.parametrize(
    ("changes", "said", "message"),
    [
        ({"unit": "MeV"}, {}, r"MeV and beams of 50\.0 x 50\.0 without their unit; say"),
        ({"unit": "GeV/c"}, {}, "states the unit 'GeV/c'; accepted are eV, keV, MeV, GeV, TeV"),
        ({}, {"unit": "MeV"}, r"is GeV and MeV at once \(the second one is unit=, --unit\)"),
        ({}, {"unit": "Mev"}, "There is no unit 'Mev'.*Did you mean 'MeV'"),
        ({"electron_beam_direction": "-z"}, {}, r"along -z; .*direction='-z' \(--beam-direction"),
        ({"electron_beam_direction": "+x"}, {}, r"an electron beam along \+x; accepted are \+z"),
        ({}, {"direction": "-z"}, r"states an electron beam along \+z; direction= .* says -z"),
        ({}, {"direction": "up"}, r"direction must be '\+z' or '-z'.*got 'up'"),
        ({"particle": "mu-"}, {}, r"holds mu-; accepted are electrons \(e-\)"),
        ({}, {"beams": (18, 275)}, "states beams of 50 x 50 GeV; beams= .* says 18 x 275 GeV"),
        ({}, {"beams": (18,)}, "two energies in GeV"),
        ({"electron_beam": "fast"}, {}, "states beams that cannot be"),
        ({"electron_beam": None}, {}, "states no beams"),
        ({"electron_beam": 0.5, "proton_beam": 1.0}, {}, "energies is .* is the unit right"),
        ({}, {"fields": "px=px,py=py"}, "fields must name px, py and pz; got no pz"),
        ({}, {"fields": "px=px,py=py,pt=pz"}, "There is no field 'pt'.*Did you mean"),
        ({}, {"fields": "px,py,pz"}, "fields must name columns, such as px=el_px"),
        ({}, {"fields": "px=px,py=py,pz=pzz"}, "has no column 'pzz'.*Did you mean 'pz'"),
        ({}, {"fields": "px=px,py=py,pz=pz,E=pz"}, "E must be an electron's, .* Leave E out"),
    ],
)  # fmt: skip
def test_what_is_said_twice_or_cannot_be_is_refused(changes, said, message, tmp_path):
    path = stated(tmp_path / "a.csv", **changes)
    with pytest.raises((DataError, InvalidArgumentError), match=message) as caught:
        event_files.read(path, **said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_units_that_files_state_of_their_columns(ending, tmp_path):
    """A file of ganzoo's with columns in MeV, each form saying so in its own place."""
    if ending in (".root", ".parquet"):
        pytest.importorskip({".root": "uproot", ".parquet": "pyarrow"}[ending])
    path = stated(tmp_path / f"a{ending}", unit="MeV", beam_unit="GeV")
    own_units = ending in (".h5", ".parquet", ".root")  # the columns still say GeV
    with pytest.raises(
        DataError, match="MeV and GeV at once" if own_units else "is the unit right"
    ):
        event_files.read(path)


def test_names_with_units_and_several_columns(tmp_path):
    values = {f"{field} [MeV]": SHIPPED[field] * 1e3 for field in events.FIELDS}
    path = foreign(tmp_path / "a.csv", values)
    found = event_files.read(path, beams=(50, 50), direction="+z")
    np.testing.assert_allclose(found.array["px"], SHIPPED["px"], rtol=1e-9)
    import h5py

    with h5py.File(tmp_path / "b.h5", "w") as file:
        for group in ("true", "reco"):
            for field in events.FIELDS:
                file[f"{group}/{field}"] = SHIPPED[field]
    with pytest.raises(DataError, match=r"several columns 'px' \(reco/px, true/px\); name one"):
        event_files.read(tmp_path / "b.h5", **SAID)
    fields = {field: f"reco/{field}" for field in events.FIELDS}
    assert len(event_files.read(tmp_path / "b.h5", fields=fields, **SAID)) == len(SHIPPED)


def test_several_electrons_per_event_are_refused(tmp_path):
    values = columns()
    path = foreign(tmp_path / "a.npz", {**values, "el_px": np.ones((500, 2))})
    with pytest.raises(DataError, match=r"one real number per event; .* shape \(500, 2\)"):
        event_files.read(path, fields=FIELDS, **SAID)
    path = foreign(tmp_path / "b.npz", {**values, "el_px": np.ones(3)})
    with pytest.raises(DataError, match="columns have different lengths"):
        event_files.read(path, fields=FIELDS, **SAID)
    path = foreign(tmp_path / "c.npz", {**values, "el_px": np.full(500, np.nan)})
    with pytest.raises(DataError, match="NaN or infinite"):
        event_files.read(path, fields=FIELDS, **SAID)
    uproot = pytest.importorskip("uproot", reason="uproot is not installed")
    awkward = pytest.importorskip("awkward")
    with uproot.recreate(tmp_path / "d.root") as file:
        file["events"] = {name: awkward.Array([[1.0], [2.0, 3.0]]) for name in NAMES.values()}
    with pytest.raises(DataError, match="one real number per event"):
        event_files.read(tmp_path / "d.root", fields=FIELDS, **SAID)


def test_csv_of_other_manners(tmp_path):
    lines = [f"{e['px']:.9g};{e['py']:.9g};{e['pz']:.9g}" for e in SHIPPED]
    note = "# unit: GeV\n# electron_beam = 50\n# proton_beam = 50\n\n"
    (tmp_path / "a.csv").write_text(note + "px;py;pz\n" + "\n".join(lines))
    found = event_files.read(tmp_path / "a.csv", direction="+z")
    np.testing.assert_allclose(found.array["E"], SHIPPED["E"], rtol=1e-6)
    (tmp_path / "b.csv").write_text("\n".join(lines))
    with pytest.raises(DataError, match="must name its columns in the first line; got"):
        event_files.read(tmp_path / "b.csv")


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_what_comes_to_be_known_while_writing_is_stated(ending, tmp_path):
    if ending in (".root", ".parquet"):
        pytest.importorskip({".root": "uproot", ".parquet": "pyarrow"}[ending])
    metadata = dict(sample().metadata)
    with event_files.event_writer(tmp_path / f"a{ending}", metadata, len(SHIPPED)) as append:
        append(SHIPPED)
        metadata["efficiency"] = 0.25
    found = event_files.read(tmp_path / f"a{ending}")
    assert found.origin["efficiency"] == 0.25
    assert json.loads(json.dumps(found.metadata)) == metadata


def test_energy_beyond_the_beams_is_refused(tmp_path):
    """Smeared electrons may have a little more than the beam, not a tenth of them."""
    path = foreign(tmp_path / "a.npz", columns())
    with pytest.raises(DataError, match=r"more energy than either beam \(41 x 41 GeV\), up to"):
        event_files.read(path, fields=FIELDS, **{**SAID, "beams": (41, 41)})
    event_files.read(path, fields=FIELDS, **{**SAID, "beams": (48.5, 48.5)})
