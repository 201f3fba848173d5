"""What a page reads beside the networks: directions, labels, example pictures, true events."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import numpy as np

from ganzoo import latent
from ganzoo.errors import InvalidArgumentError
from ganzoo.events import panels, truth
from ganzoo.export.page.packing import plain
from ganzoo.presets.find import Resolved

Progress = Callable[[str, int, int], None]
"""Told how far something is: what is done, how many of it, how many in all."""
Content = dict[str, Any]

DIRECTIONS, POINTS = 6, 16  # principal directions, and at how many latents in all they are taken
MAX_CLASSES = 64
MAX_PIXELS = 256 * 256  # of a picture that a page draws
CHARACTERS = "人工智慧生成對抗網路山水花鳥風月"  # those of characters.png
# What is drawn of data by their source: bright ink on dark, which a page shows as ink on paper.
INK = ("clerical_glyphs", "mixed_glyphs", "glyph_pairs", "styled_glyphs", "openmoji",
       "clothing_edges")  # fmt: skip
# For which data characters are given as examples: which is shown first, and what is said of them.
GLYPHS = {
    "glyph_pairs": (
        10,
        "The characters to begin with are of another font than those of the training.",
    ),
    "styled_glyphs": (3, ""),
}
SIDES = {"glyph_pairs": {"a": "clerical script", "b": "semi-cursive script"},
         "apple_tomato": {"a": "apples", "b": "tomatoes"}}  # fmt: skip


def sampling(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the form of the pictures, and the directions that change them most."""
    made = _directions(model, [None], progress)
    return {**_drawn(model, found), "directions": made}


def labelled(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the same for each label, and the labels."""
    classes = list(model.classes)
    if len(classes) > MAX_CLASSES:
        raise InvalidArgumentError(
            f"A page has at most {MAX_CLASSES} labels; {found.name} has {len(classes)}."
        )
    made = _directions(model, list(range(len(classes))), progress)
    return {**_drawn(model, found), "classes": classes, "directions": made}


def _directions(model: Any, labels: list[int | None], progress: Progress) -> list[Any]:
    """Return for each label the principal directions as rows, and the change per unit of each."""
    count = min(DIRECTIONS, model.latent_dim)
    points = latent.draw(max(2, POINTS // len(labels)), model.latent_dim, 0)
    made = []
    for done, label in enumerate(labels, 1):
        options = {} if label is None else {"label": label}
        found = latent.directions(model, count, latents=points, **options)
        made.append({"vectors": plain(found.vectors), "gains": [float(g) for g in found.gains]})
        progress("directions", done, len(labels))
    return made


def _drawn(model: Any, found: Resolved) -> Content:
    height, width, channels = _checked(found, tuple(model.data_shape))
    return {
        "shape": [height, width, channels],
        "latentDim": model.latent_dim,
        "inverted": channels == 1 and _source(found) in INK,
    }


def translation(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the forms of what goes in and comes out, and pictures to begin with."""
    del progress
    shapes = {"source": model.source_shape, "target": model.target_shape}
    return _given(found, [{"from": "source", "to": "target", "network": 0}], shapes)


def unpaired(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the same for both directions."""
    del progress
    shapes = {which: model.shape_of(which) for which in "ab"}
    ways = [{"from": "a", "to": "b", "network": 0}, {"from": "b", "to": "a", "network": 1}]
    return _given(found, ways, shapes)


def styled(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the same for one direction, and the styles."""
    return {**translation(model, found, progress), "styles": list(model.styles)}


def _given(found: Resolved, ways: list[Any], shapes: dict[str, Any]) -> Content:
    source = _source(found)
    for name, shape in shapes.items():
        shapes[name] = list(_checked(found, tuple(shape)))
    grey = shapes[ways[0]["from"]][2] == 1
    with_characters = source in GLYPHS and shapes[ways[0]["from"]] == [48, 48, 1]
    return {
        "ways": ways,
        "shapes": shapes,
        "words": SIDES.get(str(source), {}),
        "ink": grey and source in INK,
        "inverted": {n: s[2] == 1 and source in INK for n, s in shapes.items()},
        "characters": _characters(str(source)) if with_characters else None,
    }


def _characters(source: str) -> Content:
    from PIL import Image

    file = resources.files("ganzoo.export.page").joinpath("characters.png")
    with resources.as_file(file) as path, Image.open(path) as picture:
        row = np.asarray(picture, np.float32)  # (48, 48 * characters)
    pictures = row.reshape(48, len(CHARACTERS), 48).transpose(1, 0, 2) / 127.5 - 1.0
    first, note = GLYPHS[source]
    return {
        "names": list(CHARACTERS),
        "pictures": plain(pictures),
        "credit": "LXGW WenKai, OFL-1.1",
        "first": first,
        "note": note,
    }


def colours(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return the size at which a picture goes into the network."""
    del progress
    height, width, _ = _checked(found, tuple(model.source_shape))
    return {"size": [height, width]}


def enlarging(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return how many times as long sides become, and how large pictures are cut into tiles.

    `cuts` is None where the network sees all of a picture.
    """
    del found, progress
    tiling = model.tiling()
    cuts = None if tiling is None else tiling.axes[0]
    return {
        "scale": model.scale,
        "channels": model.channels,
        "cuts": cuts and {"tile": cuts.tile, "stride": cuts.stride, "before": cuts.before},
    }


def events(model: Any, found: Resolved, progress: Progress) -> Content:
    """Return true events of the model's beams and the bins of the nine panels.

    Raises:
        InvalidArgumentError: The model has other beams than the events that are shipped.
    """
    del progress
    shipped = truth.sample()
    if tuple(model.beams) != tuple(shipped.beams):
        wanted, had = (f"{beams[0]:g} x {beams[1]:g} GeV" for beams in (model.beams, shipped.beams))
        raise InvalidArgumentError(
            f"A page compares events with those that ship with ganzoo, of {had}; {found.name} "
            f"has beams of {wanted}."
        )
    momenta = shipped.momenta
    edges = panels.bin_edges(panels.quantities(momenta, shipped.beams), 40)
    return {
        "latentDim": model.latent_dim,
        "beams": list(model.beams),
        "truth": plain(momenta),
        "q2Min": float(shipped.metadata["q2_min"]),
        "panels": [
            {"name": name, "logarithmic": logarithmic, "edges": edges[name].tolist()}
            for name, (_, logarithmic) in panels.PANELS.items()
        ],
    }


def _source(found: Resolved) -> str | None:
    """Return the name of the data that a model was trained on."""
    return None if found.recipe is None else found.recipe.data


def _checked(found: Resolved, shape: tuple[int | None, ...]) -> tuple[int, int, int]:
    """Refuse data that are no pictures of 1, 3 or 4 channels and of a fixed, moderate size."""
    fixed = [int(side) for side in shape if side is not None]
    if len(fixed) != 3 or len(shape) != 3 or fixed[2] not in (1, 3, 4):
        raise InvalidArgumentError(
            f"A page draws pictures (height, width, 1, 3 or 4); {found.name} has {shape}."
        )
    height, width, channels = fixed
    if height * width > MAX_PIXELS:
        raise InvalidArgumentError(
            f"A page draws pictures of at most {MAX_PIXELS} pixels; {found.name} has "
            f"{height}x{width}."
        )
    return height, width, channels
