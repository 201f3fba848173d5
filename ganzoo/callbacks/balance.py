"""Callbacks for the balance of the game: warn when it is lost, stop when it is won, average.

Users import them from `ganzoo.callbacks`. All act at the end of an epoch or before the first step,
so that no step waits for them.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.callbacks.needs import check_model
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.metrics.kernel import squared_distances
from ganzoo.random import draw_latents

TOO_STRONG = (
    "The discriminator was right about {share:.1%} of real and generated examples or more for "
    "{patience} epochs (now epoch {epoch}): it is too strong, and the generator learns little. "
    "Try a smaller learning rate for the discriminator, a penalty (R1), more dropout, or a smaller "
    "discriminator."
)
ALL_ALIKE = (
    "The samples differ from each other by only {ratio:.0%} of what {reference} do, for {patience} "
    "epochs (now epoch {epoch}): the generator collapses to a few pictures. Try a penalty (R1), "
    "smaller learning rates, a larger batch, or an earlier state of this training."
)


class BalanceMonitor(keras.callbacks.Callback):
    """Warn when the discriminator wins or when the samples become alike, and say what to try.

    "D and G should grow together; a D near 100 % means a badly trained G." A warning comes once
    when something has been wrong for `patience` epochs, and again only after it was right.

    Logs `diversity`: the mean distance of two samples over that of two real examples, in pixels
    (`ganzoo.metrics.diversity` gives it with an error). A generator that draws different pictures
    of one class only keeps half of it and more; only a classifier sees that.

    Args:
        real: Real examples, shape (m, ...), of which 1,000 are used. Without them the largest
            diversity so far in this training is the measure.
        accuracy: What counts as a discriminator that wins: this share of real *and* of generated
            examples, in (0.5, 1]. Not looked at where the discriminator is a critic, whose outputs
            are no logits.
        diversity: What counts as alike: below this share of the reference.
        patience: Epochs.
        n: How many samples are compared, at least 2.
        seed: Seeds the latents.
    """

    def __init__(
        self,
        real: Any = None,
        *,
        accuracy: float = 0.98,
        diversity: float = 0.5,
        patience: int = 3,
        n: int = 64,
        seed: int = 0,
    ) -> None:
        super().__init__()
        for what, share, least in (("accuracy", accuracy, 0.5), ("diversity", diversity, 0.0)):
            if not least < checks.check_number(what, share) <= 1.0:
                raise InvalidArgumentError(f"{what} must be in ({least:g}, 1]; got {share!r}.")
        self.accuracy, self.diversity = accuracy, diversity
        self.patience = checks.check_count("patience", patience)
        self.n = checks.check_count("n", n, least=2)
        self.seed = checks.check_drawing_seed(seed)
        self.reference = 0.0
        self.has_real = real is not None
        if real is not None:
            chosen = np.linspace(0, len(real) - 1, min(1000, len(real))).astype(int)
            self.reference = mean_distance(np.asarray(real)[chosen])
            if self.reference == 0.0:
                raise DataError("All real examples are equal; there is no diversity to compare.")
        self.epochs = {"accuracy": 0, "diversity": 0}

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws nothing from latents is refused."""
        check_model(self, model, "generate", "latent_dim")
        super().set_model(model)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add `diversity` to the logs; warn where it is time."""
        logs = {} if logs is None else logs
        if getattr(self.model, "outputs_logits", True):
            shares = [logs.get(name, 0.0) for name in ("d_real_accuracy", "d_fake_accuracy")]
            if self._lasts("accuracy", min(shares) >= self.accuracy):
                self._warn(TOO_STRONG, epoch, share=self.accuracy)
        samples = self.model.generate(draw_latents(self.n, self.model.latent_dim, self.seed))
        spread = mean_distance(samples)
        if not self.has_real:
            self.reference = max(self.reference, spread)
        ratio = spread / self.reference if self.reference else 1.0
        logs["diversity"] = ratio
        if self._lasts("diversity", ratio < self.diversity):
            reference = "real examples" if self.has_real else "the earlier ones"
            self._warn(ALL_ALIKE, epoch, ratio=ratio, reference=reference)

    def _lasts(self, what: str, wrong: bool) -> bool:
        """Count the epochs in a row; whether it is the one at which to warn."""
        self.epochs[what] = self.epochs[what] + 1 if wrong else 0
        return self.epochs[what] == self.patience

    def _warn(self, text: str, epoch: int, **facts: Any) -> None:
        line = text.format(patience=self.patience, epoch=epoch + 1, **facts)
        warnings.warn(line, stacklevel=3)


class EquilibriumStopping(keras.callbacks.Callback):
    """Stop when the discriminator says 1/2 everywhere: it cannot tell generated from real.

    Past that point the generator is trained on noise. Goodfellow et al. 2014 (arXiv:1406.2661),
    proposition 1: the best discriminator is p_data / (p_data + p_G), which is 1/2 where the two
    agree. A fresh discriminator says 1/2 as well, so the epochs count only after it has told real
    from generated once. Give this callback after those that keep the last epoch.

    Logs `d_from_half`: the mean of |D - 1/2| over real or over generated examples, whichever is
    larger; 0 at the equilibrium, 1/2 for a perfect discriminator.

    Args:
        real: Real examples, shape (m, ...), preferably held out; `n` of them are used.
        labels: Their labels (m,), where the model is conditional.
        tolerance: `d_from_half` up to which it counts as 1/2, in (0, 0.5).
        patience: Epochs in a row at 1/2 before the training is stopped.
        n: How many examples of each kind.
        seed: Seeds the latents and the choice of real examples.
    """

    def __init__(
        self,
        real: Any,
        labels: Any = None,
        *,
        tolerance: float = 0.05,
        patience: int = 3,
        n: int = 512,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if not 0.0 < checks.check_number("tolerance", tolerance) < 0.5:
            raise InvalidArgumentError(f"tolerance must be in (0, 0.5); got {tolerance!r}.")
        self.tolerance, self.patience = tolerance, checks.check_count("patience", patience)
        real = np.asarray(real, np.float32)
        random = np.random.Generator(np.random.PCG64(checks.check_drawing_seed(seed)))
        chosen = random.permutation(len(real))[: checks.check_count("n", n)]
        if not len(chosen):
            raise DataError("EquilibriumStopping needs real examples; got none.")
        self.real = real[chosen]
        self.labels = None if labels is None else np.asarray(labels).reshape(-1)[chosen]
        self.latents_seed = seed
        self.told_apart = False
        self.epochs = 0
        self.stopped_epoch: int | None = None

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws nothing from latents is refused."""
        check_model(self, model, "generate_from", "latent_dim")
        super().set_model(model)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuse models whose discriminator has no 1/2."""
        if not getattr(self.model, "outputs_logits", True):
            raise InvalidArgumentError(
                f"EquilibriumStopping needs a discriminator of logits; that of "
                f"{type(self.model).__name__} is a critic, whose outputs are no probabilities."
            )
        if self.labels is None and self.model.condition(1) is not None:
            raise InvalidArgumentError(
                f"{type(self.model).__name__} is conditional: pass the labels of the real examples."
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add `d_from_half` to the logs; stop when it has been small for long enough."""
        distance = self.distance()
        if logs is not None:
            logs["d_from_half"] = distance
        if distance > self.tolerance:
            self.told_apart, self.epochs = True, 0
        elif self.told_apart:
            self.epochs += 1
            if self.epochs >= self.patience:
                self.model.stop_training = True
                self.stopped_epoch = epoch

    def distance(self) -> float:
        """Return the mean of |D - 1/2|, over real or generated examples, whichever is larger."""
        gan = self.model
        latents = draw_latents(len(self.real), gan.latent_dim, self.latents_seed)
        labels = None if self.labels is None else list(self.labels)
        condition = gan.condition(len(latents), labels)
        sums = np.zeros(2)
        for start in range(0, len(latents), 128):
            part = slice(start, start + 128)
            asked = None if condition is None else ops.convert_to_tensor(condition[part])
            given = ops.convert_to_tensor(latents[part])
            made = gan.generate_from(given, asked, training=False)
            for index, examples in enumerate((ops.convert_to_tensor(self.real[part]), made)):
                logits = ops.cast(gan.judge(examples, asked, training=False), "float32")
                half = ops.absolute(ops.sigmoid(logits) - 0.5)
                sums[index] += float(ops.convert_to_numpy(ops.sum(half)))
        return float(sums.max() / len(latents))


