"""Convolutions by Fourier coefficients beside sums over the taps."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo._backend import FOURIER_BELOW, on_cpu
from ganzoo._backend import fourier as coefficients
from ganzoo.layers import fourier, transposed

CASES = [
    ((7, 7), ((-2, -1, 0, 1, 2), (-2, -1, 0, 1, 2))),
    ((12, 5), ((-1, 0, 1), (-1, 0, 1, 2))),
    ((4, 6), ((0, 1, 2), (-3, -2, -1))),
    ((3, 4), ((0,), (0,))),
    ((1, 1), ((-1, 0, 1), (0, 1))),
]


def by_sums(x: np.ndarray, kernel: np.ndarray, offsets) -> np.ndarray:
    """Return y[b, p, o] = sum over d and i of x[b, p - d, i] kernel[d, i, o], in float64."""
    batch, height, width, _ = x.shape
    y = np.zeros((batch, height, width, kernel.shape[3]))
    for (i, d), (j, e) in itertools.product(*map(enumerate, offsets)):
        for p, q in itertools.product(range(height), range(width)):
            if 0 <= p - d < height and 0 <= q - e < width:
                y[:, p, q] += x[:, p - d, q - e] @ kernel[i, j]
    return y


@pytest.mark.parametrize(("size", "offsets"), CASES)
def test_coefficients_give_the_convolution(size, offsets):
    random = np.random.default_rng(0)
    x = random.normal(size=(3, *size, 4))
    kernel = random.normal(size=(len(offsets[0]), len(offsets[1]), 4, 2))
    made = fourier.by_coefficients(
        ops.convert_to_tensor(x, "float32"), ops.convert_to_tensor(kernel, "float32"), offsets
    )
    np.testing.assert_allclose(ops.convert_to_numpy(made), by_sums(x, kernel, offsets), atol=2e-5)


def test_a_layer_of_the_zoo_s_size_is_keras_own_to_rounding():
    """The DCGAN's largest layer, which goes by coefficients on every backend's CPU."""
    if not on_cpu():
        pytest.skip("coefficients are for CPUs")
    keras.utils.set_random_seed(0)
    options = {"padding": "same", "use_bias": True}
    own = keras.layers.Conv2DTranspose(128, 5, bias_initializer="normal", **options)
    x = np.random.default_rng(1).normal(size=(64, 7, 7, 256)).astype("float32")
    expected = ops.convert_to_numpy(own(x))
    ours = transposed.Conv2DTranspose(128, 5, **options)
    ours.build(x.shape)
    ours.set_weights(own.get_weights())
    assert fourier.is_faster(x.shape, "float32", 128, (5, 5))
    made = ops.convert_to_numpy(ours(x))
    assert np.abs(made - expected).max() < 2e-5 * expected.std()


@pytest.mark.parametrize(
    ("batch", "channels", "size", "kernel", "expected"),
    [
        (64, (256, 128), (7, 7), (5, 5), True),
        (None, (256, 128), (7, 7), (5, 5), True),
        (64, (256, 128), (12, 12), (5, 5), True),
        (1, (256, 128), (7, 7), (5, 5), False),  # the kernel's coefficients serve one image only
        (64, (64, 1), (14, 14), (5, 5), False),  # too few channels for those of the images
        (64, (128, 64), (28, 28), (5, 5), False),  # too many pixels
    ],
)
def test_it_is_chosen_where_it_has_less_arithmetic(batch, channels, size, kernel, expected):
    assert coefficients.pays(batch, channels, size, kernel, below=0.5) is expected


def test_no_half_precision():
    shape = (64, 7, 7, 256)
    assert 0 < FOURIER_BELOW < 1
    assert not fourier.is_faster(shape, "bfloat16", 128, (5, 5))
    assert not fourier.is_faster(shape, "float16", 128, (5, 5))
