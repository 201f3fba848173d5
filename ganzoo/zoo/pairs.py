"""The zoo's models that turn pictures into pictures, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine

_SCRIPTS = {
    "data": "3,713 characters in clerical script (TW-MOE-Li) and in semi-cursive script (Kouzan "
    "Mouhitsu Gyosho), 48x48x1; 413 more are held out",
    "credit": "Ministry of Education, R.O.C. (Taiwan); Kouzan Aoyagi",
    "licence": "CC-BY-ND-3.0-TW; public domain",
}

ENTRIES: dict[str, Entry] = {
    "pix2pix_fonts": Entry(
        family="Pix2Pix",
        summary="Chinese characters from clerical into semi-cursive script, learned from pairs",
        config={
            "source_shape": (48, 48, 1),
            "channels": 1,
            "generator_filters": (48, 96, 192, 192),
            "discriminator_filters": (48, 96, 192),
        },
        parameters={"generator": 2_291_233, "discriminator": 374_737},
        **_SCRIPTS,
        recipe=Recipe(
            data="glyph_pairs",
            batch_size=16,
            seed=413,
            stages=(
                Stage(
                    epochs=40,  # 9,280 steps
                    optimizers=both(cosine(2e-4, 40)),
                    compile={"simultaneous": True},
                ),
            ),
            ema_momentum=0.999,
        ),
    ),
}
