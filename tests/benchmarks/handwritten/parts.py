"""The networks as lists of layers, (what, options), for the two frameworks with functions only."""

from __future__ import annotations

import math
from typing import Any

Parts = list[tuple[str, dict[str, Any]]]


def dcgan(config: dict[str, Any]) -> tuple[Parts, Parts]:
    height, width = config["image_shape"][:2]
    filters, strides = config["generator_filters"], config["generator_strides"]
    bias, leaky = {"bias": config["use_bias"]}, ("leaky", {"slope": config["negative_slope"]})
    base = (height // math.prod(strides), width // math.prod(strides), filters[0])
    generator: list[Any] = [("dense", bias), ("norm", {}), leaky, ("reshape", {"shape": base})]
    for index, stride in enumerate(strides):
        generator += [("norm", {}), leaky] if index else []
        generator.append(("up", {"stride": stride, **bias}))
    discriminator: list[Any] = []
    for _ in config["discriminator_filters"]:
        discriminator += [("conv", {}), leaky]
        discriminator += [("dropout", {"rate": config["dropout"]})] if config["dropout"] else []
    size = height * width * config["discriminator_filters"][-1]
    size //= 4 ** len(config["discriminator_filters"])
    return [*generator, ("tanh", {})], [
        *discriminator, ("reshape", {"shape": (size,)}), ("dense", {})
    ]  # fmt: skip


def vanilla(config: dict[str, Any]) -> tuple[Parts, Parts]:
    leaky, shape = ("leaky", {"slope": config["negative_slope"]}), config["image_shape"]
    generator: list[Any] = []
    for _ in config["generator_units"]:
        generator += [("dense", {}), leaky]
        generator += [("norm", {})] if config["batch_norm"] else []
    generator += [("dense", {}), ("tanh", {}), ("reshape", {"shape": shape})]
    discriminator: list[Any] = [("reshape", {"shape": (math.prod(shape),)})]
    for _ in config["discriminator_units"]:
        discriminator += [("dense", {}), leaky]
        discriminator += [("dropout", {"rate": config["dropout"]})] if config["dropout"] else []
    return generator, [*discriminator, ("dense", {})]


def perceptron(units: Any, slope: float) -> Parts:
    return [
        *(part for _ in units for part in (("dense", {}), ("leaky", {"slope": slope}))),
        ("dense", {}),
    ]


def networks(family: str, config: dict[str, Any]) -> tuple[Parts, Parts]:
    """Return the layers of the generator and of the discriminator."""
    if family == "FATGAN":
        slope = config["negative_slope"]
        units = config["generator_units"], config["discriminator_units"]
        return perceptron(units[0], slope), perceptron(units[1], slope)
    return {"VanillaGAN": vanilla, "DCGAN": dcgan}[family](config)
