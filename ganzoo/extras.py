"""What is imported when it is asked for: by its path, and packages that may be missing."""

from __future__ import annotations

import importlib
from typing import Any

from ganzoo.errors import MissingExtraError

EXTRAS = {  # top-level package: the extra that brings it
    "cv2": "faces",
    "dicebear": "cartoons",
    "dicebear_styles": "cartoons",
    "huggingface_hub": "hub",
    "matplotlib": "plot",
    "onnx": "export",
    "onnxruntime": "export",
    "pyarrow": "hep",
    "pyhepmc": "hepmc",
    "pythia8mc": "pythia",
    "resvg_py": "emoji",
    "scipy": "metrics",
    "sklearn": "metrics",
    "uproot": "hep",
    "vector": "hep",
}

# Packages of no extra, as their own requirements need a compiler and are not used here.
ALONE = {"tinysoundfont": "pip install --no-deps tinysoundfont"}


def at(path: str) -> Any:
    """Import and return what a path such as "ganzoo.models.dcgan:DCGAN" names."""
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def installation(extra: str) -> str:
    """Return the command that installs ganzoo with an extra or a backend."""
    return f'pip install "keras-ganzoo[{extra}]"'


def require(module: str, what: str) -> Any:
    """Import and return a module of an optional package.

    Args:
        module: Its name, such as "scipy" or "pyarrow.parquet".
        what: What needs it; the error message begins with it.

    Raises:
        MissingExtraError: The package is not installed; the message has the command.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        command = ALONE.get(package) or installation(EXTRAS[package])
        raise MissingExtraError(
            f"{what[0].upper()}{what[1:]} needs {package}, which is not installed; "
            f"install it with: {command}"
        ) from error
