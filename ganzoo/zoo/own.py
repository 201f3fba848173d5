"""Families on data of the user's own: what `ganzoo train FAMILY --data PATH` trains.

Translators, and what fills holes, have the architecture and the recipe of an entry; only the
pictures' size and channels differ. A GAN that draws from latents has as many levels as the size
needs, and a recipe for as many pictures as there are. A GAN of events has the constants and the
beams of the events, and as many steps as its entry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ganzoo import zoo
from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.zoo.forms import Recipe

TRANSLATORS = {
    "Pix2Pix": "pix2pix_clothing",
    "Colorizer": "colorize_flowers",
    "CycleGAN": "cyclegan_fruits",
    "DiscoGAN": "discogan_fonts",
    "DualGAN": "dualgan_fonts",
    "ContextEncoder": "context_encoder_faces",
    "CCGAN": "ccgan_mnist",
}
SAMPLERS = {
    "DCGAN": "dcgan_faces",
    "R3GAN": "r3gan_flowers",
    "StyleGAN2": "stylegan2_cartoons",
    "FastGAN": "fastgan_cartoons_100",
}
OF_EVENTS = {"FATGAN": "fatgan_electrons_invariant"}
SMEARED = {"FATGAN": "fatgan_electrons"}  # like these where events of a file have y or x beyond 1
LIKE = {**TRANSLATORS, **SAMPLERS, **OF_EVENTS}
SIZE, SMALLEST, LARGEST = 64, 16, 1024
STEPS = 6_000  # of a training of a sampler
EVENT_STEPS, MOST_EPOCHS, LEAST_EVENTS = 20_000, 400, 2_000  # of a GAN of events
EPOCH = 2_000  # pictures of an epoch, at least: fewer ones are repeated
FEW, MANY = 100, 5_000  # fewer pictures are augmented alike, from these on not at all
NARROWEST = 8  # channels of the largest level


def config(family: str, size: int = SIZE, grey: bool = False) -> dict[str, Any]:
    """Return constructor arguments of a family for pictures of `size` x `size` pixels.

    Args:
        family: Key of `LIKE`.
        size: Side in pixels. Of translators a multiple of 16 from 16 to 1024; of samplers 4, 5, 6
            or 7 times a power of two, from 16 to 1024.
        grey: One channel instead of three; a Colorizer's pictures are in colour.

    Raises:
        InvalidArgumentError: Another family or size, or a Colorizer in grey.
    """
    if family not in LIKE:
        raise InvalidArgumentError(
            f"{family!r} is no family that is trained on data of your own; there are: "
            f"{', '.join(LIKE)}." + nearest(family, LIKE)
        )
    made = dict(zoo.ENTRIES[LIKE[family]].config)
    if family in OF_EVENTS:
        if grey or size != SIZE:
            raise InvalidArgumentError(
                f"--size and --grey are for pictures; {family} makes events."
            )
        return made
    channels = 1 if grey else 3
    if family in SAMPLERS:
        return {**made, **_of_levels(made, _doublings(size)), "image_shape": (size, size, channels)}
    if not SMALLEST <= size <= LARGEST or size % SMALLEST:
        raise InvalidArgumentError(
            f"--size must be a multiple of {SMALLEST} from {SMALLEST} to {LARGEST}; got {size}."
        )
    if "image_size" in made and grey:
        raise InvalidArgumentError(f"{family} makes colours; --grey cannot be honoured.")
    sides = {
        "image_shape": (size, size, channels),
        "source_shape": (size, size, channels),
        "image_size": (size, size),
        "channels": channels,
    }
    return {**made, **{key: value for key, value in sides.items() if key in made}}


def recipe(family: str, pictures: int, grey: bool = False) -> Recipe:
    """Return the recipe of a sampler for so many pictures: about 6,000 steps.

    It is that of the family's entry, with as many epochs as these steps take. Batches have 32
    pictures, 16 of fewer than 320 and half of fewer than 32. Fewer than 2,000 are repeated in an
    epoch. Below 5,000 what the discriminator sees is augmented, in place, size and colour: by a
    strength that adapts itself, or, below 100, always.

    Args:
        family: Key of `SAMPLERS`.
        pictures: How many there are, >= 2.
        grey: They have one channel.
    """
    if pictures < 2:
        raise InvalidArgumentError(f"{family} is trained on 2 pictures or more; got {pictures}.")
    base = zoo.ENTRIES[SAMPLERS[family]].recipe
    assert base is not None
    (stage,) = base.stages
    batch = 32 if pictures >= 320 else 16 if pictures >= 32 else pictures // 2
    repeats = math.ceil(EPOCH / pictures)
    epochs = max(1, round(STEPS / (pictures * repeats // batch)))
    options = {name: value for name, value in stage.compile.items() if name != "augmentation"}
    if pictures < MANY:
        options["augmentation"] = _augmentation(pictures, grey)
    optimizers = {player: _whole(adam) for player, adam in stage.optimizers.items()}
    made = replace(stage, epochs=epochs, optimizers=optimizers, compile=options)
    # A user's processor may not have bfloat16: --dtype asks for it.
    return replace(
        base,
        batch_size=batch,
        stages=(made,),
        repeats=repeats,
        mirrored=False,
        dtype_policy="float32",
    )


def recipe_for_events(family: str, events: int) -> Recipe:
    """Return the recipe of a GAN of events for so many of them: about 20,000 steps.

    It is that of the family's entry, whose million events it sees 20 times. Batches have 1,000
    events, or a tenth of fewer than 10,000; an event is seen 400 times at most.

    Args:
        family: Key of `OF_EVENTS`.
        events: How many there are.

    Raises:
        DataError: Fewer than 2,000 events.
    """
    if events < LEAST_EVENTS:
        raise DataError(f"{family} is trained on {LEAST_EVENTS} events or more; got {events}.")
    base = zoo.ENTRIES[OF_EVENTS[family]].recipe
    assert base is not None
    batch = min(base.batch_size, events // 10)
    epochs = min(max(len(base.stages), round(EVENT_STEPS / (events // batch))), MOST_EPOCHS)
    lengths = [max(1, round(epochs * stage.epochs / base.epochs)) for stage in base.stages]
    stages = tuple(
        replace(stage, epochs=length) for stage, length in zip(base.stages, lengths, strict=True)
    )
    every = max(1, sum(lengths) // 20)
    return replace(base, batch_size=batch, stages=stages, measure_every=every)


def plan(family: str, made: Recipe, config: Mapping[str, Any], pictures: int) -> str:
    """Return a line on what is about to be trained."""
    (stage,) = made.stages
    stated = stage.compile.get("penalty", [])
    penalties = [one["name"] for one in (stated if isinstance(stated, list) else [stated])]
    augmentation = stage.compile.get("augmentation")
    kind = None if augmentation is None else augmentation.get("name", "augmentation")
    shape = "x".join(map(str, config["image_shape"]))
    steps = pictures * made.repeats // made.batch_size * made.epochs
    more = [*penalties, *([] if kind is None else [kind])]
    repeated = f", each {made.repeats} times in an epoch" if made.repeats > 1 else ""
    return (
        f"{family} of {shape}: {pictures:,} pictures{repeated}, batches of {made.batch_size}, "
        f"{made.epochs} epochs, {steps:,} steps{', with ' if more else ''}{' and '.join(more)}."
    )


def _doublings(size: int) -> int:
    """Return how often the smallest pictures, of side 4 to 7, are doubled."""
    doublings = max(0, int(size).bit_length() - 3)
    if not SMALLEST <= size <= LARGEST or size % 2**doublings:
        raise InvalidArgumentError(
            f"--size must be 4, 5, 6 or 7 times a power of two, from {SMALLEST} to {LARGEST}, such "
            f"as 28, 32, 48, 64, 96 or 128; got {size}."
        )
    return doublings


def _of_levels(made: Mapping[str, Any], doublings: int) -> dict[str, Any]:
    """Return filters for so many doublings: the widest first, halved beyond the entry's own."""
    if "filters" in made:
        skip = {"skip": min(made["skip"], doublings)} if "skip" in made else {}
        return {"filters": _widths(made["filters"], doublings + 1), **skip}
    filters = _widths(made["generator_filters"], doublings)
    return {
        "generator_filters": filters,
        "generator_strides": (2,) * doublings,
        "discriminator_filters": filters[::-1],
    }


def _widths(filters: tuple[int, ...], count: int) -> tuple[int, ...]:
    more = [max(NARROWEST, filters[-1] >> step) for step in range(1, count - len(filters) + 1)]
    return (*filters[:count], *more)


def _whole(adam: Mapping[str, Any]) -> dict[str, Any]:
    """Return an optimizer whose schedules take the whole stage, whatever its epochs."""
    return {
        name: {key: part for key, part in value.items() if key not in ("over_epochs",)}
        if isinstance(value, Mapping)
        else value
        for name, value in adam.items()
    }


def _augmentation(pictures: int, grey: bool) -> dict[str, Any]:
    colours = {"brightness": 0.2, "contrast": 0.3, **({} if grey else {"saturation": 0.5})}
    always = {"cutout": 0.0, "background": 0.0, "scale": 0.1, **colours}
    if pictures < FEW:
        return always
    return {**always, "name": "AdaptiveAugmentation", "scale": 0.2}
