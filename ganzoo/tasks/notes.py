"""The task "notes": sounds of one pitch each, from latents and the pitch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.tasks import labelled, options, pictures
from ganzoo.tasks.task import CardWords, Drawing, Progress
from ganzoo.zoo.forms import Recipe

MOST = 10_000  # notes of one file


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    length = config["hop"] * (config["frames"] - 1) + config["window"]
    seconds = length / config["sample_rate"]
    return {
        "latents": f"(n, {config['latent_dim']}), standard normal",
        "samples": f"notes of {seconds:.3g} s, {length} samples at {config['sample_rate']} Hz",
        "pitches": f"{config['classes'][0]} to {config['classes'][-1]}",
    }


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: notes of every epoch, and the balance."""
    del recipe, source
    from ganzoo.callbacks import BalanceMonitor, SampleSounds

    return [SampleSounds(folder / "samples"), BalanceMonitor(examples[0])]


def check(drawing: Drawing) -> None:
    """Refuse more notes than a file holds."""
    if drawing.ending == ".wav" and drawing.count > MOST:
        raise InvalidArgumentError(
            f"A file holds at most {MOST} notes; got {drawing.count}. Write a .npy or a folder."
        )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Draw notes and write their sounds; of arrays the pictures."""
    made = pictures.samples(
        model,
        drawing.count,
        drawing.seed,
        batch_size=drawing.batch_size or pictures.BATCH,
        label=drawing.options.get("label"),
        progress=progress,
    )
    if drawing.ending in ("", ".wav"):
        SOUNDS[drawing.ending](model.spectra.sounds(made), model.spectra.sample_rate, drawing)
    else:
        pictures.write_array(made, drawing, progress)
    return []


def write_row(sounds: Any, sample_rate: int, drawing: Drawing) -> None:
    """Write one WAV file with all notes, one after the other."""
    import numpy as np

    from ganzoo.sound import write_wav

    write_wav(np.concatenate(sounds), drawing.output, sample_rate)


def write_folder(sounds: Any, sample_rate: int, drawing: Drawing) -> None:
    """Write one WAV file a note: 00000.wav and so on."""
    from ganzoo.sound import write_wav

    try:
        drawing.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {drawing.output}: {error.strerror}.") from error
    for index, sound in enumerate(sounds):
        name = pictures.numbered(index, len(sounds))
        write_wav(sound, drawing.output / f"{name}.wav", sample_rate)
    pictures.drop_numbered(drawing.output, len(sounds), ".wav")


SOUNDS: dict[str, Callable[..., None]] = {".wav": write_row, "": write_folder}
WRITERS: dict[str, Callable[..., None]] = {
    **SOUNDS,
    ".npy": pictures.write_array,
    ".npz": pictures.write_array,
}
TASK = dataclasses.replace(
    labelled.TASK,
    name="notes",
    kind="models of notes",
    makes="notes",
    example="-n 12 --seed 0 --label C4 -o notes.wav",
    inputs={**labelled.TASK.inputs, "label": "a pitch such as C4, its index, or between two"},
    outputs={"notes": "(n, frames, frequencies, 2), in [-1, 1]: magnitude and frequency"},
    commands={
        "info": ("--json",),
        "sample": (*options.SAMPLE, "--label"),
        "train": options.TRAIN,
        "evaluate": options.EVALUATE,
    },
    describe=describe,
    watch=watch,
    writers=WRITERS,
    check=check,
    draw=draw,
    evaluation="ganzoo.evaluation.notes:evaluate",
    card=CardWords(
        samples="latents are standard normal, samples are pictures of sounds, the logarithm of the "
        "magnitude and the instantaneous frequency, in [-1, 1]; `gan.sounds(n)` are sounds.",
        data=pictures.data_words,
        picture="samples.png",
        caption="",
        tags=("audio", "music"),
    ),
    hints={"--data": "In Python: gan.fit(gan.spectra.pictures(sounds), labels)."},
)
