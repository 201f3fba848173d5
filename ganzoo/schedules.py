"""One form for every number that changes while training: learning rate, weight, beta_2, momentum.

A schedule counts images that were seen, not steps or epochs, so that it means the same for every
batch size. Recipes write it as plain data: {"from": 0.9, "to": 0.99, "over": 1e6}.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from ganzoo.checks import check_rate
from ganzoo.errors import InvalidArgumentError, nearest

Tensor = Any
SHAPES = ("cosine", "linear")
_WORDS = {"from": "start", "to": "end", "over": "over", "shape": "shape", "after": "after"}


@keras.saving.register_keras_serializable("ganzoo")
@dataclass(frozen=True)
class Schedule:
    """A number that goes from one value to another while images are seen, and then stays.

    Args:
        start: The value at first.
        end: The value at last.
        over: How many images the way takes, > 0.
        shape: "cosine", half a period, or "linear". R3GAN (Huang et al. 2025, arXiv:2501.05441)
            uses the cosine for all of its schedules.
        after: For how many images the value stays at `start` before, >= 0.
    """

    start: float
    end: float
    over: float
    shape: str = "cosine"
    after: float = 0

    def __post_init__(self) -> None:
        for name in ("start", "end", "over", "after"):
            number = getattr(self, name)
            if not _is_number(number):
                raise InvalidArgumentError(
                    f"A schedule's {name} must be a finite number; got {number!r}."
                )
        if self.over <= 0 or self.after < 0:
            raise InvalidArgumentError(
                "A schedule goes over > 0 images, after >= 0 others; got "
                f"over={self.over!r}, after={self.after!r}."
            )
        if self.shape not in SHAPES:
            raise InvalidArgumentError(
                f"A schedule's shape must be 'cosine' or 'linear'; got {self.shape!r}."
                + nearest(str(self.shape), SHAPES)
            )

    def __call__(self, images: Any) -> Any:
        """Return the value after a number of images.

        Args:
            images: Images seen, a Python or NumPy number or a scalar tensor.

        Returns:
            A float for a number, a scalar float32 for a tensor; exactly `start` and `end` at the
            ends.
        """
        if isinstance(images, numbers.Real):
            share = min(max((float(images) - self.after) / self.over, 0.0), 1.0)
            if self.shape == "cosine":
                share = 0.5 * (1.0 - math.cos(math.pi * share))
        else:
            share = (ops.cast(images, "float32") - self.after) / self.over
            share = ops.clip(share, 0.0, 1.0)
            if self.shape == "cosine":
                share = 0.5 * (1.0 - ops.cos(math.pi * share))
        return self.start * (1.0 - share) + self.end * share

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Schedule:
        """Build a schedule of plain data, as recipes write it.

        Args:
            plain: "from", "to" and "over"; "shape" and "after" if they are not the defaults.

        Raises:
            InvalidArgumentError: A key is missing or unknown, or a value is refused.
        """
        for key in plain:
            if key not in _WORDS:
                raise InvalidArgumentError(
                    f"A schedule has no {key!r}; accepted: {', '.join(_WORDS)}."
                    + nearest(str(key), _WORDS)
                )
        missing = [key for key in ("from", "to", "over") if key not in plain]
        if missing:
            raise InvalidArgumentError(
                f"A schedule needs 'from', 'to' and 'over'; got {dict(plain)!r} without "
                f"{', '.join(map(repr, missing))}."
            )
        return cls(**{_WORDS[key]: value for key, value in plain.items()})

    def to_plain(self) -> dict[str, Any]:
        """Return what `from_plain` takes."""
        return {key: getattr(self, name) for key, name in _WORDS.items()}

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {name: getattr(self, name) for name in _WORDS.values()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Schedule:
        """Build the schedule of `get_config()`."""
        return cls(**config)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


def read(what: str, value: Any, least: float = -math.inf, most: float = math.inf) -> Any:
    """Return a number as a float, a schedule or plain data of one as a `Schedule`.

    Args:
        what: The argument's name, for the error.
        value: A number, a `Schedule` or a mapping for `Schedule.from_plain`.
        least: No value, at either end of a schedule, may be less.
        most: No value may be greater.

    Raises:
        InvalidArgumentError: It is none of these, or outside of the range.
    """
    if isinstance(value, Mapping):
        value = Schedule.from_plain(value)
    is_schedule = isinstance(value, Schedule)
    if not (is_schedule or _is_number(value)):
        raise InvalidArgumentError(
            f"{what} must be a number or a schedule such as "
            f"{{'from': 1.0, 'to': 0.1, 'over': 100_000}}; got {value!r}."
        )
    ends = (value.start, value.end) if is_schedule else (value,)
    if not all(least <= end <= most for end in ends):
        accepted = f">= {least:g}" if math.isinf(most) else f"from {least:g} to {most:g}"
        raise InvalidArgumentError(f"{what} must be {accepted}; got {value!r}.")
    return value if is_schedule else float(value)


def plain(value: Any) -> Any:
    """Return a schedule as plain data and anything else as it is: for a configuration."""
    return value.to_plain() if isinstance(value, Schedule) else value


def value_at(value: Any, images: Any) -> Any:
    """Return a number as it is, or a schedule's value after a number of images.

    Args:
        value: A number or a `Schedule`.
        images: Images seen, a number or a scalar tensor; may be None where `value` is a number.

    Raises:
        InvalidArgumentError: A schedule is asked without a number of images.
    """
    if not isinstance(value, Schedule):
        return value
    if images is None:
        raise InvalidArgumentError(
            f"{value!r} needs the number of images seen so far; got None. Pass `images`."
        )
    return value(images)


@keras.saving.register_keras_serializable("ganzoo")
class LearningRate(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule as the learning rate of a Keras optimizer, which counts its updates.

    Args:
        schedule: A `Schedule` or plain data of one; its values are >= 0.
        batch_size: Images that one update counts for, > 0: the batch size, divided by the number
            of updates per batch where a player has several.
    """

    def __init__(self, schedule: Any, batch_size: float) -> None:
        self.schedule = read("A learning rate", schedule, least=0.0)
        self.batch_size = _checked(batch_size)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        return value_at(self.schedule, _images_of(step, self.batch_size))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {"schedule": plain(self.schedule), "batch_size": self.batch_size}


