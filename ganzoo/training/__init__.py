"""Training from a recipe, and states to resume from."""

from ganzoo.training.resume import TrainingState

__all__ = ["TrainingState"]
