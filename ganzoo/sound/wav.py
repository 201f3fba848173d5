"""WAV files of one channel and 16 bit."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from ganzoo.errors import DataError
from ganzoo.files.writing import written


def write_wav(sound: np.ndarray, path: Path, sample_rate: int) -> None:
    """Write a sound (n,) in [-1, 1], whole or not at all."""
    numbers = np.clip(np.round(np.asarray(sound, np.float64) * 32767), -32768, 32767)
    with (
        written(path) as temporary,
        open(temporary, "wb") as stream,
        wave.open(stream, "wb") as file,
    ):
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(numbers.astype("<i2").tobytes())


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Return a sound, float32 (n,) in [-1, 1], and its samples a second.

    Raises:
        DataError: It is no such file.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise DataError(
                    f"{path} must have one channel of 16 bit; got {file.getnchannels()} of "
                    f"{8 * file.getsampwidth()}."
                )
            content = file.readframes(file.getnframes())
            return np.frombuffer(content, "<i2").astype(np.float32) / 32767, file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise DataError(f"{path} is no WAV file ({error}).") from None
