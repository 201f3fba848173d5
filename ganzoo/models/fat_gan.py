"""FATGAN: a feature-augmented and transformed GAN for the electrons of electron-proton collisions.

Alanazi et al. 2020, Simulation of electron-proton scattering events by a Feature-Augmented and
Transformed Generative Adversarial Network (FAT-GAN), arXiv:2001.11103: a Wasserstein GAN with
gradient penalty. The generator makes numbers from which pz < E_b follows; the critic sees derived
features of the momenta; the maximum mean discrepancy of the features joins the generator's loss.

Choices where the paper leaves them open, and deviations: the features are named one by one, log Q2
and log x can be among them, as the data have sharp edges in both; the spherical form makes
log(E_max - E), pseudorapidity and azimuth; the kernels have several widths; the gradient penalty is
taken in the space of the standardised features. With `turned`, which is not in the paper, the
azimuth is not learned: unpolarised beams prefer none, so each event is turned about the beam by an
angle out of two latent numbers, and the network learns the other two dimensions. The direct GAN,
the baseline, is `representation="direct"` with the momenta as the only features.
"""

from __future__ import annotations

import keras

from ganzoo.game.feature_augmented import FeatureAugmentedGAN


@keras.saving.register_keras_serializable("ganzoo")
class FATGAN(FeatureAugmentedGAN):
    """Latents to electron momenta (px, py, pz) in GeV, the electron beam along +z.

    Data are physical: `fit` takes and `sample` gives momenta in GeV, those of
    `ganzoo.events.stream` and `ganzoo sample` to the last bit. The constants of the two
    standardisations belong to the model; `FATGAN.constants(events, ...)` computes them.

    Args:
        representation: What the generator makes: "direct", "cartesian", "spherical", "invariant" or
            "partonic"; see `ganzoo.events.layers.Momenta`.
        features: What the critic sees, names out of `ganzoo.events.features.FEATURES`.
        generated_mean, generated_deviation: Standardisation of the three generated numbers.
        feature_mean, feature_deviation: Standardisation of each feature.
        electron_beam: Energy of the electron beam, along +z, in GeV.
        proton_beam: Energy of the proton beam in GeV.
        q2_min: Least Q2 of the events in GeV2: "invariant" and "partonic" have none below.
        latent_dim: Length of a latent vector.
        turned: The first two latent numbers give the angle by which an event is turned about the
            beam, and the network sees the others; the azimuth is uniform by construction.
        generator_units: Widths of the generator's hidden layers.
        discriminator_units: Widths of the critic's hidden layers.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate after each hidden layer of the critic, in [0, 1).
        members: Generators that learn beside each other, each with a critic and weights of its own
            and other latents: what they differ by is the error of a training. An event is made by
            one of them, each as often as the others, which a latent number more chooses.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """
