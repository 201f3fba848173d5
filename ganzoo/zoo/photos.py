"""The zoo's models that enlarge photographs, as data: configurations and recipes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import falling

_PHOTOGRAPHS = {
    "data": "random crops of 33 photographs with a short side of 720 pixels; the Kodak set is held "
    "out",
    "credit": "Unsplash's photographers of pop-os/wallpapers (public domain); the authors in the "
    "names of lomiri-wallpapers 16.04 and 20.04 (CC-BY-4.0, CC-BY-SA-4.0)",
    "licence": "CC-BY-SA-4.0",
}
_BLOCKS = {"channels": 3, "filters": 64, "blocks": 8, "upsampling_filters": 32}
_JUDGES = {"discriminator_filters": (32, 64, 128)}
_SMOOTH = {"discriminator_filters": (48, 96, 192), "adversarial_weight": 0.03, "blurred": True}
_ALONE = {**_JUDGES, "adversarial_weight": 0.0}
_WAITS = {"steps": {"discriminator": 0}}
_AT_ONCE = {"simultaneous": True}
DISTANCE, GAME, SHORT = 16, 8, 4  # epochs of 500 steps


def _adam(learning_rate: float, beta_1: float = 0.9) -> dict[str, Any]:
    return {"learning_rate": falling(learning_rate), "beta_1": beta_1}


# The features of photographs count for as much as the pixels.
_FEATURES = {"content": "photo_features", "content_weight": 0.1}
_USED_TO = Stage(2, {"generator": _adam(3e-4)}, {**_WAITS, **_FEATURES})


def _game(epochs: int) -> Stage:
    """After more epochs than these the generator draws streaks over what has texture."""
    players = {"discriminator": _adam(2e-4), "generator": _adam(1e-4)}
    return Stage(epochs, players, {**_AT_ONCE, **_FEATURES})


_FIRST = Stage(DISTANCE, {"generator": _adam(5e-4)}, _WAITS)


def _recipe(seed: int, *stages: Stage, start: str | None = None) -> Recipe:
    """A recipe of batches of 16 crops of 24x24 small pixels."""
    return Recipe(
        "photographs",
        16,
        seed,
        stages,
        ema_momentum=0.999,
        dtype_policy="mixed_bfloat16",
        start=start,
    )


def _entry(
    family: str, summary: str, config: Mapping[str, Any], generator: int, recipe: Recipe
) -> Entry:
    # A bias of the logits cancels out in ESRGAN's relativistic loss.
    judge = {(32, 64, 128): 168_417, (48, 96, 192): 375_505}[config["discriminator_filters"]]
    sizes = {"generator": generator, "discriminator": judge - (family == "ESRGAN")}
    return Entry(family, summary, config, parameters=sizes, recipe=recipe, **_PHOTOGRAPHS)


ENTRIES: dict[str, Entry] = {
    "srresnet_x4": _entry(
        "SRGAN",
        "Photographs enlarged four times, by the distance alone: the generator of srgan_x4",
        {"scale": 4, **_BLOCKS, **_ALONE},
        741_923,
        _recipe(4, _FIRST),
    ),
    "srgan_x4": _entry(
        "SRGAN",
        "Photographs enlarged four times: srresnet_x4, and then a game",
        {"scale": 4, **_BLOCKS, **_SMOOTH},
        741_923,
        _recipe(4, _USED_TO, _game(GAME), start="srresnet_x4"),
    ),
    "srresnet_x2": _entry(
        "SRGAN",
        "Photographs enlarged twice, by the distance alone: the generator of srgan_x2",
        {"scale": 2, **_BLOCKS, **_ALONE},
        704_899,
        _recipe(2, _FIRST),
    ),
    "srgan_x2": _entry(
        "SRGAN",
        "Photographs enlarged twice: srresnet_x2, and then a game",
        # By a weight of 0.03 and twice as many epochs a grid of two pixels lies over texture.
        {"scale": 2, **_BLOCKS, **_SMOOTH, "adversarial_weight": 0.01},
        704_899,
        _recipe(2, _USED_TO, _game(SHORT), start="srresnet_x2"),
    ),
    "esrgan_x4": _entry(
        "ESRGAN",
        "Photographs enlarged four times by dense blocks, in a relativistic game",
        {
            "channels": 3,
            "scale": 4,
            "filters": 32,
            "growth": 16,
            "blocks": 3,
            "upsampling_filters": 32,
            **_SMOOTH,
            "adversarial_weight": 0.01,
        },
        624_995,
        _recipe(44, _FIRST, _USED_TO, _game(SHORT)),
    ),
}
