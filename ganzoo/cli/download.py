"""`ganzoo download`: weights to this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ganzoo.cli import stored
from ganzoo.cli.bars import Bars
from ganzoo.errors import DownloadError, InvalidArgumentError
from ganzoo.store import checkpoints as store

_ENVIRONMENT = """
\b
GANZOO_WEIGHTS_URL  base URL of the weights (https, http or file), such as
                    https://example.org/ganzoo/v0.1.0 or file:///srv/ganzoo; no default
GANZOO_CACHE        where they are kept; default: your platform's cache
GANZOO_OFFLINE=1    never use the network
"""


@click.command(epilog=_ENVIRONMENT)
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--all", "every", is_flag=True, help="Every checkpoint in the zoo.")
def download(names: Sequence[str], every: bool) -> None:
    """Fetch weights, for use without a network.

    What is there and right is not fetched again. Each file is compared with the size and SHA-256
    that this version of ganzoo knows, and replaces an older one only when it is complete.

    \b
    Examples:
      ganzoo download dcgan_mnist
      ganzoo download --all
    """
    if every == bool(names):
        raise InvalidArgumentError("say which to download: either NAME... or --all")
    wanted = stored.wanted(names)
    with Bars() as bars:
        outcomes = stored.in_parallel(
            wanted, lambda name: store.checkpoint_folder(name, wanted[name], bars.update), bars.stop
        )
    failures = []
    for name, outcome in outcomes.items():
        if isinstance(outcome, Path):
            click.echo(f"{name}: {outcome}")
        else:
            failures.append((name, outcome))
    stored.raise_all(failures, "downloaded", DownloadError)
