"""Options that a user gave, held against those that the model's task knows."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from ganzoo import tasks
from ganzoo.tasks import Task

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
