"""`ganzoo evaluate` for models of notes: is the pitch that is heard the one that was asked for?"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.data import SOURCES
from ganzoo.data.notes import note_sounds
from ganzoo.environment import require_backend
from ganzoo.evaluation.subject import Subject, no_source, stated
from ganzoo.metrics.estimate import Estimate, share_estimate
from ganzoo.metrics.table import FLOOR, HIGHER, LOWER, Row, Table
from ganzoo.random import random_generator
from ganzoo.sound.pitch import frequency, fundamental
from ganzoo.tasks.pictures import samples as draw
from ganzoo.tasks.task import Progress

SAMPLES, SOURCE = 1_200, "notes"
QUARTER = 50.0  # cents: half a semitone


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    reading: Any = None,
) -> Table:
    """Measure a model of notes, all pitches in turn.

    - The share of notes whose fundamental frequency, read off the sound (YIN), is within 50 cents
      of the pitch; its floor is the same of instruments that no training heard.
    - The share of notes that the discriminator's own classifier reads so.
    - The median distance from the pitch in cents, of those within 50.
    - The mean distance between two notes of one pitch, in their magnitudes, over real ones.

    Args:
        subject: A model.
        reference: "notes", or None for the recipe's.
        samples: How many notes are drawn, at least 48; 1,200 by default.
        seed: Seeds the latents and the choice of real notes.
        progress: Told how many notes are drawn.
        reading: Nothing: no files of the user's are read.

    Raises:
        InvalidArgumentError: Another reference, or pitches that it has not.
    """
    del reading
    begun = time.monotonic()
    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    if name != SOURCE or name not in SOURCES:
        raise no_source(subject, name, "notes", [SOURCE])
    count = SAMPLES if samples is None else check_count("samples", samples, least=48)
    model = subject.load()
    made = draw(model, count, seed, progress=progress)
    asked = model.condition(count).argmax(axis=1)
    sounds, labels = note_sounds("test")
    chosen = random_generator(seed).permutation(len(sounds))[:count]
    real, real_labels = model.spectra.pictures(sounds[chosen]), labels[chosen]
    mine = _cents(model.spectra.sounds(made), np.array(model.pitches)[asked], model)
    theirs = _cents(sounds[chosen], np.array(model.pitches)[real_labels], model)
    told = [
        share_estimate(model.classify(pictures).argmax(axis=1) == wanted)
        for pictures, wanted in ((made, asked), (real, real_labels))
    ]
    within = [share_estimate(np.abs(cents) < QUARTER) for cents in (mine, theirs)]
    apart = [_spread(pictures, of) for pictures, of in ((made, asked), (real, real_labels))]
    medians = [_median(mine), _median(theirs)]
    measured = [
        ("pitch", "pitch within 50 cents of the one asked for", within, HIGHER),
        ("told", "pitch told by its own classifier", told, HIGHER),
        ("cents", "cents from the pitch, median of these", medians, LOWER),
        ("apart", "distance of two notes of a pitch", apart, FLOOR),
    ]
    rows = [Row(name, title, own, floor, way) for name, title, (own, floor), way in measured]
    facts = stated(
        subject,
        begun,
        n=count,
        seed=seed,
        samples=count,
        reference=name,
        features_of="the sounds",
        held_out=f"{len(chosen)} notes of instruments that no training heard",
        backend=require_backend(),
    )
    return Table({row.name: row for row in rows}, (), facts)


def _cents(sounds: np.ndarray, pitches: np.ndarray, model: Any) -> np.ndarray:
    """Return how far each note is from its pitch, in cents; infinite of silence."""
    rate = model.spectra.sample_rate
    lowest, highest = frequency(min(model.pitches) - 13), frequency(max(model.pitches) + 13)
    heard = [fundamental(sound, rate, lowest, highest) for sound in sounds]
    wanted = [frequency(int(pitch)) for pitch in pitches]
    cents = 1200 * np.log2(np.asarray(heard) / np.asarray(wanted))
    return np.nan_to_num(cents, nan=np.inf)


def _median(cents: np.ndarray) -> Estimate:
    near = np.abs(cents[np.abs(cents) < QUARTER])
    if len(near) < 2:
        return Estimate(float("nan"), float("inf"), len(near), "no note in tune")
    error = 1.2533 * 1.4826 * np.median(np.abs(near - np.median(near))) / np.sqrt(len(near))
    return Estimate(float(np.median(near)), float(error), len(near), "median of normal numbers")


def _spread(pictures: np.ndarray, labels: np.ndarray) -> Estimate:
    """Return the mean distance of neighbours in a row of notes of one pitch."""
    found = []
    for label in np.unique(labels):
        rows = pictures[labels == label][..., 0].reshape((labels == label).sum(), -1)
        found += list(np.sqrt(np.mean((rows[1:] - rows[:-1]) ** 2, axis=1)))
    error = np.std(found) / np.sqrt(max(len(found), 1))
    return Estimate(float(np.mean(found)), float(error), len(found), "standard error")
