"""Callbacks for `model.fit`: pictures of the progress, its quality, and a state to resume from.

They work on every backend and in any script that calls `fit` on a `GAN`.
"""

from ganzoo.callbacks.balance import BalanceMonitor, EquilibriumStopping, GeneratorEMA
from ganzoo.callbacks.quality import EventQuality, KeepBest, Measure, StopAfter
from ganzoo.callbacks.watching import Curves, Movie, SampleGrid
from ganzoo.training.resume import TrainingState

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
    "StopAfter",
    "TrainingState",
]
