"""Parts of a run: the very events of the run, merged again, and refused where they are not."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import files as event_files
from ganzoo.events import kinematics, stream
from ganzoo.events.merge import merge
from ganzoo.events.parts import Part, blocks_of, parse_part
from ganzoo.events.truth import sample
from ganzoo.random import BLOCK, block_latents, random_generator
from tests.events.commands import refused, run

N = 3 * BLOCK + 100  # four blocks, the last of which is cut
Q2_MIN = 5.0


def small(representation: str) -> ganzoo.FATGAN:
    keras.utils.set_random_seed(1)
    constants = ganzoo.FATGAN.constants(sample().momenta, representation)
    sizes = {"latent_dim": 4, "generator_units": (16,), "discriminator_units": (8,)}
    return ganzoo.FATGAN(representation, **constants, **sizes, dropout=0.0)


@pytest.fixture(scope="module")
def gan() -> ganzoo.FATGAN:
    return small("cartesian")


@pytest.fixture(scope="module")
def preset(gan, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("preset") / "small_electrons"
    gan.save_to_preset(folder)
    return folder


@pytest.fixture(scope="module")
def run_of(gan) -> Any:
    """The whole run as the GAN alone has it, block by block."""
    made = [gan.predict_on_batch(block_latents(block, 4, 5)) for block in range(4)]
    return np.concatenate(made)[:N]


def write_parts(gan: Any, folder: Path, of: int, ending: str, **options: Any) -> list[Path]:
    """Write all parts of the run, as `ganzoo sample` does."""
    paths = []
    for number in range(1, of + 1):
        part = stream.EventStream(gan, N, 5, part=Part(number, of), **options)
        paths.append(folder / f"part-{number}{ending}")
        metadata = part.metadata("small")
        with event_files.event_writer(paths[-1], metadata, part.length) as append:
            for events in part.batches():
                append(events)
            metadata |= part.metadata("small")
    return paths


def test_blocks_have_random_numbers_of_their_own():
    """The rule that is documented, written out once more."""
    sequence = np.random.SeedSequence(7, spawn_key=(3,))
    normal = np.random.Generator(np.random.PCG64(sequence)).standard_normal((BLOCK, 5), "f4")
    assert np.array_equal(block_latents(3, 5, 7), normal)
    assert not np.array_equal(block_latents(2, 5, 7), normal)
    assert not np.array_equal(random_generator(7).standard_normal((BLOCK, 5), "f4"), normal)


def test_a_seed_gives_the_same_bits_everywhere(gan, run_of):
    assert gan.sample(N, seed=5).tobytes() == run_of.tobytes()
    assert gan.sample(10, seed=5).tobytes() == run_of[:10].tobytes()
    assert stream.draw(gan, N, 5).momenta.tobytes() == run_of.tobytes()
    np.testing.assert_allclose(gan.sample(50, seed=5, batch_size=20), run_of[:50], atol=1e-4)
    assert not np.array_equal(gan.sample(10), gan.sample(10))
    with pytest.raises(InvalidArgumentError, match="seed must be an integer"):
        gan.sample(10, seed=-1)


def test_parts_divide_the_blocks():
    for n, of in ((1, 1), (N, 3), (10**9, 200), (10**9, 61_036)):
        ranges = [blocks_of(n, Part(number, of)) for number in range(1, of + 1)]
        assert ranges[0].start == 0
        assert ranges[-1].stop == -(-n // BLOCK)
        assert all(a.stop == b.start for a, b in itertools.pairwise(ranges))
        lengths = [len(blocks) for blocks in ranges]
        assert 1 <= min(lengths) >= max(lengths) - 1
    with pytest.raises(InvalidArgumentError, match=r"which 5 parts cannot divide; at most 4 can"):
        blocks_of(N, Part(1, 5))
    for text in ("0/3", "4/3", "1", "a/b", "1/0", "1/2/3"):
        with pytest.raises(InvalidArgumentError, match=r"such as 17/200 .*; got "):
            parse_part(text)


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_parts_are_the_run_and_merge_into_it(gan, run_of, ending, tmp_path):
    if ending in (".root", ".parquet"):
        pytest.importorskip({".root": "uproot", ".parquet": "pyarrow"}[ending])
    paths = write_parts(gan, tmp_path, 3, ending)
    momenta = [event_files.read(path).momenta for path in paths]
    assert [len(part) for part in momenta] == [BLOCK, BLOCK, BLOCK + 100]
    exact = ending != ".csv"  # ten digits
    np.testing.assert_allclose(np.concatenate(momenta), run_of, rtol=0 if exact else 1e-6)
    origin = event_files.read(paths[1]).origin
    assert {key: origin[key] for key in ("seed", "part", "parts", "blocks", "requested")} == {
        "seed": 5, "part": 2, "parts": 3, "blocks": [1, 2], "requested": N,
    }  # fmt: skip
    assert origin["version"] == ganzoo.__version__
    assert origin["generator"] == "ganzoo small"
    assert len(origin["weights"]) == 16
    assert merge([paths[2], paths[0], paths[1]], tmp_path / f"all{ending}") == N
    found = event_files.read(tmp_path / f"all{ending}")
    np.testing.assert_allclose(found.momenta, run_of, rtol=0 if exact else 1e-6)
    whole = stream.EventStream(gan, N, 5).metadata("small")
    assert found.metadata == whole


@pytest.mark.parametrize("ending", [".npz", ".h5", ".csv"])
def test_parts_of_a_cut(gan, run_of, ending, tmp_path):
    """-n is what is generated: the parts are the run's events that pass."""
    cut = round(float(np.median(kinematics.Q2(*run_of.T, gan.beams))), 3)
    passing = run_of[kinematics.Q2(*run_of.astype(np.float64).T, gan.beams) >= cut]
    paths = write_parts(gan, tmp_path, 2, ending, q2_min=cut)
    kept = [event_files.read(path).momenta for path in paths]
    np.testing.assert_allclose(np.concatenate(kept), passing, rtol=1e-6)
    origin = event_files.read(paths[1]).origin
    assert origin["generated"] == BLOCK + 100
    assert origin["efficiency"] == len(kept[1]) / (BLOCK + 100)
    merge(paths, tmp_path / "all.npz")
    found = event_files.read(tmp_path / "all.npz")
    np.testing.assert_allclose(found.momenta, passing, rtol=1e-6)
    assert (found.origin["generated"], found.origin["part"]) == (N, 1)
    assert found.origin["efficiency"] == len(passing) / N


