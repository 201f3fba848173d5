"""The table of a translator: what it makes of held-out sources, beside the truth and real pictures.

L1, PSNR, SSIM and "found" compare each picture with its own truth; the Fréchet distance and the
classifier compare all of them with real targets of the training, and so the truths: that is their
floor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ganzoo.checks import check_seed
from ganzoo.errors import DataError
from ganzoo.metrics import paired
from ganzoo.metrics.colours import features_for
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.pictures import check_pictures
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.random import random_generator

_TITLES = {
    "l1": ("L1 distance from the truth", LOWER),
    "psnr": ("PSNR, dB", HIGHER),
    "ssim": ("SSIM", HIGHER),
    "found_1": ("found: the truth is the nearest", HIGHER),
    "found_5": ("found: among the nearest 5", HIGHER),
    "frechet": ("Fréchet distance", LOWER),
    "auc": ("classifier AUC (1/2: as real)", LOWER),
}
Features = Callable[[np.ndarray], np.ndarray]


def paired_table(
    made: Any,
    truth: Any,
    real: Any,
    beside: Mapping[str, Any] | None = None,
    *,
    features: Features | None = None,
    seed: int = 0,
) -> Table:
    """Measure translated pictures.

    Args:
        made: What was made of held-out sources, (n, height, width, channels) in [-1, 1], n >= 100.
        truth: What they should be, row by row.
        real: Targets of the training, (m, height, width, channels), others than the truths.
        beside: Other pictures of the same sources by the name of who made them, as the sources
            themselves, grey or in colours.
        features: Maps pictures (n, height, width, channels) to features (n, d) for the Fréchet
            distance and the classifier, n >= 4 (d + 1); oriented gradients by default, and of
            colour pictures the mean and deviation of each channel, in as many parts as n allows.
        seed: Seeds every choice.

    Returns:
        A `Table`; its floors are those of the truths, and `beside` has a column for each other.

    Raises:
        DataError: Too few pictures, or of other sizes.
    """
    check_seed(seed)
    truth, real = check_pictures("truths", truth), check_pictures("real pictures", real)
    if len(truth) < 100:
        raise DataError(f"At least 100 pairs are needed; got {len(truth)}.")
    chosen = random_generator(seed).permutation(len(real))[: len(truth)]
    reference = real[chosen]
    if features is None:
        features = features_for(truth.shape[-1], len(chosen))
    subjects = {"": made, **(beside or {})}
    seen = features(reference)
    columns = {
        name: _measure(_coloured(pictures, truth), truth, seen, features, seed)
        for name, pictures in subjects.items()
    }
    floors = _measure(truth, truth, seen, features, seed)
    values = columns.pop("")
    rows = {
        name: Row(name, title, values[name], floors[name], better)
        for name, (title, better) in _TITLES.items()
        if name in values
    }
    facts = {"n": len(truth), "features": seen.shape[1], "seed": seed}
    return Table(rows, (), facts, beside=columns)


def _coloured(pictures: Any, truth: np.ndarray) -> np.ndarray:
    """Return pictures with as many channels as the truths have: grey ones are repeated."""
    pictures = check_pictures("pictures", pictures)
    if pictures.shape[-1] == 1:
        pictures = pictures.repeat(truth.shape[-1], axis=-1)
    return pictures


def _measure(
    made: np.ndarray, truth: np.ndarray, real: np.ndarray, features: Features, seed: int
) -> dict[str, Estimate]:
    seen = features(made)
    measured = {"l1": paired.l1(made, truth), "psnr": paired.psnr(made, truth)}
    if min(truth.shape[1:3]) >= paired.WINDOW:
        measured["ssim"] = paired.ssim(made, truth)
    found = paired.found(made, truth, (1, 5))
    return {
        **measured,
        **{f"found_{k}": share for k, share in found.items()},
        "frechet": frechet_distance(real, seen, seed=seed),
        "auc": classifier_auc(real, seen, seed=seed),
    }
