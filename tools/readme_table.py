"""The tables of README.md that are made from the zoo: tasks and models.

python -m tools.readme_table            write them into README.md, between their marks
python -m tools.readme_table --check    exit 1 where README.md differs
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from ganzoo import zoo
from ganzoo.cli import main as commands
from ganzoo.tasks import TASKS
from ganzoo.tasks.task import Task
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Entry, Family

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"


def tasks() -> str:
    """Return the table of tasks: how to use such models, what goes in and out, the families."""
    families: dict[str, list[str]] = {}
    for name, family in zoo.FAMILIES.items():
        families.setdefault(family.task, []).append(_family(name, family))
    rows = []
    for name, task in sorted(TASKS.items(), key=lambda item: (item[1].verb, item[0])):
        if name in families:
            ends = (", ".join(task.inputs), ", ".join(task.outputs))
            rows.append((_use(task), name, *ends, ", ".join(families[name])))
    return _table(("use", "task", "in", "out", "families"), rows)


def models() -> str:
    """Return the table of the models: family, task, data and size."""
    return _table(
        ("name", "family", "task", "data", "parameters", "weights"),
        (_model(name, zoo.ENTRIES[name]) for name in registry.list_models()),
    )


def written(text: str) -> str:
    """Return README's text with both tables as they are now.

    Raises:
        ValueError: A pair of marks is missing.
    """
    for name, table in (("tasks", tasks()), ("models", models())):
        begin, end = f"<!-- table: {name} -->\n", f"<!-- end: {name} -->"
        found = re.findall(re.escape(begin) + ".*?" + re.escape(end), text, re.DOTALL)
        if len(found) != 1:
            raise ValueError(f"README.md must have one table between {begin.strip()} and {end}")
        text = text.replace(found[0], f"{begin}{table}{end}")
    return text


def _family(name: str, family: Family) -> str:
    return f"[{name}](https://arxiv.org/abs/{family.arxiv})" if family.arxiv else name


def _use(task: Task) -> str:
    """Return the command of a task, or the method of its models where there is no command."""
    return f"`ganzoo {task.verb}`" if task.verb in commands.commands else f"`model.{task.verb}`"


def _model(name: str, entry: Entry) -> tuple[str, ...]:
    shipped = registry.checkpoints().get(name, ())
    weights = next((file.size for file in shipped if file.name == "model.weights.h5"), None)
    return (
        f"[`{name}`](zoo_weights/{name}/README.md)" if shipped else f"`{name}`",
        entry.family,
        zoo.FAMILIES[entry.family].task,
        entry.data,
        " + ".join(f"{count:,}" for count in entry.parameters.values()),
        "recipe only" if weights is None else f"{weights / 2**20:.1f} MiB",
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Write README.md, or compare it."""
    parser = argparse.ArgumentParser(prog="python -m tools.readme_table", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    text = README.read_text(encoding="utf-8")
    new = written(text)
    if parser.parse_args().check:
        if new != text:
            print("README.md differs from the zoo; run `python -m tools.readme_table`")
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
