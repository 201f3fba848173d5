"""The table of a translator of two sets that have no pairs, such as apples and tomatoes.

What is made of held-out pictures of one set is compared with real pictures of the other: by the
Fréchet distance, by a classifier that is to tell both apart, and by one that tells the sets apart
and has seen real pictures alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ganzoo.checks import check_seed
from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.metrics import two_sample
from ganzoo.metrics.colours import cells_for, feature_count, gradients_and_colours
from ganzoo.metrics.estimate import Estimate, share_estimate
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.pictures import check_pictures
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.random import random_generator

LEAST = 100
Sets = tuple[Any, Any]
_TITLES = {
    "taken": ("taken for the other set", HIGHER),
    "frechet": ("Fréchet distance", LOWER),
    "auc": ("classifier AUC (1/2: as real)", LOWER),
}


def unpaired_table(
    sources: Sets,
    made: Sets,
    real: Sets,
    beside: Mapping[str, Sets] | None = None,
    *,
    words: Sets = ("a", "b"),
    seed: int = 0,
) -> Table:
    """Measure pictures that were translated between two sets, both ways.

    Args:
        sources: Held-out pictures of both sets, (n, height, width, channels) and (m, ...) in
            [-1, 1], at least 100 each.
        made: What was made of them: of the first set's pictures (n, ...), which should look like
            the second set's, and of the second set's (m, ...).
        real: Pictures of both sets in the training, at least 100 each.
        beside: Other pictures of the same sources by the name of who made them.
        words: What the sets are called.
        seed: Seeds every choice.

    Returns:
        A `Table` with three rows for each way, `taken_ab`, ..., `auc_ba`. Its floors are those of
        the held-out pictures of the set that is aimed at; errors are those of independent pictures.

    Raises:
        DataError: Too few pictures, or of other shapes.
        MissingExtraError: scikit-learn is not installed.
    """
    check_seed(seed)
    require("sklearn", "the classifier of two sets")
    sets = {"sources": sources, "real pictures": real, "translated pictures": made}
    checked = {
        what: tuple(check_pictures(what, part) for part in two) for what, two in sets.items()
    }
    for what, two in checked.items():
        if min(len(part) for part in two) < LEAST:
            raise DataError(
                f"At least {LEAST} {what} of each set are needed; got {len(two[0])} and "
                f"{len(two[1])}."
            )
    held_out, known = checked["sources"], checked["real pictures"]
    subjects = {"": checked["translated pictures"], **(beside or {})}
    used = min(len(part) for two in (held_out, known) for part in two)
    cells = cells_for(held_out[0].shape[-1], used)
    seen = [gradients_and_colours(part, cells) for part in known]
    judge = two_sample.made("logistic", seed).fit(
        np.concatenate(seen), np.repeat([0, 1], [len(part) for part in seen])
    )
    rows: dict[str, Row] = {}
    columns: dict[str, dict[str, Estimate]] = {name: {} for name in subjects if name}
    for way, aim in (("ab", 1), ("ba", 0)):
        chosen = random_generator(seed).permutation(len(seen[aim]))[: len(held_out[aim])]
        reference = seen[aim][chosen]

        def measure(pictures: Any, reference: Any = reference, aim: int = aim) -> Any:
            features = gradients_and_colours(check_pictures("pictures", pictures), cells)
            return {
                "taken": share_estimate(judge.predict(features) == aim),
                "frechet": frechet_distance(reference, features, seed=seed),
                "auc": classifier_auc(reference, features, seed=seed),
            }

        floors = measure(held_out[aim])
        by_subject = {name: measure(two[1 - aim]) for name, two in subjects.items()}
        for name, (title, better) in _TITLES.items():
            words_of_way = f"{words[1 - aim]} to {words[aim]}: {title}"
            value = by_subject[""][name]
            rows[f"{name}_{way}"] = Row(f"{name}_{way}", words_of_way, value, floors[name], better)
            for other, column in columns.items():
                column[f"{name}_{way}"] = by_subject[other][name]
    facts = {
        "n": min(len(part) for part in held_out),
        "features": feature_count(held_out[0].shape[-1], cells),
        "seed": seed,
    }
    return Table(rows, (), facts, beside=columns)
