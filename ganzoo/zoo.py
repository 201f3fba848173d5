"""The zoo, as data only: families of GANs and the named models in them.

One more GAN is one file in `models/` and one entry here; see CONTRIBUTING.md. The sizes and hashes
of the shipped files are in `checkpoints.json`, which `python -m tools.rebuild_registry` writes.
"""

from __future__ import annotations

from ganzoo import electron_models
from ganzoo.entries import Entry, Family, Recipe, Stage

FAMILIES: dict[str, Family] = {
    "VanillaGAN": Family(
        class_path="ganzoo.models.vanilla_gan:VanillaGAN",
        paper="Goodfellow et al., Generative Adversarial Networks, 2014",
        arxiv="1406.2661",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_units": (8, 12),
            "discriminator_units": (12, 8),
            "batch_norm": True,
        },
    ),
    "DCGAN": Family(
        class_path="ganzoo.models.dcgan:DCGAN",
        paper="Radford, Metz, Chintala, Unsupervised Representation Learning with Deep "
        "Convolutional Generative Adversarial Networks, 2015",
        arxiv="1511.06434",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_filters": (6, 5, 4),
            "discriminator_filters": (4, 6),
            "kernel_size": 3,
        },
    ),
    "WGANGP": Family(
        class_path="ganzoo.models.wgan_gp:WGANGP",
        paper="Gulrajani et al., Improved Training of Wasserstein GANs, 2017",
        arxiv="1704.00028",
        tiny={
            "data_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_filters": (6, 5),
            "discriminator_filters": (4, 6),
            "discriminator_units": (5,),
            "kernel_size": 3,
        },
    ),
    "FATGAN": Family(
        class_path="ganzoo.models.fat_gan:FATGAN",
        paper="Alanazi et al., Simulation of electron-proton scattering events by a Feature-"
        "Augmented and Transformed Generative Adversarial Network (FAT-GAN), 2020",
        arxiv="2001.11103",
        tiny={
            "features": ("px", "py", "log_gap", "pT", "log_Q2"),
            "latent_dim": 4,
            "generator_units": (8, 6),
            "discriminator_units": (6, 8),
        },
        data="events",
    ),
}

_ADAM = {"learning_rate": 2e-4, "beta_1": 0.5}


def _cosine(learning_rate: float, epochs: int) -> dict[str, float]:
    """Adam whose rate falls along a cosine to 2 % over `epochs` epochs."""
    return {
        "learning_rate": learning_rate,
        "beta_1": 0.5,
        "cosine_decay": 0.02,
        "cosine_epochs": epochs,
    }


_MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}

ENTRIES: dict[str, Entry] = {
    "gan_mnist": Entry(
        family="VanillaGAN",
        summary="Handwritten digits from a multilayer perceptron",
        config={
            "image_shape": (28, 28, 1),
            "latent_dim": 100,
            "generator_units": (256, 512, 1024),
            "discriminator_units": (1024, 512, 256),
            "negative_slope": 0.2,
            "dropout": 0.3,
        },
        parameters=(1_486_352, 1_460_225),
        **_MNIST,
        recipe=Recipe(
            data="mnist",
            batch_size=128,
            seed=2014,
            stages=(
                Stage(
                    epochs=20,
                    discriminator_optimizer=_ADAM,
                    generator_optimizer=_ADAM,
                    compile={"simultaneous": True},
                ),
            ),
            ema_momentum=0.999,
        ),
    ),
    "dcgan_mnist": Entry(
        family="DCGAN",
        summary="Handwritten digits from a convolutional GAN",
        config={
            "image_shape": (28, 28, 1),
            "latent_dim": 100,
            "generator_filters": (256, 128, 64),
            "discriminator_filters": (64, 128),
            "kernel_size": 5,
            "negative_slope": 0.3,
            "dropout": 0.0,
        },
        parameters=(2_330_944, 212_865),
        **_MNIST,
        recipe=Recipe(
            data="mnist",
            batch_size=64,
            seed=2015,
            stages=(
                # A quick discriminator first; then a smooth one, so that the generator catches up.
                Stage(
                    epochs=24,
                    discriminator_optimizer=_cosine(8e-4, 36),
                    generator_optimizer=_cosine(4e-4, 36),
                    compile={"simultaneous": True},
                ),
                Stage(
                    epochs=12,
                    discriminator_optimizer=_cosine(3e-4, 12),
                    generator_optimizer=_cosine(3e-4, 12),
                    compile={"simultaneous": True, "penalty": {"name": "R1", "weight": 0.05}},
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
        ),
    ),
    **electron_models.ENTRIES,
}
