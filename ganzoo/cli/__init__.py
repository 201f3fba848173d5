"""The command line: the only room that prints."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from typing import Any

import click

from ganzoo import __version__
from ganzoo.cli import (
    cache,
    classify,
    download,
    encode,
    evaluate,
    events,
    explore,
    export,
    glyphs,
    info,
    merge,
    page,
    prepare,
    push,
    report,
    sample,
    train,
    translate,
    verify,
)
from ganzoo.cli import list as catalog
from ganzoo.errors import GanzooError, nearest

GROUPS = {
    "Look": (catalog.list_command, info.info),
    "Draw": (sample.sample, translate.translate, encode.encode, classify.classify, explore.explore),
    "Train": (train.train, glyphs.glyphs, events.events),
    "Measure": (evaluate.evaluate, report.report),
    "Files": (
        merge.merge,
        prepare.prepare,
        download.download,
        verify.verify,
        cache.cache,
        export.export,
        page.page,
        push.push,
    ),
}


class Zoo(click.Group):
    """A group that turns ganzoo's errors into one line and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; a standard output that is full or gone is one line too."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if isinstance(error, GanzooError) or error.filename is not None:
                raise
            if error.errno not in (errno.ENOSPC, errno.EPIPE):
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the last flush
            click.echo(f"Error: cannot write the output: {error.strerror}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print a GanzooError as `Error: ...` and exit with its code."""
        try:
            return super().invoke(ctx)
        except GanzooError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in groups, each with the whole first sentence of its help."""
        width = max(map(len, self.commands))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(f"{c.name:<{width}}", c.get_short_help_str(100)) for c in commands]
                )

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command; offer the nearest name where there is none."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            ctx.fail(
                f"There is no command {name!r}.{nearest(name, self.commands)} "
                f"Commands: {', '.join(sorted(self.commands))}."
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Zoo, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ganzoo")
def main() -> None:
    """Pretrained GANs for Keras 3, on TensorFlow, JAX and PyTorch.

    \b
    ganzoo list                                      what there is
    ganzoo sample dcgan_mnist -n 64 --seed 0 -o digits.png
    ganzoo translate my_pix2pix photos/ -o drawings/ pictures into pictures
    ganzoo encode bigan_mnist digits/ -o codes.npz   the latents of pictures
    ganzoo classify sgan_mnist_100 digits/           what pictures show
    ganzoo evaluate dcgan_mnist                      how good it is, with errors
    ganzoo prepare                                   the data of the recipes, from their sources
    ganzoo train dcgan_mnist -o runs/mine            train one yourself
    ganzoo explore dcgan_mnist                       its latent space, as pictures
    ganzoo export dcgan_mnist -o digits.onnx         its generator, for onnxruntime
    ganzoo page dcgan_mnist -o page.html             the same in a browser, without a network
    KERAS_BACKEND=jax ganzoo sample ...              on another backend
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    warnings.showwarning = _show_warning


def _show_warning(message: Any, category: Any, *_: Any, **__: Any) -> None:
    if issubclass(category, UserWarning):
        click.echo(f"Note: {message}", err=True)


for _commands in GROUPS.values():
    for _command in _commands:
        main.add_command(_command)
