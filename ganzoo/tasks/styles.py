"""The task "styled translation": pictures into pictures of a style that is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.tasks import options, pictures, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import BATCH
from ganzoo.zoo.forms import Recipe

SHOWN = 4  # pictures of each style that are drawn after every epoch


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the styles."""
    styles = config["styles"]
    return {**translation.describe(config), "styles": f"{len(styles)}: {', '.join(styles)}"}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return sources, targets, which source belongs to each target, and labels."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)()[:4])


def batches(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches in a new order each epoch, which are made of uint8 pictures.

    Raises:
        InvalidArgumentError: They are to be varied, such as mirrored: styles are of writing.
    """
    if variation:
        raise InvalidArgumentError(
            f"Pictures in styles are not varied; leave {' and '.join(variation)} out."
        )
    from ganzoo.batches import StyledBatches

    sources, targets, source_of, labels = examples
    return StyledBatches(sources, targets, source_of, labels, batch_size, seed)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pictures of each style beside source and target."""
    del recipe, source
    import numpy as np

    from ganzoo import plots

    sources, targets, source_of, labels = examples
    rows = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    shown = np.concatenate([of_one[:: -(-len(of_one) // SHOWN)] for of_one in rows])
    asked = [int(label) for label in labels[shown]]
    given, truths = map(plots.from_uint8, (sources[source_of[shown]], targets[shown]))
    return translation.movie(
        folder,
        lambda model: translation.in_a_row(given, model.translate(given, asked), truths),
    )


def check(drawing: Drawing) -> None:
    """Refuse what cannot be drawn: neither pictures nor a text, or both, or a text without a font.

    Raises:
        InvalidArgumentError: Pictures and a text are given, or a font without a text.
        DataError: See `ganzoo.data.styles.text_glyphs`.
    """
    text, font = (drawing.options.get(name) for name in ("text", "font"))
    if text is None:
        if font is not None:
            raise InvalidArgumentError(f"--font {font} draws what --text says; give both.")
        translation.check(drawing)
        return
    if drawing.options.get("pictures"):
        raise InvalidArgumentError("Pictures are translated, or a --text; got both.")
    from ganzoo.data.styles import text_glyphs

    text_glyphs(text, font)


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Translate pictures or a text into the style that is asked for, or into all of them."""
    label = drawing.options.get("label")
    model.condition(1, label)  # refuses another style before anything is read
    labels = list(model.styles) if label is None else [label]
    if drawing.options.get("text") is not None:
        return _draw_text(model, labels, drawing, progress)

    def turn(images: Any, **options: Any) -> Any:
        return translation.in_a_row(*(model.translate(images, one, **options) for one in labels))

    if len(labels) > 1:  # what lies in a row has no transparency of its own
        reading = {"background": "white", **drawing.options.get("reading", {})}
        drawing = dataclasses.replace(drawing, options={**drawing.options, "reading": reading})
    lines = translation.translate(turn, model.source_shape, drawing, progress)
    return [*lines, f"From the left: {', '.join(labels)}."] if len(labels) > 1 else lines


def _draw_text(
    model: Any, labels: Sequence[str], drawing: Drawing, progress: Progress
) -> list[str]:
    """Write a row of the source font, and one of each style."""
    import numpy as np

    from ganzoo.data.styles import SIZE, text_glyphs

    given = text_glyphs(drawing.options["text"], drawing.options.get("font"))
    if model.source_shape != given.shape[1:]:
        raise DataError(
            f"A text is drawn as pictures of {SIZE}x{SIZE}x1; {drawing.name} takes "
            f"{'x'.join(map(str, model.source_shape))}."
        )
    rows = [given]
    for number, label in enumerate(labels, 1):
        rows.append(model.translate(given, label, batch_size=drawing.batch_size or BATCH))
        progress("translating", number, len(labels))
    options = {**drawing.options, "columns": len(given), "scale": drawing.options.get("scale") or 2}
    drawing = dataclasses.replace(drawing, count=len(rows) * len(given), options=options)
    pictures.check(drawing)
    pictures.WRITERS[drawing.ending](np.concatenate(rows), drawing, progress)
    characters = f"{len(given)} character{'s' if len(given) > 1 else ''}"
    return [f"{characters}; from the top: the source, {', '.join(labels)}."]


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pairs in (-1, 1), with labels in turn."""
    import numpy as np

    sources, targets = translation.paired_data(model, n, seed)
    labels = np.arange(n) % len(model.styles)
    return ({"source": sources, "target": targets, "label": labels},)


TASK = dataclasses.replace(
    translation.TASK,
    name="styled translation",
    kind="translators of many styles",
    example="--text 人工智慧 -o word.png",
    inputs={**translation.TASK.inputs, "label": "a style, its index, or a number between two"},
    commands={
        **translation.TASK.commands,
        "translate": (*options.TRANSLATE, "--label", "--text", "--font"),
        "train": options.TRAIN,
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    check=check,
    draw=draw,
    evaluation="ganzoo.evaluation.styles:evaluate",
    tiny_data=tiny_data,
    card=dataclasses.replace(
        translation.TASK.card,
        caption="a row for each style, below the sources: what was made of held-out characters "
        "on the left, the real ones on the right",
    ),
    beforehand="The fonts are drawn, which takes one to three minutes the first time.",
    hints={
        "--data": "It is trained with labels, which --data does not bring; in Python: "
        'gan.fit({{"source": ..., "target": ..., "label": ...}}).'
    },
)