@keras.saving.register_keras_serializable("ganzoo")
class ScheduledAdam(keras.optimizers.Adam):
    """Adam whose beta_2, and learning rate, may follow a schedule.

    As in R3GAN, the bias correction is 1 - beta_2^step with the present beta_2.

    Args:
        learning_rate: A number, a `Schedule`, plain data of one, or what Keras takes.
        beta_1: Decay of the first moment, in [0, 1).
        beta_2: Decay of the second moment, in [0, 1): a number, a `Schedule` or plain data of one.
        batch_size: Images that one update counts for, as of `LearningRate`.
        **kwargs: Further arguments of `keras.optimizers.Adam`.
    """

    def __init__(
        self,
        learning_rate: Any = 1e-3,
        beta_1: float = 0.9,
        beta_2: Any = 0.999,
        *,
        batch_size: float,
        **kwargs: Any,
    ) -> None:
        if isinstance(learning_rate, Schedule | Mapping):
            learning_rate = LearningRate(learning_rate, batch_size)
        beta_1 = check_rate("beta_1", beta_1)
        super().__init__(learning_rate, beta_1=beta_1, beta_2=beta_2, **kwargs)
        self.batch_size = _checked(batch_size)

    @property
    def beta_2(self) -> Any:
        """The present decay of the second moment: a float, or a scalar float32 by a schedule."""
        if not isinstance(self._beta_2, Schedule):
            return self._beta_2
        return self._beta_2(_images_of(self.iterations, self.batch_size))

    @beta_2.setter
    def beta_2(self, value: Any) -> None:
        self._beta_2 = read("beta_2", value, least=0.0, most=math.nextafter(1.0, 0.0))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"beta_2": plain(self._beta_2), "batch_size": self.batch_size}
        return {**super().get_config(), **own}


def adam(batch_size: float, learning_rate: Any = 1e-3, beta_2: Any = 0.999, **kwargs: Any) -> Any:
    """Return an Adam of a recipe's arguments: Keras' own unless its beta_2 follows a schedule.

    Args:
        batch_size: Images that one update counts for, as of `LearningRate`.
        learning_rate: A number, a `Schedule` or plain data of one.
        beta_2: The same.
        **kwargs: Further arguments of `keras.optimizers.Adam`.
    """
    if isinstance(beta_2, Schedule | Mapping):
        return ScheduledAdam(learning_rate, beta_2=beta_2, batch_size=batch_size, **kwargs)
    if isinstance(learning_rate, Schedule | Mapping):
        learning_rate = LearningRate(learning_rate, batch_size)
    return keras.optimizers.Adam(learning_rate, beta_2=beta_2, **kwargs)


def _images_of(step: Any, batch_size: float) -> Any:
    """Return how many images a number of steps saw; a tensor's is float32."""
    if isinstance(step, numbers.Real):
        return step * batch_size
    return ops.cast(step, "float32") * batch_size


def _checked(value: Any) -> float:
    """Return a number > 0."""
    if not _is_number(value) or value <= 0:
        raise InvalidArgumentError(f"batch_size must be a number > 0; got {value!r}.")
    return value
