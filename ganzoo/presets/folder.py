"""The preset folder: write it, read it, refuse a bad one. Its form is told in README.md here.

A preset is what is used after training: the averaged copy of a network, where there is one, is
written as the network, without optimizers and random states. To go on with a training exactly, save
the whole model with `model.save("file.keras")` instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import plots, zoo
from ganzoo.errors import InvalidArgumentError, OutputError, PresetError
from ganzoo.files.reading import sha256_of
from ganzoo.files.writing import write_text, written
from ganzoo.game import policies
from ganzoo.presets import hdf5, npz, preflight
from ganzoo.presets.arguments import check_values
from ganzoo.presets.policy import under_policy
from ganzoo.zoo import registry

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
PROBE = "probe.npz"
SAMPLES = "samples.png"
TOLERANCE = 1e-4


def save(model: Any, folder: Any, *, overwrite: bool = False) -> None:
    """Write a preset folder.

    Args:
        model: A model of one of the zoo's families.
        folder: Made if missing. Other files in it stay.
        overwrite: Replace the preset that is there.

    Raises:
        InvalidArgumentError: `load` could not build the model: its class is not in the zoo, or an
            argument is out of bounds.
        OutputError: A preset is there already, or the disk refuses.
    """
    folder = Path(folder)
    config = _description(model)
    if (folder / CONFIG).exists() and not overwrite:
        raise OutputError(f"{folder} already holds a preset; pass overwrite=True to replace it.")
    plain = _plain_copy(model, config["config"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    write_weights(folder / WEIGHTS, inference_networks(plain))
    inputs = plain.probe_inputs()
    npz.write_probe(folder / PROBE, inputs, plain.probe(inputs))
    _write_picture(plain, folder / SAMPLES)
    config["sha256"] = {name: sha256_of(folder / name) for name in (WEIGHTS, PROBE)}
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")  # last: it makes the preset


def load(folder: Any, **overrides: Any) -> Any:
    """Return the model of a preset folder; everything is checked before anything is built.

    Args:
        folder: What `save` wrote.
        **overrides: Constructor arguments to change; the networks' weights must keep their shapes.

    Raises:
        PresetError: A file is missing, damaged, or of another form than ganzoo writes.
        InvalidArgumentError: An override is not an argument of the class, or changes the weights.
    """
    folder = Path(folder)
    config = preflight.check_config(folder / CONFIG)
    preflight.check_hashes(folder, config)
    cls: Any = registry.model_class(config["class"])
    preflight.check_constructor(folder / CONFIG, config)
    model = cls.from_config({**config["config"], **overrides})
    try:
        weights = read_weights(folder, config["networks"], inference_networks(model))
    except PresetError:
        if not overrides:
            raise
        stated = cls.from_config(config["config"])
        read_weights(folder, config["networks"], inference_networks(stated))
        raise InvalidArgumentError(
            "The overrides change the networks' weights, so that the preset does not fit; only "
            "such as dropout, ema_momentum, negative_slope and seed can be overridden."
        ) from None
    for name, values in weights.items():
        model.networks[name].set_weights(values)
        if name in model.averages:
            model.averages[name].set_weights(values)
    return model


def check_probe(model: Any, folder: Any) -> float:
    """Return the largest absolute difference between the probe's outputs and the model's.

    Raises:
        PresetError: The difference is above 1e-4, or the probe does not fit the model.
    """
    path = Path(folder) / PROBE
    rows = {name: array.shape[1:] for name, array in model.probe_inputs(n=1).items()}
    inputs, outputs = npz.read_probe(path, rows)
    found = model.probe(inputs)
    shapes = [{name: array.shape for name, array in side.items()} for side in (outputs, found)]
    if shapes[0] != shapes[1]:
        raise PresetError(f"{path} has outputs {shapes[0]}; the model gives {shapes[1]}")
    difference = max(float(np.abs(found[name] - outputs[name]).max()) for name in outputs)
    if not difference <= TOLERANCE:
        raise PresetError(
            f"The model differs from its probe by {difference:.2g}, more than {TOLERANCE:g}."
        )
    return difference


def inference_networks(model: Any) -> dict[str, keras.Model]:
    """Return the networks that a preset holds, by name: averaged copies where there are some."""
    names = [name for name in model.networks if name not in model.training_only]
    return {name: model.inference_network(name) for name in names}


def data_sets(networks: Mapping[str, keras.Model]) -> dict[str, list[str]]:
    """Return what a new preset calls the weights of its networks: `generator/0` and so on."""
    return {
        name: [f"{name}/{index}" for index in range(len(network.weights))]
        for name, network in networks.items()
    }


def write_weights(path: Path, networks: Mapping[str, keras.Model]) -> None:
    """Write networks' weights under the names of `data_sets`."""
    arrays = {
        place: np.asarray(array)
        for name, places in data_sets(networks).items()
        for place, array in zip(places, networks[name].get_weights(), strict=True)
    }
    with written(path) as temporary:
        temporary.write_bytes(hdf5.image_of(arrays))


