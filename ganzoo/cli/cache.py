"""`ganzoo cache`: the downloaded weights."""

from __future__ import annotations

import click

from ganzoo.cli.stored import megabytes
from ganzoo.store import cache as contents
from ganzoo.store import checkpoints as store


@click.command()
@click.option("--clear", is_flag=True, help="Remove every downloaded checkpoint.")
def cache(clear: bool) -> None:
    """Show or empty the cache of weights.

    \b
    Examples:
      ganzoo cache
      ganzoo cache --clear
    """
    if clear:
        click.echo(f"freed {megabytes(store.clear_cache())}")
        return
    click.echo(f"cache: {store.cache_folder()}")
    total = 0
    for name, folder, size in contents.contents():
        click.echo(f"{name}  {megabytes(size)}  {folder}")
        total += size
    click.echo(f"total: {megabytes(total)}")
