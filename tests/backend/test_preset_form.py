"""The form of a preset belongs to the preset: what a class gains later does not touch it.

A family is written as a preset, then gains a property, an attribute, a random generator or a
dropout layer; the same preset must load, on the backend of this process.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import DCGAN, ConditionalDCGAN, plots, zoo
from ganzoo.layers import dropout
from ganzoo.models import dcgan
from ganzoo.presets import folder as presets
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Family

TINY = zoo.FAMILIES["DCGAN"].tiny


def changing(**members: Any) -> Any:
    """Return the class `Changing`, a DCGAN with these members, as this module's."""
    cls = type("Changing", (DCGAN,), {"__module__": __name__, **members})
    sys.modules[__name__].Changing = cls
    return cls


def with_property() -> None:
    """A property that gives a layer, first in the alphabet."""
    changing(a_first_layer=property(lambda self: self.generator.layers[0]))


def with_attributes() -> None:
    """Attributes: another name of a network, and a layer with weights of its own."""

    def initialise(self: Any, **arguments: Any) -> None:
        DCGAN.__init__(self, **arguments)
        self.a_network = self.generator
        self.helper = keras.layers.Dense(3)
        self.helper.build((None, 2))

    changing(__init__=initialise)


def with_random_generator() -> None:
    """One more random generator."""

    def initialise(self: Any, **arguments: Any) -> None:
        DCGAN.__init__(self, **arguments)
        self.another_seed = keras.random.SeedGenerator(3)

    changing(__init__=initialise)


