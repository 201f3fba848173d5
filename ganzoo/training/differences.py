"""What a training is, as its states say it, and how another one differs from it."""

from __future__ import annotations

import io
import json
from typing import Any

import keras

from ganzoo.batches import Batches
from ganzoo.checks import COMPILE_OPTIONS
from ganzoo.environment import require_backend
from ganzoo.errors import TrainingError
from ganzoo.presets.hdf5 import layout
from ganzoo.training.states import State

_MOST = 6


def description(model: Any, batches: Batches | None) -> dict[str, Any]:
    """Return what must be the same for a training to go on: class, `compile` arguments, data."""
    options = nameless(model.get_compile_config())
    return {
        "model": f"{type(model).__module__}.{type(model).__name__}",
        "dtype": model.dtype_policy.name,
        "compile": {key: value for key, value in options.items() if key not in COMPILE_OPTIONS},
        "data": None if batches is None else batches.facts(),
    }


def manifest_of(model: Any, image: bytes) -> dict[str, Any]:
    """Return what a state says of the model itself; `image` is its weights file."""
    metrics = [float(keras.ops.convert_to_numpy(value)) for value in model.metrics_variables]
    return {
        "backend": require_backend(),
        "keras": keras.__version__,
        "weights": shapes(image),
        "metrics": metrics,
    }


def shapes(image: bytes) -> dict[str, str]:
    """Return the shape of every variable in a weights file; types differ between backends."""
    return {name: str(shape) for name, (shape, _) in layout(io.BytesIO(image)).items()}


def refuse_differences(state: State, wanted: dict[str, Any]) -> None:
    """Refuse to go on from a state that says otherwise about any of the `wanted`.

    Raises:
        TrainingError: It lists the differences.
    """
    saved = {key: state.manifest.get(key) for key in wanted}
    differences = [phrase.removeprefix("facts.") for phrase in listed(flat(saved), flat(wanted))]
    if not differences:
        return
    hint = ""
    if any(".epochs:" in phrase for phrase in differences):
        hint = (
            " --epochs must be what the training began with, since the stages and the learning "
            "rate's schedule depend on it."
        )
    raise TrainingError(
        f"The saved training in {state.path.parent} is another one: {'; '.join(differences)}.{hint}"
    )


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Return nested mappings and sequences as one mapping of dotted paths, as JSON has them."""
    if not prefix:
        value = json.loads(json.dumps(value, default=str))  # tuples to lists, as in a file
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {prefix: value}
    leaves: dict[str, Any] = {}
    for key, item in items:
        leaves.update(flat(item, f"{prefix}.{key}" if prefix else str(key)))
    return leaves


def nameless(value: Any) -> Any:
    """Return a serialised Keras object without names.

    Keras numbers them within a process, and registers PyTorch's optimizers under other ones.
    """
    if isinstance(value, dict):
        names = ("name", "registered_name")
        return {key: nameless(item) for key, item in value.items() if key not in names}
    return [nameless(item) for item in value] if isinstance(value, list | tuple) else value


def listed(saved: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Return a phrase per difference of two flat mappings, such as "seed: was 1, is 2"."""
    changed = [key for key in {**saved, **wanted} if _differs(saved, wanted, key)]
    phrases = [f"{key}: was {_shown(saved, key)}, is {_shown(wanted, key)}" for key in changed]
    if len(phrases) > _MOST:
        phrases[_MOST:] = [f"and {len(phrases) - _MOST} more"]
    return phrases


def _differs(saved: dict[str, Any], wanted: dict[str, Any], key: str) -> bool:
    return (key in saved) != (key in wanted) or saved.get(key) != wanted.get(key)


def _shown(values: dict[str, Any], key: str) -> str:
    return repr(values[key]) if key in values else "absent"
