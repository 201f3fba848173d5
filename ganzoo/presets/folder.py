"""The preset folder: write it, read it, refuse a bad one.

    config.json        class and constructor arguments, plain data; SHA-256 of the weights
    model.weights.h5   generator and discriminator, float32, without optimizers
    probe.npz          latents and the outputs they must give, on every backend
    samples.png        a grid of samples
    README.md          the card (shipped checkpoints)

A preset is what samples: the averaged generator, where there is one, is written as the generator.
To go on with a training exactly, save the whole model with `gan.save("file.keras")` instead.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import plots, zoo
from ganzoo.errors import InvalidArgumentError, OutputError, PresetError
from ganzoo.files.reading import sha256_of
from ganzoo.files.writing import write_text, written
from ganzoo.game.latent import GAN
from ganzoo.presets import preflight
from ganzoo.random import draw_latents
from ganzoo.zoo import registry

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
PROBE = "probe.npz"
SAMPLES = "samples.png"
PROBE_SIZE = 8
TOLERANCE = 1e-4
_TRAINING_ONLY = ("name", "seed", "ema_momentum")


def save(gan: GAN, folder: Any, *, overwrite: bool = False) -> None:
    """Write a preset folder.

    Args:
        gan: A model of one of the zoo's families.
        folder: Made if missing. Other files in it stay.
        overwrite: Replace the preset that is there.

    Raises:
        InvalidArgumentError: The model's class is not in the zoo, so `load` could not build it.
        OutputError: A preset is there already, or the disk refuses.
    """
    family = _family(gan)
    folder = Path(folder)
    if (folder / CONFIG).exists() and not overwrite:
        raise OutputError(f"{folder} already holds a preset; pass overwrite=True to replace it.")
    plain = _plain_copy(gan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    with written(folder / WEIGHTS) as temporary:
        temporary.write_bytes(preflight.weights_image(plain))
    _write_probe(plain, folder / PROBE)
    if plain.data_shape[-1] in (1, 3, 4) and len(plain.data_shape) == 3:
        images = plain.sample(100, seed=0)
        plots.save(plots.grid(images, scale=2), folder / SAMPLES)
    config = {
        "format": preflight.FORMAT,
        "class": family,
        "config": _architecture(gan),
        "keras": keras.__version__,
        "sha256": {name: sha256_of(folder / name) for name in (WEIGHTS, PROBE)},
    }
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")  # last: it makes the preset


def load(folder: Any, **overrides: Any) -> GAN:
    """Read a preset folder; the weights are checked before Keras sees the file.

    Args:
        folder: What `save` wrote.
        **overrides: Constructor arguments to change; the networks' weights must keep their shapes.

    Raises:
        PresetError: A file is missing, damaged, or of another form than ganzoo writes.
        InvalidArgumentError: An override is not an argument of the class.
    """
    folder = Path(folder)
    config = preflight.check_config(folder / CONFIG)
    preflight.check_hashes(folder, config)
    cls = registry.model_class(config["class"])
    plain = _in_float32(cls, config["config"])
    _load_weights(plain, folder / WEIGHTS)
    if not overrides and keras.config.dtype_policy().name == "float32":
        return plain
    gan = cls.from_config({**config["config"], **overrides})
    _copy_networks(plain, gan)
    return gan


def check_probe(gan: GAN, folder: Any) -> float:
    """Return the largest absolute difference between the probe's outputs and the model's.

    Raises:
        PresetError: The difference is above 1e-4, or the probe does not fit the model.
    """
    path = Path(folder) / PROBE
    latents, outputs = preflight.read_probe(path, gan.latent_dim, gan.data_shape)
    difference = float(np.abs(gan.generate(latents) - outputs).max())
    if not difference <= TOLERANCE:
        raise PresetError(
            f"The model differs from its probe by {difference:.2g}, more than {TOLERANCE:g}."
        )
    return difference


def _family(gan: GAN) -> str:
    name = type(gan).__name__
    path = f"{type(gan).__module__}:{name}"
    if name not in zoo.FAMILIES or zoo.FAMILIES[name].class_path != path:
        raise InvalidArgumentError(
            f"Only classes of the zoo ({', '.join(zoo.FAMILIES)}) can be saved as a preset; "
            f"got {path}. Save other models with model.save('file.keras')."
        )
    return name


def _architecture(gan: GAN) -> dict[str, Any]:
    """Return the constructor arguments that a preset states: those of the networks."""
    config = {key: value for key, value in gan.get_config().items() if key not in _TRAINING_ONLY}
    return {key: list(v) if isinstance(v, tuple) else v for key, v in config.items()}


def _in_float32(cls: type[GAN], config: dict[str, Any]) -> GAN:
    """Build a model in float32, whatever the global policy is."""
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        return cls.from_config(config)
    finally:
        keras.config.set_dtype_policy(previous)


def _plain_copy(gan: GAN) -> GAN:
    """Return a float32 copy with the weights that sample, without average and optimizers."""
    plain = _in_float32(type(gan), _architecture(gan))
    plain.generator.set_weights(gan.sampling_generator.get_weights())
    plain.discriminator.set_weights(gan.discriminator.get_weights())
    plain.optimizer = None
    return plain


def _copy_networks(plain: GAN, gan: GAN) -> None:
    """Copy both networks; the overrides must have left their shapes alone."""
    shapes = [[v.shape for v in model.generator.weights + model.discriminator.weights]
              for model in (plain, gan)]  # fmt: skip
    if shapes[0] != shapes[1]:
        raise InvalidArgumentError(
            "The overrides change the networks' weights, so that the preset does not fit; only "
            "such as dropout, ema_momentum, negative_slope and seed can be overridden."
        )
    gan.generator.set_weights(plain.generator.get_weights())
    gan.discriminator.set_weights(plain.discriminator.get_weights())
    if gan.averaged_generator is not None:
        gan.averaged_generator.set_weights(plain.generator.get_weights())


def _load_weights(plain: GAN, path: Path) -> None:
    optimizer, plain.optimizer = plain.optimizer, None  # a preset holds no optimizer
    try:
        preflight.check_weights(path, preflight.expected_from_model(plain))
        plain.load_weights(path)
    finally:
        plain.optimizer = optimizer


def _write_probe(plain: GAN, path: Path) -> None:
    latents = draw_latents(PROBE_SIZE, plain.latent_dim, seed=0)
    with written(path, suffix=".npz") as temporary:
        np.savez(temporary, latents=latents, outputs=plain.generate(latents))
