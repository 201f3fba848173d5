"""Which network of a model is exported, what goes in and out, and examples of what goes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from ganzoo import tasks, zoo
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.game import policies
from ganzoo.game.model import AdversarialModel
from ganzoo.game.run import run

Arrays = dict[str, np.ndarray]
_DIRECTION = re.compile(r"generator_([a-z])([a-z])")
_AUTOMATIC = re.compile(r"(keras_tensor|input_layer|input)(_\d+)?")


def chosen(model: Any, name: str | None = None) -> str:
    """Return the name of the network to export: that which draws or translates by default.

    Raises:
        InvalidArgumentError: No model of ganzoo; no such network, and then the nearest name is
            offered; one that does not compute in float32, or is quantised.
    """
    if not isinstance(model, AdversarialModel):
        raise InvalidArgumentError(
            "What is exported is a model of ganzoo, the name of one, or its folder; got "
            f"{type(model).__name__}."
        )
    name = (model.averaged or tuple(model.networks))[0] if name is None else name
    if name not in model.networks:
        raise InvalidArgumentError(
            f"{type(model).__name__} has no network {name!r}.{nearest(str(name), model.networks)} "
            f"There are: {', '.join(model.networks)}."
        )
    if {name, f"averaged_{name}"} & {*policies.is_quantised(model)}:
        raise InvalidArgumentError(f"The {name} is quantised; export it as it was before.")
    network = model.inference_network(name)
    for tensor in network.inputs:
        if tensor.dtype != "float32":
            raise InvalidArgumentError(f"The {name} takes {tensor.dtype}; float32 can be exported.")
    for layer in network._flatten_layers():
        if layer.compute_dtype != "float32":
            raise InvalidArgumentError(
                f"The {name} computes in {layer.compute_dtype}; save_to_preset() writes it in "
                "float32, and that is exported."
            )
    return name


def task_of(model: Any) -> Any:
    """Return the record of a model's task; None for a class that is not in the zoo."""
    family = zoo.FAMILIES.get(type(model).__name__)
    return None if family is None else tasks.get(family.task)


def input_names(model: Any, name: str) -> list[str]:
    """Return what the inputs of a network are called: as its family says, else by their shape."""
    inputs = model.inference_network(name).inputs
    direction = _DIRECTION.fullmatch(name)
    if direction and len(inputs) == 1:
        return [direction[1]]
    return _unique(_input_name(model, name, tensor) for tensor in inputs)


def _input_name(model: Any, name: str, tensor: Any) -> str:
    own = str(tensor.name)
    if not _AUTOMATIC.fullmatch(own):
        return own
    row = tuple(tensor.shape[1:])
    alike = [each for each, array in _probe_inputs(model, 1).items() if array.shape[1:] == row]
    first = chosen(model)
    if not alike and name != first:
        made = zip(output_names(model, first), model.inference_network(first).outputs, strict=True)
        alike = [each for each, output in made if tuple(output.shape[1:]) == row]
    return alike[0] if alike else "images" if len(row) == 3 else "input"


def output_names(model: Any, name: str) -> list[str]:
    """Return what the outputs of a network are called: as its family says, else by what it does."""
    network, task = model.inference_network(name), task_of(model)
    direction = _DIRECTION.fullmatch(name)
    if direction and len(network.outputs) == 1:
        return [direction[2]]
    layers = [tensor._keras_history[0] for tensor in network.outputs]
    if all(map(_is_named, layers)):
        return _unique(str(layer.name) for layer in layers)
    role = name
    if "discriminator" in name or "critic" in name:
        role = "logits" if getattr(model, "outputs_logits", True) else "scores"
    elif "encoder" in name:
        role = "latents"
    elif "classifier" in name:
        role = "classes"
    elif name == chosen(model) and task is not None:
        role = next(iter(task.outputs))
    lengths = [tuple(tensor.shape[1:]) for tensor in network.outputs]
    classes = (len(getattr(model, "classes", ())),)
    more = ["classes" if row == classes else role if row == lengths[0] else "features"
            for row in lengths[1:]]  # fmt: skip
    return _unique([role, *more])


def _is_named(layer: Any) -> bool:
    """Whether a family has given a layer its name."""
    usual = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(layer).__name__).lower()
    plain = re.sub(r"_\d+$", "", str(layer.name)).replace("_", "")
    return plain != usual.replace("_", "") and not isinstance(layer, keras.Model)


def _unique(names: Iterable[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        count = sum(each == name or each.startswith(f"{name}_") for each in made)
        made.append(f"{name}_{count}" if name in made else name)
    return made


def examples(model: Any, name: str, rows: int, given: Mapping[str, Any] | None = None) -> Arrays:
    """Return seeded inputs of a network by name: (rows, ...) float32.

    They are those of the model's probe, and of other networks what the model's own make of these,
    so that a discriminator judges what the generator draws.

    Args:
        model: Of ganzoo.
        name: Of the network.
        rows: How many, >= 1.
        given: Inputs of a preset's probe by name; they come first.
    """
    known = _probe_inputs(model, rows, seed=1)
    for each, array in (given or {}).items():
        if each in known and known[each].shape[1:] == array.shape[1:]:
            known[each] = np.concatenate([array, known[each]])[:rows].astype(np.float32)
    return _examples(model, name, rows, known, (name,))


def _examples(
    model: Any, name: str, rows: int, known: Arrays, asked: Sequence[str]
) -> dict[str, np.ndarray]:
    found = {}
    inputs = model.inference_network(name).inputs
    for index, (each, tensor) in enumerate(zip(input_names(model, name), inputs, strict=True)):
        shape = tuple(tensor.shape[1:])
        if each not in known or not _fits(known[each], shape):
            made = _made(model, each, shape, rows, known, asked)
            found[each] = _drawn(shape, rows, index) if made is None else made
        else:
            found[each] = known[each]
    return found


def _made(
    model: Any, wanted: str, shape: tuple[Any, ...], rows: int, known: Arrays, asked: Sequence[str]
) -> np.ndarray | None:
    """Return what another network makes that goes by a name and has a shape, or None."""
    for other in model.networks:
        names = output_names(model, other)
        if other in asked or wanted not in names:
            continue
        network = model.inference_network(other)
        if tuple(network.outputs[names.index(wanted)].shape[1:]) != shape:
            continue
        inputs = _examples(model, other, rows, known, (*asked, other))
        outputs = run(network, *inputs.values(), batch_size=rows)
        return np.asarray(outputs[names.index(wanted)] if len(names) > 1 else outputs)
    return None


def _fits(array: np.ndarray, shape: tuple[Any, ...]) -> bool:
    sides = zip(array.shape[1:], shape, strict=False)
    return array.ndim == len(shape) + 1 and all(b in (None, a) for a, b in sides)


def _drawn(shape: tuple[Any, ...], rows: int, seed: int) -> np.ndarray:
    """Return normal numbers, of pictures in (-1, 1)."""
    sides = [16 if side is None else side for side in shape]
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = random.standard_normal((rows, *sides), dtype=np.float32)
    return np.tanh(drawn) if len(sides) == 3 else drawn


def _probe_inputs(model: Any, rows: int, seed: int = 0) -> Arrays:
    try:
        made = model.probe_inputs(n=rows, seed=seed)
    except InvalidArgumentError:  # a class of one's own that states none
        return {}
    return {name: np.asarray(array, np.float32) for name, array in made.items()}