def read_weights(
    folder: Path, lists: Mapping[str, list[str]], networks: Mapping[str, keras.Model]
) -> dict[str, list[np.ndarray]]:
    """Return the values of every network's weights, in order.

    Args:
        folder: A preset folder.
        lists: The checked `networks` of its `config.json`.
        networks: Built networks by name; nothing is assigned.

    Raises:
        PresetError: The lists or the file are not those of these networks.
    """
    path = folder / CONFIG
    if set(lists) != set(networks):
        raise PresetError(
            f"{path}: networks lists {', '.join(lists)}; the model has {', '.join(networks)}"
        )
    expected: dict[str, tuple[tuple[int, ...], Any]] = {}
    for name, places in lists.items():
        weights = networks[name].weights
        if len(places) != len(weights):
            raise PresetError(
                f"{path}: networks lists {len(places)} data sets for {name!r}, which has"
                f" {len(weights)} weights"
            )
        for place, weight in zip(places, weights, strict=True):
            expected[place] = (tuple(weight.shape), _file_dtype(weight))
    values = hdf5.read_weights(folder / WEIGHTS, expected)
    return {name: [values[place] for place in places] for name, places in lists.items()}


def _file_dtype(weight: Any) -> str:
    """Return the type in the file: float32 for all floats, as under a policy of half precision."""
    dtype = keras.backend.standardize_dtype(weight.dtype)
    return "float32" if "float" in dtype else dtype


def _description(model: Any) -> dict[str, Any]:
    """Return the content of `config.json`, hashes aside; what `load` would refuse is refused."""
    family = _family(model)
    _refuse_quantised(model)
    training = model.common_config()
    config = {key: value for key, value in model.get_config().items() if key not in training}
    content: dict[str, Any] = {
        "format": preflight.FORMAT,
        "class": family,
        "task": zoo.FAMILIES[family].task,
        "config": {key: list(v) if isinstance(v, tuple) else v for key, v in config.items()},
        "networks": data_sets(inference_networks(model)),
        "keras": keras.__version__,
    }
    try:
        check_values(content["config"])
        preflight.check_constructor(family, content)
        preflight.check_lists(content["networks"])
    except PresetError as error:
        raise InvalidArgumentError(f"The model cannot be saved as a preset: {error}") from error
    return content


def _family(model: Any) -> str:
    name = type(model).__name__
    path = f"{type(model).__module__}:{name}"
    if name not in zoo.FAMILIES or zoo.FAMILIES[name].class_path != path:
        raise InvalidArgumentError(
            f"Only classes of the zoo ({', '.join(zoo.FAMILIES)}) can be saved as a preset, which "
            f"names a class and holds no code; got {path}. Save it with "
            "model.save('file.keras'): ganzoo.load reads that where the class is imported."
        )
    return name


def _refuse_quantised(model: Any) -> None:
    for name in policies.is_quantised(model):
        raise InvalidArgumentError(
            f"A preset holds float32 weights, and the {name} is quantised: save the preset before "
            "quantize(), or the quantised model with model.save('file.keras')."
        )


def _plain_copy(model: Any, config: Mapping[str, Any]) -> Any:
    """Return a float32 copy with the weights that are used after training."""
    with under_policy("float32"):
        plain = type(model).from_config(config)
    for name, network in inference_networks(model).items():
        plain.networks[name].set_weights(network.get_weights())
    return plain


def _write_picture(plain: Any, path: Path) -> None:
    """Draw a grid of what the model shows of itself (`preset_images`), where it shows anything."""
    images = plain.preset_images() if hasattr(plain, "preset_images") else None
    if images is not None:
        plots.save(plots.grid(images, scale=2), path)
