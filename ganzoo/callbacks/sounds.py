"""`SampleSounds`: notes that a model draws after every epoch, as WAV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo.callbacks.needs import check_model
from ganzoo.callbacks.timing import is_due
from ganzoo.checks import check_count, check_drawing_seed
from ganzoo.sound import write_wav


class SampleSounds(keras.callbacks.Callback):
    """Write notes of the same latents, one after the other, as `epoch-0001.wav` and so on.

    Args:
        folder: Where the files go; made if missing.
        n: How many notes.
        seed: Seeds the latents.
        every: Written after every so many epochs.
    """

    def __init__(self, folder: Any, n: int = 12, seed: int = 0, every: int = 1) -> None:
        super().__init__()
        self.folder, self.seed = Path(folder), check_drawing_seed(seed)
        self.n, self.every = check_count("n", n), check_count("every", every)

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws no sounds is refused."""
        check_model(self, model, "sounds", "spectra")
        super().set_model(model)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one file; `epoch` counts from 0, the file name from 1."""
        if is_due(epoch, self.every):
            self.folder.mkdir(parents=True, exist_ok=True)
            made = np.concatenate(self.model.sounds(self.n, self.seed))
            write_wav(
                made, self.folder / f"epoch-{epoch + 1:04d}.wav", self.model.spectra.sample_rate
            )
