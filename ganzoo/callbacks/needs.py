"""What a callback asks of the model that it is given to."""

from __future__ import annotations

from typing import Any

from ganzoo.errors import InvalidArgumentError


def check_model(callback: Any, model: Any, *needed: str) -> None:
    """Refuse a model that lacks what a callback calls, before the training begins.

    Args:
        callback: The callback.
        model: What `fit` trains.
        *needed: Names of methods and properties, such as "generate" and "latent_dim".

    Raises:
        InvalidArgumentError: It names what is missing, and the model.
    """
    missing = [name for name in needed if not hasattr(model, name)]
    if missing:
        raise InvalidArgumentError(
            f"{type(callback).__name__} draws from latents: it needs a model with "
            f"{' and '.join(needed)}, such as a ganzoo.GAN; {type(model).__name__} has no "
            f"{' and no '.join(missing)}."
        )