class GeneratorEMA(keras.callbacks.Callback):
    """Turn on the averages (`ema_momentum`) of a model that was made without.

    The average itself is a part of the compiled step: a callback that averaged after every step
    would have to wait for each of them, and on JAX to copy all weights back and forth. This one
    only gives the model its averaged networks before the first step. From then on the model
    generates from the average, and keeps it when saved. `GAN(..., ema_momentum=0.999)` and
    `ganzoo.load(name, ema_momentum=0.999)` do the same without a callback; where saved weights
    are to be read before `fit`, take these, since the average is a part of the weights.

    Args:
        momentum: In (0, 1), such as 0.999; see `GAN`.
    """

    def __init__(self, momentum: float = 0.999) -> None:
        super().__init__()
        if momentum is None:
            raise InvalidArgumentError("momentum must be in (0, 1); got None.")
        checks.check_momentum(momentum)
        self.momentum = momentum

    def set_model(self, model: Any) -> None:
        """Give the model its averages; the step is compiled anew where that is new."""
        super().set_model(model)
        if not model.averages or model.ema_momentum != self.momentum:
            model.keep_averages(self.momentum)


def mean_distance(examples: np.ndarray) -> float:
    """Return the mean Euclidean distance of two of the examples, shape (n, ...), n >= 2."""
    rows = np.asarray(examples, np.float64).reshape(len(examples), -1)
    size = math.sqrt((rows**2).sum(axis=1).max(initial=0.0))
    rows = rows - rows.mean(axis=0)  # closer to 0, where squares lose fewer digits
    squared = squared_distances(rows, rows)
    np.fill_diagonal(squared, 0.0)
    mean = float(np.sqrt(squared).sum() / (len(rows) * (len(rows) - 1)))
    return 0.0 if mean < 1e-6 * size else mean  # what rounding leaves of equal rows
