"""Layers that Keras lacks or that need a habit of ours."""

from ganzoo.layers.dropout import Dropout, dropout
from ganzoo.layers.normalisation import BatchNormalization, ConditionalBatchNormalization

__all__ = ["BatchNormalization", "ConditionalBatchNormalization", "Dropout", "dropout"]
