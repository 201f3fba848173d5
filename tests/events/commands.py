"""The command line, run inside of the tests' process."""

from __future__ import annotations

from click.testing import CliRunner

from ganzoo.cli import main


def run(*arguments: object) -> str:
    """Run the command line; return what it printed; fail with it if it failed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: object) -> str:
    """Run the command line, which must refuse with one line; return it."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code in (1, 2), result.output
    assert len(result.output.splitlines()) == 1, result.output
    return result.output
