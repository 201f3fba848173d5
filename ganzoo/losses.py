"""Adversarial losses: logits in, scalar float32 out; `keras.ops` only.

Logits have shape (B, 1) or (B,); a large logit means "real".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

Tensor = Any


def binary_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Mean cross-entropy of the discriminator: -log D(x) on real, -log(1 - D(G(z))) on fake.

    The mean of the two halves, so that a discriminator that says 1/2 everywhere scores log 2.
    Goodfellow et al. 2014 (arXiv:1406.2661), eq. 1, with D = sigmoid(logit).

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0.
    """
    real = ops.mean(ops.softplus(-ops.cast(real_logits, "float32")))
    fake = ops.mean(ops.softplus(ops.cast(fake_logits, "float32")))
    return 0.5 * (real + fake)


def non_saturating_generator_loss(fake_logits: Tensor) -> Tensor:
    """Mean of -log D(G(z)): the form that keeps a gradient while the discriminator wins.

    Goodfellow et al. 2014 (arXiv:1406.2661), section 3.

    Args:
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0; log 2 where the discriminator says 1/2.
    """
    return ops.mean(ops.softplus(-ops.cast(fake_logits, "float32")))


def wasserstein_critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E[D(fake)] - E[D(real)], the negated estimate of the Wasserstein-1 distance.

    Arjovsky et al. 2017 (arXiv:1701.07875), eq. 3.
    """
    return ops.mean(ops.cast(fake_scores, "float32")) - ops.mean(ops.cast(real_scores, "float32"))


def wasserstein_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E[D(fake)]. Arjovsky et al. 2017 (arXiv:1701.07875), algorithm 1."""
    return -ops.mean(ops.cast(fake_scores, "float32"))


def least_squares_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Half the mean squared distance of real outputs from 1, plus half that of fake ones from 0.

    Mao et al. 2016, Least Squares GANs (arXiv:1611.04076), eq. 2 with a = 0, b = c = 1. The output
    is used as it is, without a sigmoid.

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0; 1/4 at equilibrium, where the discriminator says 1/2 everywhere.
    """
    real = ops.mean(ops.square(ops.cast(real_logits, "float32") - 1.0))
    fake = ops.mean(ops.square(ops.cast(fake_logits, "float32")))
    return 0.5 * (real + fake)


def least_squares_generator_loss(fake_logits: Tensor) -> Tensor:
    """Half the mean squared distance of the outputs on generated data from 1.

    Mao et al. 2016 (arXiv:1611.04076), eq. 2 with c = 1. CycleGAN and pix2pix leave the factor 1/2
    out; double it for their weights.

    Returns:
        A scalar, >= 0; 1/8 at equilibrium.
    """
    return 0.5 * ops.mean(ops.square(ops.cast(fake_logits, "float32") - 1.0))


def hinge_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]: no gradient beyond the margin.

    Lim and Ye 2017, Geometric GAN (arXiv:1705.02894), eq. 18; Miyato et al. 2018
    (arXiv:1802.05957), eq. 16.

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0; 2 at equilibrium, where the discriminator says 0 everywhere.
    """
    real = ops.mean(ops.relu(1.0 - ops.cast(real_logits, "float32")))
    fake = ops.mean(ops.relu(1.0 + ops.cast(fake_logits, "float32")))
    return real + fake


def hinge_generator_loss(fake_logits: Tensor) -> Tensor:
    """-E[D(G(z))]. Miyato et al. 2018 (arXiv:1802.05957), eq. 17.

    Returns:
        A scalar of any size and sign; 0 at equilibrium.
    """
    return -ops.mean(ops.cast(fake_logits, "float32"))


