"""Distances between what is made and what should be, and means weighted by example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

Tensor = Any


def mean(values: Tensor, weights: Tensor = None) -> Tensor:
    """Return the mean of values, weighted by example; a scalar.

    Args:
        values: Shape (B, ...).
        weights: Shape (B,), of mean 1 over the batch; None for equal weights.
    """
    if weights is None:
        return ops.mean(values)
    shape = (-1, *(1 for _ in values.shape[1:]))
    return ops.mean(values * ops.reshape(ops.cast(weights, values.dtype), shape))


def l1_distance(made: Tensor, target: Tensor, weights: Tensor = None) -> Tensor:
    """Mean absolute difference: 0 for equal pictures, at most 2 for pictures in [-1, 1].

    Isola et al. 2016 (arXiv:1611.07004), eq. 3, which sums instead of averaging.

    Args:
        made, target: Of the same shape.
        weights: Of the examples, (B,), of mean 1; None for equal ones.

    Returns:
        A scalar float32, >= 0.
    """
    return mean(ops.absolute(ops.cast(made, "float32") - ops.cast(target, "float32")), weights)


def l2_distance(made: Tensor, target: Tensor, weights: Tensor = None) -> Tensor:
    """Mean squared difference: 0 for equal pictures, at most 4 for pictures in [-1, 1].

    Args:
        made, target: Of the same shape.
        weights: As of `l1_distance`.

    Returns:
        A scalar float32, >= 0.
    """
    return mean(ops.square(ops.cast(made, "float32") - ops.cast(target, "float32")), weights)


def gaussian_kl(centre: Tensor, log_deviation: Tensor) -> Tensor:
    """Kullback-Leibler divergence of Gaussians from a standard normal, in nats.

    Kingma and Welling 2013, Auto-Encoding Variational Bayes (arXiv:1312.6114), appendix B: the mean
    over the batch of sum_k (mu_k^2 + sigma_k^2 - 1 - 2 log sigma_k) / 2.

    Args:
        centre: mu, (B, n).
        log_deviation: log sigma, (B, n).

    Returns:
        A scalar float32, >= 0.
    """
    mu, log_sigma = ops.cast(centre, "float32"), ops.cast(log_deviation, "float32")
    each = ops.square(mu) + ops.exp(2.0 * log_sigma) - 1.0 - 2.0 * log_sigma
    return 0.5 * mean(ops.sum(each, axis=-1))


def gaussian_mmd2(x: Tensor, y: Tensor, widths: Sequence[float], weights: Tensor = None) -> Tensor:
    """Squared maximum mean discrepancy with a mean of Gaussian kernels of several widths.

    Gretton et al. 2012, A kernel two-sample test, J. Mach. Learn. Res. 13, eq. 3: the U-statistic

        sum_{i != j} k(x_i, x_j) / (m (m - 1)) + sum_{i != j} k(y_i, y_j) / (n (n - 1))
        - 2 sum_{i, j} k(x_i, y_j) / (m n),      k(a, b) = mean_s exp(-|a - b|^2 / (2 s^2)).

    It is unbiased: 0 on average for samples of one distribution, so that it falls below 0 half of
    the time. With i = j kept in (Gretton's eq. 5) it would be >= 0, but too large.

    Args:
        x: Sample of shape (m, d), m >= 2.
        y: Sample of shape (n, d), n >= 2.
        widths: The s, > 0, in units of the columns.
        weights: Of the rows of x, (m,), >= 0: each pair counts with the product of its weights.

    Returns:
        A scalar float32 in [-1, 2].
    """
    x, y = ops.cast(x, "float32"), ops.cast(y, "float32")
    m, n = (ops.cast(ops.shape(sample)[0], "float32") for sample in (x, y))
    within_y = (ops.sum(_mean_kernel(y, y, widths)) - n) / (n * (n - 1.0))
    if weights is None:
        within_x = (ops.sum(_mean_kernel(x, x, widths)) - m) / (m * (m - 1.0))
        return within_x + within_y - 2.0 * ops.mean(_mean_kernel(x, y, widths))
    column = ops.reshape(ops.cast(weights, "float32"), (-1, 1))
    total, squares = ops.sum(column), ops.sum(ops.square(column))
    within_x = ops.sum(column * ops.transpose(column) * _mean_kernel(x, x, widths)) - squares
    within_x = within_x / ops.maximum(ops.square(total) - squares, 1e-12)
    between = ops.sum(column * _mean_kernel(x, y, widths)) / (ops.maximum(total, 1e-12) * n)
    return within_x + within_y - 2.0 * between


def _mean_kernel(a: Tensor, b: Tensor, widths: Sequence[float]) -> Tensor:
    """Return the mean of the Gaussian kernels of all pairs, (rows of a, rows of b)."""
    lengths = [ops.sum(ops.square(sample), axis=1) for sample in (a, b)]
    distance = lengths[0][:, None] + lengths[1][None, :] - 2.0 * ops.matmul(a, ops.transpose(b))
    distance = ops.maximum(distance, 0.0)  # rounding
    kernels = [ops.exp(distance * (-0.5 / width**2)) for width in widths]
    return sum(kernels[1:], kernels[0]) / float(len(kernels))
