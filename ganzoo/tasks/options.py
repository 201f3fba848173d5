"""Which options of a command a task knows, and a line that says so where one is unknown to it.

Options are named as `--help` shows them first: `-n`, `-o`, `--seed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.tasks.task import Task
from ganzoo.zoo import registry

# How files of the user's are read.
PICTURES = ("--resize", "--fit", "--background", "--frames")
EVENTS = ("--fields", "--unit", "--beam", "--beam-direction", "--electron")
# What every task knows that knows the command at all.
SAMPLE = ("-n", "--seed", "-o", "--overwrite", "--batch-size")
TRANSLATE = ("-o", "--overwrite", *PICTURES, "--batch-size", "--compare", "--truth", "--columns",
             "--scale", "--invert")  # fmt: skip
TRAIN = ("-o", "--epochs", "--steps", "--seed", "--dtype", "--resume", "--from", "--save-steps",
         "--guard", "--quiet")  # fmt: skip
CLASSIFY = ("-o", "--overwrite", *PICTURES, "--batch-size")
OWN = ("--size", "--grey")  # of a family on pictures of one's own
EVALUATE = ("-n", "--seed", "--reference", "--json", "--card")
EXPLORE = ("-o", "--only", "--seed", "--find", *PICTURES[1:], "--steps", "--columns", "--scale",
           "--film", "--invert", "--overwrite")  # fmt: skip
REPORT = ("-o", "--reference", "-n", "--seed", "--run", "--more")
PAGE = ("-o", "--cdn", "--shared", "--runtime", "--overwrite")
_EXAMPLES = 2
_OPTIONS = {
    "beams": "beam",
    "direction": "beam-direction",
}  # by the reader's argument


def check_options(
    tasks: Mapping[str, Task], task: Task, command: str, name: Any, given: Iterable[str] = ()
) -> None:
    """Refuse a command, or options of it, that a task does not know.

    Args:
        tasks: All tasks by name.
        task: That of the model or the data.
        command: Such as "sample".
        name: What the user calls the model or the data.
        given: The options that the user gave.

    Raises:
        InvalidArgumentError: It names the options, what they are for, and what is accepted.
    """
    known = task.commands.get(command)
    subject = f"{name} draws {task.makes}"
    if known is None:
        users = [other for other in tasks.values() if command in other.commands]
        raise InvalidArgumentError(f"`ganzoo {command}` is for {_kinds(tasks, users)}; {subject}.")
    unknown = [option for option in given if option not in known]
    if not unknown:
        return
    by_kind: dict[str, list[str]] = {}
    for option in unknown:
        users = [other for other in tasks.values() if option in other.commands.get(command, ())]
        by_kind.setdefault(_kinds(tasks, users), []).append(option)
    parts = [f"{_list(o)} {'are' if len(o) > 1 else 'is'} for {k}" for k, o in by_kind.items()]
    hints = [" " + task.hints[o].format(name=name) for o in unknown if o in task.hints]
    raise InvalidArgumentError(
        f"{', '.join(parts)}; {subject}. Accepted: {', '.join(known)}." + "".join(hints)
    )


def reading_options(reading: Mapping[str, Any]) -> list[str]:
    """Return the options of a command that say how files are read, from arguments of a reader."""
    return [f"--{_OPTIONS.get(name, name)}" for name in reading]


def _kinds(tasks: Mapping[str, Task], users: Sequence[Task]) -> str:
    """Return what some tasks are about: what they make where all that make it are among them."""
    words = []
    for task in users:
        alike = [other for other in tasks.values() if other.makes == task.makes]
        words.append(task.makes if all(other in users for other in alike) else task.kind)
    names = {task.name for task in users}
    entries = [n for n, entry in zoo.ENTRIES.items() if zoo.FAMILIES[entry.family].task in names]
    shipped = [name for name in entries if name in registry.checkpoints()]
    such = f" (such as {', '.join(shipped[:_EXAMPLES])})" if shipped else ""
    if entries and not shipped:
        such = f" (none is pretrained; recipes are {', '.join(entries[:_EXAMPLES])})"
    return _list(list(dict.fromkeys(words))) + such


def _list(words: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
