"""Layers that Keras lacks or that need a habit of ours."""

from ganzoo.layers.normalisation import (
    BatchNormalization,
    ConditionalBatchNormalization,
    Dropout,
    dropout,
)

__all__ = ["BatchNormalization", "ConditionalBatchNormalization", "Dropout", "dropout"]
