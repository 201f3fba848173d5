"""Options of several commands, and those that a user gave, held against what the task knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from click.core import ParameterSource

from ganzoo import tasks
from ganzoo.errors import InvalidArgumentError
from ganzoo.tasks import Task

FITS, FRAMES = ("stretch", "crop", "pad"), ("first", "all")  # of `ganzoo.data.pictures.Rules`
_RESIZE = click.option(
    "--resize", is_flag=True, help="Resize pictures of another size than the model's."
)
_PICTURES = (
    click.option("--fit", type=click.Choice(FITS), default=None,
                 help="How pictures of another shape are resized: stretch both sides, crop to the "
                 "middle, or pad with the background. Implies --resize.  [default: stretch]"),
    click.option("--background", default=None, metavar="COLOUR",
                 help="What transparent pictures are laid over, and what pads: a name or "
                 "#rrggbb.  [default: white]"),
    click.option("--frames", type=click.Choice(FRAMES), default=None,
                 help="Of animations and of TIFFs with several pages.  [default: first]"),
)  # fmt: skip
_EVENTS = (
    click.option("--fields", default=None, metavar="px=A,py=B,pz=C",
                 help="Columns of a file of events; E too, if it has one.  [default: px, py, pz, "
                 "E]"),
    click.option("--unit", default=None, metavar="UNIT",
                 help="Of a file of events that does not state it: MeV, GeV, ..."),
    click.option("--beam", "beams", type=float, nargs=2, default=None, metavar="E_e E_p",
                 help="Of a file of events that does not state its beams: their energies in GeV."),
    click.option("--beam-direction", "direction_of_beam", default=None, metavar="+z|-z",
                 help="Where the electron beam of a file of events flies; with -z events are "
                 "turned."),
    click.option("--electron", default=None, metavar="energy|pT",
                 help="Of a file of HepMC: the scattered electron is that of the highest energy or "
                 "pT in the final state.  [default: energy]"),
)  # fmt: skip
_READING = {  # by the reader's argument, the command's
    **{name: name for name in ("background", "frames", "fields", "unit", "beams", "electron")},
    "direction": "direction_of_beam",
}
Command = Callable[..., Any]


def picture_options(*, resize: bool = True) -> Callable[[Command], Command]:
    """Return a decorator that adds the options with which pictures are read.

    Args:
        resize: `--resize` too, where a command does not resize in any case.
    """
    return _added((*((_RESIZE,) if resize else ()), *_PICTURES))


def at_option() -> Callable[[Command], Command]:
    """Return a decorator that adds the option with the beams that a model is asked for."""
    return click.option(
        "--at", type=float, nargs=2, default=None, metavar="E_e E_p",
        help="For models of several beams: the energies of electron and proton beam in GeV."
        "  [default: the model's own]",
    )  # fmt: skip


def event_options() -> Callable[[Command], Command]:
    """Return a decorator that adds the options with which files of events are read."""
    return _added(_EVENTS)


def _added(options: tuple[Any, ...]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def taken_reading(options: dict[str, Any], *, resize: bool = False) -> dict[str, Any]:
    """Take out of a command's options how files are read; return what was given.

    Args:
        options: By argument; those of reading are removed.
        resize: The command resizes in any case.

    Returns:
        Arguments of `ganzoo.data.images` or of `ganzoo.events.files.read`.
    """
    fit, wanted = options.pop("fit", None), options.pop("resize", resize)
    given = {name: options.pop(argument, None) for name, argument in _READING.items()}
    return {
        **({"resize": fit or True} if fit or wanted else {}),
        **{name: value for name, value in given.items() if value is not None},
    }


def check_used(reading: Mapping[str, Any], what: Any, option: str) -> None:
    """Refuse options of reading where nothing is read.

    Args:
        reading: What was given.
        what: The path that is read, or None.
        option: The option that names it.

    Raises:
        InvalidArgumentError: There is nothing to read.
    """
    if reading and what is None:
        flags = ", ".join(tasks.reading_options(reading))
        raise InvalidArgumentError(f"{flags} says how files of your own are read; give {option}.")


_BY_USER = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def check_given(ctx: click.Context, task: Task, name: Any) -> None:
    """Refuse options of this command that were given and that the task does not know.

    Args:
        ctx: Of the command.
        task: That of the model or the data.
        name: What the user calls it.

    Raises:
        InvalidArgumentError: It names the options and those that are accepted.
    """
    given = [
        option.opts[0]
        for option in ctx.command.params
        if isinstance(option, click.Option)
        and option.name is not None
        and ctx.get_parameter_source(option.name) in _BY_USER
    ]
    tasks.check_options(task, str(ctx.info_name), name, given)
