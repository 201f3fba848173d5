"""Faults of a weights file, past every hash: what is not the plain HDF5 form is refused.

Each preset is a real one, saved by ganzoo; then its weights file is replaced or edited and the
hash in config.json is made to fit, as whoever wants to deceive would do.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from harness import one_line

from ganzoo.errors import GanzooError, IntegrityError, PresetError
from ganzoo.presets import find
from ganzoo.zoo import registry

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]

KERNEL, SCALE, SHIFT, BIAS = "generator/0", "generator/1", "generator/2", "discriminator/1"
STATES = "vars/seed_states"  # as Keras' form of a whole model has them
FUZZ = Path(__file__).with_name("fuzz_weights.py")
FUZZ_LOADING = Path(__file__).with_name("fuzz_loading.py")


@pytest.fixture
def preset(right_preset: Path, tmp_path: Path) -> Path:
    """A copy of a right preset folder, to be damaged."""
    return Path(shutil.copytree(right_preset, tmp_path / "preset"))


def fit_hash(folder: Path) -> None:
    """Make config.json state the hash of the weights file that is there."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    content = (folder / "model.weights.h5").read_bytes()
    config["sha256"]["model.weights.h5"] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(config))


def refused(folder: Path, *parts: str) -> None:
    """Assert that loading the folder is refused in one line that holds these parts."""
    with pytest.raises(PresetError) as caught:
        find.load(folder)
    one_line(caught.value, "model.weights.h5", *parts)


Edit = Callable[[h5py.File, Path], None]


def replace(name: str, **options: object) -> Edit:
    """Return an edit that writes a data set anew, with these creation options."""

    def edit(file: h5py.File, folder: Path) -> None:
        data = file[name][()]
        del file[name]
        file.create_dataset(name, data=data, **options)

    return edit


def with_values(name: str, change: Callable[[np.ndarray], object]) -> Edit:
    """Return an edit that replaces a data set by what `change` makes of its values."""

    def edit(file: h5py.File, folder: Path) -> None:
        data = file[name][()]
        del file[name]
        file[name] = change(data)

    return edit


def poked(value: float) -> Edit:
    """Return an edit that writes one value into a kernel."""

    def edit(file: h5py.File, folder: Path) -> None:
        file[KERNEL][0, 0] = value

    return edit


def soft_link(file: h5py.File, folder: Path) -> None:
    """The data set is a soft link to an equal one."""
    file.move(KERNEL, "generator/elsewhere")
    file[KERNEL] = h5py.SoftLink("/generator/elsewhere")


def soft_link_in_place(file: h5py.File, folder: Path) -> None:
    """One data set is a soft link to another expected one of the same shape."""
    del file[SHIFT]
    file[SHIFT] = h5py.SoftLink(f"/{SCALE}")


def dangling_link(file: h5py.File, folder: Path) -> None:
    """A soft link to nothing."""
    del file[KERNEL]
    file[KERNEL] = h5py.SoftLink("/nowhere")


def external_link(file: h5py.File, folder: Path) -> None:
    """The data set lies in another file."""
    with h5py.File(folder / "other.h5", "w") as other:
        other["x"] = file[KERNEL][()]
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink(str(folder / "other.h5"), "/x")


def external_group(file: h5py.File, folder: Path) -> None:
    """A whole network lies in another file."""
    with h5py.File(folder / "other.h5", "w") as other:
        file.copy("generator", other)
    del file["generator"]
    file["generator"] = h5py.ExternalLink(str(folder / "other.h5"), "/generator")


def external_storage(file: h5py.File, folder: Path) -> None:
    """The values are read from any file of this machine."""
    data = file[KERNEL][()]
    (folder / "raw").write_bytes(data.tobytes())
    del file[KERNEL]
    external = [(str(folder / "raw"), 0, data.nbytes)]
    file.create_dataset(KERNEL, data.shape, data.dtype, external=external)


def virtual(file: h5py.File, folder: Path) -> None:
    """The values are put together from another file."""
    data = file[KERNEL][()]
    with h5py.File(folder / "other.h5", "w") as other:
        other["x"] = data
    del file[KERNEL]
    layout = h5py.VirtualLayout(data.shape, data.dtype)
    layout[...] = h5py.VirtualSource(str(folder / "other.h5"), "x", data.shape)
    file.create_virtual_dataset(KERNEL, layout)


def hard_link_alias(file: h5py.File, folder: Path) -> None:
    """Two names, one data set."""
    del file[SHIFT]
    file[SHIFT] = file[SCALE]


def hard_link_circle(file: h5py.File, folder: Path) -> None:
    """A group that holds the group it is in."""
    file["generator/circle"] = file["/"]


def extra_data(file: h5py.File, folder: Path) -> None:
    """A data set that the model does not have."""
    file["generator/70"] = np.zeros(3, np.float32)


