"""The card of a model that was trained on data of the user's own: what is known without measuring.

In the form of the hub (https://huggingface.co/docs/hub/model-cards). Whose the pictures are, nobody
but the user knows, so their licence is left for them to fill in. Figures come from `ganzoo
evaluate`.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo import tasks
from ganzoo.environment import versions
from ganzoo.files.writing import write_text
from ganzoo.presets.find import Resolved
from ganzoo.tasks import options
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Recipe

CARD, PICTURE = "README.md", "samples.png"


def write(
    preset: Path,
    found: Resolved,
    recipe: Recipe,
    examples: int,
    steps: int,
    facts: Mapping[str, Any],
) -> Path:
    """Write `README.md` into the preset of a run, and its last picture beside it.

    Args:
        preset: The preset folder of the run.
        found: What was trained.
        recipe: How.
        examples: How many there were of one's own.
        steps: How many it had.
        facts: Those of the run: `images`, `reading`, and `start` where it began with other weights.

    Returns:
        The preset folder.

    Raises:
        OutputError: It cannot be written.
    """
    drawn = sorted((preset.parent / "samples").glob("*.png"))
    if drawn:
        shutil.copyfile(drawn[-1], preset / PICTURE)
    write_text(preset / CARD, _card(preset, found, recipe, examples, steps, facts, bool(drawn)))
    return preset


def _card(
    preset: Path,
    found: Resolved,
    recipe: Recipe,
    examples: int,
    steps: int,
    facts: Mapping[str, Any],
    picture: bool,
) -> str:
    task, family = tasks.get(found.task), registry.family(found.family)
    name = preset.absolute().parent.name
    given = facts["images"] if isinstance(facts["images"], list) else [facts["images"]]
    reading = facts.get("reading") or {}
    read = ", ".join(f"{key} {_plain(value)}" for key, value in reading.items())
    config = ", ".join(f"{key} {_plain(value)}" for key, value in found.config.items())
    link = f" ([arXiv:{family.arxiv}](https://arxiv.org/abs/{family.arxiv}))"
    installed = ", ".join(f"{what} {number}" for what, number in versions().items())
    sections = [
        _head(name, task),
        f"# {name}\n\n{found.family}, trained on data of one's own. `{task.command(preset)}`",
        *([f"![The last samples of the training]({PICTURE})"] if picture else []),
        f"## Model\n\n{found.family}: {family.paper}{link if family.arxiv else ''}. {config}; "
        f"{task.card.samples}",
        f"## Data, licence, credit\n\n{examples:,} examples of {' and '.join(given)}"
        f"{f', read with {read}' if read else ''}. Licence and credit: to be stated by whoever has "
        "the data.",
        f"## Training\n\n- Command: `{shlex.join(_command(found, recipe, facts, given))}`"
        f".\n- {recipe.epochs} epochs of batch {recipe.batch_size}, {steps:,} steps, seed "
        f"{recipe.seed}, `{recipe.dtype_policy}`; the weights are float32.\n- {installed}.",
        "## Quality\n\nNot measured yet." + _measuring(task, preset, given[-1]),
    ]
    return "\n\n".join(sections) + "\n"


def _command(
    found: Resolved, recipe: Recipe, facts: Mapping[str, Any], given: Sequence[str]
) -> list[str]:
    """Return the command that trains the same again."""
    words = ["ganzoo", "train", found.name, "--data", given[0]]
    words += ["--data-b", given[1]] if given[1:] else []
    shape = found.config.get("image_shape") or found.config.get("source_shape")
    if found.entry is None and shape:
        words += ["--size", str(shape[0]), *(["--grey"] if shape[-1] == 1 else [])]
    for key, value in (facts.get("reading") or {}).items():
        words += _option(key, value)
    words += ["--from", str(facts["start"])] if facts.get("start") else []
    if found.recipe is None or recipe.epochs != found.recipe.epochs:
        words += ["--epochs", str(recipe.epochs)]
    return [*words, "--seed", str(recipe.seed)]


def _option(key: str, value: Any) -> list[str]:
    """Return the option of the command that reads data as an argument of their reader says."""
    if key == "resize":
        return ["--resize"] if value is True else ["--fit", str(value)]
    if isinstance(value, Mapping):
        value = ",".join(f"{one}={other}" for one, other in value.items())
    values = map(str, value) if isinstance(value, tuple | list) else [str(value)]
    return [{"beams": "--beam", "direction": "--beam-direction"}.get(key, f"--{key}"), *values]


def _measuring(task: Any, preset: Path, data: str) -> str:
    """Return the command that compares a model with data of one's own, where the task has one."""
    if not set(options.PICTURES) <= set(task.commands.get("evaluate", ())):
        return ""
    command = f"ganzoo evaluate {shlex.quote(str(preset))} --reference {shlex.quote(data)}"
    return f" `{command}` measures it; keep some data out of the training to compare with."


def _head(name: str, task: Any) -> str:
    kind = task.card.hub_task
    lines = ["---", "library_name: keras", "license: other", "license_name: unknown", "tags:"]
    lines += [f"  - {tag}" for tag in ("gan", *task.card.tags)]
    lines += [] if kind == "other" else [f"pipeline_tag: {kind}"]
    return "\n".join([*lines, f"model_name: {json.dumps(name, ensure_ascii=False)}", "---"])


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_plain, value))})"
    return f"{value:g}" if isinstance(value, float) else str(value)
