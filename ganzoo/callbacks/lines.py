"""`SampleLines`: what a model of text draws after every epoch, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from ganzoo.callbacks.needs import check_model
from ganzoo.callbacks.timing import is_due
from ganzoo.checks import check_count, check_drawing_seed
from ganzoo.files.writing import write_text


class SampleLines(keras.callbacks.Callback):
    """Write the lines of the same latents after every epoch, as `epoch-0001.txt` and so on.

    Args:
        folder: Where the texts go; made if missing.
        n: How many lines.
        seed: Seeds the latents.
        every: Written after every so many epochs.
    """

    def __init__(self, folder: Any, n: int = 64, seed: int = 0, every: int = 1) -> None:
        super().__init__()
        self.folder, self.seed = Path(folder), check_drawing_seed(seed)
        self.n, self.every = check_count("n", n), check_count("every", every)

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws no text is refused."""
        check_model(self, model, "sample", "texts")
        super().set_model(model)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one text; `epoch` counts from 0, the file name from 1."""
        if is_due(epoch, self.every):
            self.folder.mkdir(parents=True, exist_ok=True)
            lines = self.model.texts(self.model.sample(self.n, self.seed))
            text = "".join(f"{line}\n" for line in lines)
            write_text(self.folder / f"epoch-{epoch + 1:04d}.txt", text)
