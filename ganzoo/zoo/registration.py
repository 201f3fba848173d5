"""Keras learns ganzoo's classes when it is imported, so that its own `load_model` finds them.

Keras looks a saved class up by its registered name and imports no module for it. `import ganzoo`
imports no Keras; so an import of Keras after it, or the first use of ganzoo with it, is the moment.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ganzoo.environment import require_backend
from ganzoo.errors import GanzooError

# With all families, the modules that hold what Keras may find in a saved model.
_MODULES = (
    "augmentation",
    "events.features",
    "events.layers",
    "game.adaptation",
    "game.coupled",
    "game.encoding",
    "layers",
    "losses",
    "penalties",
    "schedules",
)


def register() -> None:
    """Import what Keras must know, if Keras is there; do nothing inside an import of ganzoo's own.

    Where Keras cannot be used with ganzoo (its backend is another), nothing is registered, and the
    first use of ganzoo says why.
    """
    global _done
    if _done or not _is_complete("keras") or _imports_itself():
        return
    _done = True
    try:
        for name in _MODULES:
            importlib.import_module(f"ganzoo.{name}")
        models = importlib.import_module("ganzoo.models")
        for family in pkgutil.iter_modules(models.__path__):
            importlib.import_module(f"ganzoo.models.{family.name}")
    except (GanzooError, ImportError):
        _done = False


def watch() -> None:
    """Register when Keras is imported from now on, or at once where it is there."""
    if "keras" in sys.modules:
        register()
    elif not any(isinstance(finder, _OnKeras) for finder in sys.meta_path):
        sys.meta_path.insert(0, _OnKeras())


class _OnKeras(importlib.abc.MetaPathFinder):
    """Finds Keras as all other finders do, with a loader that registers when it is done."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != "keras":
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec("keras")
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader  # nobody is to meet this one
        try:
            self._loader.exec_module(module)
        except (ImportError, ValueError):
            sys.modules.pop("keras", None)  # half of it
            require_backend()  # says which package is missing, if that is it
            raise
        spec._initializing = False  # it is whole; only its place in sys.modules is settled after
        register()


def _is_complete(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not _is_initializing(module)


def _imports_itself() -> bool:
    """Whether a module of ganzoo is being imported, whose names others could not see yet."""
    own = [module for name, module in list(sys.modules.items()) if name.startswith("ganzoo.")]
    return any(map(_is_initializing, own))


def _is_initializing(module: Any) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


_done = False
