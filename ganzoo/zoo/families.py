"""The zoo, as data only: families of GANs and the named models in them.

One more GAN is one file in `models/` and one entry here; see CONTRIBUTING.md. The sizes and hashes
of the shipped files are in `checkpoints.json`, which `python -m tools.rebuild_registry` writes.
"""

from __future__ import annotations

from ganzoo.zoo import electrons as electron_models
from ganzoo.zoo.forms import Entry, Family, Recipe, Stage

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
    "ConditionalDCGAN": Family(
        class_path="ganzoo.models.conditional_dcgan:ConditionalDCGAN",
        paper="Miyato, Koyama, cGANs with Projection Discriminator, 2018",
        arxiv="1802.05637",
        tiny={
            "image_shape": (8, 8, 1),
            "classes": ("one", "two", "three"),
            "latent_dim": 4,
            "generator_filters": (6, 5, 4),
            "discriminator_filters": (4, 6),
            "kernel_size": 3,
        },
        task="labelled",
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
        task="events",
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


def _smooth(data: str, epochs: int, seed: int, batch_size: int = 32) -> Recipe:
    """A recipe of one stage that keeps the discriminator smooth from the first step on."""
    stage = Stage(
        epochs=epochs,
        discriminator_optimizer=_cosine(3e-4, epochs),
        generator_optimizer=_cosine(3e-4, epochs),
        # Half of the batch is enough for the penalty, the slow part of the step.
        compile={"simultaneous": True, "penalty": {"name": "R1", "weight": 0.05, "every": 2}},
    )
    return Recipe(
        data=data,
        batch_size=batch_size,
        seed=seed,
        stages=(stage,),
        ema_momentum=0.999,
        dtype_policy="mixed_bfloat16",
    )


_MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}

_CLERICAL = {
    "data": "4,808 commonly used characters in clerical script (TW-MOE-Li), 48x48x1",
    "credit": "Ministry of Education, R.O.C. (Taiwan)",
    "licence": "CC-BY-ND-3.0-TW",
}

_TWO_SCRIPTS = {
    "data": "8,934 characters, 4,808 in clerical script (TW-MOE-Li) and 4,126 in semi-cursive "
    "script (Kouzan Mouhitsu Gyosho), 48x48x1",
    "credit": "Ministry of Education, R.O.C. (Taiwan); Kouzan Aoyagi",
    "licence": "CC-BY-ND-3.0-TW; public domain",
}

_GLYPH_DCGAN = {
    "image_shape": (48, 48, 1),
    "latent_dim": 128,
    "generator_filters": (256, 128, 64),
    "discriminator_filters": (64, 128),
    "kernel_size": 5,
    "negative_slope": 0.3,
    "dropout": 0.0,
    "use_bias": True,
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
    "dcgan_fonts": Entry(
        family="DCGAN",
        summary="Chinese characters that do not exist, in clerical script",
        config=_GLYPH_DCGAN,
        parameters=(5_929_473, 225_025),
        **_CLERICAL,
        recipe=_smooth("clerical_glyphs", epochs=80, seed=4808),  # 12,000 steps
    ),
    "gan_fonts": Entry(
        family="VanillaGAN",
        summary="Chinese characters that do not exist, from a multilayer perceptron",
        config={
            "image_shape": (48, 48, 1),
            "latent_dim": 128,
            "generator_units": (256, 512, 1024),
            "discriminator_units": (512, 256),
            "negative_slope": 0.3,
            "dropout": 0.3,
            "batch_norm": True,
        },
        parameters=(3_058_688, 1_311_745),
        **_CLERICAL,
        recipe=Recipe(
            data="clerical_glyphs",
            batch_size=64,
            seed=1982,
            stages=(
                Stage(
                    epochs=267,  # 20,025 steps
                    discriminator_optimizer=_ADAM,
                    generator_optimizer=_ADAM,
                ),
            ),
            ema_momentum=0.999,
        ),
    ),
    "dcgan_fonts_mix": Entry(
        family="DCGAN",
        summary="Chinese characters between clerical and semi-cursive script",
        config=_GLYPH_DCGAN,
        parameters=(5_929_473, 225_025),
        **_TWO_SCRIPTS,
        recipe=_smooth("mixed_glyphs", epochs=20, seed=8934),
    ),
    "cdcgan_fonts_mix": Entry(
        family="ConditionalDCGAN",
        summary="Chinese characters in the script that is asked for, or between two",
        config={
            "image_shape": (48, 48, 1),
            "classes": ("clerical", "semi-cursive"),
            "latent_dim": 128,
            "generator_filters": (256, 128, 64),
            "discriminator_filters": (64, 128),
            "generator_strides": (2, 2, 2),
            "kernel_size": 5,
            "negative_slope": 0.3,
            "dropout": 0.0,
        },
        parameters=(2_207_936, 261_889),
        **_TWO_SCRIPTS,
        recipe=_smooth("mixed_glyphs", epochs=30, seed=4126),
    ),
    "cdcgan_mnist": Entry(
        family="ConditionalDCGAN",
        summary="The handwritten digit that is asked for",
        config={
            "image_shape": (28, 28, 1),
            "classes": tuple("0123456789"),
            "latent_dim": 100,
            "generator_filters": (256, 128, 64),
            "discriminator_filters": (64, 128),
            "generator_strides": (1, 2, 2),
            "kernel_size": 5,
            "negative_slope": 0.3,
            "dropout": 0.0,
        },
        parameters=(2_289_856, 275_585),
        **_MNIST,
        recipe=_smooth("mnist", epochs=10, seed=2018, batch_size=64),
    ),
    **electron_models.ENTRIES,
}
