"""The errors that ganzoo raises: one line each, and an exit code for the command line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GanzooError(Exception):
    """Base of ganzoo's errors. `exit_code` is what the CLI exits with."""

    exit_code = 1

    def __str__(self) -> str:  # KeyError would print the repr of its argument
        return str(self.args[0]) if self.args else ""


class InvalidArgumentError(GanzooError, ValueError):
    """An argument is outside what is accepted."""

    exit_code = 2


class UnknownModelError(GanzooError, KeyError):
    """A name that is neither in the zoo nor a preset folder."""

    exit_code = 2


class BackendNotFoundError(GanzooError, ImportError):
    """The Keras backend that is asked for (or any at all) is not installed."""


class MissingExtraError(GanzooError, ImportError):
    """A package that an optional part needs is not installed."""


class DataError(GanzooError, ValueError):
    """Training or reference data is missing, damaged or of the wrong form."""


class PresetError(GanzooError, ValueError):
    """A preset folder, or a file in it, is not what ganzoo wrote or can accept."""


class IntegrityError(PresetError):
    """A file's size or SHA-256 differs from the registry's."""


class DownloadError(GanzooError, OSError):
    """A file could not be fetched; what was there before is untouched."""


class OfflineError(DownloadError):
    """A download is needed, but GANZOO_OFFLINE forbids the network."""


class OutputError(GanzooError, OSError):
    """A result could not be written; an earlier file of that name is untouched."""


class ExportError(GanzooError, RuntimeError):
    """An exported file does not compute what its network does; nothing was written."""


class TrainingError(GanzooError, RuntimeError):
    """A training cannot start, go on, or be resumed."""


class TrainingStopped(TrainingError):
    """A signal ended a training whose state is saved; the exit code is 128 + the signal's number.

    Args:
        message: One line.
        number: The signal's number, 2 for Ctrl-C and 15 for SIGTERM.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + number


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ` Did you mean 'a' or 'b'?` for the closest of `names`, or an empty string.

    Letters are compared whatever their case; a name that differs by it alone is the only answer.
    """
    known: dict[str, str] = {}
    for one in names:
        known.setdefault(one.lower(), one)
    wanted = name.lower()
    close = [wanted] if wanted in known else difflib.get_close_matches(wanted, known, 2, 0.5)
    return f" Did you mean {' or '.join(repr(known[match]) for match in close)}?" if close else ""
