"""`write`: models as one page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo import tasks, zoo
from ganzoo._version import __version__
from ganzoo.errors import ExportError, InvalidArgumentError, OutputError
from ganzoo.export.networks import input_names
from ganzoo.export.onnx_file import onnx
from ganzoo.export.page import html, runtime
from ganzoo.export.page.controls import CONTROLS, scripts_of
from ganzoo.export.page.packing import packed
from ganzoo.export.subject import check_path
from ganzoo.extras import require
from ganzoo.files.writing import write_text
from ganzoo.presets import find
from ganzoo.store import assets

Progress = Callable[[str, int, int], None]
MAX_MODELS = 12
GREY_LEVEL = 1 / 127.5  # of a picture in [-1, 1]


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        path: The page.
        models: What is on it, by name: the largest difference of its networks from Keras' outputs,
            as a share of the largest output where that is above 1.
        size: Bytes.
        runtime: The script beside the page that holds the runtime, `"page"` where it is in the
            page itself, `"cdn"` where it is fetched.
    """

    path: Path
    models: dict[str, float]
    size: int
    runtime: Path | str

    def __str__(self) -> str:
        """Return one line."""
        names = ", ".join(f"{name} ({far:.1e} from Keras)" for name, far in self.models.items())
        needs = {"page": "needs no network", "cdn": "fetches its runtime from a CDN"}
        words = needs.get(str(self.runtime), f"needs {Path(self.runtime).name} beside it")
        return f"{self.path}: {names}; {self.size:,} bytes; {words}"


