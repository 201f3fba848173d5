"""Adversarial losses: logits in, scalar float32 out; `keras.ops` only.

Logits have shape (B, 1), (B,) or, of patches, (B, rows, columns, 1); a large logit means "real".
`real_weights` and `fake_weights` weigh real and generated examples: float32 (B,) of mean 1, None
for equal weights. A discriminator's cross-entropy and least squares are the mean of their real and
their generated half, not the sum: a discriminator that says 1/2 everywhere scores log 2.
"""

from __future__ import annotations

from typing import Any

from keras import ops

from ganzoo.losses.distances import mean

Tensor = Any


def binary_discriminator_loss(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
    """Mean cross-entropy of the discriminator: -log D(x) on real, -log(1 - D(G(z))) on fake.

    The mean of the two halves, so that a discriminator that says 1/2 everywhere scores log 2.
    Goodfellow et al. 2014 (arXiv:1406.2661), eq. 1, with D = sigmoid(logit).

    Args:
        real_logits: Discriminator output on real data.
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0.
    """
    real = mean(ops.softplus(-ops.cast(real_logits, "float32")), real_weights)
    fake = mean(ops.softplus(ops.cast(fake_logits, "float32")), fake_weights)
    return 0.5 * (real + fake)


def non_saturating_generator_loss(fake_logits: Tensor, fake_weights: Tensor = None) -> Tensor:
    """Mean of -log D(G(z)): the form that keeps a gradient while the discriminator wins.

    Goodfellow et al. 2014 (arXiv:1406.2661), section 3.

    Args:
        fake_logits: Discriminator output on generated data.

    Returns:
        A scalar, >= 0; log 2 where the discriminator says 1/2.
    """
    return mean(ops.softplus(-ops.cast(fake_logits, "float32")), fake_weights)


def wasserstein_critic_loss(
    real_scores: Tensor,
    fake_scores: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
    """E[D(fake)] - E[D(real)], the negated estimate of the Wasserstein-1 distance.

    Arjovsky et al. 2017 (arXiv:1701.07875), eq. 3.
    """
    fake = mean(ops.cast(fake_scores, "float32"), fake_weights)
    return fake - mean(ops.cast(real_scores, "float32"), real_weights)


def wasserstein_generator_loss(fake_scores: Tensor, fake_weights: Tensor = None) -> Tensor:
    """-E[D(fake)]. Arjovsky et al. 2017 (arXiv:1701.07875), algorithm 1."""
    return -mean(ops.cast(fake_scores, "float32"), fake_weights)


def least_squares_discriminator_loss(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
    """Half the mean squared distance of real outputs from 1, plus half that of fake ones from 0.

    Mao et al. 2016, Least Squares GANs (arXiv:1611.04076), eq. 2 with a = 0, b = c = 1. The output
    is used as it is, without a sigmoid.

    Returns:
        A scalar, >= 0; 1/4 at equilibrium, where the discriminator says 1/2 everywhere.
    """
    real = mean(ops.square(ops.cast(real_logits, "float32") - 1.0), real_weights)
    fake = mean(ops.square(ops.cast(fake_logits, "float32")), fake_weights)
    return 0.5 * (real + fake)


def least_squares_generator_loss(fake_logits: Tensor, fake_weights: Tensor = None) -> Tensor:
    """Half the mean squared distance of the outputs on generated data from 1.

    Mao et al. 2016 (arXiv:1611.04076), eq. 2 with c = 1. CycleGAN and pix2pix leave the factor 1/2
    out; double it for their weights.

    Returns:
        A scalar, >= 0; 1/8 at equilibrium.
    """
    return 0.5 * mean(ops.square(ops.cast(fake_logits, "float32") - 1.0), fake_weights)


def hinge_discriminator_loss(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]: no gradient beyond the margin.

    Lim and Ye 2017, Geometric GAN (arXiv:1705.02894), eq. 18; Miyato et al. 2018
    (arXiv:1802.05957), eq. 16.

    Returns:
        A scalar, >= 0; 2 at equilibrium, where the discriminator says 0 everywhere.
    """
    real = mean(ops.relu(1.0 - ops.cast(real_logits, "float32")), real_weights)
    fake = mean(ops.relu(1.0 + ops.cast(fake_logits, "float32")), fake_weights)
    return real + fake


def hinge_generator_loss(fake_logits: Tensor, fake_weights: Tensor = None) -> Tensor:
    """-E[D(G(z))]. Miyato et al. 2018 (arXiv:1802.05957), eq. 17.

    Returns:
        A scalar of any size and sign; 0 at equilibrium.
    """
    return -mean(ops.cast(fake_logits, "float32"), fake_weights)


def category_loss(logits: Tensor, condition: Tensor, weights: Tensor = None) -> Tensor:
    """Mean cross-entropy of the category: -sum_c condition_c log softmax(logits)_c.

    Odena, Olah, Shlens 2016, AC-GAN (arXiv:1610.09585), eq. 3, of either half.

    Args:
        logits: Shape (B, categories).
        condition: One-hot, or weights of sum 1, of the same shape.
        weights: Of the examples, (B,), of mean 1; None for equal ones.

    Returns:
        A scalar, >= 0; the log of the number of categories where all are held for as likely.
    """
    told = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    return mean(-ops.sum(ops.cast(condition, "float32") * told, axis=-1), weights)


def relativistic_discriminator_loss(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
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
    # A pair has one weight; that of the real one where the generated one has none.
    return mean(ops.softplus(-ahead), fake_weights if real_weights is None else real_weights)


def relativistic_generator_loss(
    fake_logits: Tensor,
    real_logits: Tensor,
    fake_weights: Tensor = None,
    real_weights: Tensor = None,
) -> Tensor:
    """Mean cross-entropy of "the generated one of a pair is the more real".

    Jolicoeur-Martineau 2018 (arXiv:1807.00734), eq. 10; see `relativistic_discriminator_loss`.

    Args:
        fake_logits: Discriminator output on generated data.
        real_logits: Discriminator output on as many real examples.

    Returns:
        A scalar, >= 0; log 2 at equilibrium.
    """
    return relativistic_discriminator_loss(fake_logits, real_logits, fake_weights, real_weights)


def relativistic_average_discriminator_loss(
    real_logits: Tensor,
    fake_logits: Tensor,
    real_weights: Tensor = None,
    fake_weights: Tensor = None,
) -> Tensor:
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
        mean(ops.softplus(mean(fake, fake_weights) - real), real_weights)
        + mean(ops.softplus(fake - mean(real, real_weights)), fake_weights)
    )


def relativistic_average_generator_loss(
    fake_logits: Tensor,
    real_logits: Tensor,
    fake_weights: Tensor = None,
    real_weights: Tensor = None,
) -> Tensor:
    """The loss of `relativistic_average_discriminator_loss` with the two kinds exchanged.

    Jolicoeur-Martineau 2018 (arXiv:1807.00734), eq. 16.

    Args:
        fake_logits: Discriminator output on generated data.
        real_logits: Discriminator output on real data.

    Returns:
        A scalar, >= 0; log 2 at equilibrium.
    """
    return relativistic_average_discriminator_loss(
        fake_logits, real_logits, fake_weights, real_weights
    )
