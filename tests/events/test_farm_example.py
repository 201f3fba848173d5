"""`examples/farm`: its scripts, as the schedulers call them, with few events."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.events import files as event_files
from ganzoo.events.parts import BLOCK
from ganzoo.random import block_latents

ROOT = Path(__file__).parents[2]
FARM = ROOT / "examples" / "farm"
PYTHON = Path(sys.executable).parent
N = 2 * BLOCK + 5


@pytest.fixture(scope="module")
def gan() -> ganzoo.FATGAN:
    return ganzoo.FATGAN(**zoo.FAMILIES["FATGAN"].tiny)


@pytest.fixture(scope="module")
def environment(gan, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("farm")
    gan.save_to_preset(folder / "small")
    commands = folder / "bin"  # `ganzoo` of this checkout, whether it is installed or not
    commands.mkdir()
    code = "from ganzoo.cli import main; main()"
    (commands / "ganzoo").write_text(f"#!/bin/bash\nexec '{sys.executable}' -c '{code}' \"$@\"\n")
    (commands / "ganzoo").chmod(0o755)
    return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{commands}:{os.environ['PATH']}",
            "MODEL": str(folder / "small"), "EVENTS": str(N), "PARTS": "2", "SEED": "4",
            "FORM": "npz"}  # fmt: skip


def shell(*command: object, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def test_the_scripts_are_shell():
    for script in ("part.sh", "farm.slurm"):
        shell("bash", "-n", FARM / script, cwd=FARM, env=dict(os.environ))


@pytest.mark.slow
def test_slurm_and_htcondor_call_the_same_job(gan, environment, tmp_path):
    for name in ("part.sh", "farm.slurm"):
        shutil.copy(FARM / name, tmp_path)
    job = {**environment, "SLURM_ARRAY_TASK_ID": "2", "SLURM_SUBMIT_DIR": str(tmp_path)}
    shell("bash", "farm.slurm", cwd=tmp_path, env=job)
    executable, arguments = as_condor(process=0)
    shell("bash", executable, *arguments, cwd=tmp_path, env=environment)
    assert "is there already" in shell("bash", "part.sh", 2, cwd=tmp_path, env=environment)
    paths = [f"part-{part}.npz" for part in (1, 2)]
    told = shell("ganzoo", "merge", *paths, "-o", "all.npz", cwd=tmp_path, env=environment)
    assert f"{N} events of 2 parts" in told
    expected = np.concatenate([gan.predict_on_batch(block_latents(b, gan.latent_dim, 4))
                               for b in range(3)])[:N]  # fmt: skip
    np.testing.assert_allclose(event_files.read(tmp_path / "all.npz").momenta, expected, rtol=1e-5)


def as_condor(process: int) -> tuple[str, list[str]]:
    """Return what HTCondor would call, and hold the file to what it says to itself."""
    lines = (FARM / "farm.sub").read_text(encoding="utf-8").splitlines()
    stated = dict(re.findall(r"^(\w+)\s*=\s*(.*)$", "\n".join(lines), flags=re.MULTILINE))
    assert stated["Part"] == "$(Process) + 1"
    assert stated["arguments"] == "$INT(Part)"
    given = dict(pair.split("=") for pair in stated["environment"].strip('"').split())
    read = set(re.findall(r"^(\w+)=\$\{\1:-", (FARM / "part.sh").read_text(), flags=re.MULTILINE))
    assert set(given) <= read
    assert stated["transfer_output_files"] == f"part-$INT(Part).{given['FORM']}"
    assert lines[-1] == f"queue {given['PARTS']}"
    slurm = (FARM / "farm.slurm").read_text(encoding="utf-8")
    assert f"#SBATCH --array=1-{given['PARTS']}\n" in slurm
    assert f"PARTS:-{given['PARTS']}" in slurm
    return stated["executable"], [str(process + 1)]


@pytest.mark.slow
def test_dask(environment, tmp_path):
    pytest.importorskip("distributed", reason="Dask (pip install distributed) is not installed")
    env = {**environment, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    told = shell(sys.executable, FARM / "farm_dask.py", "--name", environment["MODEL"], "-n", N,
                 "--parts", 3, "--workers", 2, "-o", tmp_path / "all.npz", cwd=tmp_path,
                 env=env)  # fmt: skip
    assert f"{N} events: " in told
    assert len(event_files.read(tmp_path / "all.npz")) == N
    assert [path.name for path in tmp_path.glob("*.npz")] == ["all.npz"]
