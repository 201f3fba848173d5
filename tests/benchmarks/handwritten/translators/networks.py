"""The networks for the two frameworks with functions only, in terms of a pass through one of them.

A pass `p` has the primitives of a framework (`p.conv(x, stride)`, `p.up(x, stride)`, both "same",
`p.batch_norm(x)`, ...) and takes the network's weights in their order, layer after layer.
"""

from __future__ import annotations

from typing import Any

Array = Any


def unet(p: Any, x: Array, config: dict[str, Any]) -> Array:
    filters, skipped = config["generator_filters"], []
    for level in range(len(filters)):
        skipped.append(x)
        x = p.conv(p.leaky(x) if level else x, 2)
        x = p.batch_norm(x) if 0 < level < len(filters) - 1 else x
    for level in reversed(range(1, len(filters))):
        x = p.batch_norm(p.up(p.relu(x), 2))
        x = p.dropout(x, config["dropout"]) if level >= len(filters) - 3 else x
        x = p.joined(x, skipped[level])
    return p.tanh(p.up(p.relu(x), 2))


def residual(p: Any, x: Array, config: dict[str, Any]) -> Array:
    def normal(x: Array) -> Array:
        return p.relu(p.instance_norm(x))

    x = normal(p.conv(p.reflected(x, 3), 1, "VALID"))
    for _ in range(2):
        x = normal(p.conv(x, 2))
    for _ in range(config["blocks"]):
        y = normal(p.conv(p.reflected(x, 1), 1, "VALID"))
        x = x + p.instance_norm(p.conv(p.reflected(y, 1), 1, "VALID"))
    for _ in range(2):
        x = normal(p.up(x, 2))
    return p.tanh(p.conv(p.reflected(x, 3), 1, "VALID"))


def patches(p: Any, x: Array, config: dict[str, Any]) -> Array:
    """Logits of patches: batch norm for `Pix2Pix`, instance norm for `CycleGAN`."""
    norm = p.instance_norm if "blocks" in config else p.batch_norm
    last = len(config["discriminator_filters"]) - 1
    for index in range(last + 1):
        x = p.conv(x, 1 if index == last else 2)
        x = p.leaky(norm(x) if index else x)
    return p.conv(x, 1)