def relativistic_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Mean cross-entropy of "the real one of a pair is the more real": softplus(D(G(z)) - D(x)).

    Jolicoeur-Martineau 2018, The relativistic discriminator (arXiv:1807.00734), eq. 9, RSGAN; the
    pairing loss (RpGAN) of R3GAN, Huang et al. 2025 (arXiv:2501.05441), eq. 2. Row i of the real
    batch is paired with row i of the generated one.

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on as many generated examples.

    Returns:
        A scalar, >= 0; log 2 at equilibrium, where both outputs of a pair are equal.
    """
    ahead = ops.cast(real_logits, "float32") - ops.cast(fake_logits, "float32")
    return ops.mean(ops.softplus(-ahead))


def relativistic_generator_loss(fake_logits: Tensor, real_logits: Tensor) -> Tensor:
    """Mean cross-entropy of "the generated one of a pair is the more real".

    Jolicoeur-Martineau 2018 (arXiv:1807.00734), eq. 10; see `relativistic_discriminator_loss`.

    Args:
        fake_logits: Discriminator output on generated data.
        real_logits: Discriminator output on as many real examples.

    Returns:
        A scalar, >= 0; log 2 at equilibrium.
    """
    return relativistic_discriminator_loss(fake_logits, real_logits)


def relativistic_average_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Mean cross-entropy of "more real than the average of the other kind", real and generated.

    Jolicoeur-Martineau 2018 (arXiv:1807.00734), eq. 14 and 15, RaSGAN. The mean of the two halves,
    as in `binary_discriminator_loss`; the paper has their sum. The averages are those of a
    replica's rows.

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0; log 2 at equilibrium.
    """
    real, fake = ops.cast(real_logits, "float32"), ops.cast(fake_logits, "float32")
    return 0.5 * (
        ops.mean(ops.softplus(ops.mean(fake) - real))
        + ops.mean(ops.softplus(fake - ops.mean(real)))
    )


def relativistic_average_generator_loss(fake_logits: Tensor, real_logits: Tensor) -> Tensor:
    """The loss of `relativistic_average_discriminator_loss` with the two kinds exchanged.

    Jolicoeur-Martineau 2018 (arXiv:1807.00734), eq. 16.

    Args:
        fake_logits: Discriminator output on generated data.
        real_logits: Discriminator output on real data.

    Returns:
        A scalar, >= 0; log 2 at equilibrium.
    """
    return relativistic_average_discriminator_loss(fake_logits, real_logits)


def l1_distance(made: Tensor, target: Tensor) -> Tensor:
    """Mean absolute difference: 0 for equal pictures, at most 2 for pictures in [-1, 1].

    Isola et al. 2016 (arXiv:1611.07004), eq. 3, which sums instead of averaging.

    Args:
        made, target: Of the same shape.

    Returns:
        A scalar float32, >= 0.
    """
    return ops.mean(ops.absolute(ops.cast(made, "float32") - ops.cast(target, "float32")))


def l2_distance(made: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference: 0 for equal pictures, at most 4 for pictures in [-1, 1].

    Args:
        made, target: Of the same shape.

    Returns:
        A scalar float32, >= 0.
    """
    return ops.mean(ops.square(ops.cast(made, "float32") - ops.cast(target, "float32")))


def gaussian_mmd2(x: Tensor, y: Tensor, widths: Sequence[float]) -> Tensor:
    """Squared maximum mean discrepancy with a mean of Gaussian kernels of several widths.

    Gretton et al. 2012, A kernel two-sample test, J. Mach. Learn. Res. 13, eq. 3: the U-statistic

        sum_{i != j} k(x_i, x_j) / (m (m - 1)) + sum_{i != j} k(y_i, y_j) / (n (n - 1))
        - 2 sum_{i, j} k(x_i, y_j) / (m n),      k(a, b) = mean_s exp(-|a - b|^2 / (2 s^2)).

    It is unbiased: 0 on average for samples of one distribution, so that it falls below 0 half of
    the time. With i = j kept in (Gretton's eq. 5) the estimate is >= 0, but too large by
    (1 - E k(x, x')) / m + (1 - E k(y, y')) / n.

    Args:
        x: Sample of shape (m, d), m >= 2.
        y: Sample of shape (n, d), n >= 2.
        widths: The s, > 0, in units of the columns.

    Returns:
        A scalar float32 in [-1, 2].
    """
    x, y = ops.cast(x, "float32"), ops.cast(y, "float32")
    m, n = (ops.cast(ops.shape(sample)[0], "float32") for sample in (x, y))
    within_x = (ops.sum(_mean_kernel(x, x, widths)) - m) / (m * (m - 1.0))
    within_y = (ops.sum(_mean_kernel(y, y, widths)) - n) / (n * (n - 1.0))
    return within_x + within_y - 2.0 * ops.mean(_mean_kernel(x, y, widths))


def _mean_kernel(a: Tensor, b: Tensor, widths: Sequence[float]) -> Tensor:
    """Return the mean of the Gaussian kernels of all pairs, (rows of a, rows of b)."""
    lengths = [ops.sum(ops.square(sample), axis=1) for sample in (a, b)]
    distance = lengths[0][:, None] + lengths[1][None, :] - 2.0 * ops.matmul(a, ops.transpose(b))
    distance = ops.maximum(distance, 0.0)  # rounding
    kernels = [ops.exp(distance * (-0.5 / width**2)) for width in widths]
    return sum(kernels[1:], kernels[0]) / float(len(kernels))
