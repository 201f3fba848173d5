"""What `import ganzoo` offers: every name and module, whatever was imported before."""

from __future__ import annotations

import pkgutil

import pytest

import ganzoo
from ganzoo.environment import BACKENDS, installed_backends
from tests.package.test_environment import run

MODULES = [m.name for m in pkgutil.iter_modules(ganzoo.__path__) if not m.name.startswith("_")]
FIRST = ("data", "callbacks", "training")  # the others in the long check: a process each


@pytest.mark.parametrize(
    "name",
    [pytest.param(m, marks=() if m in FIRST else pytest.mark.slow) for m in MODULES],
)
def test_a_module_is_an_attribute_in_a_fresh_process(name):
    # JAX is imported in a third of TensorFlow's time.
    backend = {"KERAS_BACKEND": "jax"} if "jax" in installed_backends() else {}
    done = run(f"import ganzoo, types\nassert type(ganzoo.{name}) is types.ModuleType\n", **backend)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_and_is_listed():
    missing = [name for name in ganzoo.__all__ if not hasattr(ganzoo, name)]
    assert not missing
    assert {*ganzoo.__all__, *MODULES} <= {*dir(ganzoo)}


def test_without_a_backend_a_module_either_works_or_says_so():
    code = (
        "import sys, ganzoo\n"
        f"for name in {[*MODULES, *ganzoo.__all__]!r}:\n"
        "    try:\n"
        "        getattr(ganzoo, name)\n"
        "    except ganzoo.errors.BackendNotFoundError:\n"
        "        print(name)\n"
        "assert 'keras' not in sys.modules\n"
    )
    done = run(code, hidden=BACKENDS)
    assert done.returncode == 0, done.stderr
    assert {"GAN", "DCGAN", "penalties", "layers"} <= {*done.stdout.split()}
    assert not {"zoo", "metrics", "load", "list_models", "errors"} & {*done.stdout.split()}


def test_listing_the_zoo_imports_no_keras():
    code = "import sys, ganzoo\nassert ganzoo.list_models('*mnist*')\n"
    done = run(f"{code}assert not [m for m in ('keras', *{BACKENDS!r}) if sys.modules.get(m)]")
    assert done.returncode == 0, done.stderr
