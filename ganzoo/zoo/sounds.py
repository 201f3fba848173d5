"""Notes of instruments, as data: one small model and its recipe."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine

_EPOCHS = 40
_PITCHES = tuple(
    f"{name}{octave}"
    for octave in (3, 4)
    for name in ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
)

ENTRIES: dict[str, Entry] = {
    "notes_gan": Entry(
        family="GANSynth",
        summary="Notes of one second at the pitch that is asked for, C3 to B4",
        config={
            "classes": _PITCHES,
            "sample_rate": 8000,
            "window": 256,
            "hop": 64,
            "frames": 128,
            "latent_dim": 64,
            "generator_filters": (128, 96, 64, 32, 16),
            "discriminator_filters": (16, 32, 64, 96, 128),
            "kernel_size": 4,
            "negative_slope": 0.2,
            "category_weight": 10.0,
        },
        parameters={"generator": 517_952, "discriminator": 387_945},
        data="3,888 notes of 54 instruments of Fluid R3, one second at 8 kHz; six instruments more "
        "are held out",
        credit="Frank Wen, Toby Smithe",
        licence="MIT",
        recipe=Recipe(
            "notes",
            32,
            1902,
            (
                Stage(
                    _EPOCHS,
                    both(cosine(5e-4, _EPOCHS)),
                    {"simultaneous": True, "penalty": {"name": "R1", "weight": 0.5, "every": 4}},
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
        ),
    ),
}
