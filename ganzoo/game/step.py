"""The step of a game, written once for TensorFlow, JAX and PyTorch.

See `_backend/README.md` for what makes it work on each backend.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from keras import ops

from ganzoo._backend import (
    apply,
    mean_over_replicas,
    minimize,
    minimize_jointly,
    normal,
    noting_losses,
    own_rows,
    process,
    replica,
    state_may_change,
    uniform,
)
from ganzoo._backend.common import Update
from ganzoo.errors import InvalidArgumentError
from ganzoo.game import averages
from ganzoo.game import weights as row_weights
from ganzoo.game.players import Objective, Player
from ganzoo.layers import in_step

Tensor = Any
Batch = dict[str, Any]

_evaluating: ContextVar[bool] = ContextVar("ganzoo_evaluating", default=False)


class Stepping:
    """The part of `AdversarialModel` that plays: objectives, updates, running means."""

    players: ClassVar[Mapping[str, Player]]
    logged: tuple[str, ...] = ()
    averages: Any
    variables_of: Any
    optimizer: Any
    steps: dict[str, int]
    simultaneous: bool
    penalties: tuple[Any, ...]
    augmentation: Any
    augmentation_strength: Any
    ema_momentum: Any
    compute_dtype: str
    trackers: Mapping[str, Any]
    images: Any
    latent_seed: Any
    evaluation_seed: Any
    weighted: ClassVar[bool] = False
    # Layers of the networks that need more than a pass: see `ganzoo.layers.in_step`, and
    # `state_may_change`.
    normalised: Any = ()
    changing: Any = ()

    def batch(self, data: Any) -> Batch:
        """Return the tensors of a batch by name; a subclass says which."""
        raise InvalidArgumentError(f"{type(self).__name__} needs a method batch(data).")

    def tensor(self, array: Any) -> Tensor:
        """Return data as a tensor of the type in which this model computes."""
        # A DataLoader gives tensors of the CPU; `convert_to_tensor` moves them to the GPU.
        return ops.cast(ops.convert_to_tensor(array), self.compute_dtype)

    def named_batch(self, data: Any) -> Batch:
        """Return `batch(data)`, with "weights" (B,) of mean 1 where examples have weights."""
        batch, weights = self.batch(data), row_weights.of_data(data)
        if weights is None:
            return batch
        row_weights.refuse_unweighted(self)
        return {**batch, "weights": row_weights.divided_by_mean(weights)}

    def objective(self, player: str, batch: Batch) -> Objective:
        """Return what a player minimises on a batch, with what its networks add to the loss."""
        with noting_losses() as noted:
            made = self._stated(player, batch)
        return made._replace(loss=self._with_added(player, made.loss, noted))

    def _with_added(self, player: str, loss: Tensor, noted: Sequence[Any]) -> Tensor:
        """Add the regularizers of a player's networks, and what their layers gave `add_loss`.

        Args:
            player: Who minimises the loss.
            loss: What its method returned.
            noted: Pairs of layer and loss, of all passes of these objectives.
        """
        added = [v.regularizer(v.value) for v in self.variables_of(player) if v.regularizer]
        if noted:
            networks = [getattr(self, name) for name in self.players[player].networks]
            own = {id(layer) for network in networks for layer in network._flatten_layers()}
            added += [part for layer, part in noted if id(layer) in own]
        for part in added:
            loss = loss + ops.sum(ops.cast(part, "float32"))
        return loss

    def _stated(self, player: str, batch: Batch) -> Objective:
        """Return what the player's method does; refuse logs that are not declared."""
        made = getattr(self, f"{player}_objective")(batch)
        unknown = [name for name in made.logs if name not in self.logged]
        if unknown:
            raise InvalidArgumentError(
                f"{player}_objective logs {unknown[0]!r}, which {type(self).__name__}.logged does "
                f"not declare: {', '.join(self.logged) or 'nothing'}."
            )
        return made

    def update(self, player: str) -> Update:
        """Return what `minimize` takes for one player: its variables and its optimizer."""
        return Update(self.variables_of(player), self.optimizer[player])

    def updates(self) -> list[Update]:
        """Return the updates of all players, in the order in which they play."""
        return [self.update(player) for player in self.players]

    @property
    def evaluating(self) -> bool:
        """Whether objectives are computed for `evaluate`: no dropout, penalty, augmentation."""
        return _evaluating.get()

    @property
    def at_once(self) -> bool:
        """Whether all players share one forward pass, so that tensors are worth passing on."""
        return self.simultaneous or self.evaluating

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """One step of every player; several of a player that `steps` says so of."""
        batch = self.named_batch(data)
        play = self._played_at_once if self.simultaneous else self._played_in_turn
        with state_may_change(self.changing), in_step.kernels_normalised():
            figures = play(batch)
        self._count(batch)
        adapted = self._adapted(figures, batch)
        self.update_averages()
        return {**self.track(figures), **adapted}

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """The objectives without an update; penalty and augmentation are left out."""
        with _evaluation():
            losses, logs = self._objectives(self.named_batch(data))
        return self.track({**dict(zip(self._loss_names(), losses, strict=True)), **logs})

    def _played_in_turn(self, batch: Batch) -> dict[str, Tensor]:
        waits = not all(self.steps.values())
        figures: dict[str, Tensor] = {}
        if waits:
            figures = {name: ops.zeros(()) for name in self.trackers}
        for player, update in zip(self.players, self.updates(), strict=True):
            if not self.steps[player]:
                continue
            for _ in range(self.steps[player]):
                in_step.normalise(self.normalised)
                loss, logs, passed = minimize(
                    functools.partial(self.objective, player, batch), *update
                )
            figures = {**figures, self.players[player].loss: loss, **logs}
            batch = {**batch, **passed}
        return figures

    def _played_at_once(self, batch: Batch) -> dict[str, Tensor]:
        def together() -> tuple[Any, ...]:
            losses, logs = self._objectives(batch)
            return (*losses, logs)

        in_step.normalise(self.normalised)
        *losses, logs = minimize_jointly(together, self.updates())
        return {**dict(zip(self._loss_names(), losses, strict=True)), **logs}

    def _objectives(self, batch: Batch) -> tuple[list[Tensor], dict[str, Tensor]]:
        """Return the losses of all players and what they log, from one forward pass."""
        losses: list[Tensor] = []
        logs: dict[str, Tensor] = {}
        with noting_losses() as noted:
            for player in self.players:
                made = self._stated(player, batch)
                losses.append(made.loss)
                logs = {**logs, **made.logs}
                batch = {**batch, **made.passed}
        pairs = zip(self.players, losses, strict=True)
        return [self._with_added(player, loss, noted) for player, loss in pairs], logs

    def _loss_names(self) -> list[str]:
        return [player.loss for player in self.players.values()]

    def update_averages(self) -> None:
        """Move the averages towards their networks, once per step."""
        kept = self.averages
        if not kept:
            return
        images = self.images_seen()
        for name, average in kept.items():
            averages.update(
                average, getattr(self, name), self.ema_momentum, self.optimizer.iterations, images
            )

    def track(self, figures: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Add a step's losses and figures to the running means; return these."""
        missing = [name for name in self.trackers if name not in figures]
        if missing:
            raise InvalidArgumentError(
                f"{type(self).__name__} declares {missing[0]!r} in `logged`, but no objective logs "
                f"it; there are {', '.join(figures)}."
            )
        values = [figures[name] for name in self.trackers]
        if process()[1] > 1:  # Keras adds up over the replicas of one process, not over processes
            values = mean_over_replicas([ops.cast(value, "float32") for value in values])
        for tracker, value in zip(self.trackers.values(), values, strict=True):
            tracker.update_state(value)
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    # --- what objectives use -----------------------------------------------------------------

    def apply(self, network: Any, *inputs: Tensor, training: bool | None = None) -> Tensor:
        """Return a network's outputs: in training mode in a training step, unless told."""
        return apply(
            network, *inputs, training=not self.evaluating if training is None else training
        )

    def draw_normal(self, *shape: Any) -> Tensor:
        """Draw standard normal numbers; the first axis is the batch's."""
        seed = self.evaluation_seed if self.evaluating else self.latent_seed
        return own_rows(lambda rows: normal(rows, seed, self.compute_dtype), shape)

    def draw_uniform(self, *shape: Any) -> Tensor:
        """Draw float32 numbers in [0, 1); the first axis is the batch's."""
        seed = self.evaluation_seed if self.evaluating else self.latent_seed
        return own_rows(lambda rows: uniform(rows, seed, "float32"), shape)

    def images_seen(self) -> Tensor:
        """Return how many examples the model has been trained on before this step.

        A scalar float32, on all devices together; `compile` does not set it back, so that schedules
        go on through the stages of a training.
        """
        return ops.convert_to_tensor(self.images)

    def _count(self, batch: Batch) -> None:
        self.images.assign_add(ops.cast(self._rows(batch), "float32"))

    def _rows(self, batch: Batch) -> Any:
        """Return the examples of a batch, on all devices together."""
        return ops.shape(next(iter(batch.values())))[0] * replica()[1]

    def augmented(self, examples: Tensor) -> Tensor:
        """Return what the discriminator sees of examples while training."""
        if self.augmentation is None or self.evaluating:
            return examples
        state = self.augmentation_strength
        strength = {} if state is None else {"strength": ops.convert_to_tensor(state.value)}
        return self.augmentation(examples, self.latent_seed, images=self.images_seen(), **strength)

    def _adapted(self, figures: Mapping[str, Tensor], batch: Batch) -> dict[str, Tensor]:
        """Let the strength of an adaptive augmentation follow the step; return it as a figure."""
        if self.augmentation_strength is None:
            return {}
        strength = self.augmentation_strength.follow(
            self.augmentation, figures["d_real_accuracy"], self._rows(batch)
        )
        return {"augmentation": strength}

    def penalty_of(
        self, judge: Any, real: Tensor, fake: Tensor, **weights: Tensor | None
    ) -> Tensor | None:
        """Return the sum of the penalties on a discriminator; None where there is none.

        Args:
            judge: `judge(x, rows=slice(None))`, the logits of examples that are these rows of
                the batch.
            real, fake: Real and generated examples, (B, ...).
            **weights: `real_weights` and `fake_weights`, of mean 1, where examples have weights.
        """
        if not self.penalties or self.evaluating:
            return None
        fake, images = ops.stop_gradient(fake), self.images_seen()
        with noting_losses(on=False):  # its passes are no passes of data
            parts = [
                penalty(judge, real, fake, self.latent_seed, images=images,
                        **row_weights.accepted(penalty, weights))
                for penalty in self.penalties
            ]  # fmt: skip
        return sum(parts[1:], parts[0])


@contextmanager
def _evaluation() -> Iterator[None]:
    token = _evaluating.set(True)
    try:
        yield
    finally:
        _evaluating.reset(token)
