"""`ganzoo push`: a model of your own to a hub."""

from __future__ import annotations

import click

from ganzoo.errors import InvalidArgumentError
from ganzoo.presets import find, preflight
from ganzoo.store import sources

_ENVIRONMENT = """
\b
HF_TOKEN     your token, where you have not run `hf auth login`
HF_ENDPOINT  another server of the same protocol
"""


@click.command(epilog=_ENVIRONMENT)
@click.argument("name", metavar="FOLDER")
@click.argument("address", metavar="hf://USER/NAME")
@click.option("--overwrite", is_flag=True, help="Replace a model that is there.")
def push(name: str, address: str, overwrite: bool) -> None:
    """Send a model to a hub, from where `hf://USER/NAME` loads it.

    FOLDER is a preset or the folder of a training. Its files are checked first, as if they were
    loaded; the weights, the probe, the card (README.md) and the pictures are sent as one commit. It
    needs `pip install "keras-ganzoo[hub]"`.

    \b
    Examples:
      ganzoo push runs/mine hf://me/my_gan
      ganzoo sample hf://me/my_gan -o mine.png
    """
    found = find.resolve(name)
    if found.folder is None or found.folder.is_file() or sources.is_address(name):
        raise InvalidArgumentError(
            f"{name!r} is no folder of a preset or a training; to send a model of the zoo, save it "
            'first: ganzoo.load(NAME).save_to_preset("my_gan")'
        )
    preflight.check_hashes(found.folder, preflight.check_config(found.folder / find.CONFIG))
    click.echo(sources.push(found.folder, address, overwrite))
