"""Which Keras backend to use: the requested one, else Keras' default, else an installed one.

Importing this module imports neither Keras nor a backend.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import sys
import warnings
from pathlib import Path

from ganzoo._version import __version__
from ganzoo.errors import BackendNotFoundError, InvalidArgumentError, nearest
from ganzoo.extras import installation

BACKENDS = ("tensorflow", "jax", "torch")
_WITHOUT_GRADIENTS = ("numpy", "openvino")  # Keras knows them too: they compute, and train nothing
# Turns every trick of speed off: then networks, optimizers, dropout, convolutions and the feeding
# of data are Keras' own. Results differ by rounding, and where other random numbers are drawn.
PLAIN = os.environ.get("GANZOO_PLAIN", "") not in ("", "0")


def installed_backends() -> list[str]:
    """Return the names of the installed backends, without importing any."""
    return [name for name in BACKENDS if importlib.util.find_spec(name) is not None]


def prepare_backend() -> str | None:
    """Set `KERAS_BACKEND` where it is unset and Keras' default is not installed.

    Returns:
        The backend used instead of the default one, or None if nothing was changed.
    """
    if "keras" in sys.modules or os.environ.get("KERAS_BACKEND"):
        return None
    installed = installed_backends()
    if not installed or _configured_default() in installed:
        return None
    os.environ["KERAS_BACKEND"] = installed[0]
    return installed[0]


def say_stand_in() -> None:
    """Warn once that another backend than Keras' default is used, where that is so."""
    if STAND_IN is not None:
        warnings.warn(
            f"KERAS_BACKEND is not set and Keras' default backend is not installed; "
            f"using {STAND_IN}.",
            stacklevel=2,
        )


def require_backend() -> str:
    """Return the name of the backend that Keras uses or is going to use.

    Raises:
        InvalidArgumentError: `KERAS_BACKEND` names a backend that ganzoo does not run on.
        BackendNotFoundError: That backend, or every backend, is not installed.
    """
    name = _current_backend()
    if name not in BACKENDS:
        why = ", which has no gradients, so that nothing can be trained with it"
        raise InvalidArgumentError(
            f"KERAS_BACKEND is {name!r}{why if name in _WITHOUT_GRADIENTS else ''}; "
            f"ganzoo runs on {', '.join(BACKENDS)}." + nearest(name, BACKENDS)
        )
    if importlib.util.find_spec(name) is None:
        installed = installed_backends()
        if not installed:
            raise BackendNotFoundError(
                "No Keras backend is installed. Install one of them with: "
                + " or ".join(installation(backend) for backend in BACKENDS)
            )
        raise BackendNotFoundError(
            f"The Keras backend {name!r} is not installed. Install it with: {installation(name)}, "
            f"or set KERAS_BACKEND={installed[0]}."
        )
    return name


def versions() -> dict[str, str]:
    """Return the backend that is used, by `backend`, and the versions of what has computed."""
    backend = require_backend()
    loaded = {name: sys.modules.get(name) for name in ("keras", "numpy", backend)}
    return {
        "backend": backend,
        "ganzoo": __version__,
        "python": platform.python_version(),
        **{name: str(m.__version__) for name, m in loaded.items() if m is not None},
    }


def _current_backend() -> str:
    if "keras" in sys.modules:
        return str(sys.modules["keras"].config.backend())
    return os.environ.get("KERAS_BACKEND") or _configured_default()


def _configured_default() -> str:
    """Return the backend in Keras' own configuration file, or Keras' default."""
    home = os.environ.get("KERAS_HOME") or str(Path("~/.keras").expanduser())
    try:
        configured = json.loads((Path(home) / "keras.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "tensorflow"
    name = configured.get("backend") if isinstance(configured, dict) else None
    return name if isinstance(name, str) else "tensorflow"


# Settled when ganzoo is imported, before anything can import Keras.
STAND_IN = prepare_backend()
