"""The table of a generator of small pictures: each metric against a reference, with floors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ganzoo.checks import check_seed
from ganzoo.errors import DataError
from ganzoo.metrics.colours import features_for
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.frechet import LEVELS, frechet_distance
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.labelled import class_distance, class_shares, classifier_score, confidence
from ganzoo.metrics.manifold import manifold_overlap
from ganzoo.metrics.memorisation import memorisation
from ganzoo.metrics.pictures import check_pictures, diversity, grey_share, oriented_gradients
from ganzoo.metrics.sliced import sliced_wasserstein
from ganzoo.metrics.table import FLOOR, HIGHER, LOWER, Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.random import random_generator

Features = Callable[[np.ndarray], np.ndarray]
_NEAREST = 1000  # pictures that are compared with all of the training data
_TITLES = {
    "score": ("classifier score", HIGHER),
    "confidence": ("classifier confidence", HIGHER),
    "class_distance": ("distance of class shares", LOWER),
    "frechet": ("Fréchet distance", LOWER),
    "kernel": ("kernel distance", LOWER),
    "sliced_wasserstein": ("sliced Wasserstein distance", LOWER),
    "precision": ("precision", HIGHER),
    "recall": ("recall", HIGHER),
    "density": ("density", HIGHER),
    "coverage": ("coverage", HIGHER),
    "auc": ("classifier AUC (1/2: as real)", LOWER),
    "grey": ("share of grey pixels", FLOOR),
    "diversity": ("diversity over real", FLOOR),
    "memorisation": ("P(nearer to training data)", FLOOR),
}


def split(real: Any, n: int | None = None, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Cut real examples into two disjoint random parts of `n` each, or of a half."""
    real = np.asarray(real)
    n = len(real) // 2 if n is None else min(n, len(real) // 2)
    order = random_generator(seed).permutation(len(real))
    return real[order[:n]], real[order[n : 2 * n]]


def picture_table(
    generated: Any,
    real: Any,
    held_out: Any = None,
    *,
    features: Features | None = None,
    classifier: Features | None = None,
    seed: int = 0,
) -> Table:
    """Measure generated pictures against real ones.

    Args:
        generated: Pictures (m, height, width, channels) in [-1, 1].
        real: The training data, same form.
        held_out: Real pictures that were not trained on. Without them, the real ones are cut into
            a reference and a held-out half, and memorisation is compared with the distances
            between training pictures.
        features: Maps pictures (n, height, width, channels) to features (n, d). By default
            gradients, of as many parts of a picture as there are pictures for, and of colour
            pictures the mean and deviation of each channel.
        classifier: Maps pictures to class probabilities (n, classes); adds three rows, and names
            missing and over-full classes.
        seed: Seeds every choice.

    Returns:
        A `Table`. Fréchet, kernel and AUC, precision to coverage use the features; grey,
        diversity, sliced Wasserstein and memorisation use the pixels. Floors are the same of
        held-out pictures, and all sets have the size of the smallest.

    Raises:
        DataError: Too few pictures, or of other sizes.
    """
    check_seed(seed)
    generated = check_pictures("generated pictures", generated)
    real = check_pictures("real pictures", real)
    if held_out is not None:
        held_out = check_pictures("held-out pictures", held_out)
    reference, new = parts(real, held_out, len(generated), seed)
    n = len(reference)
    made = generated[random_generator(seed).permutation(len(generated))[:n]]
    if made.shape[1:] != reference.shape[1:]:
        raise DataError(f"Pictures are {made.shape[1:]}, the real ones {reference.shape[1:]}.")
    sets = (reference, made, new)
    features = _by_default(reference) if features is None else features
    maps = [features(part) for part in sets]
    values = _measure(maps[0], maps[1], reference, made, seed)
    floors = _measure(maps[0], maps[2], reference, new, seed)
    values["grey"], floors["grey"] = grey_share(made), grey_share(new)
    values["memorisation"] = memorisation(real, made, held_out, seed=seed, most=_NEAREST)
    floors["memorisation"] = _memorisation_floor(real, held_out, seed)
    classes, findings = {}, []
    if classifier is not None:
        seen = [classifier(part) for part in sets]
        values |= _classified(seen[0], seen[1], seed)
        floors |= _classified(seen[0], seen[2], seed)
        shares = class_shares(seen[0], seen[1])
        classes = {"generated": [s.as_dict() for s in shares.shares], "real": list(shares.real)}
        findings = shares.findings()
    rows = {
        name: Row(name, title, values[name], floors[name], better)
        for name, (title, better) in _TITLES.items()
        if name in values
    }
    facts = {"n": n, "features": maps[0].shape[1], "seed": seed}
    return Table(rows, (*findings, *collapse(rows)), facts, classes)


def _by_default(pictures: np.ndarray) -> Features:
    channels, count = pictures.shape[-1], len(pictures)
    if channels == 1 and count >= LEVELS[-1] * (oriented_gradients(pictures[:1]).shape[1] + 1):
        return oriented_gradients
    return features_for(channels, count)


def _classified(real: np.ndarray, made: np.ndarray, seed: int) -> dict[str, Estimate]:
    return {
        "score": classifier_score(made, seed=seed),
        "confidence": confidence(made),
        "class_distance": class_distance(real, made, seed=seed),
    }


def parts(real: np.ndarray, held_out: Any, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return reference and held-out examples, equally many, at most `n`."""
    if held_out is None:
        return split(real, n, seed)
    new = np.asarray(held_out)
    if new.shape[1:] != real.shape[1:]:
        raise DataError(f"Held-out examples are {new.shape[1:]}, the real ones {real.shape[1:]}.")
    n = min(n, len(real), len(new))
    chosen = [random_generator(seed).permutation(len(part))[:n] for part in (real, new)]
    return real[chosen[0]], new[chosen[1]]


def _measure(
    real: np.ndarray, made: np.ndarray, real_pixels: np.ndarray, made_pixels: np.ndarray, seed: int
) -> dict[str, Estimate]:
    return {
        "frechet": frechet_distance(real, made, seed=seed),
        "kernel": kernel_distance(real, made, seed=seed, most=5000),
        "sliced_wasserstein": sliced_wasserstein(real_pixels, made_pixels, seed=seed, most=5000),
        **manifold_overlap(real, made, seed=seed, most=5000),
        "auc": classifier_auc(real, made, seed=seed),
        "diversity": diversity(real_pixels, made_pixels, seed=seed),
    }


def _memorisation_floor(real: np.ndarray, held_out: Any, seed: int) -> Estimate:
    """Return the same of real pictures: one half of the held-out against the other."""
    if held_out is not None:
        return memorisation(real, *split(held_out, seed=seed), seed=seed, most=_NEAREST)
    one, other = split(real, seed=seed)
    return memorisation(one, other, seed=seed)


def collapse(rows: Mapping[str, Row]) -> list[str]:
    """Return sentences that name a mode collapse, or pictures far from all real ones."""

    def low(name: str, share: float) -> bool:
        return name in rows and rows[name].estimate.value < share * rows[name].floor.value

    # Pictures far from all real ones have no coverage either; that alone is no collapse.
    near = not low("precision", 0.5)
    signs = [name for name in ("recall", "coverage") if near and low(name, 0.1)]
    if low("diversity", 0.5):
        signs.append("diversity")
    told = [f"{rows[name].title} {rows[name].estimate} (real: {rows[name].floor})"
            for name in signs]  # fmt: skip
    if told:
        return [f"mode collapse: {', '.join(told)}"]
    if low("precision", 0.1):
        row = rows["precision"]
        return [f"far from all real data: precision {row.estimate} (real: {row.floor})"]
    return []
