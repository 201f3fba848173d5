"""What a task's record promises: options that exist, data that fit, lines that refuse."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import click
import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import tasks, zoo
from ganzoo.cli import main
from ganzoo.errors import InvalidArgumentError
from ganzoo.extras import at
from ganzoo.presets import find
from ganzoo.zoo import registry

# Commands that take a model; the others know no task.
OF_MODELS = (
    "info",
    "sample",
    "translate",
    "encode",
    "classify",
    "train",
    "evaluate",
    "explore",
    "report",
    "page",
)


def options_of(command: str) -> set[str]:
    """Return the options of a command as `--help` shows them first."""
    parameters = main.commands[command].params
    return {one.opts[0] for one in parameters if isinstance(one, click.Option)}


def refused(*arguments: object) -> str:
    """Run the command line, which must refuse; return its line."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1, result.output
    return result.output


@pytest.mark.parametrize("command", OF_MODELS)
def test_options_of_tasks_are_those_of_the_commands(command):
    known = [set(task.commands.get(command, ())) for task in tasks.TASKS.values()]
    assert set().union(*known) == options_of(command)


def test_every_family_has_a_task_and_every_task_an_evaluation():
    assert {family.task for family in zoo.FAMILIES.values()} <= set(tasks.TASKS)
    for name, task in tasks.TASKS.items():
        assert task.name == name
        assert "evaluate" not in task.commands or callable(at(task.evaluation))
        assert set(task.commands) <= set(OF_MODELS)
        assert task.verb not in main.commands or task.verb in task.commands


def test_an_unknown_task_offers_the_nearest():
    with pytest.raises(InvalidArgumentError, match="Did you mean 'labelled'"):
        tasks.get("labeled")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (
            ["sample", "fatgan_electrons", "--label", "7", "--columns", "3", "--invert"],
            ["--label is for conditional models", "--columns and --invert are for images",
             "fatgan_electrons draws events", "Accepted: -n, ", "--q2min"],
        ),
        (["sample", "dcgan_mnist", "--q2min", "2"], ["--q2min is for events", "--columns"]),
        (["train", "fatgan_electrons", "--resize"], ["--resize is for", "draws events"]),
        (["train", "cdcgan_mnist", "--data", "x"], ["--data is for", "trained with labels"]),
        (["train", "zi2zi_fonts", "--data", "x"], ["--data is for", '"label": ...})']),
        (["translate", "pix2pix_fonts", "--text", "人"], ["--text is for", "zi2zi_fonts"]),
        (["evaluate", "fatgan_electrons", "--neighbours", "a.png"], ["--neighbours is for images"]),
        (["evaluate", "gan_mnist", "--panels", "a.png"], ["--panels is for events"]),
        (["explore", "gan_mnist", "--label", "7"], ["conditional models", "cdcgan_mnist"]),
        (["explore", "fatgan_electrons"], ["`ganzoo explore` is for images", "draws events"]),
        (["translate", "gan_mnist", "x"], ["`ganzoo translate` is for translated images", "draws"]),
        (["encode", "gan_mnist", "x"], ["`ganzoo encode` is for models with an encoder", "draws"]),
        (["classify", "dcgan_mnist", "x"], ["is a DCGAN", "no classifier", "SGAN", "acgan_mnist"]),
        (["classify", "cdcgan_mnist", "x"], ["is a ConditionalDCGAN", "no classifier", "PixelDA"]),
        (["classify", "sgan_mnist_100", "x", "--overwrite"], ["--overwrite replaces a file"]),
        (["translate", "bigan_mnist", "x"], ["`ganzoo translate` is for translated images"]),
        (["report", "gan_mnist"], ["`ganzoo report` is for events", "draws images"]),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_a_task_does_not_know_is_refused(arguments, parts):
    line = refused(*arguments)
    for part in parts:
        assert part in line


@pytest.mark.parametrize("known", [{}, {"info": ()}], ids=["no command", "no option"])
def test_info_asks_the_task(known, monkeypatch):
    silent = dataclasses.replace(tasks.get("sampling"), commands=known)
    monkeypatch.setitem(tasks.TASKS, "sampling", silent)
    assert refused("info", "gan_mnist", "--json").startswith("Error: ")


def test_defaults_are_no_options_of_the_user():
    """`--scale` has a default and is not for events: given by nobody, it is not refused."""
    result = CliRunner().invoke(main, ["sample", "fatgan_electrons", "-n", "1", "-o", "no/x.npz"])
    assert "there is no folder" in result.output


@pytest.mark.parametrize("family", sorted(zoo.FAMILIES))
def test_tiny_data_are_what_fit_takes(family):
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny)
    task = tasks.get(zoo.FAMILIES[family].task)
    first, again = (task.tiny_data(model, 8, seed=1) for _ in range(2))
    for one, other in zip(arrays(first), arrays(again), strict=True):
        assert np.array_equal(one, other)
    options = {"batch_size": 4} if isinstance(first[0], np.ndarray) else {}
    history = model.fit(*first, **options, verbose=0).history
    assert set(history) >= {player.loss for player in model.players.values()}


def arrays(arguments: tuple) -> list[np.ndarray]:
    """Return the arrays among the arguments of `fit`, or those of the first batch."""
    first = arguments[0]
    if isinstance(first, dict):
        return [np.asarray(array) for array in first.values()]
    parts = arguments if isinstance(first, np.ndarray) else first[0]
    return [np.asarray(array) for array in parts]


def test_help_shows_whole_sentences_in_groups():
    result = CliRunner().invoke(main, ["--help"])
    lines = result.output.partition("Look:")[2].splitlines()
    assert not [line for line in lines if line.endswith("...")]
    shown = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(["list", *shown[1:]]) == sorted(main.commands)


def test_list_has_straight_columns():
    lines = CliRunner().invoke(main, ["list"]).output.splitlines()
    assert len(lines) == len(zoo.ENTRIES)
    summaries = {zoo.ENTRIES[line.split()[0]].summary: line for line in lines}
    assert len({line.index(summary) for summary, line in summaries.items()}) == 1


def test_facts_of_a_folder():
    folder = find.preset_folder("fatgan_electrons")
    result = CliRunner().invoke(main, ["info", str(folder)])
    assert result.exit_code == 0, result.output
    assert "momenta px, py, pz in GeV" in result.output
    assert "model.weights.h5" in result.output


def test_no_backend_for_what_is_data():
    code = (
        "import sys\nfrom ganzoo import tasks\nfrom ganzoo.cli import main\n"
        "main(['info', 'cdcgan_mnist'], standalone_mode=False)\n"
        "sys.exit('keras' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)
