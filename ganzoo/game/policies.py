"""What a saved model must state besides its arguments: its dtype policy, and what is quantised.

Constructor arguments do not say in which precision a network computes; Keras takes that from a
global policy, which another process has another of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from ganzoo.errors import InvalidArgumentError, nearest

_POLICIES = ("float32", "mixed_bfloat16", "mixed_float16", "bfloat16")
FACTS = DTYPE, QUANTISED = "dtype", "quantised"


@contextmanager
def under(policy: Any) -> Iterator[None]:
    """Let a dtype policy be Keras' global one inside of `with`; None changes nothing."""
    previous = keras.config.dtype_policy()
    if policy is not None:
        keras.config.set_dtype_policy(_policy(policy))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(previous)


@contextmanager
def channels_last() -> Iterator[None]:
    """Let pictures be channels last for Keras' layers inside of `with`, as ganzoo's are."""
    previous = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        keras.config.set_image_data_format(previous)


def _policy(policy: Any) -> Any:
    try:
        return keras.dtype_policies.get(policy)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"dtype must be a Keras dtype policy such as {', '.join(_POLICIES)}; got {policy!r}."
            + (nearest(policy, _POLICIES) if isinstance(policy, str) else "")
        ) from error


def stated(model: Any) -> dict[str, Any]:
    """Return what `restored` needs: the model's policy, and the quantised layers of its networks.

    Returns:
        `dtype`, a policy's name or its configuration; `quantised`, only where something is: by
        network, by the layer's place in it, the mode and the configuration.
    """
    policy = model.dtype_policy
    plain = type(policy) is keras.dtype_policies.DTypePolicy
    found = {DTYPE: policy.name if plain else keras.dtype_policies.serialize(policy)}
    quantised = {name: _quantised(network) for name, network in _all_networks(model).items()}
    quantised = {name: layers for name, layers in quantised.items() if layers}
    return {**found, QUANTISED: quantised} if quantised else found


def restored(make: Any, facts: Mapping[str, Any]) -> Any:
    """Return `make()`, a model, in the precision that `stated` said.

    Args:
        make: Builds the model from its arguments.
        facts: What `stated` returned; empty for the global policy.
    """
    with under(facts.get(DTYPE)):
        model = make()
    networks = _all_networks(model)
    for name, layers in (facts.get(QUANTISED) or {}).items():
        leaves = _leaves(networks[name])
        for place, (mode, config) in layers.items():
            layer = leaves[int(place)]
            if getattr(layer, "quantization_mode", None) is None:  # its network says it itself
                config = None if config is None else keras.saving.deserialize_keras_object(config)
                layer.quantize(mode, config=config)
                networks[name]._post_quantize(mode)
    if facts.get(QUANTISED):
        model.compile()  # for the variables that are left to train
    return model


def is_quantised(model: Any) -> list[str]:
    """Return the names of the networks that have quantised layers."""
    return [name for name, network in _all_networks(model).items() if _quantised(network)]


def check_trainable(model: Any) -> None:
    """Refuse to train what is quantised: its kernels are integers that no gradient moves.

    Raises:
        InvalidArgumentError: It names the networks.
    """
    names = is_quantised(model)
    if names:
        raise InvalidArgumentError(
            f"The {names[0]} is quantised, which is for drawing; it cannot be trained. Train the "
            "model before quantize(), or load it again."
        )


def graph_of(model: Any) -> tuple[Any, ...]:
    """Return what a compiled step depends on besides shapes: how each layer computes."""
    return tuple(
        (id(layer), layer.dtype_policy.name, getattr(layer, "lora_enabled", False))
        for network in _all_networks(model).values()
        for layer in network._flatten_layers(include_self=False)
        if hasattr(layer, "dtype_policy")
    )


def _all_networks(model: Any) -> dict[str, Any]:
    averages = {f"averaged_{name}": network for name, network in model.averages.items()}
    return {**model.networks, **averages}


def _leaves(network: Any) -> list[Any]:
    return [layer for layer in network._flatten_layers() if len(list(layer._flatten_layers())) == 1]


def _quantised(network: Any) -> dict[str, Any]:
    found = {}
    for place, layer in enumerate(_leaves(network)):
        mode = getattr(layer, "quantization_mode", None)
        if mode is not None:
            config = getattr(layer, "quantization_config", None)
            as_plain = keras.saving.serialize_keras_object
            found[str(place)] = [mode, None if config is None else as_plain(config)]
    return found
