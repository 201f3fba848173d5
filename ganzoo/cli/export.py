"""`ganzoo export`: a network as a program for another runtime."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo.cli.bars import Bars
from ganzoo.cli.output import check_output
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.extras import require
from ganzoo.presets import find

ENDINGS = (".onnx", ".tflite", "")


@click.command()
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.onnx, or on TensorFlow FILE.tflite or a folder (a SavedModel).  "
              "[default: NAME.onnx]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@click.option("--network", default=None, help="Which network of the model: discriminator, encoder, "
              "generator_ba, ...  [default: that which draws or translates]")  # fmt: skip
@click.option("--float16", is_flag=True, help="Store the weights as float16, half the bytes; all "
              "is computed in float32. For .onnx.")  # fmt: skip
def export(
    name: str, output: Path | None, overwrite: bool, network: str | None, float16: bool
) -> None:
    """Write a network of a model as a file of ONNX.

    NAME is a pretrained model, a preset, a run, or a .keras file. What is written takes any number
    of rows by named inputs and needs neither Keras nor ganzoo. It is run and compared with the
    network before it is at its place.

    \b
    ganzoo export dcgan_mnist -o digits.onnx
    ganzoo export cdcgan_mnist --float16 -o digits.onnx
    ganzoo export cyclegan_fonts --network generator_ba -o back.onnx
    KERAS_BACKEND=tensorflow ganzoo export dcgan_mnist -o digits.tflite

    In Python: ganzoo.export.onnx(gan, "digits.onnx").
    """
    found = find.resolve(name)
    output = output or Path(f"{Path(name).resolve().name}{ENDINGS[0]}")
    ending = check_output(output, overwrite, ENDINGS)
    if not ending and output.exists() and not overwrite:
        raise OutputError(f"{output} exists already; pass --overwrite to replace it.")
    if float16 and ending != ".onnx":
        raise InvalidArgumentError(f"--float16 is for .onnx files; got {output}.")
    if ending == ".onnx":
        for package in ("onnx", "onnxruntime"):
            require(package, "an ONNX file")
    with Bars() as bars:
        find.preset_folder(found.folder or name, bars.update)
    from ganzoo import export as exports  # imports a backend: after all that can fail without one

    where = found.folder or name
    if ending == ".onnx":
        made = exports.onnx(where, output, network=network, float16=float16, overwrite=overwrite)
    else:
        write = exports.tflite if ending else exports.saved_model
        made = write(where, output, network=network, overwrite=overwrite)
    click.echo(str(made), err=True)
