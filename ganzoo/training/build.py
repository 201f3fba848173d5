"""From a recipe to a model that is ready for `fit`."""

from __future__ import annotations

from typing import Any

import keras

from ganzoo import penalties
from ganzoo.augmentation import Augmentation
from ganzoo.presets.find import Resolved, load
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
    if start is not None:
        return load(start, **options)
    return registry.model_class(found.family)(**found.config, **options)


def compile_for(model: Any, stage: Stage, steps_per_epoch: int) -> None:
    """Compile a model as a stage of a recipe says.

    Args:
        model: The model.
        stage: Optimizers by player, and the other arguments of `compile`.
        steps_per_epoch: Steps; a player takes its `steps` of updates in each.
    """
    options = dict(stage.compile)
    if "penalty" in options:
        options["penalty"] = penalties_of(options["penalty"])
    if "augmentation" in options:
        options["augmentation"] = Augmentation(**options["augmentation"])
    steps = options.get("steps", {})
    optimizers = {
        player: adam(arguments, steps.get(player, 1) * steps_per_epoch, stage.epochs)
        for player, arguments in stage.optimizers.items()
    }
    model.compile(optimizers=optimizers, **options)


def penalties_of(stated: Any) -> list[Any]:
    """Return penalties from `{"name": ..., **arguments}`, or from a list of such."""
    made = []
    for one in stated if isinstance(stated, list | tuple) else [stated]:
        arguments = dict(one)
        made.append(getattr(penalties, arguments.pop("name"))(**arguments))
    return made


def adam(arguments: Any, updates_per_epoch: int, epochs: int) -> keras.optimizers.Adam:
    """Return Adam with the arguments of a `Stage`, its cosine decay included."""
    arguments = dict(arguments)
    left = arguments.pop("cosine_decay", None)
    horizon = updates_per_epoch * arguments.pop("cosine_epochs", epochs)
    if left is not None:
        arguments["learning_rate"] = keras.optimizers.schedules.CosineDecay(
            arguments["learning_rate"], horizon, alpha=left
        )
    return keras.optimizers.Adam(**arguments)
