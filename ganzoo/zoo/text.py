"""Short lines of text, as data: one small model and its recipe."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine

_EPOCHS, _LINES = 120, 7_999

ENTRIES: dict[str, Entry] = {
    "textgan_numerals": Entry(
        family="TextGAN",
        summary="Numbers from 1 to 9,999 in Chinese characters",
        config={
            "vocabulary": " 零一二三四五六七八九十百千",
            "length": 7,
            "latent_dim": 32,
            "generator_units": (256, 256),
            "discriminator_units": (256, 256),
            "temperature": {"from": 1.0, "to": 0.2, "over": _EPOCHS * _LINES},
            "negative_slope": 0.2,
        },
        parameters={"generator": 101_474, "discriminator": 91_393},
        data="the Chinese numerals of 1 to 9,999, of which 2,000 are held out; made by rule",
        credit="nobody; the rule is known to everyone",
        licence="CC0-1.0",
        recipe=Recipe(
            "chinese_numerals",
            64,
            1611,
            # Without the penalty two thirds of the different lines are lost.
            (
                Stage(
                    _EPOCHS,
                    both(cosine(5e-4, _EPOCHS)),
                    {"penalty": {"name": "ZeroCentredPenalty", "weight": 1.0}},
                ),
            ),
            ema_momentum=0.999,
            backend="jax",
        ),
    ),
}
