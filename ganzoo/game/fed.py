"""What a game is trained with, and the methods of Keras' trainer that take it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, ClassVar

from ganzoo import feeding
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.game import fitting


class IsFed:
    """The part of a model that looks at its data before a step sees them; see `ganzoo.feeding`."""

    @property
    def parts(self) -> Sequence[feeding.Part]:
        """What a batch is made of, in order; empty if anything may be, and nothing is looked at."""
        return ()

    # Whether the parts come as arrays of one length, whose rows belong together.
    in_rows: ClassVar[bool] = True

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return "pass an array or a data set."

    @functools.cached_property
    def _part_names(self) -> list[str]:
        return [part.name for part in self.parts]

    def named(self, data: Any) -> dict[str, Any]:
        """Return the parts of a batch as Keras hands it over, by name.

        Raises:
            DataError: A part is missing.
        """
        found = feeding.named_parts(data, self._part_names)
        if any(found[name] is None for name in self._part_names):
            raise DataError(f"Training data are missing: {self.needs}")
        return found

    def fit(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Train; the arguments are those of `keras.Model.fit`, of which FIT.md has a list.

        Raises:
            DataError: Data that cannot be right, wherever they come from; see README.md.
        """
        return feeding.fit(self, super().fit, x, **fitting.prepared(self, x, args, kwargs))  # type: ignore[misc]

    def evaluate(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Report the losses and figures without an update; data as for `fit`."""
        given = fitting.evaluated(self, x, args, kwargs)
        return feeding.evaluate(self, super().evaluate, x, given.pop("y", None), **given)  # type: ignore[misc]

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Take one step on a batch; data as for `fit`."""
        return super().train_on_batch(*feeding.on_batch(self, x, y), *args, **kwargs)  # type: ignore[misc]

    def test_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Report the losses and figures of a batch without an update; data as for `fit`."""
        return super().test_on_batch(*feeding.on_batch(self, x, y), *args, **kwargs)  # type: ignore[misc]

    def check_class_weight(self, class_weight: Any) -> None:
        """Refuse `class_weight`; a game with labels says which it takes."""
        raise InvalidArgumentError(
            f"{type(self).__name__} has no classes to weigh; give class_weight to a conditional "
            "model, or one weight per example as sample_weight."
        )
