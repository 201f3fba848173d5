"""From a recipe to a model that is ready for `fit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo import augmentation, penalties, schedules
from ganzoo.presets import feature_networks
from ganzoo.presets.find import Resolved
from ganzoo.training.starting import give_weights
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Recipe, Stage


def built_in_its_dtype(found: Resolved, recipe: Recipe, start: str | None) -> Any:
    """Return what `build` makes under the recipe's dtype policy."""
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(recipe.dtype_policy)
    try:
        return build(found, recipe, start)
    finally:
        keras.config.set_dtype_policy(previous)


def build(found: Resolved, recipe: Recipe, start: str | None = None) -> Any:
    """Return a recipe's model with fresh weights, or with `start`'s."""
    keras.utils.set_random_seed(recipe.seed)
    options: dict[str, Any] = {"ema_momentum": recipe.ema_momentum, "seed": recipe.seed}
    model: Any = registry.model_class(found.family)(**found.config, **options)
    if start is not None:
        give_weights(model, found, start, stated=start == recipe.start)
    return model


def compile_for(model: Any, stage: Stage, steps_per_epoch: int, batch_size: int) -> None:
    """Compile a model as a stage of a recipe says.

    Args:
        model: The model.
        stage: Optimizers by player, and the other arguments of `compile`.
        steps_per_epoch: Steps; a player takes its `steps` of updates in each.
        batch_size: Examples per step.
    """
    images = steps_per_epoch * batch_size
    options = in_images(stage.compile, images, stage.epochs)
    if "penalty" in options:
        stated = options["penalty"]
        several = stated if isinstance(stated, list | tuple) else [stated]
        options["penalty"] = [
            _named(penalties, in_images(one, images, stage.epochs)) for one in several
        ]
    if "augmentation" in options:
        stated = in_images(options["augmentation"], images, stage.epochs)
        options["augmentation"] = _named(augmentation, stated, "Augmentation")
    if "content" in options:
        options["content"] = feature_networks.maps(options["content"])
    model.compile(**options)  # it says how many steps each player takes
    optimizers = {
        player: schedules.adam(
            batch_size / max(model.steps[player], 1), **in_images(arguments, images, stage.epochs)
        )
        for player, arguments in stage.optimizers.items()
    }
    model.compile(optimizers=optimizers, **options)


def in_images(stated: Mapping[str, Any], images: int, epochs: int) -> dict[str, Any]:
    """Return arguments whose schedules count images, where a recipe counts epochs.

    Args:
        stated: Arguments; a schedule is {"from": ..., "to": ...}, with "over" in images, with
            "over_epochs", or with neither for the whole stage; "after_epochs" is "after" in images.
        images: Of an epoch.
        epochs: Of the stage.
    """
    made = dict(stated)
    for name, value in stated.items():
        if isinstance(value, Mapping) and "from" in value and "over" not in value:
            value = dict(value)
            value["over"] = value.pop("over_epochs", epochs) * images
            if "after_epochs" in value:
                value["after"] = value.pop("after_epochs") * images
            made[name] = value
    return made


def _named(module: Any, stated: Mapping[str, Any], usual: str = "") -> Any:
    """Return what a module has by a name, made from `{"name": ..., **arguments}`."""
    arguments = dict(stated)
    return getattr(module, arguments.pop("name", usual))(**arguments)
