"""Layers that Keras lacks or that need a habit of ours."""

from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.blur import Blur
from ganzoo.layers.dropout import Dropout, dropout
from ganzoo.layers.image_pool import ImagePool
from ganzoo.layers.minibatch import MinibatchStandardDeviation
from ganzoo.layers.normalisation import (
    BatchNormalization,
    ConditionalBatchNormalization,
    InstanceNormalization,
)
from ganzoo.layers.padding import ReflectionPadding2D
from ganzoo.layers.spectral import SpectralNormalization

__all__ = [
    "BatchNormalization",
    "Blur",
    "ConditionalBatchNormalization",
    "Dropout",
    "ImagePool",
    "InstanceNormalization",
    "MinibatchStandardDeviation",
    "ReflectionPadding2D",
    "SelfAttention",
    "SpectralNormalization",
    "dropout",
]