def extra_group(file: h5py.File, folder: Path) -> None:
    """A group with data that the model does not have."""
    file["generator/layers/lambda/vars/0"] = np.zeros(3, np.float32)


def huge_extra(file: h5py.File, folder: Path) -> None:
    """A data set of 10**15 values that takes no place in the file."""
    file.create_dataset("bomb", (10**15,), "f4", chunks=(2**20,), compression="gzip")


def huge_in_place(file: h5py.File, folder: Path) -> None:
    """The same under an expected name."""
    del file[KERNEL]
    file.create_dataset(KERNEL, (10**15,), "f4", chunks=(2**20,), compression="gzip")


def never_written(file: h5py.File, folder: Path) -> None:
    """A data set without storage, which would read as its fill value."""
    shape = file[KERNEL].shape
    del file[KERNEL]
    file.create_dataset(KERNEL, shape, "f4", fillvalue=0.5)


def many_groups(file: h5py.File, folder: Path) -> None:
    """Hundreds of empty groups."""
    for index in range(500):
        file.create_group(f"generator/g{index}")


def deep_groups(file: h5py.File, folder: Path) -> None:
    """Groups within groups."""
    file.create_group("generator" + "/g" * 60)


def missing(file: h5py.File, folder: Path) -> None:
    """A data set is gone."""
    del file[KERNEL]


def missing_network(file: h5py.File, folder: Path) -> None:
    """A network is gone."""
    del file["discriminator"]


def states(data: np.ndarray, **options: object) -> Edit:
    """Return an edit that adds states of random generators, which are no weights."""

    def edit(file: h5py.File, folder: Path) -> None:
        file.create_dataset(STATES, data=data, **options)

    return edit


def linked_states(file: h5py.File, folder: Path) -> None:
    """The states lie in another file."""
    file[STATES] = h5py.ExternalLink(str(folder / "other.h5"), "/x")


def aliased_states(file: h5py.File, folder: Path) -> None:
    """The states are a weight."""
    file[STATES] = file[KERNEL]


def group_for_data(file: h5py.File, folder: Path) -> None:
    """A group where a data set belongs."""
    del file[KERNEL]
    file.create_group(KERNEL)


def data_for_group(file: h5py.File, folder: Path) -> None:
    """A data set where a group belongs."""
    del file["discriminator"]
    file["discriminator"] = np.zeros(3, np.float32)


def type_for_data(file: h5py.File, folder: Path) -> None:
    """A named type where a data set belongs."""
    del file[KERNEL]
    file[KERNEL] = np.dtype("f4")


def null_space(file: h5py.File, folder: Path) -> None:
    """A data set without a shape."""
    del file[KERNEL]
    file[KERNEL] = h5py.Empty("f4")


def references(file: h5py.File, folder: Path) -> None:
    """A data set of references."""
    data = np.full(file[BIAS].shape, file["generator"].ref, h5py.ref_dtype)
    del file[BIAS]
    file.create_dataset(BIAS, data=data, dtype=h5py.ref_dtype)


def texts(file: h5py.File, folder: Path) -> None:
    """A data set of strings of variable length."""
    shape = file[BIAS].shape
    del file[BIAS]
    file.create_dataset(BIAS, data=np.full(shape, "x", object), dtype=h5py.string_dtype())


def odd_float(file: h5py.File, folder: Path) -> None:
    """A float of four bytes whose exponent means something else."""
    shape = file[BIAS].shape
    del file[BIAS]
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_ebias(100)
    space = h5py.h5s.create_simple(shape)
    group = file["discriminator"].id
    h5py.h5d.create(group, b"1", kind, space).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.ones(shape, np.float32), kind
    )


def cast_attribute(file: h5py.File, folder: Path) -> None:
    """The attribute that makes Keras read a data set as bfloat16."""
    file[KERNEL].attrs["dtype"] = "bfloat16"


def attributes(file: h5py.File, folder: Path) -> None:
    """Attributes that Keras does not write."""
    for index in range(200):
        file.attrs[f"a{index}"] = "x" * 200


def shared_bytes(file: h5py.File, folder: Path) -> None:
    """Two data sets whose headers name the same bytes of the file."""
    places = [file[name].id.get_offset().to_bytes(8, "little") for name in (SCALE, SHIFT)]
    path = Path(file.filename)
    file.close()
    content = path.read_bytes()
    assert content.count(places[1]) == 1
    path.write_bytes(content.replace(places[1], places[0]))


