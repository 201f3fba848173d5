"""The zoo's models that fill holes in pictures, as data: configurations and recipes."""

from __future__ import annotations

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine

_FACES = {
    "data": "1,818 official portraits of US and UK politicians, 64x64, without names; 191 more are "
    "held out. Living public figures: completed pictures say nothing about any person",
    "credit": "U.S. Government Publishing Office; Chris McAndrew and others / UK Parliament",
    "licence": "public domain; CC-BY-3.0",
}
_MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}
_CONTEXT = {
    "image_shape": (64, 64, 3),
    "generator_filters": (48, 96, 192, 256),
    "discriminator_filters": (48, 96, 192),
}
_SIZES = {"generator": 2_452_323, "discriminator": 383_569}


def _faces(epochs: int, seed: int, game: bool = True) -> Recipe:
    """The generator's rate is ten times the discriminator's, as in arXiv:1604.07379, section 4."""
    adam = {"generator": cosine(1e-3, epochs)}
    if game:
        adam["discriminator"] = cosine(1e-4, epochs)
    how = {"simultaneous": True} if game else {"steps": {"discriminator": 0}}
    stage = Stage(epochs, adam, how)
    return Recipe("faces", 16, seed, (stage,), ema_momentum=0.999, dtype_policy="mixed_bfloat16")


ENTRIES: dict[str, Entry] = {
    "context_encoder_faces": Entry(
        family="ContextEncoder",
        summary="Holes in portraits, filled from what is around them",
        config=_CONTEXT,
        parameters=_SIZES,
        **_FACES,
        recipe=_faces(110, 1604),  # 12,430 steps
    ),
    "context_encoder_faces_l2": Entry(
        family="ContextEncoder",
        summary="The generator of context_encoder_faces by the distance alone: to compare with",
        config={**_CONTEXT, "adversarial_weight": 0.0},
        parameters=_SIZES,
        **_FACES,
        recipe=_faces(110, 1604, game=False),
    ),
    "ccgan_mnist": Entry(
        family="CCGAN",
        summary="Holes in handwritten digits, filled so that the whole looks true",
        config={
            "image_shape": (28, 28, 1),
            "generator_filters": (64, 128),
            "discriminator_filters": (64, 128),
        },
        parameters={"generator": 590_593, "discriminator": 138_561},
        **_MNIST,
        recipe=Recipe(
            "mnist",
            64,
            1611,
            (
                Stage(
                    20,  # 18,740 steps
                    both(cosine(3e-4, 20)),
                    {
                        "simultaneous": True,
                        "penalty": {"name": "R1", "weight": 0.05, "every": 2},
                    },
                ),
            ),
            ema_momentum=0.999,
            dtype_policy="mixed_bfloat16",
        ),
    ),
}
