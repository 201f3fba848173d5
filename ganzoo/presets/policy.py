"""The dtype policy of Keras, which is global, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def under_policy(name: str) -> Iterator[None]:
    """Let a dtype policy, such as "float32", be the global one inside of `with`."""
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(previous)
