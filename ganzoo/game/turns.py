"""One model, several threads: drawing takes turns, and does not cross a training on JAX.

Keras' `predict` is not made for two threads: on JAX it takes the values away from the variables
while it runs, and everywhere the trainer keeps notes on the model. A training does so for hours, so
nobody waits for it: TensorFlow and PyTorch draw beside it, JAX says in one line that it cannot.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from ganzoo._backend import DRAWS_WHILE_TRAINING, values_given_back
from ganzoo.errors import InvalidArgumentError
from ganzoo.game import policies

_turn = threading.RLock()
_trained: dict[int, int] = {}  # variables by their id: the thread whose `fit` moves them


def _like(method: Any) -> Any:
    """Give a method the signature of Keras'."""
    return functools.wraps(method)


class TakesTurns:
    """The part of a model that lets one thread at a time into Keras' trainer."""

    networks: Any
    averages: Any
    train_function: Any
    test_function: Any
    predict_function: Any
    _graph: Any = None

    @_like(keras.Model.fit)
    def fit(self, *args: Any, **kwargs: Any) -> Any:
        """Train, as Keras does; other threads may not train the same networks meanwhile."""
        policies.check_trainable(self)
        with _training(self), values_given_back(self):
            return super().fit(*args, **kwargs)  # type: ignore[misc]

    @_like(keras.Model.evaluate)
    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate, as Keras does, when no other thread draws or evaluates."""
        with _in_turn(self):
            return super().evaluate(*args, **kwargs)  # type: ignore[misc]

    @_like(keras.Model.predict)
    def predict(self, *args: Any, **kwargs: Any) -> Any:
        """Predict, as Keras does, when no other thread draws or evaluates."""
        with _in_turn(self):
            return super().predict(*args, **kwargs)  # type: ignore[misc]

    @_like(keras.Model.predict_on_batch)
    def predict_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Predict one batch, as Keras does, when no other thread draws or evaluates."""
        with _in_turn(self):
            return super().predict_on_batch(*args, **kwargs)  # type: ignore[misc]

    @_like(keras.Model.save)
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save, as Keras does."""
        self.check_is_whole()
        return super().save(*args, **kwargs)  # type: ignore[misc]

    def save_own_variables(self, store: Any) -> None:
        """Save the model's own weights, of which Keras asks for a model before its networks."""
        self.check_is_whole()
        super().save_own_variables(store)  # type: ignore[misc]

    def check_is_whole(self) -> None:
        """Refuse to use weights that are not there, while another thread trains them on JAX.

        Raises:
            InvalidArgumentError: It says where one may.
        """
        if _trained_elsewhere(self) and not DRAWS_WHILE_TRAINING:
            raise InvalidArgumentError(
                "fit() is running in another thread, and on JAX a model has no weights meanwhile: "
                "draw and save in a callback of fit, from another model (ganzoo.load), or after it."
            )

    def renew_functions(self) -> None:
        """Let the steps be compiled again where a network computes in another way than before."""
        graph = policies.graph_of(self)
        if self._graph is not None and graph != self._graph:
            self.test_function = self.predict_function = None
            if threading.get_ident() not in _trained.values():  # no callback of a running fit
                self.train_function = None
        object.__setattr__(self, "_graph", graph)


@contextmanager
def _in_turn(model: Any) -> Iterator[None]:
    """Wait for the other threads' turns.

    Raises:
        InvalidArgumentError: Another thread trains these networks, on JAX.
    """
    with _turn:
        model.check_is_whole()
        if not _trained_elsewhere(model):
            model.renew_functions()
        if threading.get_ident() in _trained.values():  # a callback of fit
            yield
        else:
            with values_given_back(model):
                yield


@contextmanager
def _training(model: Any) -> Iterator[None]:
    """Note that this thread trains a model's networks.

    Raises:
        InvalidArgumentError: Another thread trains one of them.
    """
    own = _keys(model)
    with _turn:
        if _trained_elsewhere(model):
            raise InvalidArgumentError(
                "fit() of these networks is running in another thread; two cannot train them."
            )
        model.renew_functions()
        added = [key for key in own if key not in _trained]
        _trained.update(dict.fromkeys(added, threading.get_ident()))
    try:
        yield
    finally:
        with _turn:
            for key in added:
                del _trained[key]


def _keys(model: Any) -> list[int]:
    return [id(network) for network in (*model.networks.values(), *model.averages.values())]


def _trained_elsewhere(model: Any) -> bool:
    here = threading.get_ident()
    return any(_trained.get(key, here) != here for key in _keys(model))