def write(
    models: Sequence[Any],
    path: Any,
    *,
    cdn: bool = False,
    shared: bool = False,
    folder: Any = None,
    overwrite: bool = False,
    fetching: assets.Progress | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Written:
    """Write one HTML file in which models run in a browser, on any backend.

    It opens by a double click and asks nothing of any server. Weights are float16 where
    that changes no picture by more than a grey level; all is computed in float32 by onnxruntime-web
    on one core. Where `onnxruntime-web` is not in the cache, it is
    fetched once (GANZOO_RUNTIME_URL names another address).

    Args:
        models: Pretrained names, presets, runs or `.keras` files; each gets a tab.
        path: A file that ends in `.html`.
        cdn: The page loads the runtime from a CDN instead, with its hash checked: 5 MB less.
        shared: The runtime is a script beside the page, written with the first of the pages that
            share it: for a site with many.
        folder: Where the runtime's files are already; the same hashes are checked.
        overwrite: Whether a file may be there already.
        fetching: Told how the download of the runtime goes.
        progress: Told how far the models are.

    Returns:
        What was written.

    Raises:
        InvalidArgumentError: A task that has no page, a name given twice, or `cdn` with `folder`
            or `shared`.
        MissingExtraError: onnx or onnxruntime is not installed.
        IntegrityError: The runtime's files are not the registered ones.
        DownloadError: They could not be fetched.
        ExportError: A network in its file differs from Keras'; see `ganzoo.export.onnx`.
        OutputError: Something is there already, or the disk refuses.
    """
    path = check_path(path, ".html", overwrite)
    found = resolved(models)
    if cdn and (folder is not None or shared):
        other = "from a folder" if folder is not None else "beside the page"
        raise InvalidArgumentError(f"The runtime comes from a CDN or {other}; got both.")
    for package in ("onnx", "onnxruntime"):
        require(package, "a page")
    files = None if cdn else runtime_folder(folder, fetching)
    parts = [] if files is None or shared else runtime.embedded(files)
    facts, far = [], {}
    for done, (where, model) in enumerate(zip(models, found, strict=True)):
        progress("models", done, len(found))
        fact, networks, difference = _described(where, model, len(parts), progress)
        parts += networks
        facts.append(fact)
        far[model.name] = difference
    progress("models", len(found), len(found))
    if files is not None and shared:
        _write_beside(path.with_name(runtime.SHARED), runtime.script(files), overwrite)
    content = {
        "version": __version__,
        "runtime": runtime.linked() if cdn else runtime.beside() if shared else [0, 1],
        "runtimeName": f"onnxruntime-web {runtime.VERSION}",
        "models": facts,
    }
    origin, beside = runtime.RUNTIME.address if cdn else None, runtime.SHARED if shared else None
    scripts = scripts_of([model.task for model in found])
    write_text(path, html.page(content, parts, scripts, origin, beside))
    where = path.with_name(runtime.SHARED) if shared else "cdn" if cdn else "page"
    return Written(path, far, path.stat().st_size, where)


def _write_beside(path: Path, script: str, overwrite: bool) -> None:
    """Write the script that pages share, unless it is there.

    Raises:
        OutputError: Something else is there.
    """
    if path.exists() and not overwrite:
        if path.read_text(encoding="utf-8", errors="replace") == script:
            return
        raise OutputError(
            f"{path} is there and is not the runtime of this version; pass overwrite=True to "
            "replace it, or write the page elsewhere."
        )
    write_text(path, script)


def resolved(models: Sequence[Any]) -> list[find.Resolved]:
    """Say what the models of a page are, before any is loaded.

    Raises:
        InvalidArgumentError: None, too many, one given twice, or one whose task has no page.
    """
    if not 1 <= len(models) <= MAX_MODELS:
        raise InvalidArgumentError(f"A page has 1 to {MAX_MODELS} models; got {len(models)}.")
    found = [find.resolve(model) for model in models]
    for given, model in zip(models, found, strict=True):
        tasks.check_options(tasks.get(model.task), "page", given)
        if sum(other.name == model.name for other in found) > 1:
            raise InvalidArgumentError(f"A page has each model once; got {model.name} twice.")
    return found


def runtime_folder(folder: Any = None, progress: assets.Progress | None = None) -> Path:
    """Return where the runtime's files are, compared with their hashes, fetched if needed."""
    if folder is not None:
        return assets.in_folder(runtime.RUNTIME, Path(folder))
    return assets.in_cache(runtime.RUNTIME, progress)


def _described(
    where: Any, found: find.Resolved, first: int, progress: Progress
) -> tuple[dict[str, Any], list[str], float]:
    """Return the facts of a model, its networks as text, and how far they are from Keras'."""
    controls = CONTROLS[found.task]
    model = find.load(where)
    networks, parts, far = [], [], 0.0
    with tempfile.TemporaryDirectory(prefix="ganzoo-page-") as folder:
        for number, name in enumerate(controls.networks):
            file = Path(folder) / f"{number}.onnx"
            far = max(far, _exported(where, file, name))
            parts.append(packed(file.read_bytes()))
            networks.append(
                {
                    "part": first + number,
                    "inputs": input_names(model, name),
                    "parameters": model.inference_network(name).count_params(),
                }
            )
    facts = {**_words(found), "networks": networks}
    return {**facts, "content": dict(controls.content(model, found, progress))}, parts, far


def _exported(where: Any, file: Path, network: str) -> float:
    """Write a network with float16 weights where that is a grey level at most, else float32 ones.

    Returns:
        The difference from Keras.
    """
    try:
        made = onnx(where, file, network=network, float16=True)
    except ExportError:
        made = None
    if made is None or made.difference > GREY_LEVEL:
        made = onnx(where, file, network=network, overwrite=True)
    return made.difference


def _words(found: find.Resolved) -> dict[str, Any]:
    """Return what a page says of a model."""
    entry, family = found.entry, zoo.FAMILIES[found.family]
    own = entry is None or entry.recipe is not found.recipe
    return {
        "name": found.name,
        "task": found.task,
        "family": found.family,
        "paper": family.paper,
        "arxiv": family.arxiv,
        "summary": f"A {found.family} of one's own" if own or entry is None else entry.summary,
        "data": "" if own or entry is None else entry.data,
        "credit": "" if own or entry is None else entry.credit,
        "licence": "" if own or entry is None else entry.licence,
    }
