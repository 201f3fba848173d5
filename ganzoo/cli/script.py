"""Commands that are scripts of their own."""

from __future__ import annotations

from typing import Any

import click

from ganzoo.errors import GanzooError


class Script(click.Command):
    """A command that ends as `ganzoo` does: an error is one line and an exit code.

    As in `@click.command(cls=Script)`. Errors are those of ganzoo, and of files that cannot be
    read or written. Where a caller asked for no standalone mode, such as a notebook, the error is
    raised as a `click.ClickException`.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the script; say such an error as click says its own."""
        try:
            return super().invoke(ctx)
        except GanzooError as error:
            said = click.ClickException(str(error))
            said.exit_code = error.exit_code  # type: ignore[misc]  # theirs is of the class
        except OSError as error:
            if error.filename is None:
                raise
            said = click.ClickException(f"{error.filename}: {error.strerror}.")
        raise said from None
