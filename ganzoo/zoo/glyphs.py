"""The zoo's models of Chinese characters, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import ADAM, both, smooth

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
    "dcgan_fonts": Entry(
        family="DCGAN",
        summary="Chinese characters that do not exist, in clerical script",
        config=_GLYPH_DCGAN,
        parameters={"generator": 5_929_473, "discriminator": 225_025},
        **_CLERICAL,
        recipe=smooth("clerical_glyphs", epochs=80, seed=4808),  # 12,000 steps
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
        parameters={"generator": 3_058_688, "discriminator": 1_311_745},
        **_CLERICAL,
        recipe=Recipe(
            data="clerical_glyphs",
            batch_size=64,
            seed=1982,
            stages=(
                Stage(
                    epochs=267,  # 20,025 steps
                    optimizers=both(ADAM),
                ),
            ),
            ema_momentum=0.999,
        ),
    ),
    "dcgan_fonts_mix": Entry(
        family="DCGAN",
        summary="Chinese characters between clerical and semi-cursive script",
        config=_GLYPH_DCGAN,
        parameters={"generator": 5_929_473, "discriminator": 225_025},
        **_TWO_SCRIPTS,
        recipe=smooth("mixed_glyphs", epochs=20, seed=8934),
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
        parameters={"generator": 2_207_936, "discriminator": 261_889},
        **_TWO_SCRIPTS,
        recipe=smooth("mixed_glyphs", epochs=30, seed=4126),
    ),
}
