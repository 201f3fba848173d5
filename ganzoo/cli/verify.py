"""`ganzoo verify`: are the weights on this machine the registered ones?"""

from __future__ import annotations

from collections.abc import Sequence

import click

from ganzoo.cli import stored
from ganzoo.errors import GanzooError, IntegrityError
from ganzoo.store import checkpoints as store


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
def verify(names: Sequence[str]) -> None:
    """Check the weights on this machine.

    Each file is compared with the size and SHA-256 that this version of ganzoo knows: without
    NAME, those of every checkpoint in the zoo. Nothing is fetched or changed; the exit code is 0
    only if every file is there and right.

    \b
    Examples:
      ganzoo verify
      ganzoo verify dcgan_mnist
    """
    wanted = stored.wanted(names)
    wrong = 0
    for name, outcome in stored.in_parallel(wanted, lambda n: store.verify(n, wanted[n])).items():
        if isinstance(outcome, GanzooError):
            raise outcome
        for check in outcome:
            click.echo(f"{name}  {check.path}  {check.problem or 'ok'}")
            wrong += check.problem is not None
    if wrong:
        raise IntegrityError(
            f"{wrong} of {sum(map(len, map(store.needed_files, wanted, wanted.values())))} files "
            "are missing or damaged; `ganzoo download NAME` fetches them"
        )