EDITS: dict[str, tuple[Edit, str]] = {
    "soft link": (soft_link, "generator"),
    "soft link in place": (soft_link_in_place, "soft link"),
    "dangling link": (dangling_link, "soft link"),
    "external link": (external_link, "external link"),
    "external group": (external_group, "external link"),
    "external storage": (external_storage, "external file"),
    "virtual": (virtual, "virtual data set"),
    "gzip": (replace(KERNEL, compression="gzip"), "compressed"),
    "lzf": (replace(KERNEL, compression="lzf"), "compressed"),
    "shuffle": (replace(KERNEL, shuffle=True), "filtered"),
    "checksum": (replace(KERNEL, fletcher32=True), "filtered"),
    "scale-offset": (replace(KERNEL, scaleoffset=4), "filtered"),
    "chunked": (replace(KERNEL, chunks=(2, 2)), "chunked"),
    "resizable": (replace(KERNEL, maxshape=(None, None)), "chunked"),
    "hard link alias": (hard_link_alias, "another name"),
    "hard link circle": (hard_link_circle, "another name"),
    "shared bytes": (shared_bytes, "shares its bytes"),
    "extra data set": (extra_data, "'generator/70' is not in the model"),
    "extra group": (extra_group, "is not in the model"),
    "10**15 values more": (huge_extra, "is not in the model"),
    "10**15 values": (huge_in_place, "chunked"),
    "never written": (never_written, "stores 0 bytes"),
    "many groups": (many_groups, ""),
    "deep groups": (deep_groups, ""),
    "missing": (missing, f"'{KERNEL}' is in config.json, but missing"),
    "missing network": (missing_network, ""),
    "states of one number": (states(np.zeros(3, "i8")), "is not in the model"),
    "many states": (states(np.zeros((257, 2), "i8")), "is not in the model"),
    "chunked states": (states(np.zeros((4, 2), "i8"), chunks=(2, 2)), "chunked"),
    "linked states": (linked_states, "external link"),
    "aliased states": (aliased_states, "another name"),
    "group for data": (group_for_data, "is no data set"),
    "data for group": (data_for_group, "is no group"),
    "type for data": (type_for_data, "is no data set"),
    "no shape": (null_space, "has shape"),
    "transposed": (with_values(KERNEL, np.transpose), "has shape"),
    "one axis more": (with_values(KERNEL, lambda v: v[None]), "has shape"),
    "one value less": (with_values(BIAS, lambda v: v[1:]), "has shape"),
    "scalar": (with_values(BIAS, lambda v: v[0]), "has shape ()"),
    "float64": (with_values(KERNEL, lambda v: v.astype("f8")), "has dtype float64"),
    "float16": (with_values(KERNEL, lambda v: v.astype("f2")), "has dtype float16"),
    "int32": (with_values(KERNEL, lambda v: v.astype("i4")), "has dtype int32"),
    "bool": (with_values(KERNEL, lambda v: v > 0), "has dtype bool"),
    "complex": (with_values(BIAS, lambda v: v.astype("c8")), "has dtype complex64"),
    "big-endian": (with_values(KERNEL, lambda v: v.astype(">f4")), "has dtype >f4"),
    "bytes": (with_values(BIAS, lambda v: v.astype("S4")), "has dtype |S4"),
    "compound": (with_values(BIAS, lambda v: v.view([("x", "<f4")])), "has dtype"),
    "float states": (states(np.zeros((2, 2))), "is not in the model"),
    "references": (references, "has dtype"),
    "strings": (texts, "has dtype"),
    "odd float": (odd_float, "has dtype"),
    "NaN": (poked(np.nan), "NaN or infinite"),
    "infinity": (poked(-np.inf), "NaN or infinite"),
    "cast attribute": (cast_attribute, "attribute"),
    "attributes": (attributes, "attribute"),
}


@pytest.mark.parametrize("fault", EDITS)
def test_edited_file(fault: str, preset: Path) -> None:
    edit, part = EDITS[fault]
    with h5py.File(preset / "model.weights.h5", "r+") as file:
        edit(file, preset)
    fit_hash(preset)
    refused(preset, part)


Lists = dict[str, list[str]]


def swapped(lists: Lists) -> None:
    """Two data sets of different shapes change places."""
    lists["generator"][:2] = lists["generator"][1::-1]


def exchanged(lists: Lists) -> None:
    """The networks change places."""
    lists["generator"], lists["discriminator"] = lists["discriminator"], lists["generator"]


def nowhere(lists: Lists) -> None:
    """A data set that is not in the file."""
    lists["generator"][0] = "generator/first"


