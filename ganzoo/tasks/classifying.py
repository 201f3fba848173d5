"""The classes of pictures, by the models of any task that have a classifier: `ganzoo classify`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, NamedTuple

from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.tasks import pictures
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.zoo import registry

ENDINGS = (".csv", ".npz")
NOTES = "notes"  # the task whose pictures are sounds


class Classified(NamedTuple):
    """What a model says of pictures.

    Attributes:
        files: What each picture is called: its path below the folder, or its number in an array.
        classes: Names of the classes.
        probabilities: Of each class, float32 (n, classes); rows sum to 1.
    """

    files: tuple[str, ...]
    classes: tuple[str, ...]
    probabilities: Any

    def rows(self) -> list[tuple[str, str, float]]:
        """Return file, most probable class, and its probability, of each picture."""
        best = self.probabilities.argmax(axis=1)
        return [
            (file, self.classes[label], float(row[label]))
            for file, label, row in zip(self.files, best, self.probabilities, strict=True)
        ]


def refuse_without_classifier(name: Any, family: str) -> None:
    """Refuse a family whose models tell no classes; no Keras is imported.

    Raises:
        InvalidArgumentError: It lists the families that do, and their models in the zoo.
    """
    able = [
        known for known, facts in zoo.FAMILIES.items() if facts.classifies and facts.task != NOTES
    ]
    if registry.family(family).task == NOTES:
        raise InvalidArgumentError(
            f"{name} tells the pitch of sounds, and `ganzoo classify` reads pictures; in Python: "
            "gan.classify(gan.spectra.pictures(sounds))."
        )
    if family not in able:
        entries = [known for known, entry in zoo.ENTRIES.items() if entry.family in able]
        raise InvalidArgumentError(
            f"{name} is a {family}, which has no classifier; these have one: {', '.join(able)} "
            f"({', '.join(entries)})."
        )


def classify(model: Any, drawing: Drawing, progress: Progress) -> Classified:
    """Tell the classes of the pictures of a path.

    Args:
        model: With `classify`.
        drawing: Its options say `pictures` and `reading`; of these at most `count` are read.
        progress: Told how many pictures are classified.

    Raises:
        DataError: There are no pictures, or one is damaged or of another form; it is named.
    """
    import numpy as np

    images, files = pictures.given(drawing, model.classified_shape)
    batch_size, parts = drawing.batch_size or pictures.BATCH, []
    for start in range(0, len(images), pictures.CHUNK):
        part = images[start : start + pictures.CHUNK]
        parts.append(model.classify(part, batch_size=batch_size))
        progress("classifying", start + len(part), len(images))
    return Classified(files, tuple(model.classes), np.concatenate(parts))


def write(made: Classified, path: Path, ending: str) -> None:
    """Write what a model says of pictures, whole or not at all.

    Args:
        made: What it says.
        path: Where to.
        ending: ".csv" has a line "file,class,probability" for each picture; ".npz" the arrays
            `files`, `labels` (integers), `probabilities` (n, classes) and `classes` (their names).

    Raises:
        OutputError: It cannot be written.
    """
    import numpy as np

    from ganzoo.files.writing import written

    with written(path) as temporary:
        if ending == ".npz":
            with open(temporary, "wb") as file:
                np.savez_compressed(
                    file,
                    files=np.array(made.files),
                    labels=made.probabilities.argmax(axis=1),
                    probabilities=made.probabilities,
                    classes=np.array(made.classes),
                )
            return
        with open(temporary, "w", encoding="utf-8", newline="") as text:
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(("file", "class", "probability"))
            lines.writerows((file, name, f"{share:.6f}") for file, name, share in made.rows())
