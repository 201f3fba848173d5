"""`ganzoo train`: train an entry of the zoo from its recipe."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from ganzoo import tasks, zoo
from ganzoo.cli.options import (
    check_given,
    check_used,
    event_options,
    picture_options,
    taken_reading,
)
from ganzoo.errors import (
    InvalidArgumentError,
    TrainingError,
    TrainingStopped,
    UnknownModelError,
    nearest,
)
from ganzoo.presets import find
from ganzoo.presets.find import Resolved
from ganzoo.zoo import forms as entries
from ganzoo.zoo import own


@click.command()
@click.pass_context
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Folder of the run.  [default: runs/NAME]")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), help="Instead of the recipe's. With --resume, "
              "more of them make the run longer.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), help="Stop after this many steps in all.")
@click.option("--seed", type=click.IntRange(0), help="Instead of the recipe's.")
@click.option("--dtype", type=click.Choice(entries.DTYPES),
              help="Instead of the recipe's. mixed_bfloat16 is fast on processors that have it "
              "(AMX) and several times slower than float32 on others.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on from the newest state in the folder, "
              "with the options that the run was begun with; NAME may be left out.")  # fmt: skip
@click.option("--from", "start", metavar="NAME|PATH",
              help="Start from these weights instead of fresh ones (fine-tuning): a name, a "
              "preset, a run, or a .keras file.")  # fmt: skip
@click.option("--data", "images", type=click.Path(path_type=Path), metavar="PATH",
              help="Train on your own data instead of the recipe's: a folder of pictures, a .npy "
              "or .npz file of pictures, or a file of events. For translators: pictures that show "
              "source and target side by side, or the folder of the sources.")  # fmt: skip
@click.option("--data-b", "images_b", type=click.Path(path_type=Path), metavar="PATH",
              help="For translators: the targets, each of its source's name; of models without "
              "pairs the other set.")  # fmt: skip
@click.option("--size", type=int, default=None, metavar="N",
              help="Of a family: side of the pictures in pixels, such as 32, 64, 96 or 128; "
              "others are resized, by --fit crop unless told.  [default: 64]")  # fmt: skip
@click.option("--grey", is_flag=True, help="Of a family: pictures of one channel.")
@picture_options()
@event_options()
@click.option("--save-steps", type=click.IntRange(1), metavar="N",
              help="Save a state every N steps of an epoch.  [default: every minute]")  # fmt: skip
@click.option("--guard", type=click.IntRange(0), default=100, show_default=True, metavar="N",
              help="Look for NaN in all weights every N steps; with 1 the state of the step before "
              "is kept, and a step takes longer.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
def train(
    ctx: click.Context,
    name: str | None,
    output: Path | None,
    epochs: int | None,
    steps: int | None,
    seed: int | None,
    dtype: str | None,
    resume: bool,
    start: str | None,
    images: Path | None,
    images_b: Path | None,
    size: int | None,
    grey: bool,
    save_steps: int | None,
    guard: int,
    quiet: bool,
    **options: Any,
) -> None:
    """Train a model from its recipe.

    NAME is one of the zoo, or a family (DCGAN, StyleGAN2, CycleGAN, Pix2Pix, FATGAN, ...) to be
    trained on data of your own; the folder gets losses, pictures, states and a preset.

    \b
    ganzoo train dcgan_mnist -o runs/mine
    ganzoo train -o runs/mine --resume
    ganzoo train -o runs/mine --resume --epochs 60
    ganzoo train dcgan_mnist --from dcgan_mnist --epochs 3
    ganzoo train dcgan_mnist --from dcgan_mnist --epochs 20 --data my_pictures/ --fit crop
    ganzoo train DCGAN --data my_pictures/ --size 64
    ganzoo train CycleGAN --data photographs/ --data-b paintings/
    ganzoo train Pix2Pix --data drawings/ --data-b pictures/ --size 128
    ganzoo train fatgan_electrons --data events.root --fields px=el_px,py=el_py,pz=el_pz \\
        --unit GeV --beam 50 50
    ganzoo train FATGAN --data events.csv --unit MeV --beam 18 275
    ganzoo sample runs/mine/preset -o mine.png

    Several devices (PyTorch): torchrun --nproc-per-node 2 -m ganzoo train NAME -o FOLDER

    Ctrl-C finishes the step and saves a state; a second one leaves at once. Whatever ends a
    training, --resume goes on from its newest state, with the run's own options.

    The data come from the folder that GANZOO_DATA names, else Keras downloads them.
    """
    name = name or _name_of(output, resume)
    folder = output or Path("runs") / name
    found = _found(name, folder, resume, images, size, grey)  # fails before a backend is imported
    task = tasks.get(found.task)
    check_given(ctx, task, name)
    reading = taken_reading(options)
    check_used(reading, images, "--data")
    if name in own.LIKE and name not in own.OF_EVENTS and not resume:
        reading.setdefault("resize", "crop")  # the family's size is not that of the pictures
    if images_b is not None and images is None:
        raise InvalidArgumentError("--data-b names the other set beside --data; give both.")
    from ganzoo import environment

    environment.require_backend()
    from ganzoo.training import train as training

    try:
        preset = training.train(
            found,
            folder,
            epochs=epochs,
            steps=steps,
            seed=seed,
            dtype=dtype,
            resume=resume,
            start=start,
            images=images if images_b is None else (images, images_b),
            reading=reading,
            save_steps=save_steps,
            guard=guard,
            verbose=0 if quiet else 1 if sys.stdout.isatty() else 2,
            say=lambda line: click.echo(line, err=True),
        )
    except TrainingStopped as stopped:
        again = f"ganzoo train {name} -o {shlex.quote(str(folder))} --resume"
        click.echo(f"{stopped} Go on with: {again}", err=True)
        raise SystemExit(stopped.exit_code) from None
    except KeyboardInterrupt:  # outside of the steps
        click.echo("Interrupted.", err=True)
        raise SystemExit(130) from None
    if os.environ.get("RANK", "0") == "0":  # of several processes one says so
        click.echo(f"Done. Use it with: {task.command(preset)}", err=True)


def _found(
    name: str, folder: Path, resume: bool, images: Any, size: int | None, grey: bool
) -> Resolved:
    """Return the entry of a name, or a family that is trained on data of the user's own.

    Raises:
        UnknownModelError: There is no such name.
        InvalidArgumentError: A family without data, or an entry with a size.
    """
    if name in zoo.FAMILIES and name not in own.LIKE:
        raise InvalidArgumentError(
            f"{name} learns from data of your own in Python, ganzoo.{name}(...).fit(...); here its "
            f"recipes are {_recipes(name)}, and --data is for {', '.join(own.LIKE)}."
        )
    if name not in own.LIKE:
        if name not in zoo.ENTRIES:
            names = [*own.LIKE, *zoo.ENTRIES]
            raise UnknownModelError(
                f"There is neither a family nor a recipe {name!r}.{nearest(name, names)} Families "
                f"that take --data: {', '.join(own.LIKE)}; `ganzoo list` has the recipes."
            )
        if size is not None or grey:
            raise InvalidArgumentError(
                f"--size and --grey are for families ({', '.join(own.LIKE)}); {name} has a size."
            )
        return find.resolve(name)
    facts = (find.run_facts(folder) or {}) if resume else {}
    if images is None and facts.get("images") is None:
        raise InvalidArgumentError(
            f"{name} is a family; give it {_own(name)}, or train one that has its data: "
            f"{_recipes(name)}."
        )
    config = facts.get("config") if facts.get("name") == name else None
    if config is not None and (size is not None or grey):
        raise InvalidArgumentError(f"The training in {folder} has its size; leave out --size.")
    return find.of_own_data(name, size, grey, config)


def _own(family: str) -> str:
    """Return what a family is given to be trained on, and how."""
    if family in own.OF_EVENTS:
        return "a file of events with --data"
    second = " (and --data-b)" if family in own.TRANSLATORS else ""
    return f"pictures with --data{second}"


def _recipes(family: str) -> str:
    """Return the names of a family's recipes, as a list."""
    names = [name for name, found in zoo.ENTRIES.items() if found.family == family]
    return ", ".join(names) or "none"


def _name_of(folder: Path | None, resume: bool) -> str:
    """Return what a run's folder is the training of."""
    if folder is None or not resume:
        raise InvalidArgumentError(
            "ganzoo train needs a NAME (`ganzoo list` shows them), or the run to go on with: "
            "-o FOLDER --resume."
        )
    facts = find.run_facts(folder)
    if facts is None:
        raise TrainingError(f"There is no training to resume in {folder} (no recipe.json).")
    return str(facts.get("name"))
