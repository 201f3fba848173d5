"""`ganzoo page`: models that run in a browser, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo import tasks
from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.options import check_given
from ganzoo.cli.output import check_output
from ganzoo.errors import InvalidArgumentError
from ganzoo.extras import require
from ganzoo.presets import find

ENDING = ".html"
_ENVIRONMENT = """
\b
GANZOO_RUNTIME_URL  base URL of onnxruntime-web's files (https, http or file)
GANZOO_CACHE        where they are kept; default: your platform's cache
GANZOO_OFFLINE=1    never use the network
"""


@click.command(epilog=_ENVIRONMENT)
@click.pass_context
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.html.  [default: NAME.html]")  # fmt: skip
@click.option("--cdn", is_flag=True, help="The page loads its runtime from a CDN (jsdelivr), by a "
              "hash: 5 MB less, but it needs a network.")  # fmt: skip
@click.option("--shared", is_flag=True, help="The runtime lies in a script beside the page, which "
              "all pages of a folder share: for a site.")  # fmt: skip
@click.option("--runtime", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
              help="Where the files of onnxruntime-web are already, such as dist/ of its npm "
              "package.  [default: the cache; fetched once]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def page(
    ctx: click.Context,
    names: tuple[str, ...],
    output: Path | None,
    cdn: bool,
    shared: bool,
    runtime: Path | None,
    overwrite: bool,
) -> None:
    """Write a page in which models run in a browser.

    NAME is a pretrained model, a preset, a run, or a .keras file; several get a tab each. The page
    is one file that opens by a double click, needs no server and no network, and sends nothing.
    Its pictures are those of `ganzoo sample` with the same seed, drawings become pictures as one
    draws, events fill histograms beside true ones.

    \b
    ganzoo page dcgan_mnist -o digits.html
    ganzoo page cdcgan_fonts_mix zi2zi_fonts -o characters.html
    ganzoo page pix2pix_emoji --cdn -o emoji.html        small, loads its runtime
    ganzoo page dcgan_mnist --shared -o site/digits.html
    ganzoo page fatgan_electrons --runtime node_modules/onnxruntime-web/dist

    In Python: ganzoo.export.page.write(["dcgan_mnist"], "digits.html").
    """
    for name in names:
        check_given(ctx, tasks.get(find.resolve(name).task), name)
    if cdn and runtime is not None:
        raise InvalidArgumentError(
            "--runtime names the files that a page embeds; --cdn embeds none."
        )
    if cdn and shared:
        raise InvalidArgumentError("The runtime comes by --cdn or is --shared; got both.")
    output = output or Path(f"{Path(names[0]).resolve().name}{ENDING}")
    check_output(output, overwrite, (ENDING,))
    for package in ("onnx", "onnxruntime"):
        require(package, "a page")
    with Bars() as bars:
        for name in names:
            find.preset_folder(find.resolve(name).folder or name, bars.update)
    from ganzoo.export import page as pages  # imports a backend: after all that can fail without

    with Bars() as bars, Counts("", quick=0, after=1.0) as counts:
        made = pages.write(
            names,
            output,
            cdn=cdn,
            shared=shared,
            folder=runtime,
            overwrite=overwrite,
            fetching=bars.update,
            progress=counts.update,
        )
    click.echo(str(made), err=True)
