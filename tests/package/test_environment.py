"""Importing is light, and a missing backend is one clear line. Real processes, real imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from ganzoo.cli import main
from ganzoo.environment import BACKENDS, installed_backends

HIDE = "import sys\nfor name in {hidden!r}: sys.modules[name] = None\n"


def run(code: str, hidden: tuple[str, ...] = (), **variables: str) -> subprocess.CompletedProcess:
    """Run code in a fresh Python in which the `hidden` backends are not installed."""
    environment = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    return subprocess.run(
        [sys.executable, "-c", HIDE.format(hidden=hidden) + code],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_importing_ganzoo_imports_neither_keras_nor_a_backend():
    heavy = ("keras", "numpy", "h5py", "pooch", *BACKENDS)
    code = "import ganzoo\nassert {'load', 'minimize', 'minimize_jointly'} <= {*dir(ganzoo)}\n"
    done = run(f"{code}assert not [m for m in {heavy!r} if sys.modules.get(m)]")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [["list"], ["--help"], ["info", "dcgan_mnist"]])
def test_catalogue_commands_import_no_backend(command):
    code = (
        "from ganzoo.cli import main\n"
        f"main({command!r}, standalone_mode=False)\n"
        f"assert not [m for m in ('keras', *{BACKENDS!r}) if sys.modules.get(m)]\n"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert "dcgan_mnist" in done.stdout


def test_no_backend_says_how_to_install_one():
    done = run("import ganzoo\nganzoo.DCGAN", hidden=BACKENDS)
    assert done.returncode == 1
    line = done.stderr.strip().splitlines()[-1]
    assert "BackendNotFoundError: No Keras backend is installed" in line
    assert 'pip install "keras-ganzoo[jax]"' in line


def test_an_absent_backend_is_named():
    done = run("import ganzoo\nganzoo.DCGAN", hidden=("jax",), KERAS_BACKEND="jax")
    assert "The Keras backend 'jax' is not installed" in done.stderr.splitlines()[-1]


def test_an_unknown_backend_is_refused():
    done = run("import ganzoo\nganzoo.DCGAN", KERAS_BACKEND="jaxx")
    assert "Did you mean 'jax'?" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["openvino", "numpy"])
def test_a_backend_of_keras_that_trains_nothing_is_refused_by_a_command(name, tmp_path):
    sample = ["sample", "fatgan_electrons", "-o", str(tmp_path / "events.npz")]
    done = run(f"from ganzoo.cli import main\nmain({sample!r})", KERAS_BACKEND=name)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: KERAS_BACKEND is {name!r}, which has no gradients")
    assert "tensorflow, jax, torch" in line
    assert not [*tmp_path.iterdir()]


def test_help_has_every_command_in_a_group():
    done = run("from ganzoo.cli import main\nmain(['--help'])")
    titles = [line[:-1] for line in done.stdout.splitlines() if re.fullmatch(r"\w+:", line)]
    assert titles == ["Options", "Look", "Draw", "Train", "Measure", "Files"]
    listed = re.findall(r"^  ([a-z]+) {2,}[A-Z]", done.stdout, re.MULTILINE)
    assert sorted(listed) == sorted({*listed}) == sorted(main.commands)


def test_another_backend_stands_in_and_says_so(tmp_path):
    others = [name for name in installed_backends() if name != "tensorflow"]
    if not others:
        pytest.skip("needs another backend than tensorflow")
    done = run(
        "import ganzoo, keras\nganzoo.GAN\nprint(keras.config.backend())",
        hidden=("tensorflow",),
        KERAS_HOME=str(tmp_path),
    )
    assert done.stdout.split() == [others[0]], done.stderr
    assert f"using {others[0]}" in done.stderr


def test_unknown_attribute():
    done = run("import ganzoo\nganzoo.nothing")
    assert "has no attribute 'nothing'" in done.stderr
