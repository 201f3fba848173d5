"""Array files: the one array of a `.npy` or `.npz` file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ganzoo.errors import DataError

ENDINGS = (".npy", ".npz")


def read_array(path: Path, prefer: str | Sequence[str] = "images") -> np.ndarray:
    """Return the array of a `.npy` or `.npz` file; pickled objects are refused.

    Args:
        path: The file.
        prefer: Which array is taken where a `.npz` file holds several, as those of
            `ganzoo glyphs` do: its name, or some names, of which the first that is there.

    Raises:
        DataError: The file is missing or damaged, or holds several arrays and none of that name.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            names = loaded.files
            wanted = (prefer,) if isinstance(prefer, str) else tuple(prefer)
            known = next((name for name in wanted if name in names), None)
            if known is None and len(names) != 1:
                held = ", ".join(names) or "none"
                raise DataError(
                    f"{path} must hold one array, or one called {' or '.join(wanted)}; got {held}."
                )
            return loaded[names[0] if known is None else known]
    except FileNotFoundError:
        raise DataError(f"{path} is missing.") from None
    except DataError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        # NumPy advises to load it unsafely, which nobody should.
        why = "not of NumPy's form, or of Python objects" if "pickle" in str(error) else error
        raise DataError(f"{path} is not a readable array file ({why}).") from None
