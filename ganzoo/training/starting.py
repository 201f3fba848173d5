"""The weights that a training starts from instead of fresh ones (`--from`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.errors import InvalidArgumentError
from ganzoo.presets.find import Resolved, load, resolve

# Arguments that change what a layer does while training, and no weight and no output's meaning.
_FREE = ("dropout", "negative_slope")


def give_weights(model: Any, found: Resolved, start: str, *, stated: bool = False) -> None:
    """Give a fresh model the weights of another one.

    Args:
        model: Of the entry's arguments; its networks and their averages get the weights. Those that
            only train are in no preset, and stay fresh.
        found: The entry.
        start: A name in the zoo, or a preset, a run or a `.keras` file.
        stated: Whether the entry's own recipe starts there. Then arguments may differ, and a
            network that only judges stays fresh where its weights do not fit.

    Raises:
        InvalidArgumentError: The other one is of another family, or its arguments differ.
    """
    begun = resolve(start)
    if begun.family != found.family:
        raise InvalidArgumentError(
            f"--from {start} is a {begun.family}, {found.name} a {found.family}: its networks are "
            f"others. {_instead(begun)}"
        )
    other = load(start)
    given = {n: network for n, network in model.networks.items() if n not in model.training_only}
    fitting = {n: network for n, network in given.items() if _fits(other.networks[n], network)}
    needed = model.averaged if stated else tuple(given)
    differences = [] if stated else _differing_arguments(other, model)
    differences = differences or [
        f"the weights of the {name} have other shapes" for name in needed if name not in fitting
    ]
    if differences:
        raise InvalidArgumentError(
            f"--from {start} does not fit {found.name}: {'; '.join(differences)}. {_instead(begun)}"
        )
    for name, network in fitting.items():
        weights = other.inference_network(name).get_weights()
        network.set_weights(weights)
        if name in model.averages:
            model.averages[name].set_weights(weights)


def _instead(begun: Resolved) -> str:
    if begun.entry is None:
        return "Weights go into a model of the same family and the same arguments."
    return f"Its own recipe is `ganzoo train {begun.name} --from {begun.name}`."


def _differing_arguments(other: Any, model: Any) -> list[str]:
    """Return a phrase per argument that differs."""
    theirs, ours = _arguments(other), _arguments(model)
    names = [name for name in ours if not _is_free(name) and theirs.get(name) != ours[name]]
    return [f"{name} is {theirs.get(name)!r} there and {ours[name]!r} here" for name in names]


def _fits(there: Any, here: Any) -> bool:
    return [w.shape for w in there.weights] == [w.shape for w in here.weights]


def _is_free(argument: str) -> bool:
    """Whether networks of other values have the same weights, as the weight of a loss term."""
    return argument in _FREE or argument.endswith("_weight")


def _arguments(model: Any) -> Mapping[str, Any]:
    training = model.common_config()
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in model.get_config().items()
        if name not in training
    }
