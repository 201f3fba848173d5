"""GANs of today on digits, characters, flowers and clothes, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import ADAPTIVE, MNIST, OF_PAIRS, easing, relativistic, small_r3gan

_STACKED = {**MNIST, "data": "60,000 pictures of three MNIST digits as channels, 28x28x3"}
_CLERICAL = {
    "data": "4,808 characters in clerical script (TW-MOE-Li), 48x48x1",
    "credit": "Ministry of Education, R.O.C. (Taiwan)",
    "licence": "CC-BY-ND-3.0-TW",
}
_FLOWERS = {
    "data": "3,054 photographs of flowers, 64x64x3; 372 more are held out",
    "credit": "the photographers on Flickr, by id, as collected for TensorFlow's flower_photos",
    "licence": "CC-BY-2.0",
}
_CLOTHES = {
    "data": "3,176 photographs of clothes of ten kinds, 64x64x3; 353 more are held out",
    "credit": "Alexey Grigorev, clothing-dataset-small",
    "licence": "CC0-1.0",
}
_CLOTHING = (
    "dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
    "t-shirt",
)  # fmt: skip


ENTRIES: dict[str, Entry] = {
    "r3gan_mnist": Entry(
        family="R3GAN",
        summary="Handwritten digits from a relativistic GAN with two penalties",
        config={**small_r3gan((96, 48, 24), (28, 28, 1), 64), "activation": "tanh"},
        parameters={"generator": 452_425, "discriminator": 446_400},
        **MNIST,
        recipe=relativistic("mnist", 10, 2025, easing(0.5)),
    ),
    "r3gan_fonts": Entry(
        family="R3GAN",
        summary="Chinese characters in clerical script from a relativistic GAN",
        config=small_r3gan((128, 96, 48, 24), (48, 48, 1), 64),
        parameters={"generator": 1_056_745, "discriminator": 1_048_704},
        **_CLERICAL,
        recipe=relativistic("clerical_glyphs", 120, 4808, easing(1.0)),
    ),
    "r3gan_stacked_mnist": Entry(
        family="R3GAN",
        summary="Three digits as the channels of a picture: a thousand modes",
        config=small_r3gan((96, 48, 24), (28, 28, 3), 64),
        parameters={"generator": 452_475, "discriminator": 446_448},
        **_STACKED,
        recipe=relativistic("stacked_mnist", 10, 1000, easing(1.0)),
    ),
    "r3gan_flowers": Entry(
        family="R3GAN",
        summary="Photographs of flowers from a relativistic GAN",
        config=small_r3gan((128, 96, 64, 32, 16), (64, 64, 3), 64),
        parameters={"generator": 1_147_091, "discriminator": 1_139_040},
        **_FLOWERS,
        recipe=relativistic(
            "flowers", 120, 2017, easing(2.0), mirrored=True, augmentation=OF_PAIRS
        ),
    ),
    "sagan_clothing": Entry(
        family="SAGAN",
        summary="Photographs of clothes of the kind that is asked for, with attention",
        config={
            "image_shape": (64, 64, 3),
            "classes": _CLOTHING,
            "latent_dim": 64,
            "filters": (160, 128, 64, 32, 16),
            "attention": 2,
        },
        parameters={"generator": 694_927, "discriminator": 742_933},
        **_CLOTHES,
        recipe=Recipe(
            "clothing",
            32,
            2018,
            (
                Stage(
                    120,
                    {
                        "discriminator": {"learning_rate": 4e-4, "beta_1": 0.0, "beta_2": 0.9},
                        "generator": {"learning_rate": 1e-4, "beta_1": 0.0, "beta_2": 0.9},
                    },
                    {"augmentation": ADAPTIVE},
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
            mirrored=True,
        ),
    ),
}
