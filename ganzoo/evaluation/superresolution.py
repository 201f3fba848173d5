"""`ganzoo evaluate` for models that enlarge: photographs reduced, restored, and compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import data, plots, resampling
from ganzoo.checks import check_count
from ganzoo.data.gallery import Gallery, gallery
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import patches as of_patches
from ganzoo.evaluation.subject import Subject, stated, subject_of
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.luma import restored
from ganzoo.metrics.pictures import mean_estimate
from ganzoo.metrics.table import FLOOR, HIGHER, LOWER, Row, Table
from ganzoo.tasks.superresolution import enlarge, middles
from ganzoo.tasks.task import Progress

_TITLES = {
    "psnr": ("PSNR of luma, dB", HIGHER),
    "ssim": ("SSIM of luma", HIGHER),
    "sharpness": ("sharpness, gradient energy over real", FLOOR),
}
_OF_PATCHES = {name: (title, LOWER) for name, title in of_patches.TITLES.items()}
_TRUTH = "truth"
Restore = Callable[[np.ndarray], np.ndarray]  # uint8 (h, w, c) to uint8 (scale h, scale w, c)


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    beside: Sequence[Any] = (),
    reading: Mapping[str, Any] | None = None,
    pairs: Any = None,
) -> Table:
    """Measure a model that enlarges.

    Each picture is the truth: it is cut to a multiple of the scale, reduced, rounded to 8 bits,
    enlarged again and compared, see `ganzoo.metrics.luma`. Errors are those of the mean over
    pictures. Patches are compared as `ganzoo.evaluation.patches` says, where there are 260 of each
    of its two sets, which are those of six pictures of 768 x 512 pixels.

    Args:
        subject: The model.
        reference: A folder of pictures, or the name of a source of photographs with a test split;
            by default the Kodak set in `kodak/` of `GANZOO_DATA`.
        samples: Use the first so many pictures, at least 2; None for all.
        seed: Seeds what compares patches.
        progress: Told how many pictures are restored.
        beside: Other models of the same scale, by name or folder: further columns, beside those of
            bicubic and Lanczos enlargement.
        reading: `background` of pictures that are transparent.
        pairs: Path of a picture to write: middles enlarged bicubically, by the model, and true.

    Raises:
        InvalidArgumentError: Data instead of a model, or models of several scales.
        DataError: Fewer than two pictures, or one that is too small.
    """
    begun = time.monotonic()
    if subject.found is None:
        raise InvalidArgumentError(
            f"A model is measured on photographs; {subject.name} is data. Compare two pictures "
            "with `ganzoo.metrics.restored`."
        )
    model = _model(subject)
    scale = model.scale
    photographs, source = _gallery(reference, model.channels, reading or {})
    count = len(photographs) if samples is None else check_count("samples", samples, least=2)
    count = min(count, len(photographs))
    if count < 2:
        raise DataError(f"At least two pictures are needed for an error; {source} has {count}.")
    ways: dict[str, Restore] = {"": _by_model(model)}
    for kernel, title in (("bicubic", "bicubic"), ("lanczos", "Lanczos")):
        ways[title] = _by_kernel(scale, kernel)
    for other in map(subject_of, beside):
        ways[_title(other, [*ways, _title(subject, [])])] = _by_model(_model(other, scale))
    seen = of_patches.Patches([*ways, _TRUTH], model.channels)
    columns = _figures(photographs, scale, count, ways, seen, progress)
    for title, measured in seen.measured(seed).items():
        columns[title] |= measured
    made, floors = columns.pop(""), columns.pop(_TRUTH)
    rows = {
        name: Row(name, title, made[name], floors[name], better)
        for name, (title, better) in (_TITLES | _OF_PATCHES).items()
        if name in made
    }
    if pairs is not None:
        _draw(model, photographs, pairs)
    facts = stated(
        subject,
        begun,
        n=count,
        samples=count,
        seed=seed,
        scale=scale,
        reference=source,
        held_out="the pictures themselves",
        features_of=f"luma (ITU-R BT.601), without a border of {scale} pixels"
        + (f"; of patches {of_patches.NETWORK}" if "patch_auc" in rows else ""),
        backend=require_backend(),
    )
    return Table(rows, (), facts, beside=columns)


def _figures(
    photographs: Gallery,
    scale: int,
    count: int,
    ways: Mapping[str, Restore],
    seen: of_patches.Patches,
    progress: Progress | None,
) -> dict[str, dict[str, Estimate]]:
    """Return the figures, by who restored the pictures and by name; one is held at a time."""
    found: dict[str, dict[str, list[float]]] = {
        title: {name: [] for name in _TITLES} for title in (*ways, _TRUTH)
    }
    for index in range(count):
        truth = resampling.cropped(photographs[index], scale)
        small = resampling.reduced(truth, scale)
        for title, named in found.items():
            made = ways[title](small) if title in ways else truth
            try:
                measured = restored(made, truth, scale)
            except DataError as error:
                raise DataError(f"{photographs.files[index]}: {error}") from None
            for name, value in measured.items():
                named[name].append(value)
            seen.add(title, made)
        if progress is not None:
            progress("enlarging", index + 1, count)
    return {
        title: {name: mean_estimate(np.array(values)) for name, values in named.items()}
        for title, named in found.items()
    }


def _gallery(reference: Any, channels: int, reading: Mapping[str, Any]) -> tuple[Gallery, str]:
    """Return the pictures to measure with, and what they are called."""
    if reference is not None and Path(reference).exists():
        return gallery(reference, channels, **reading), str(reference)
    name = "photographs" if reference is None else str(reference)
    known = [one for one, load in data.SOURCES.items() if load is data.photo_gallery]
    if name not in known:
        raise InvalidArgumentError(
            f"Models that enlarge are measured on photographs, and {name} is neither a folder nor "
            f"a source of some: {', '.join(known)}."
        )
    found = data.source(name)("test")
    return Gallery(found.files, channels, source=found.source), f"{name} (test split)"


def _model(subject: Subject, scale: int | None = None) -> Any:
    model = subject.load()
    own = getattr(model, "scale", None)
    if own is None or (scale is not None and own != scale):
        does = "enlarges nothing" if own is None else f"enlarges {own} times"
        raise InvalidArgumentError(
            f"{subject.name} {does}; models beside each other are of one scale"
            + ("." if scale is None else f", here {scale}.")
        )
    return model


def _title(subject: Subject, taken: Sequence[str]) -> str:
    """Return what a column is called: a run by its entry, unless that is taken."""
    title = subject.name if subject.found is None else subject.found.name
    return subject.name if title in taken else title


def _by_model(model: Any) -> Restore:
    def restore(small: np.ndarray) -> np.ndarray:
        made: np.ndarray = plots.to_uint8(enlarge(model, plots.from_uint8(small)[None]))[0]
        return made

    return restore


def _by_kernel(scale: int, kernel: str) -> Restore:
    return lambda small: resampling.enlarged(small, scale, kernel)


def _draw(model: Any, photographs: Gallery, path: Any) -> None:
    small, large = middles(photographs, model.scale)
    bicubic = np.clip(resampling.enlarged(small, model.scale), -1.0, 1.0)
    shown = plots.beside(plots.beside(bicubic, enlarge(model, small)), large)
    plots.save(plots.grid(shown, columns=2), path)
