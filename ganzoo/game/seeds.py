"""The state of random generators in saved models, which Keras leaves out.

A resumed training draws the same latents and drops the same units as one that never stopped.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from keras import ops

from ganzoo._backend.keras_internals import own_weights
from ganzoo.errors import PresetError

KEY = "seed_states"


def seed_variables(model: Any) -> list[Any]:
    """Return the state variables of all random generators of a model, in a fixed order."""
    weights = {id(variable) for variable in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


class KeepsSeeds:
    """Saves and loads the states as part of a model, as Keras asks a model for its variables.

    The model's own weights, those of none of its layers, are saved as by Keras.
    """

    def save_own_variables(self, store: Any) -> None:
        """Write all seed states as one int64 array of shape (generators, 2), and own weights."""
        states = [ops.convert_to_numpy(variable.value) for variable in seed_variables(self)]
        store[KEY] = np.asarray(states, np.int64)
        for index, variable in enumerate(own_weights(self)):
            store[str(index)] = ops.convert_to_numpy(variable.value)

    def load_own_variables(self, store: Any) -> None:
        """Read what `save_own_variables` wrote; other generators' states are passed over, said."""
        variables, own = seed_variables(self), own_weights(self)
        states = np.asarray(store[KEY])
        if len(store.keys()) != 1 + len(own):
            raise PresetError(
                f"The saved model has {len(store.keys()) - 1} weights of its own; this one needs "
                f"{len(own)}."
            )
        if states.shape == (len(variables), 2):
            for variable, state in zip(variables, states, strict=True):
                # The bits are the same on all backends, the integer types are not.
                variable.assign(state.astype(str(variable.dtype)))
        else:
            warnings.warn(
                f"The saved model has {len(states)} random states, this one {len(variables)} "
                "(dropout differs): the weights are loaded, the random states stay as they are.",
                stacklevel=2,
            )
        for index, variable in enumerate(own):
            variable.assign(store[str(index)])