def test_a_part_that_nothing_passes(tmp_path):
    """Where a run counts what passes that is an error; a part may well be empty."""
    gan = small("spherical")  # which makes nothing beyond the beams' energies
    for ending in (".npz", ".h5", ".csv"):
        paths = write_parts(gan, tmp_path, 2, ending, q2_min=9_999.0)
        assert merge(paths, tmp_path / f"all{ending}") == 0


def test_on_the_command_line(preset, run_of, tmp_path):
    for number in (2, 1):
        told = run("sample", preset, "-n", N, "--seed", 5, "--part", f"{number}/2", "-o",
                   tmp_path / f"{number}.h5")  # fmt: skip
    assert "part 1/2 of 49252 events of" in told
    assert "part 1 of 2: blocks 0 to 1 of 4, 32768 events" in told
    told = run("merge", tmp_path / "2.h5", tmp_path / "1.h5", "-o", tmp_path / "all.npz")
    assert f"{N} events of 2 parts written to" in told
    assert event_files.read(tmp_path / "all.npz").momenta.tobytes() == run_of.tobytes()
    again = ("sample", preset, "-n", N, "--seed", 5, "--part", "2/2", "--q2min", 2, "-o")
    told = run(*again, tmp_path / "cut.npz")
    assert "of 16484 generated events have Q2 >= 2 GeV2, -n being those generated in all" in told


def test_a_file_knows_no_time_of_day(gan, tmp_path):
    """The same part again is the same bytes, whenever it is drawn."""
    (path,) = write_parts(gan, tmp_path, 1, ".npz")
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_is_no_part_is_refused(preset, tmp_path):
    output = ("-o", tmp_path / "a.npz")
    draw = ("sample", preset, "-n", N, *output)
    assert "give it (--seed)" in refused(*draw, "--part", "1/2")
    assert "such as 17/200 (--part 17/200); got '3/2'" in refused(*draw, "--part", "3/2")
    line = refused(*draw, "--seed", 1, "--part", "1/9")
    assert "which 9 parts cannot divide; at most 4 can (--part K/4)" in line
    line = refused("sample", "dcgan_mnist", "--seed", 1, "--part", "1/2")
    assert "--part is for events" in line
    assert not (tmp_path / "a.npz").exists()


def changed(path: Path, to: Path, **changes: Any) -> Path:
    """Write the same events with other metadata."""
    events = event_files.read(path)
    metadata = {**events.metadata, **changes}
    metadata = {key: value for key, value in metadata.items() if value is not None}
    with event_files.event_writer(to, metadata, len(events)) as append:
        append(events.array)
    return to


