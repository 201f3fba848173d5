"""Model cards: a checkpoint's README.md, in the form of the Hugging Face hub, from measurements.

https://huggingface.co/docs/hub/model-cards: a YAML head, then Markdown. What is measured or stated
in the zoo is written anew each time; sections that a person wrote (any other heading) are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganzoo import tasks
from ganzoo.errors import PresetError
from ganzoo.files.writing import write_text
from ganzoo.metrics.table import HIGHER, Row, Table
from ganzoo.presets.find import Resolved
from ganzoo.tasks import Task
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Entry, Stage

CARD = "README.md"
FAR = 5.0  # errors from the floor, from which on a metric is told as a weakness
GENERATED = ("Model", "Data, licence, credit", "Training", "Quality", "Measured weaknesses")
_ALL = {1: "it", 2: "both"}
_CONSTANTS = ("_mean", "_deviation")
_HUB_LICENCES = ("apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-3.0", "cc-by-sa-3.0",
                 "cc-by-sa-4.0", "cc-by-nd-4.0")  # fmt: skip


def entry_of(found: Resolved) -> tuple[str, Entry]:
    """Return name and entry of the checkpoint or the run that a preset belongs to.

    Raises:
        PresetError: Neither the folder's name nor its run's `recipe.json` is in the zoo.
    """
    if found.entry is None:
        raise PresetError(
            f"{found.folder} has no entry in the zoo to write a card from; a card needs a folder "
            "that is named as one, or that `ganzoo train` made."
        )
    return found.name, found.entry


def write(found: Resolved, folder: Path, table: Table) -> Path:
    """Rewrite the card of a preset folder; return its path.

    Args:
        found: What is known of the model.
        folder: Its preset folder.
        table: What was measured.

    Raises:
        PresetError: The folder belongs to no entry.
        OutputError: It cannot be written; the earlier card is untouched.
    """
    name, entry = entry_of(found)
    path = folder / CARD
    earlier = path.read_text(encoding="utf-8") if path.is_file() else ""
    picture = (folder / _task(entry).card.picture).is_file()
    write_text(path, card(name, entry, table, earlier, picture=picture))
    return path


def card(name: str, entry: Entry, table: Table, earlier: str = "", *, picture: bool = True) -> str:
    """Return a card.

    Args:
        name: Of the checkpoint.
        entry: Its entry.
        table: What was measured.
        earlier: The card before; its sections of other headings are kept.
        picture: Whether the task's picture lies beside it.
    """
    task = _task(entry)
    image = f"![{task.card.caption}]({task.card.picture})"
    sections = [
        head(name, entry, table),
        f"# {name}\n\n{entry.summary}. `{task.command(name)}`",
        *([image] if picture else []),
        "## Model\n\n" + _model(entry),
        "## Data, licence, credit\n\n" + task.card.data(entry),
        "## Training\n\n" + _training(name, entry),
        "## Quality\n\n" + quality(name, table, task.makes),
        "## Measured weaknesses\n\n" + weaknesses(table),
        *kept_sections(earlier),
    ]
    return "\n\n".join(sections) + "\n"


def head(name: str, entry: Entry, table: Table) -> str:
    """Return the YAML head; strings are quoted as JSON, which YAML reads."""
    licence = entry.licence.lower()
    known = licence in _HUB_LICENCES
    source = entry.recipe.data if entry.recipe is not None else entry.data
    words = _task(entry).card
    kind = words.hub_task
    lines = [
        "---",
        "library_name: keras",
        f"license: {licence if known else 'other'}",
        *([] if known else [f"license_name: {licence}"]),
        "datasets:",
        f"  - {source}",
        "tags:",
        "  - gan",
        *(f"  - {tag}" for tag in words.tags),
        *([] if kind == "other" else [f"pipeline_tag: {kind}"]),
        "model-index:",
        f"  - name: {name}",
        "    results:",
        "      - task:",
        f"          type: {kind}",
        "        dataset:",
        f"          name: {json.dumps(entry.data, ensure_ascii=False)}",
        f"          type: {source}",
        "        metrics:",
    ]
    for row in table.rows.values():
        lines += [
            f"          - type: {row.name}",
            f"            name: {json.dumps(row.title, ensure_ascii=False)}",
            f"            value: {float(f'{row.estimate.value:.6g}')}",
        ]
    return "\n".join([*lines, "---"])


def _samples(entry: Entry) -> str:
    words = _task(entry).card.samples
    colours = entry.config.get("image_shape", (1,))[-1] > 1
    return words.replace(", ink = 1", "") if colours else words  # ink is black on white


def _model(entry: Entry) -> str:
    family = registry.family(entry.family)
    shown = {key: value for key, value in entry.config.items() if not key.endswith(_CONSTANTS)}
    sizes = " and ".join(f"{name} {count:,}" for name, count in entry.parameters.items())
    paper = family.paper + (
        f" ([arXiv:{family.arxiv}](https://arxiv.org/abs/{family.arxiv}))" if family.arxiv else ""
    )
    text = (
        f"{entry.family}: {paper}. {_arguments(shown)}. {sizes[0].upper()}{sizes[1:]} parameters; "
        f"{_samples(entry)}"
    )
    if entry.recipe is not None and entry.recipe.ema_momentum is not None:
        averaged = ", ".join(registry.model_class(entry.family).averaged)
        text += (
            f" The averaged networks: {averaged}. What is shipped of them is the exponential "
            f"moving average of the training (momentum {_number(entry.recipe.ema_momentum)})."
        )
    return text


def _number(value: Any) -> str:
    """Return a number, or what a schedule of it says, be it plain data or a `Schedule`."""
    plain = value.to_plain() if hasattr(value, "to_plain") else value
    return _arguments(plain) if isinstance(plain, Mapping) else _plain(plain)


def _task(entry: Entry) -> Task:
    return tasks.get(registry.family(entry.family).task)


def _training(name: str, entry: Entry) -> str:
    recipe = entry.recipe
    if recipe is None:
        return "There is no recipe for it in the zoo."
    lines = [
        f"- Command: `ganzoo train {name}`; the recipe is the entry `{name}` in `ganzoo/zoo/`.",
        f"- {recipe.epochs} epochs of batch {recipe.batch_size}, seed {recipe.seed}, "
        f"{recipe.backend} backend, `{recipe.dtype_policy}`; the weights are float32.",
    ]
    if recipe.mirrored:
        lines.append("- Every second picture, a seeded choice, was flipped left to right.")
    if recipe.shifted:
        lines.append(f"- Each picture was moved by up to {recipe.shifted} pixels each way.")
    for number, stage in enumerate(recipe.stages, 1):
        lines.append(f"- Stage {number}: {_stage(stage)}")
    if recipe.best_by is not None:
        lines.append(
            f"- Kept is the model with the least `{recipe.best_by}`, measured every "
            f"{recipe.measure_every} epochs."
        )
    return "\n".join(lines)


def _stage(stage: Stage) -> str:
    by_arguments: dict[str, list[str]] = {}
    for player, arguments in stage.optimizers.items():
        by_arguments.setdefault(f"Adam({_arguments(arguments)})", []).append(player)
    if len(by_arguments) == 1:
        optimizers = f"{next(iter(by_arguments))} for {_ALL.get(len(stage.optimizers), 'all')}"
    else:
        optimizers = ", ".join(
            f"{adam} for the {' and the '.join(players)}" for adam, players in by_arguments.items()
        )
    extra = f"; {_arguments(stage.compile)}" if stage.compile else ""
    return f"{stage.epochs} epochs, {optimizers}{extra}."


def quality(name: str, table: Table, makes: str) -> str:
    """Return the table of what a model makes in Markdown, and where it comes from."""
    facts = table.facts
    lines = [
        f"`ganzoo evaluate {name} --samples {facts.get('samples', facts['n'])} --seed "
        f"{facts['seed']}` on the {facts.get('backend')} backend, {facts['n']:,} {makes} against "
        f"as many of {facts.get('reference')}; features: {facts.get('features_of')}. The floor is "
        f"the same of real data ({facts.get('held_out')}). Errors are one standard deviation over "
        "other samples; the spread between trainings is not in them.",
        "",
        f"| {' | '.join(table.titles())} |",
        "|---" * len(table.titles()) + "|",
        *(f"| {' | '.join(cells)} |" for cells in table.cells()),
    ]
    if table.details:
        titles, *cells = table.detail_cells()
        subject = facts.get("each", "panel")
        lines += [
            "",
            f"Each {subject}:",
            "",
            f"| {subject}{' | '.join(titles)} |",
            "|---" * len(titles) + "|",
            *(f"| {' | '.join(line)} |" for line in cells),
        ]
    if table.classes:
        shares = ", ".join(f"{share['value']:.3f}" for share in table.classes["generated"])
        real = ", ".join(f"{share:.3f}" for share in table.classes["real"])
        lines += ["", f"Share of each class: {shares} (real: {real})."]
    return "\n".join(lines)


def weaknesses(table: Table) -> str:
    """Return findings, and the metrics that are far on the bad side of their floor."""
    told = [f"- {finding[0].upper()}{finding[1:]}." for finding in table.findings]
    told += [
        f"- {row.title}: {row.estimate}, real data {row.floor}."
        for row in table.rows.values()
        if _bad(row)
    ]
    told += [
        f"- {title} real data, the worst first: {', '.join(subjects)}."
        for title, subjects in far_details(table).items()
    ]
    return "\n".join(told) or f"No metric is {FAR:g} errors or more on the bad side of its floor."


def far_details(table: Table) -> dict[str, list[str]]:
    """Return what is far on the bad side in each column of the second table, the worst first."""
    far: dict[str, list[tuple[float, str]]] = {}
    for subject, rows in table.details.items():
        for title, row in rows.items():
            if _bad(row):
                below = row.better == HIGHER
                key, value = f"{title} far {'below' if below else 'above'}", row.estimate.value
                far.setdefault(key, []).append(
                    (value if below else -value, f"{subject} {row.estimate}")
                )
    return {title: [text for _, text in sorted(rows)] for title, rows in far.items()}


def _bad(row: Row) -> bool:
    excess = row.excess()
    return {"lower": excess >= FAR, "higher": excess <= -FAR}.get(row.better, abs(excess) >= FAR)


def kept_sections(earlier: str) -> list[str]:
    """Return the `## ` sections of an earlier card that are not generated."""
    parts = re.split(r"(?m)^(?=## )", earlier)[1:]
    return [part.strip() for part in parts if part.partition("\n")[0][3:].strip() not in GENERATED]


def _arguments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_plain(value)}" for key, value in values.items())


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({_arguments(value)})"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_plain, value))})"
    return f"{value:g}" if isinstance(value, float) else str(value)
