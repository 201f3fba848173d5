"""What the recipes of several entries have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Recipe, Stage

ADAM = {"learning_rate": 2e-4, "beta_1": 0.5}
MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}
MNIST_100 = {**MNIST, "data": f"{MNIST['data']}, of which 100 have labels"}
# Of the small networks that games on digits are compared by.
SIZES: dict[str, Any] = {
    "image_shape": (28, 28, 1),
    "generator_filters": (64, 32),
    "discriminator_filters": (32, 64),
    "kernel_size": 5,
    "negative_slope": 0.2,
}


def in_one_stage(
    epochs: int,
    seed: int,
    optimizers: Mapping[str, Mapping[str, Any]],
    data: str = "mnist",
    batch_size: int = 64,
    dtype: str = "mixed_bfloat16",
    **compile: Any,
) -> Recipe:
    """A recipe of one stage, with averaged networks."""
    stage = Stage(epochs=epochs, optimizers=optimizers, compile=compile)
    return Recipe(data, batch_size, seed, (stage,), ema_momentum=0.999, dtype_policy=dtype)


def both(adam: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The same optimizer for both players of a GAN."""
    return {"discriminator": adam, "generator": adam}


def two_rates(epochs: int) -> dict[str, Mapping[str, Any]]:
    """A generator five times as fast as its discriminator: arXiv:1606.03657, appendix C.1."""
    return {"discriminator": cosine(2e-4, epochs), "generator": cosine(1e-3, epochs)}


def falling(learning_rate: float, epochs: int | None = None) -> dict[str, float]:
    """A rate that falls along a cosine to 2 % over so many epochs, by default the stage's."""
    over = {} if epochs is None else {"over_epochs": epochs}
    return {"from": learning_rate, "to": 0.02 * learning_rate, **over}


def cosine(learning_rate: float, epochs: int) -> dict[str, Any]:
    """Adam whose rate falls along a cosine to 2 % over `epochs` epochs."""
    return {"learning_rate": falling(learning_rate, epochs), "beta_1": 0.5}


def constant_then_linear(learning_rate: float, epochs: int) -> dict[str, Any]:
    """Adam whose rate stays for half of the epochs and falls to 0 along a line over the others.

    As in CycleGAN (arXiv:1703.10593, section 4).
    """
    half = epochs / 2
    falling = {"over_epochs": half, "after_epochs": half, "shape": "linear"}
    return {"learning_rate": {"from": learning_rate, "to": 0.0, **falling}, "beta_1": 0.5}


def smooth(data: str, epochs: int, seed: int, batch_size: int = 32, weight: float = 0.05) -> Recipe:
    """A recipe of one stage that keeps the discriminator smooth from the first step on."""
    stage = Stage(
        epochs=epochs,
        optimizers=both(cosine(3e-4, epochs)),
        # Half of the batch is enough for the penalty, the slow part of the step.
        compile={"simultaneous": True, "penalty": {"name": "R1", "weight": weight, "every": 2}},
    )
    return Recipe(
        data=data,
        batch_size=batch_size,
        seed=seed,
        stages=(stage,),
        ema_momentum=0.999,
        dtype_policy="mixed_bfloat16",
    )


def easing(gamma: float) -> dict[str, float]:
    """A penalty's weight that falls to a tenth along a cosine, as in R3GAN's published settings."""
    return {"from": gamma, "to": 0.1 * gamma}


# Colours and places of photographs may change more than a few of them show.
ADAPTIVE: dict[str, Any] = {
    "name": "AdaptiveAugmentation", "background": 0.0, "brightness": 0.2, "contrast": 0.3,
    "saturation": 0.5,
}  # fmt: skip
# A pair is told more surely than a picture alone: what is 0.6 of one is about 0.75 of the other.
OF_PAIRS: dict[str, Any] = {**ADAPTIVE, "target": 0.75}


def relativistic(
    data: str,
    epochs: int,
    seed: int,
    gamma: float | Mapping[str, float],
    rate: float = 2e-4,
    mirrored: bool = False,
    **options: Any,
) -> Recipe:
    """R3GAN's recipe with one stage: all that changes, changes along one cosine.

    Half of the batch is enough for each penalty, the slow part of the step, and both players are
    updated by one pass: that takes two thirds of the time.
    """
    adam: Mapping[str, Any] = {"learning_rate": falling(rate), "beta_1": 0.0, "beta_2": 0.99}
    penalties = [{"name": name, "weight": gamma, "every": 2} for name in ("R1", "R2")]
    stage = Stage(epochs, both(adam), {"simultaneous": True, "penalty": penalties, **options})
    return Recipe(
        data,
        64,
        seed,
        (stage,),
        ema_momentum=0.999,
        dtype_policy="mixed_bfloat16",
        mirrored=mirrored,
    )


def small_r3gan(
    filters: tuple[int, ...], shape: tuple[int, ...], latent_dim: int
) -> dict[str, Any]:
    """The configuration of an R3GAN that trains on a processor."""
    return {
        "image_shape": shape,
        "latent_dim": latent_dim,
        "filters": filters,
        "blocks": 2,
        "block": "basic",
        "expansion": 1,
        "negative_slope": 0.2,
    }
