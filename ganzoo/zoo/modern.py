"""GANs of today on digits, characters and photographs, as data: configurations and recipes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine, falling

_MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}
_STACKED = {**_MNIST, "data": "60,000 pictures of three MNIST digits as channels, 28x28x3"}
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
_FACES = {
    "data": "1,818 official portraits of US and UK politicians, 64x64x3, without names; 191 more "
    "are held out. Living public figures: made faces say nothing about any person",
    "credit": "U.S. Government Publishing Office; Chris McAndrew and others / UK Parliament",
    "licence": "public domain; CC-BY-3.0",
}
_CARTOONS = {
    "data": "10,000 cartoon faces drawn by DiceBear's Toon Head, 64x64x3; 1,000 more are held out",
    "credit": "Johan Melin, ToonHead; DiceBear",
    "licence": "CC-BY-4.0",
}
_CLOTHING = (
    "dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
    "t-shirt",
)  # fmt: skip


def _smaller(filters: tuple[int, ...], shape: tuple[int, ...], latent_dim: int) -> dict[str, Any]:
    return {
        "image_shape": shape,
        "latent_dim": latent_dim,
        "filters": filters,
        "blocks": 2,
        "expansion": 1,
        "negative_slope": 0.2,
    }


# Colours and places of photographs may change more than a few of them show.
_ADAPTIVE = {
    "name": "AdaptiveAugmentation", "background": 0.0, "brightness": 0.2, "contrast": 0.3,
    "saturation": 0.5,
}  # fmt: skip


def _relativistic(
    data: str,
    epochs: int,
    seed: int,
    gamma: float,
    rate: float = 2e-4,
    mirrored: bool = False,
    **options: Any,
) -> Recipe:
    """The paper's recipe with one stage: all that changes, changes along one cosine."""
    adam: Mapping[str, Any] = {"learning_rate": falling(rate), "beta_1": 0.0, "beta_2": 0.99}
    penalties = [{"name": "R1", "weight": gamma}, {"name": "R2", "weight": gamma}]
    stage = Stage(epochs, both(adam), {"penalty": penalties, **options})
    return Recipe(data, 64, seed, (stage,), ema_momentum=0.999, mirrored=mirrored)


def _growing(levels: int, stay: int, fade: int, last: int) -> tuple[Stage, ...]:
    """A stage per level, as in the paper: it is faded in, and then all levels learn on.

    Args:
        levels: How many there are.
        stay: Epochs in which the networks stay as they are, at the first level and after a fade.
        fade: Epochs in which a level is faded in.
        last: Epochs at full growth.
    """
    adam = {"learning_rate": 1e-3, "beta_1": 0.0, "beta_2": 0.99}
    options = {"penalty": {"name": "GradientPenalty", "weight": 10.0}}
    stages = [Stage(stay, both(adam), {**options, "growth": 0.0})]
    for level in range(1, levels):
        begin = sum(stage.epochs for stage in stages)
        way = {"from": level - 1, "to": level, "shape": "linear"}
        growth = {**way, "over_epochs": fade, "after_epochs": begin}
        epochs = fade + (stay if level < levels - 1 else last)
        stages.append(Stage(epochs, both(adam), {**options, "growth": growth}))
    return tuple(stages)


