"""The state of random generators in saved models, which Keras leaves out.

A resumed training draws the same latents and drops the same units as one that never stopped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from ganzoo.errors import PresetError

KEY = "seed_states"


def seed_variables(model: Any) -> list[Any]:
    """Return the state variables of all random generators of a model, in a fixed order."""
    weights = {id(variable) for variable in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


class KeepsSeeds:
    """Saves and loads the states as part of a model, as Keras asks a model for its variables."""

    def save_own_variables(self, store: Any) -> None:
        """Write all seed states as one int64 array of shape (generators, 2)."""
        states = [ops.convert_to_numpy(variable.value) for variable in seed_variables(self)]
        store[KEY] = np.asarray(states, np.int64)

    def load_own_variables(self, store: Any) -> None:
        """Read what `save_own_variables` wrote."""
        variables = seed_variables(self)
        states = np.asarray(store[KEY])
        if states.shape != (len(variables), 2):
            raise PresetError(
                f"The saved model has random states of shape {states.shape}; "
                f"this one needs {(len(variables), 2)}."
            )
        for variable, state in zip(variables, states, strict=True):
            # The bits are the same on all backends, the integer types are not.
            variable.assign(state.astype(str(variable.dtype)))
