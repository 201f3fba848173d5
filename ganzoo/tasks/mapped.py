"""The task "style-based sampling": pictures from latents by way of styles, truncated if asked."""

from __future__ import annotations

import dataclasses
from typing import Any

from ganzoo.tasks import pictures, sampling
from ganzoo.tasks.task import Drawing, Progress


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Draw samples, with truncated styles where that is asked for, and write them."""
    truncation = drawing.options.get("truncation")
    if truncation is None:
        return pictures.draw(model, drawing, progress)

    def generate(latents: Any, *, batch_size: int) -> Any:
        return model.synthesize(model.styles(latents, truncation), batch_size=batch_size)

    images = pictures.samples(
        model,
        drawing.count,
        drawing.seed,
        batch_size=drawing.batch_size or pictures.BATCH,
        progress=progress,
        generate=generate,
    )
    pictures.WRITERS[drawing.ending](images, drawing, progress)
    return []


_COMMANDS = sampling.TASK.commands
TASK = dataclasses.replace(
    sampling.TASK,
    name="style-based sampling",
    kind="style-based models",
    commands={**_COMMANDS, "sample": (*_COMMANDS["sample"], "--truncation")},
    draw=draw,
    holds=lambda path: False,
)
