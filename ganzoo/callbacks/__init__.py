"""Callbacks for `model.fit`: pictures of the progress, its quality, the balance, the best model.

They work on every backend and in any script that calls `fit` on a GAN. A state to resume from is
`ganzoo.training.TrainingState`. `every=n` is always: after every n epochs.
"""

from ganzoo.callbacks.balance import BalanceMonitor, EquilibriumStopping, GeneratorEMA
from ganzoo.callbacks.events import EventQuality
from ganzoo.callbacks.keeping import KeepBest, StopAfter
from ganzoo.callbacks.lines import SampleLines
from ganzoo.callbacks.quality import Measure
from ganzoo.callbacks.sounds import SampleSounds
from ganzoo.callbacks.watching import Curves, Movie, SampleGrid

__all__ = [
    "BalanceMonitor",
    "Curves",
    "EquilibriumStopping",
    "EventQuality",
    "GeneratorEMA",
    "KeepBest",
    "Measure",
    "Movie",
    "SampleGrid",
    "SampleLines",
    "SampleSounds",
    "StopAfter",
]
