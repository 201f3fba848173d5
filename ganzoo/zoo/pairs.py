"""The zoo's models that turn pictures into pictures, as data: configurations and recipes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import constant_then_linear, cosine

_SCRIPTS = {
    "data": "3,713 characters in clerical script (TW-MOE-Li) and in semi-cursive script (Kouzan "
    "Mouhitsu Gyosho), 48x48x1; 413 more are held out",
    "credit": "Ministry of Education, R.O.C. (Taiwan); Kouzan Aoyagi",
    "licence": "CC-BY-ND-3.0-TW; public domain",
}
_STYLES = {
    "data": "62,809 characters in sixteen styles, and the same 4,395 in LXGW WenKai, 48x48x1; 413 "
    "characters more are held out",
    "credit": "LXGW; Ministry of Education, R.O.C. (Taiwan); Kouzan Aoyagi; National Development "
    "Council; Yoshiki Hayashi; Fontworks; Kirono; Nozomi Seto; Tanukizamurai; Motoya",
    "licence": "OFL-1.1; CC-BY-ND-3.0-TW; public domain; OGDL-Taiwan-1.0; MIT; BSD-3-Clause; "
    "Apache-2.0",
}
_EMOJI = {
    "data": "3,674 outlines and colour pictures of OpenMoji 17.0.0, 64x64; 232 more are held out",
    "credit": "OpenMoji",
    "licence": "CC-BY-SA-4.0",
}
_CLOTHES = {
    "data": "3,176 photographs of clothes and their edges, 64x64; 353 more are held out",
    "credit": "Alexey Grigorev, clothing-dataset-small",
    "licence": "CC0-1.0",
}
_FLOWERS = {
    "data": "3,054 photographs of flowers, 64x64; 372 more are held out",
    "credit": "the photographers on Flickr, by id, as collected for TensorFlow's flower_photos",
    "licence": "CC-BY-2.0",
}
_FRUITS = {
    "data": "1,646 views of apples and 958 of tomatoes, 64x64; four kinds are held out",
    "credit": "Fruits-360, Mihai Oltean",
    "licence": "CC-BY-SA-4.0",
}
_UNET = {
    "generator_filters": (48, 96, 192, 192),
    "discriminator_filters": (48, 96, 192),
}
_PAIRED = ("discriminator", "generator")
_UNPAIRED = ("generators", "discriminators")


def _one_stage(
    data: str,
    epochs: int,
    seed: int,
    players: tuple[str, ...],
    batch_size: int = 16,
    compile: Mapping[str, Any] | None = None,
    adam: Mapping[str, Any] | None = None,
    mirrored: bool = False,
) -> Recipe:
    """A recipe of one stage whose learning rate falls along a cosine."""
    rates = cosine(2e-4, epochs) if adam is None else adam
    stage = Stage(epochs, dict.fromkeys(players, rates), compile or {})
    return Recipe(data, batch_size, seed, (stage,), ema_momentum=0.999, mirrored=mirrored)


def _by_distance_alone(name: str, entry: Entry) -> Entry:
    """The same generator and recipe without the game: to compare with."""
    config = {**entry.config, "adversarial_weight": 0.0}
    assert entry.recipe is not None
    waits = {"steps": {"discriminator": 0}}
    stages = tuple(
        replace(stage, compile=waits, optimizers={"generator": stage.optimizers["generator"]})
        for stage in entry.recipe.stages
    )
    return replace(
        entry,
        config=config,
        recipe=replace(entry.recipe, stages=stages),
        summary=f"The generator of {name} by the distance alone: to compare with",
    )


_AT_ONCE = {"simultaneous": True}

_ENTRIES: dict[str, Entry] = {
    "pix2pix_fonts": Entry(
        family="Pix2Pix",
        summary="Chinese characters from clerical into semi-cursive script, learned from pairs",
        config={"source_shape": (48, 48, 1), "channels": 1, **_UNET},
        parameters={"generator": 2_291_233, "discriminator": 374_737},
        **_SCRIPTS,
        recipe=_one_stage("glyph_pairs", 40, 413, _PAIRED, compile=_AT_ONCE),  # 9,280 steps
    ),
    "cyclegan_fonts": Entry(
        family="CycleGAN",
        summary="Chinese characters between clerical and semi-cursive script, without pairs",
        config={
            "image_shape": (48, 48, 1),
            "filters": 24,
            "blocks": 4,
            "discriminator_filters": (48, 96, 192),
            "identity_weight": 0.0,
        },
        parameters={
            "generator_ab": 772_609,
            "generator_ba": 772_609,
            "discriminator_a": 373_393,
            "discriminator_b": 373_393,
        },
        **_SCRIPTS,
        recipe=_one_stage(
            "glyph_pairs", 8, 826, _UNPAIRED, batch_size=4, adam=constant_then_linear(2e-4, 8)
        ),
    ),
    "zi2zi_fonts": Entry(
        family="Zi2Zi",
        summary="Chinese characters of one font in sixteen hands, by one network",
        config={
            "image_shape": (48, 48, 1),
            "styles": (
                "clerical",
                "brush_regular",
                "brush_semi_cursive",
                "brush_cursive",
                "brush_dry",
                "regular",
                "old_print",
                "pencil",
                "pen",
                "child",
                "marker",
                "rounded",
                "stick",
                "pop",
                "block",
                "pixel",
            ),
            "generator_filters": (48, 96, 192, 256),
            "discriminator_filters": (48, 96, 192),
            "dropout": 0.0,
            # Six epochs with true labels alone, two in which every fourth is shuffled.
            "shuffled": {"from": 0.0, "to": 0.25, "over": 1, "after": 376_800},
        },
        parameters={"generator": 3_079_201, "discriminator": 377_825},
        **_STYLES,
        recipe=_one_stage("styled_glyphs", 8, 16, _PAIRED, compile=_AT_ONCE),  # 31,400 steps
    ),
    "discogan_fonts": Entry(
        family="DiscoGAN",
        summary="Chinese characters between two scripts, by encoders and decoders, without pairs",
        config={
            "image_shape": (48, 48, 1),
            "generator_filters": (40, 80, 160, 160),
            "discriminator_filters": (40, 80, 160),
            "reconstruction_weight": 20.0,  # by 1 every character became one blot
        },
        parameters={
            "generator_ab": 1_335_921,
            "generator_ba": 1_335_921,
            "discriminator_a": 263_641,
            "discriminator_b": 263_641,
        },
        **_SCRIPTS,
        recipe=_one_stage(  # two updates of the generators for one of the discriminators
            "glyph_pairs", 30, 1703, _UNPAIRED, compile={"steps": {"generators": 2}}
        ),
    ),
    "dualgan_fonts": Entry(
        family="DualGAN",
        summary="Chinese characters between two scripts, by Wasserstein critics, without pairs",
        config={
            "image_shape": (48, 48, 1),
            "generator_filters": (40, 80, 160, 160),
            "discriminator_filters": (40, 80, 160),
        },
        parameters={
            "generator_ab": 1_591_921,
            "generator_ba": 1_591_921,
            "discriminator_a": 260_440,
            "discriminator_b": 260_440,
        },
        **_SCRIPTS,
        recipe=_one_stage(
            "glyph_pairs",
            40,
            1704,
            ("critics", "generators"),
            compile={"steps": {"critics": 3}},
            adam={"learning_rate": 5e-5, "beta_1": 0.0},
        ),
    ),
    "pix2pix_emoji": Entry(
        family="Pix2Pix",
        summary="Emoji out of their outlines, learned from pairs",
        config={"source_shape": (64, 64, 1), "channels": 3, **_UNET},
        parameters={"generator": 2_294_307, "discriminator": 376_273},
        **_EMOJI,
        recipe=_one_stage("openmoji", 30, 17, _PAIRED, compile=_AT_ONCE),
    ),
    "pix2pix_clothing": Entry(
        family="Pix2Pix",
        summary="Photographs of clothes out of their edges, learned from pairs",
        config={
            "source_shape": (64, 64, 1),
            "channels": 3,
            **_UNET,
            "upsampling": "resized",
            # Edges do not tell a colour: with the paper's 100, clothes were of several.
            "distance_weight": 25.0,
        },
        parameters={"generator": 1_711_683, "discriminator": 376_273},
        **_CLOTHES,
        recipe=replace(
            _one_stage("clothing_edges", 30, 3529, _PAIRED, compile=_AT_ONCE, mirrored=True),
            shifted=4,
        ),
    ),
    "colorize_flowers": Entry(
        family="Colorizer",
        summary="Colours for grey photographs of flowers; the lightness stays as it is",
        config={
            "image_size": (64, 64),
            **_UNET,
            # 25 epochs by the distance alone, 5 of a game that becomes stronger.
            "adversarial_weight": {"from": 0.0, "to": 1.0, "over": 15_270, "after": 76_350},
        },
        parameters={"generator": 2_292_770, "discriminator": 375_505},
        **_FLOWERS,
        recipe=_one_stage("flower_colours", 30, 3426, _PAIRED, compile=_AT_ONCE, mirrored=True),
    ),
    "cyclegan_fruits": Entry(
        family="CycleGAN",
        summary="Apples into tomatoes and back, without pairs",
        config={
            "image_shape": (64, 64, 3),
            "filters": 24,
            "blocks": 4,
            "discriminator_filters": (48, 96, 192),
        },
        parameters={
            "generator_ab": 777_315,
            "generator_ba": 777_315,
            "discriminator_a": 374_929,
            "discriminator_b": 374_929,
        },
        **_FRUITS,
        recipe=_one_stage(
            "apple_tomato", 20, 360, _UNPAIRED, batch_size=4, adam=constant_then_linear(2e-4, 20)
        ),
    ),
}

_COMPARED = ("pix2pix_fonts", "pix2pix_emoji", "pix2pix_clothing", "colorize_flowers")
ENTRIES: dict[str, Entry] = {
    **_ENTRIES,
    **{f"{name}_l1": _by_distance_alone(name, _ENTRIES[name]) for name in _COMPARED},
}
