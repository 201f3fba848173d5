"""The toys join the zoo, and each test begins with the same global seed."""

from __future__ import annotations

import pytest

from tests.contract import toys  # noqa: F401  registers the toy families


@pytest.fixture(autouse=True)
def _seeded() -> None:
    import keras

    keras.utils.set_random_seed(20)
    keras.config.set_dtype_policy("float32")
