"""GANs of drawn and photographed faces, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import (
    ADAPTIVE,
    OF_PAIRS,
    both,
    cosine,
    easing,
    falling,
    relativistic,
    small_r3gan,
)

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


def _growing(levels: int, stay: int, fade: int, last: int) -> tuple[Stage, ...]:
    """A stage per level, as in the paper: it is faded in, and then all levels learn on.

    Args:
        levels: How many there are.
        stay: Epochs in which the networks stay as they are, at the first level and after a fade.
        fade: Epochs in which a level is faded in.
        last: Epochs at full growth.
    """
    adam = {"learning_rate": 1e-3, "beta_1": 0.0, "beta_2": 0.99}
    options = {"penalty": {"name": "GradientPenalty", "weight": 10.0, "every": 2}}
    stages = [Stage(stay, both(adam), {**options, "growth": 0.0})]
    for level in range(1, levels):
        begin = sum(stage.epochs for stage in stages)
        way = {"from": level - 1, "to": level, "shape": "linear"}
        growth = {**way, "over_epochs": fade, "after_epochs": begin}
        epochs = fade + (stay if level < levels - 1 else last)
        stages.append(Stage(epochs, both(adam), {**options, "growth": growth}))
    return tuple(stages)


ENTRIES: dict[str, Entry] = {
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
                    {
                        "simultaneous": True,
                        "penalty": {"name": "R1", "weight": 0.5, "every": 2},
                        "augmentation": ADAPTIVE,
                    },
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
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
            "mixing": 0.5,
        },
        parameters={"generator": 1_070_732, "discriminator": 878_993},
        **_CARTOONS,
        recipe=Recipe(
            "cartoon_faces",
            32,
            2020,
            (
                Stage(
                    30,
                    {
                        player: {"learning_rate": falling(rate), "beta_1": 0.0, "beta_2": 0.99}
                        for player, rate in (("discriminator", 2.5e-4), ("generator", 5e-4))
                    },
                    {
                        "simultaneous": True,
                        "penalty": {"name": "R1", "weight": {"from": 2.0, "to": 0.5}, "every": 4},
                    },
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
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
            _growing(5, stay=1, fade=2, last=26),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
        ),
    ),
    "r3gan_faces": Entry(
        family="R3GAN",
        summary="Faces in colour from a relativistic GAN, with adaptive augmentation",
        config=small_r3gan((128, 96, 64, 32, 16), (64, 64, 3), 64),
        parameters={"generator": 1_147_091, "discriminator": 1_139_040},
        **_FACES,
        recipe=relativistic("faces", 220, 2026, easing(2.0), mirrored=True, augmentation=OF_PAIRS),
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
            "features": 741_312,
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
            dtype_policy="mixed_bfloat16",
        ),
    ),
}
