"""The zoo's models of handwritten digits, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import ADAM, MNIST, both, cosine, smooth

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
        parameters={"generator": 1_486_352, "discriminator": 1_460_225},
        **MNIST,
        recipe=Recipe(
            data="mnist",
            batch_size=128,
            seed=2014,
            stages=(
                Stage(
                    epochs=20,
                    optimizers=both(ADAM),
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
        parameters={"generator": 2_330_944, "discriminator": 212_865},
        **MNIST,
        recipe=Recipe(
            data="mnist",
            batch_size=64,
            seed=2015,
            stages=(
                # A quick discriminator first; then a smooth one, so that the generator catches up.
                Stage(
                    epochs=24,
                    optimizers={"discriminator": cosine(8e-4, 36), "generator": cosine(4e-4, 36)},
                    compile={"simultaneous": True},
                ),
                Stage(
                    epochs=12,
                    optimizers=both(cosine(3e-4, 12)),
                    compile={"simultaneous": True, "penalty": {"name": "R1", "weight": 0.05}},
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
        ),
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
        parameters={"generator": 2_289_856, "discriminator": 275_585},
        **MNIST,
        recipe=smooth("mnist", epochs=10, seed=2018, batch_size=64),
    ),
}