def with_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more dropout layer in the discriminator, with a random state of its own."""
    build = dcgan.build_discriminator

    def build_more(*arguments: Any, **options: Any) -> Any:
        network = build(*arguments, **options)
        network.add(dropout(0.2))
        return network

    changing()
    monkeypatch.setattr(dcgan, "build_discriminator", build_more)


@pytest.fixture
def preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Path]:
    """A model of the family `Changing` as it is at first, and its preset."""
    family = Family(class_path=f"{__name__}:Changing", paper="", task="sampling")
    monkeypatch.setitem(zoo.FAMILIES, "Changing", family)
    model = changing()(**TINY, ema_momentum=0.9, seed=1)
    model.save_to_preset(tmp_path / "preset")
    return model, tmp_path / "preset"


def equal(model: Any, again: Any) -> bool:
    """Whether both have the same weights, bit by bit."""
    sides = [presets.inference_networks(side) for side in (model, again)]
    return all(
        np.array_equal(a, b)
        for name, network in sides[0].items()
        for a, b in zip(network.get_weights(), sides[1][name].get_weights(), strict=True)
    )


@pytest.mark.parametrize("change", [with_property, with_attributes, with_random_generator])
def test_class_that_gained_something(change: Callable[[], None], preset) -> None:
    model, folder = preset
    change()
    again = ganzoo.load(folder)
    assert type(again) is not type(model)
    assert equal(model, again)
    assert presets.check_probe(again, folder) <= 1e-6
    again.save_to_preset(folder, overwrite=True)
    changing()
    assert equal(model, ganzoo.load(folder))


def test_network_that_gained_a_dropout_layer(preset, monkeypatch) -> None:
    model, folder = preset
    with_dropout(monkeypatch)
    again = ganzoo.load(folder)
    assert len(again.discriminator.layers) == len(model.discriminator.layers) + 1
    assert equal(model, again)


def test_what_is_written(preset) -> None:
    model, folder = preset
    config = json.loads((folder / "config.json").read_text())
    assert list(config) == ["format", "class", "task", "config", "networks", "keras", "sha256"]
    assert (config["format"], config["class"], config["task"]) == (2, "Changing", "sampling")
    assert not {"seed", "ema_momentum", "name"} & set(config["config"])
    counts = {name: len(network.weights) for name, network in model.networks.items()}
    lists = {name: [f"{name}/{i}" for i in range(n)] for name, n in counts.items()}
    assert config["networks"] == lists
    with h5py.File(folder / "model.weights.h5") as file:
        assert {name: len(file[name]) for name in file} == counts
        for name, places in lists.items():
            values = model.inference_network(name).get_weights()
            for place, value in zip(places, values, strict=True):
                assert file[place].dtype == np.float32
                assert file[place].chunks is None
                assert not file[place].attrs
                assert np.array_equal(file[place][()], value)
    with np.load(folder / "probe.npz") as probe:
        assert set(probe.files) == {"input.latents", "output.generator"}


def test_the_picture_is_what_the_model_shows(preset, tmp_path) -> None:
    _, folder = preset
    plots.save(plots.grid(ganzoo.load(folder).sample(100, seed=0), scale=2), tmp_path / "own.png")
    assert (folder / presets.SAMPLES).read_bytes() == (tmp_path / "own.png").read_bytes()
    for name in ("FATGAN", "Pix2Pix"):
        other = registry.model_class(name)(**zoo.FAMILIES[name].tiny)
        other.save_to_preset(tmp_path / name)
        assert not (tmp_path / name / presets.SAMPLES).exists()


def test_same_model_same_bytes(preset, tmp_path) -> None:
    model, folder = preset
    model.save_to_preset(tmp_path / "again")
    for name in ("config.json", "model.weights.h5", "probe.npz"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_random_states_of_older_files_are_passed_over(preset) -> None:
    model, folder = preset
    with h5py.File(folder / "model.weights.h5", "r+") as file:
        file["vars/seed_states"] = np.ones((4, 2), np.int64)
        file["generator/dropout/seed_generator_state"] = np.ones(2, np.uint32)
    config = json.loads((folder / "config.json").read_text())
    content = (folder / "model.weights.h5").read_bytes()
    config["sha256"]["model.weights.h5"] = hashlib.sha256(content).hexdigest()
    (folder / "config.json").write_text(json.dumps(config))
    assert equal(model, ganzoo.load(folder))


def test_overrides(preset) -> None:
    model, folder = preset
    again = ganzoo.load(folder, seed=1, ema_momentum=0.9, dropout=0.1)
    assert equal(model, again)
    assert set(again.averages) == {"generator"}
    assert again.get_config()["dropout"] == 0.1
    assert again.seed == 1
    for wrong in ({"kernel_size": 5}, {"generator_filters": (6, 5, 3)}, {"drop_out": 0.1}):
        with pytest.raises(ganzoo.errors.InvalidArgumentError) as caught:
            ganzoo.load(folder, **wrong)
        assert "\n" not in str(caught.value)


def test_half_precision_is_written_and_read_as_float32(preset, tmp_path) -> None:
    _, folder = preset
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = ganzoo.load(folder)
    assert model.generator.dtype_policy.name == "mixed_bfloat16"
    model.save_to_preset(tmp_path / "again")
    keras.config.set_dtype_policy("float32")
    assert equal(ganzoo.load(folder), ganzoo.load(tmp_path / "again"))


def test_many_classes(tmp_path) -> None:
    letters = [chr(ord("a") + index) for index in range(26)]
    arguments = {**zoo.FAMILIES["ConditionalDCGAN"].tiny, "classes": letters}
    model = ConditionalDCGAN(**arguments)
    model.save_to_preset(tmp_path / "letters")
    again = ganzoo.load(tmp_path / "letters")
    assert list(again.classes) == letters
    assert equal(model, again)
    assert presets.check_probe(again, tmp_path / "letters") <= 1e-6


def test_what_load_would_refuse_is_not_written(tmp_path) -> None:
    classes = [str(index) for index in range(201)]
    model = ConditionalDCGAN(**{**zoo.FAMILIES["ConditionalDCGAN"].tiny, "classes": classes})
    with pytest.raises(ganzoo.errors.InvalidArgumentError, match="201 entries"):
        model.save_to_preset(tmp_path / "many")
    assert not (tmp_path / "many").exists()


def test_training_only_networks_are_left_out() -> None:
    model = SimpleNamespace(
        networks={"generator": 1, "pool": 2},
        training_only=("pool",),
        inference_network=lambda name: f"averaged {name}",
    )
    assert presets.inference_networks(model) == {"generator": "averaged generator"}
