"""What is exported, with what it is compared on, and what is said when it is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo._version import __version__
from ganzoo.environment import require_backend
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.export import networks
from ganzoo.export.comparing import ROWS, Compared, Probe, Runner, compare
from ganzoo.export.graph import Shape
from ganzoo.presets import find, folder, npz


@dataclass(frozen=True)
class Subject:
    """A network to export, with its names, and inputs that it is compared on."""

    model: Any
    found: Any
    name: str
    inputs: dict[str, np.ndarray]
    outputs: list[str]
    probe: Probe | None

    @property
    def network(self) -> Any:
        """The network that is used outside of training: its average where there is one."""
        return self.model.inference_network(self.name)

    def compared(self, runner: Runner, tolerance: float) -> Compared:
        """Hold what runs a file to the network."""
        inputs = list(self.inputs.values())
        return compare(runner, self.network, inputs, tolerance, self.probe)

    @property
    def facts(self) -> dict[str, str]:
        """What the file says of itself."""
        family, task = type(self.model).__name__, networks.task_of(self.model)
        name = self.model.name if self.found is None else self.found.name
        entry, classes = self._entry, tuple(map(str, getattr(self.model, "classes", ())))
        known = {
            "name": str(name),
            "family": family,
            "task": "" if task is None else task.name,
            "network": self.name,
            "data": "" if entry is None else entry.data,
            "licence": "" if entry is None else entry.licence,
            "credit": "" if entry is None else entry.credit,
            "classes": ", ".join(classes),
            "ganzoo": __version__,
        }
        forms = {} if task is None else {**task.inputs, **task.outputs}
        forms["condition"] = f"(n, {len(classes)}), a weight for each of the classes in their order"
        for side, names in (("input", self.inputs), ("output", self.outputs)):
            known.update({f"{side}.{each}": forms[each] for each in names if each in forms})
        return {each: text for each, text in known.items() if text}

    @property
    def _entry(self) -> Any:
        """The entry whose data the model was trained on; None where they were others."""
        entry = None if self.found is None else self.found.entry
        if entry is None or entry.recipe is None or self.found.recipe is None:
            return entry
        return entry if self.found.recipe.data == entry.recipe.data else None

    @property
    def shapes(self) -> tuple[dict[str, Shape], dict[str, Shape]]:
        """Shapes of inputs and outputs by name."""
        sides = ((self.inputs, self.network.inputs), (self.outputs, self.network.outputs))
        inputs, outputs = (
            {name: tuple(t.shape) for name, t in zip(names, tensors, strict=True)}
            for names, tensors in sides
        )
        return inputs, outputs


def subject(model: Any, network: str | None) -> Subject:
    """Return what is to be exported; a name or a folder is loaded."""
    if not isinstance(model, str | os.PathLike):
        return _subject(model, network)
    found = find.resolve(model)
    where = find.preset_folder(found.folder or found.name)
    loaded = find.load(where)
    if not (where / folder.PROBE).is_file():
        return _subject(loaded, network, found)
    rows = {name: array.shape[1:] for name, array in loaded.probe_inputs(n=1).items()}
    return _subject(loaded, network, found, npz.read_probe(where / folder.PROBE, rows), where)


def _subject(
    model: Any, network: str | None, found: Any = None, probe: Any = None, where: Any = None
) -> Subject:
    name = networks.chosen(model, network)
    inputs = networks.examples(model, name, ROWS, None if probe is None else probe[0])
    outputs = [
        f"{each}_out" if each in inputs else each for each in networks.output_names(model, name)
    ]
    held = None
    if probe is not None:
        held = Probe(probe[1].get(name), lambda: folder.check_probe(model, where))
    return Subject(model, found, name, inputs, outputs, held)


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: Where it is.
        network: Name of the network.
        inputs, outputs: Shapes by name, None where a side may be any.
        size: Bytes.
        difference: From Keras' outputs; see `ganzoo.export.comparing.Compared`.
        runtime_ms, keras_ms: Milliseconds per example in the file's runtime, and by Keras'
            `predict` on the backend, in one batch of 32.
        runtime: Such as "onnxruntime".
        backend: Such as "jax".
    """

    path: Path
    network: str
    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    size: int
    difference: float
    runtime_ms: float
    keras_ms: float
    runtime: str
    backend: str

    def __str__(self) -> str:
        """Return one line."""
        ends = " -> ".join(
            ", ".join(f"{name} {_shown(shape)}" for name, shape in side.items())
            for side in (self.inputs, self.outputs)
        )
        return (
            f"{self.path}: {self.network}, {ends}; {self.size:,} bytes; differs by "
            f"{self.difference:.1e} from Keras; {self.runtime_ms:.3g} ms each in {self.runtime}, "
            f"{self.keras_ms:.3g} on {self.backend}"
        )


def _shown(shape: Shape) -> str:
    return f"(n, {', '.join('any' if side is None else str(side) for side in shape[1:])})"


def exported(path: Path, given: Subject, compared: Compared, runtime: str) -> Exported:
    """Return what is said of a file, or of all files of a folder."""
    files = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
    return Exported(
        path,
        given.name,
        *given.shapes,
        sum(each.stat().st_size for each in files),
        compared.difference,
        compared.runtime_ms,
        compared.keras_ms,
        runtime,
        require_backend(),
    )


def check_path(path: Any, ending: str, overwrite: bool) -> Path:
    """Return where to write, before anything is loaded.

    Raises:
        InvalidArgumentError: Another ending than this one; "" is a folder.
        OutputError: Something is there already, or there is no folder for it.
    """
    path = Path(path)
    if path.suffix.lower() != ending:
        kind = f"a file that ends in {ending}" if ending else "a folder, without an ending"
        raise InvalidArgumentError(f"Cannot write {path}: it must be {kind}.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already; pass overwrite=True to replace it.")
    if not path.parent.is_dir():
        raise OutputError(f"Cannot write {path}: there is no folder {path.parent}.")
    return path
