"""Where a newcomer begins: imports, a checkout beside one's script, Keras without a backend."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    *ROOT.glob("examples/*/*.py"),
    *ROOT.glob("examples/*/README.md"),
    *ROOT.glob("ganzoo/*/README.md"),
    ROOT / "README.md",
]


def run_python(
    code: str, cwd: Path = ROOT, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own that sees this checkout."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    known = {name: value for name, value in known.items() if value}
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, cwd=cwd, env=known, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_ganzoo_is_imported_before_keras(path):
    text = path.read_text(encoding="utf-8")
    parts = [text] if path.suffix == ".py" else re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for part in parts:
        lines = re.findall(r"^(?:import|from) (keras|ganzoo)\b", part, re.MULTILINE)
        assert "keras" not in lines or "ganzoo" not in lines or lines[0] == "ganzoo"


def test_after_keras_was_imported_in_vain_ganzoo_helps():
    """Without TensorFlow `import keras` fails, unless ganzoo came before; then it works."""
    code = """
import importlib.util, sys
sys.modules["tensorflow"] = None  # as where it is not installed
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: (
    None if name == "tensorflow" else found(name, package))
try:
    import keras
except ImportError as error:
    print("in vain")
import ganzoo
import keras
print(keras.backend.backend(), issubclass(ganzoo.GAN, keras.Model))
"""
    done = run_python(code, KERAS_BACKEND="", KERAS_HOME="/nowhere")
    assert done.stdout.splitlines()[0] == "in vain", done.stderr
    assert done.stdout.splitlines()[1] in ("jax True", "torch True")
    assert "Keras' default backend is not installed" in done.stderr


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A whole model with a layer of ganzoo's own, an average and penalties."""
    import ganzoo
    from ganzoo import zoo
    from ganzoo.penalties import R1

    gan = ganzoo.DCGAN(**zoo.FAMILIES["DCGAN"].tiny, ema_momentum=0.9)
    gan.compile(penalty=R1(0.1))
    path = tmp_path_factory.mktemp("saved") / "gan.keras"
    gan.save(path)
    return path


def test_keras_itself_loads_a_model_in_a_fresh_process(saved):
    code = f"import ganzoo; ganzoo.GAN; import keras; keras.saving.load_model({str(saved)!r})"
    done = run_python(f"{code}; print('loaded')")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "loaded"


def test_importing_keras_after_ganzoo_is_as_before_and_loads_a_model(saved):
    code = f"""
import ganzoo, sys
assert "keras" not in sys.modules
import keras
print(keras.__spec__.loader is keras.__loader__, type(keras.__loader__).__name__)
print(type(keras.saving.load_model({str(saved)!r})).__name__)
"""
    done = run_python(code)
    assert done.stdout.split() == ["True", "SourceFileLoader", "DCGAN"], done.stderr


def test_an_editable_install_is_found_beside_the_checkout(tmp_path):
    """A folder `ganzoo` beside one's script is the checkout, and no empty package."""
    pytest.importorskip("setuptools", minversion="77")
    checkout = tmp_path / "ganzoo"
    shutil.copytree(
        ROOT / "ganzoo", checkout / "ganzoo", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    built = tmp_path / "built"
    build = f"from setuptools import build_meta; build_meta.build_editable({str(built)!r})"
    built.mkdir()
    subprocess.run([sys.executable, "-c", build], cwd=checkout, check=True, capture_output=True)
    site = tmp_path / "site"
    (wheel,) = built.glob("*.whl")
    shutil.unpack_archive(wheel, site, "zip")
    (pth,) = site.glob("*.pth")
    assert pth.read_text().strip() == str(checkout)  # a line of sys.path, no finder
    script = tmp_path / "mine.py"
    script.write_text("import ganzoo\nprint(ganzoo.__file__)\n")
    start = f"import site; site.addsitedir({str(site)!r}); import runpy, sys"
    code = f"{start}; sys.path.insert(0, {str(tmp_path)!r}); runpy.run_path({str(script)!r})"
    # Without this environment's own site-packages, where ganzoo may be installed too.
    done = run_python(code, tmp_path, "-S", PYTHONPATH="")
    assert done.stdout.strip() == str(checkout / "ganzoo" / "__init__.py"), done.stderr


def test_examples_parse():
    assert all(ast.parse(path.read_text(encoding="utf-8")) for path in CODE if path.suffix == ".py")


def test_a_backend_that_is_not_there_is_one_line():
    command = "from ganzoo.cli import main; main(['sample', 'gan_mnist', '-o', 'never.png'])"
    done = run_python(command, KERAS_BACKEND="pytorch")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("Error: KERAS_BACKEND is 'pytorch'")
    assert "Traceback" not in done.stderr