def test_parts_of_other_runs_are_refused(gan, tmp_path):
    one, two, three = write_parts(gan, tmp_path, 3, ".npz")
    other, output = tmp_path / "other.npz", tmp_path / "all.npz"

    def line(*paths: Path) -> str:
        return refused("merge", *paths, "-o", output)

    for key, value, words in (
        ("seed", 6, "the seed is 5 and 6"),
        ("weights", "0" * 16, "the weights is"),
        ("version", "9.9", f"ganzoo's version is {ganzoo.__version__} and 9.9"),
        ("requested", N + 1, "the run's number of events is"),
        ("proton_beam", 51.0, "the proton beam is 50.0 and 51.0"),
    ):
        told = line(one, changed(two, other, **{key: value}), three)
        assert "of different runs" in told
        assert words in told
    told = line(one, changed(two, other, seed=None), three)
    assert "other.npz does not state seed: it is no part of a run" in told
    assert "Blocks 1 to 1 of the run are in none of the files (part 2/3)" in line(three, one)
    assert "Blocks 0 to 1 of the run are in none of the files (part 1/3, 2/3)" in line(three)
    told = line(one, two, two, three)
    assert "part-2.npz and" in told
    assert "overlap: blocks 1 to 1 are in both" in told
    short = event_files.read(two)
    with event_files.event_writer(other, short.metadata, 7) as append:
        append(short.array[:7])
    assert f"states {BLOCK} events and holds 7; draw part 2/3 again" in line(one, other, three)
    assert "There is no file" in line(one, tmp_path / "no.npz", three)
    other.write_bytes(b"no archive")
    assert "other.npz is no file of ganzoo's events, or damaged" in line(one, other, three)
    assert "the ending must be" in line(one, two, three, tmp_path / __file__)
    assert not output.exists()
    event_files.write(sample(), tmp_path / "pythia.npz")
    assert "does not state weights, " in line(tmp_path / "pythia.npz")
    output.write_text("mine")
    assert "exists already; pass --overwrite" in line(one, two, three)
    assert output.read_text() == "mine"


def test_what_hadd_leaves_of_parts(gan, run_of, tmp_path):
    """As ROOT's hadd: trees one below the other, of other objects one part's."""
    uproot = pytest.importorskip("uproot", reason="uproot is not installed")
    paths = write_parts(gan, tmp_path, 3, ".root")
    with uproot.open(paths[0]) as file:
        kinds = file.classnames(cycle=False)
        assert kinds == {"events": "TTree", "metadata": "TObjString", "parts": "TTree"}
        assert file["events"].typenames() == dict.fromkeys(("px", "py", "pz", "E"), "double")

    def added(names: list[Path], to: Path) -> Path:
        with uproot.recreate(to) as file:
            for tree in ("events", "parts"):
                trees = [uproot.open(name)[tree].arrays(library="np") for name in names]
                columns = {k: np.concatenate([t[k] for t in trees]) for k in trees[0]}
                file.mktree(tree, {k: v.dtype for k, v in columns.items()}).extend(columns)
            file["metadata"] = str(uproot.open(names[-1])["metadata"])
        return to

    found = event_files.read(added(paths, tmp_path / "all.root"), unit="GeV")
    assert found.momenta.tobytes() == run_of.tobytes()
    assert found.metadata == stream.EventStream(gan, N, 5).metadata("small")
    two = event_files.read(added(paths[::2], tmp_path / "two.root"))
    assert (two.origin["part"], two.origin["blocks"]) == ([1, 3], [[0, 1], [2, 4]])
    first = added(paths[:2], tmp_path / "first.root")
    assert merge([first, paths[2]], tmp_path / "all.npz") == N
    assert event_files.read(tmp_path / "all.npz").momenta.tobytes() == run_of.tobytes()
    with pytest.raises(DataError, match="which are no row of blocks of a run"):
        merge([tmp_path / "two.root", paths[1]], tmp_path / "none.npz")


def peak_of(*arguments: object) -> int:
    """Return the peak memory of a command in MiB."""
    words = [str(argument) for argument in arguments]
    code = (
        "from ganzoo.cli import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=dict(os.environ), capture_output=True,
                          text=True, check=True, timeout=300)  # fmt: skip
    return int(done.stdout.split()[-1]) // 1024


def test_merging_takes_little_memory(tmp_path):
    """Two parts of 2 million events, 61 MiB each, without a model."""
    n = 2 * 122 * BLOCK
    array = np.zeros(n // 2, event_files.DTYPE)
    array["pz"] = np.arange(n // 2) / n + 1.0
    array["E"] = kinematics.energy(0.0, 0.0, array["pz"])
    common = {**sample().metadata, "weights": "0" * 16, "version": "0", "requested": n, "seed": 1}
    common.pop("q2_min")
    few = [tmp_path / "1.npz", tmp_path / "2.h5"]
    for number, path in enumerate(few, 1):
        metadata = {**common, "part": number, "parts": 2,
                    "blocks": [122 * (number - 1), 122 * number]}  # fmt: skip
        with event_files.event_writer(path, metadata, n // 2) as append:
            append(array)
    resting = peak_of("merge", "--help")
    peak = peak_of("merge", *few, "-o", tmp_path / "all.npz")
    print(f"peak memory {peak} MiB, {resting} MiB without work")
    assert peak < resting + 60  # 122 MiB of events
    merged = event_files.read(tmp_path / "all.npz").array
    assert np.array_equal(merged["pz"], np.tile(array["pz"], 2))
