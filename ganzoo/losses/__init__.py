"""Losses of the players: adversarial ones of logits, and distances; scalar float32 out."""

from ganzoo.losses.adversarial import (
    binary_discriminator_loss,
    category_loss,
    hinge_discriminator_loss,
    hinge_generator_loss,
    least_squares_discriminator_loss,
    least_squares_generator_loss,
    non_saturating_generator_loss,
    relativistic_average_discriminator_loss,
    relativistic_average_generator_loss,
    relativistic_discriminator_loss,
    relativistic_generator_loss,
    wasserstein_critic_loss,
    wasserstein_generator_loss,
)
from ganzoo.losses.distances import (
    gaussian_kl,
    gaussian_mmd2,
    l1_distance,
    l2_distance,
    mean,
)

__all__ = [
    "binary_discriminator_loss",
    "category_loss",
    "gaussian_kl",
    "gaussian_mmd2",
    "hinge_discriminator_loss",
    "hinge_generator_loss",
    "l1_distance",
    "l2_distance",
    "least_squares_discriminator_loss",
    "least_squares_generator_loss",
    "mean",
    "non_saturating_generator_loss",
    "relativistic_average_discriminator_loss",
    "relativistic_average_generator_loss",
    "relativistic_discriminator_loss",
    "relativistic_generator_loss",
    "wasserstein_critic_loss",
    "wasserstein_generator_loss",
]