ENTRIES: dict[str, Entry] = {
    "r3gan_mnist": Entry(
        family="R3GAN",
        summary="Handwritten digits from a relativistic GAN with two penalties",
        config=_smaller((96, 48, 24), (28, 28, 1), 64),
        parameters={"generator": 283_417, "discriminator": 277_392},
        **_MNIST,
        recipe=_relativistic("mnist", 10, 2025, 0.5),
    ),
    "r3gan_fonts": Entry(
        family="R3GAN",
        summary="Chinese characters in clerical script from a relativistic GAN",
        config=_smaller((128, 96, 48, 24), (48, 48, 1), 64),
        parameters={"generator": 658_617, "discriminator": 650_576},
        **_CLERICAL,
        recipe=_relativistic("clerical_glyphs", 120, 4808, 1.0),
    ),
    "r3gan_stacked_mnist": Entry(
        family="R3GAN",
        summary="Three digits as the channels of a picture: a thousand modes",
        config=_smaller((96, 48, 24), (28, 28, 3), 64),
        parameters={"generator": 283_467, "discriminator": 277_440},
        **_STACKED,
        recipe=_relativistic("stacked_mnist", 10, 1000, 1.0),
    ),
    "dcgan_faces": Entry(
        family="DCGAN",
        summary="Faces in colour from the convolutional GAN of 2015",
        config={
            "image_shape": (64, 64, 3),
            "latent_dim": 100,
            "generator_filters": (256, 128, 64, 32),
            "discriminator_filters": (32, 64, 128, 256),
            "generator_strides": (2, 2, 2, 2),
            "kernel_size": 4,
            "negative_slope": 0.2,
            "dropout": 0.0,
        },
        parameters={"generator": 1_116_544, "discriminator": 694_241},
        **_FACES,
        recipe=Recipe(
            "faces",
            32,
            2015,
            (
                Stage(
                    160,
                    both(cosine(3e-4, 160)),
                    {"simultaneous": True, "penalty": {"name": "R1", "weight": 0.5, "every": 2}},
                ),
            ),
            ema_momentum=0.999,
            mirrored=True,
        ),
    ),
    "stylegan2_cartoons": Entry(
        family="StyleGAN2",
        summary="Cartoon faces whose pose, form and colours are styles that can be mixed",
        config={
            "image_shape": (64, 64, 3),
            "latent_dim": 128,
            "filters": (128, 128, 64, 32, 16),
            "mapping_layers": 4,
        },
        parameters={"generator": 1_070_732, "discriminator": 878_993},
        **_CARTOONS,
        recipe=Recipe(
            "cartoon_faces",
            32,
            2020,
            (
                Stage(
                    40,
                    both({"learning_rate": falling(1e-3), "beta_1": 0.0, "beta_2": 0.99}),
                    {"penalty": {"name": "R1", "weight": 1.0, "every": 4}},
                ),
            ),
            ema_momentum=0.999,
            mirrored=True,
        ),
    ),
    "progan_cartoons": Entry(
        family="ProGAN",
        summary="Cartoon faces from networks that grow from 4x4 to 64x64 while they learn",
        config={
            "image_shape": (64, 64, 3),
            "latent_dim": 128,
            "filters": (128, 128, 64, 32, 16),
        },
        parameters={"generator": 853_443, "discriminator": 853_269},
        **_CARTOONS,
        recipe=Recipe(
            "cartoon_faces",
            32,
            2017,
            _growing(5, stay=2, fade=3, last=20),
            ema_momentum=0.999,
            mirrored=True,
        ),
    ),
    "r3gan_faces": Entry(
        family="R3GAN",
        summary="Faces in colour from a relativistic GAN, with adaptive augmentation",
        config=_smaller((128, 96, 64, 32, 16), (64, 64, 3), 64),
        parameters={"generator": 714_099, "discriminator": 706_048},
        **_FACES,
        recipe=_relativistic("faces", 220, 2026, 5.0, mirrored=True, augmentation=_ADAPTIVE),
    ),
    "fastgan_cartoons_100": Entry(
        family="FastGAN",
        summary="Cartoon faces learned from a hundred pictures",
        config={
            "image_shape": (64, 64, 3),
            "latent_dim": 128,
            "filters": (160, 128, 64, 32, 16),
            "skip": 3,
            "decoder_filters": 16,
        },
        parameters={
            "generator": 1_342_631,
            "features": 737_856,
            "discriminator": 2_561,
            "decoder": 231_731,
            "part_decoder": 83_763,
        },
        **{**_CARTOONS, "data": "100 cartoon faces drawn by DiceBear's Toon Head, 64x64x3"},
        recipe=Recipe(
            "cartoons_100",
            16,
            100,
            (
                Stage(
                    30,
                    both({"learning_rate": 2e-4, "beta_1": 0.5}),
                    {
                        "augmentation": {
                            "cutout": 0.0,
                            "background": 0.0,
                            "mirror": True,
                            "scale": 0.1,
                            "brightness": 0.1,
                            "contrast": 0.2,
                            "saturation": 0.3,
                        }
                    },
                ),
            ),
            repeats=50,
            ema_momentum=0.999,
        ),
    ),
    "r3gan_flowers": Entry(
        family="R3GAN",
        summary="Photographs of flowers from a relativistic GAN",
        config=_smaller((128, 96, 64, 32, 16), (64, 64, 3), 64),
        parameters={"generator": 714_099, "discriminator": 706_048},
        **_FLOWERS,
        recipe=_relativistic("flowers", 120, 2017, 5.0, mirrored=True),
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
                ),
            ),
            ema_momentum=0.999,
            mirrored=True,
        ),
    ),
}
