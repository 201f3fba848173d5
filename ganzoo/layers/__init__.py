"""Layers that Keras lacks or that need a habit of ours."""

from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.blur import Blur
from ganzoo.layers.bounded import Bounded
from ganzoo.layers.dropout import Dropout, dropout
from ganzoo.layers.fade import FadeIn
from ganzoo.layers.image_pool import ImagePool
from ganzoo.layers.minibatch import MinibatchStandardDeviation
from ganzoo.layers.noise import GaussianNoise, gaussian_noise
from ganzoo.layers.normalisation import (
    BatchNormalization,
    ConditionalBatchNormalization,
    InstanceNormalization,
)
from ganzoo.layers.padding import ReflectionPadding2D
from ganzoo.layers.spectral import SpectralNormalization
from ganzoo.layers.subpixel import BicubicEnlargement, PixelShuffle
from ganzoo.layers.weight_norm import WeightNormDense

__all__ = [
    "BatchNormalization",
    "BicubicEnlargement",
    "Blur",
    "Bounded",
    "ConditionalBatchNormalization",
    "Dropout",
    "FadeIn",
    "GaussianNoise",
    "ImagePool",
    "InstanceNormalization",
    "MinibatchStandardDeviation",
    "PixelShuffle",
    "ReflectionPadding2D",
    "SelfAttention",
    "SpectralNormalization",
    "WeightNormDense",
    "dropout",
    "gaussian_noise",
]
