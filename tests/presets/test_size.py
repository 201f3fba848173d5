"""A model's parameters, counted before it is built, against those of the built model."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from ganzoo import zoo
from ganzoo.errors import PresetError
from ganzoo.presets import size
from ganzoo.presets.arguments import check_values
from ganzoo.zoo import registry

MOST = 30  # times the truth
MODELS = {
    **{f"tiny {name}": (name, family.tiny) for name, family in zoo.FAMILIES.items()},
    **{name: (entry.family, entry.config) for name, entry in zoo.ENTRIES.items()},
}


@pytest.mark.parametrize("name", MODELS)
def test_count_is_above_the_truth_and_not_far(name: str) -> None:
    family, arguments = MODELS[name]
    cls = registry.model_class(family)
    model = cls(**arguments)
    truth = sum(network.count_params() for network in model.networks.values())
    count = size.count_parameters(cls, model.get_config())
    assert truth <= count <= MOST * truth


ODD: list[tuple[str, dict[str, Any]]] = [
    ("VanillaGAN", {"image_shape": (1, 1, 1), "generator_units": (1,), "batch_norm": True}),
    ("VanillaGAN", {"latent_dim": 40, "generator_units": (2, 24), "discriminator_units": (1,)}),
    ("DCGAN", {"image_shape": (7, 5, 3), "generator_filters": (9,), "generator_strides": (1,)}),
    ("DCGAN", {"latent_dim": 1, "generator_strides": (2, 1, 2), "use_bias": True}),
    ("ConditionalDCGAN", {"classes": [str(index) for index in range(200)], "kernel_size": 1}),
    ("WGANGP", {"generator_filters": (), "discriminator_filters": ()}),
    ("WGANGP", {"generator_filters": (), "generator_units": (8,), "discriminator_units": (7, 6)}),
    ("WGANGP", {"discriminator_filters": (), "discriminator_units": (5,)}),
    ("WGANGP", {"generator_filters": (1,), "generator_units": (1,), "batch_norm": True}),
    ("WGANGP", {"data_shape": (9,), "generator_filters": (), "discriminator_filters": ()}),
    ("Pix2Pix", {}),
    ("Pix2Pix", {"source_shape": (4, 4, 3), "channels": 4, "generator_filters": (1,)}),
    ("Zi2Zi", {"styles": [str(index) for index in range(200)], "embedding_dim": 300}),
    ("Zi2Zi", {"image_shape": (4, 4, 3), "generator_filters": (1,), "discriminator_filters": (1,)}),
    ("CycleGAN", {"image_shape": (8, 12, 1)}),
    ("CycleGAN", {"filters": 1, "blocks": 9, "discriminator_filters": (3,)}),
    ("FATGAN", {"features": ("px",), "generator_units": (1,), "discriminator_units": (1,)}),
]


@pytest.mark.parametrize(("family", "arguments"), ODD)
def test_count_is_above_the_truth_for_odd_sizes(family: str, arguments: dict[str, Any]) -> None:
    cls = registry.model_class(family)
    model = cls(**arguments)
    truth = sum(network.count_params() for network in model.networks.values())
    assert size.count_parameters(cls, model.get_config()) >= truth


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_shipped_sizes_are_accepted(family: str) -> None:
    cls = registry.model_class(family)
    for entry in zoo.ENTRIES.values():
        if entry.family == family:
            defaults = {
                name: parameter.default
                for name, parameter in inspect.signature(cls).parameters.items()
                if parameter.kind != parameter.VAR_KEYWORD
            }
            size.check_size(cls, {**defaults, **entry.config})


class Deep:
    """Something with sizes that are single integers."""


class Told:
    """Something that counts its own parameters."""

    @staticmethod
    def count_parameters(**arguments: Any) -> int:
        return 10 * arguments["width"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"width": 8192, "depth": 8192},
        {"width": 8192, "depth": 2},
        {"units": 2048, "blocks": 64},
        {"image_shape": [64, 64, 3], "filters": 1024, "stages": 8},
        {"image_shape": [64, 64, 3], "filters": 4096},
        {"image_shape": [1024, 1024, 3], "channels": 64, "kernel_size": 64, "levels": 8},
        {"hidden": 1000, "heads": 1000},
    ],
)
def test_single_integers_count(arguments: dict[str, Any]) -> None:
    with pytest.raises(PresetError, match="parameters; at most"):
        size.check_size(Deep, arguments)


def test_a_class_may_count_itself() -> None:
    assert size.count_parameters(Told, {"width": 8192, "depth": 8192}) == 81920


def test_unknown_integers_are_bounded() -> None:
    check_values({"depth": 1024})
    for name in ("depth", "blocks", "anything"):
        with pytest.raises(PresetError, match="within 0 and 1024"):
            check_values({name: 1025})
