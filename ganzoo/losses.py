"""Adversarial losses: logits in, scalar float32 out; `keras.ops` only.

Logits have shape (B, 1) or (B,); a large logit means "real".
"""

from __future__ import annotations

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
