"""`ganzoo evaluate`: a table of metrics with errors and floors."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import click

from ganzoo.cli.bars import Counts
from ganzoo.cli.options import (
    at_option,
    check_given,
    check_used,
    event_options,
    picture_options,
    taken_reading,
)
from ganzoo.errors import InvalidArgumentError
from ganzoo.evaluation.subject import Subject, subject_of
from ganzoo.presets import find
from ganzoo.store import checkpoints as store


@click.command()
@click.pass_context
@click.argument("name")
@click.option(
    "-n",
    "--samples",
    type=click.IntRange(1, 1_000_000),
    default=None,
    help="How many are drawn, or used of the data.  [default: 10000; of events 100000]",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 2), default=1, show_default=True,
              help="Seeds the latents and every choice of the metrics.")  # fmt: skip
@click.option("--reference", metavar="SOURCE|PATH", default=None,
              help="Real data to compare with: a source such as mnist, stacked_mnist, "
              "clerical_glyphs, flowers, faces or cartoon_faces (a wrong one lists all), a folder "
              "of pictures or an array file; of models that enlarge a "
              "folder of photographs, which are the truths; for events pythia, "
              "electrons_sample or a file of events.  [default: the data of the model's recipe; "
              "for events pythia, others than trained it]")  # fmt: skip
@click.option("--features", metavar="gradients|NETWORK", default=None,
              help="What Fréchet and others see. [default: the feature network for the reference "
              "where there is one, else oriented gradients]")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path), default=None,
              metavar="FILE", help="Write everything as JSON too.")  # fmt: skip
@click.option("--neighbours", type=click.Path(path_type=Path), default=None, metavar="FILE.png",
              help="Draw the samples nearest to a training picture, beside it.")  # fmt: skip
@click.option("--panels", type=click.Path(path_type=Path), default=None, metavar="FILE.png",
              help="For events: draw the nine panels, beside the reference's.")  # fmt: skip
@click.option("--beside", multiple=True, metavar="NAME|FOLDER",
              help="For translators: another model of the same pictures, a column.")  # fmt: skip
@click.option("--pairs", type=click.Path(path_type=Path), default=None, metavar="FILE.png",
              help="For translators and encoders: draw sources, what is made of them, "
              "truths.")  # fmt: skip
@click.option("--plane", type=click.Path(path_type=Path), default=None, metavar="FILE.png",
              help="For encoders with two latents: draw the codes of held-out pictures in the "
              "colours of their classes, and what the plane holds.")  # fmt: skip
@picture_options()
@event_options()
@at_option()
@click.option("--card", is_flag=True, help="Rewrite the preset's README.md from the table.")
def evaluate(
    ctx: click.Context,
    name: str,
    samples: int | None,
    seed: int,
    reference: str | None,
    features: str | None,
    json_file: Path | None,
    neighbours: Path | None,
    panels: Path | None,
    beside: tuple[str, ...],
    pairs: Path | None,
    plane: Path | None,
    at: tuple[float, float] | None,
    card: bool,
    **options: Any,
) -> None:
    """Measure a model, or data of your own.

    NAME is a pretrained model, a preset, a run, a .keras file, or data: a folder of pictures or
    a file.

    \b
    ganzoo evaluate dcgan_mnist
    ganzoo evaluate runs/mine/preset -n 2000 --json mine.json
    ganzoo evaluate my_pictures/ --reference mnist
    ganzoo evaluate generated.npz --reference real.npz
    ganzoo evaluate my_gan --reference stacked_mnist -n 26000    modes of 1,000, and KL
    ganzoo evaluate fatgan_electrons
    ganzoo evaluate runs/mine/preset --beside runs/other/preset
    ganzoo evaluate srgan_x4 --reference photographs/

    Each line has the value with its error (one standard deviation over other samples), the floor
    (the same metric of real data that were held out, as many of them), and which way is better.
    A generator is as good as it can be measured to be where value and floor agree. A file with an
    array (n, features) is compared feature by feature. Electron events are compared in nine
    panels with as many that Pythia makes (100,000 take it about a minute, once). What a
    translator makes of held-out sources is compared with their own truths, and the sources
    themselves and other models stand beside it. A model that enlarges restores photographs
    that were reduced; bicubic and Lanczos enlargement stand beside it. Models with codes, an
    encoder, few labels, pairs or two domains have the figure that their papers report first.
    """
    subject = subject_of(name)
    check_given(ctx, subject.task, name)
    reading = taken_reading(options)
    own = name if subject.found is None else _path_or_none(reference)
    check_used(reading, own, "--reference")
    folder = _card_folder(subject) if card else None
    for path in (json_file, neighbours, panels, pairs, plane):
        if path is not None and not path.absolute().parent.is_dir():
            raise InvalidArgumentError(f"Cannot write {path}: there is no such folder.")
    pictures = _pictures(subject, folder, {"neighbours": neighbours, "panels": panels,
                                          "pairs": pairs, "plane": plane})  # fmt: skip
    from ganzoo.evaluation import evaluate as evaluation
    from ganzoo.files.writing import write_text

    with Counts(subject.task.makes) as counts:
        table = evaluation.evaluate(
            subject,
            reference=reference,
            samples=samples,
            seed=seed,
            progress=counts.update,
            reading=reading,
            features=features,
            beside=beside or None,
            at=at,
            **pictures,
        )
    facts = table.facts
    click.echo(str(table))
    backend = f"{facts['backend']} backend, " if facts["backend"] else ""
    click.echo(
        f"{facts['n']} examples against {facts['reference']}, features: {facts['features_of']}, "
        f"seed {seed}, {backend}{facts['seconds']} s",
        err=True,
    )
    if json_file is not None:
        write_text(json_file, json.dumps(table.as_dict(), indent=1, ensure_ascii=False) + "\n")
    if folder is not None and subject.found is not None:
        from ganzoo.evaluation import cards

        written = cards.write(subject.found, folder, table)
        click.echo(f"Card written to {written}", err=True)


def _path_or_none(reference: str | None) -> str | None:
    return reference if reference is not None and Path(reference).exists() else None


def _pictures(
    subject: Subject, folder: Path | None, asked: dict[str, Path | None]
) -> dict[str, Path | None]:
    """Return where pictures go, by option: those asked for, and that of a card."""
    option = Path(subject.task.card.picture).stem
    if folder is None or option not in asked or asked[option] is not None:
        return asked
    if option == "panels" and importlib.util.find_spec("matplotlib") is None:
        click.echo(
            f"Note: no {subject.task.card.picture}, as matplotlib is not installed "
            "(keras-ganzoo[plot])",
            err=True,
        )
        return asked
    return {**asked, option: folder / subject.task.card.picture}


def _card_folder(subject: Subject) -> Path:
    """Return the preset folder whose card is to be written; refuse before any work is done."""
    from ganzoo.evaluation import cards

    if subject.found is None:
        raise InvalidArgumentError(f"A card is of a model; {subject.name} is data.")
    folder = find.preset_folder(subject.found.folder or subject.name)
    if find.is_keras_file(str(folder)):
        raise InvalidArgumentError(
            f"A card lies in a preset; {folder} is a whole model. Write one with save_to_preset."
        )
    if folder.is_relative_to(store.cache_folder()):
        raise InvalidArgumentError(
            f"{subject.name} lies in the cache, which holds what was released; cards are written "
            "in a checkout or in a preset folder of your own."
        )
    cards.entry_of(subject.found)
    return folder