LISTS: dict[str, tuple[Callable[[Lists], object], str]] = {
    "one less": (lambda lists: lists["generator"].pop(), "15 data sets for 'generator'"),
    "one more": (lambda lists: lists["generator"].append("x"), "which has 16 weights"),
    "none": (lambda lists: lists["generator"].clear(), "0 data sets"),
    "no discriminator": (lambda lists: lists.pop("discriminator"), "networks lists generator;"),
    "one network more": (lambda lists: lists.update(encoder=[]), "encoder; the model has"),
    "swapped": (swapped, "has shape"),
    "exchanged": (exchanged, "data sets for 'generator'"),
    "nowhere": (nowhere, "'generator/first' is in config.json, but missing"),
    "a group": (lambda lists: lists["generator"].__setitem__(0, "discriminator"), "inside another"),
}


@pytest.mark.parametrize("fault", LISTS)
def test_lists(fault: str, preset: Path) -> None:
    edit, part = LISTS[fault]
    path = preset / "config.json"
    content = json.loads(path.read_text())
    edit(content["networks"])
    path.write_text(json.dumps(content))
    with pytest.raises(PresetError) as caught:
        find.load(preset)
    one_line(caught.value, part)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.weights.h5", b"x")


class _Touch:
    """What unpickling would run."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.system, ("touch canary",)


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(_Touch()))


def user_block(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(b"#!/bin/sh\n".ljust(512, b"\n") + content)


def link(path: Path) -> None:
    path.rename(path.with_name("other.h5"))
    path.symlink_to(path.with_name("other.h5"))


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


REPLACEMENTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (Path.unlink, "is missing"),
    "empty": (lambda path: path.write_bytes(b"") and None, "not an HDF5 file"),
    "text": (lambda path: path.write_text("hello") and None, "not an HDF5 file"),
    "zip": (zipped, "not an HDF5 file"),
    "pickle": (pickled, "not an HDF5 file"),
    "user block": (user_block, "not an HDF5 file"),
    "50 GB": (lambda path: os.truncate(path, 50 << 30), "bytes; at most"),
    "1 MB": (lambda path: os.truncate(path, 1 << 20), "bytes; the model's weights take"),
    "cut": (lambda path: os.truncate(path, path.stat().st_size - 100), "model.weights.h5"),
    "link": (link, "symbolic link"),
    "FIFO": (fifo, "a FIFO"),
    "folder": (folder, "a folder"),
    "device": (device, "symbolic link"),
}


@pytest.mark.parametrize("fault", REPLACEMENTS)
def test_replaced_file(fault: str, preset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replacement, part = REPLACEMENTS[fault]
    monkeypatch.chdir(preset)
    replacement(preset / "model.weights.h5")
    if fault in ("empty", "text", "zip", "pickle", "user block", "cut", "1 MB"):
        fit_hash(preset)
    refused(preset, part)
    assert not (preset / "canary").exists()


def test_damage_is_seen_by_the_hash(preset: Path) -> None:
    path = preset / "model.weights.h5"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(IntegrityError) as caught:
        find.load(preset)
    one_line(caught.value, "SHA-256", "damaged or exchanged")


@pytest.mark.parametrize("other", ["another family", "other sizes"])
def test_weights_of_another_model(other: str, preset: Path, tmp_path: Path) -> None:
    from ganzoo import zoo

    family = "VanillaGAN" if other == "another family" else "DCGAN"
    sizes = {} if other == "another family" else {"generator_filters": (6, 5, 3)}
    gan = registry.model_class(family)(**{**zoo.FAMILIES[family].tiny, **sizes})
    gan.save_to_preset(tmp_path / "other")
    shutil.copyfile(tmp_path / "other" / "model.weights.h5", preset / "model.weights.h5")
    fit_hash(preset)
    refused(preset)


@pytest.mark.parametrize("kind", ["flip_anywhere", "flip_structure", "swap_structure", "cut"])
def test_random_damage_past_the_hash_check(kind: str, right_preset: Path) -> None:
    """150 damaged files each, in a process with limits on its time and memory.

    The hash sees every one of them. The preflight, which has no hash to go by, cannot know the
    values that were meant; it must never crash, hang or take what is not of the right form.
    """
    weights = str(right_preset / "model.weights.h5")
    done = subprocess.run(
        [sys.executable, str(FUZZ), weights, kind, "150", "2015"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert outcomes["seen by the hash"] == outcomes["changed"] > 100
    assert "several lines" not in outcomes
    assert outcomes["refused"] > 50


def test_random_damage_when_loading(right_preset: Path) -> None:
    """60 damaged presets through `ganzoo.load` with and without a fitting hash."""
    done = subprocess.run(
        [sys.executable, str(FUZZ_LOADING), str(right_preset), "60", "1511"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes = json.loads(done.stdout.splitlines()[-1])
    assert outcomes["refused by the hash"] == 60
    assert outcomes["refused past the hash"] + outcomes["right form"] == 60


def test_override_that_changes_the_networks(preset: Path) -> None:
    with pytest.raises(GanzooError) as caught:
        find.load(preset, generator_filters=(6, 5, 3))
    one_line(caught.value)
