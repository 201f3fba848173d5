"""Reading a preset's `probe.npz`: two float32 arrays of bounded size, and nothing that runs."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from pathlib import Path

import numpy as np

from ganzoo.errors import PresetError
from ganzoo.files.reading import read_bounded

MAX_BYTES = 1 << 26  # of the file, and of each array unpacked
MAX_ROWS = 1024
# What zipfile, zlib and NumPy's header parser raise on malformed input.
_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError)


def read_probe(
    path: str | Path, latent_dim: int, data_shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Read latents and the outputs that they must give.

    Args:
        path: The `.npz` file.
        latent_dim: Length of a latent vector.
        data_shape: Shape of one output.

    Returns:
        float32 arrays of shapes (n, latent_dim) and (n, *data_shape), all finite.

    Raises:
        PresetError: The file is missing, damaged, too large, or holds anything else.
    """
    path = Path(path)
    content = io.BytesIO(read_bounded(path, MAX_BYTES))
    try:
        with zipfile.ZipFile(content) as archive:
            names = sorted(archive.namelist())
            if names != ["latents.npy", "outputs.npy"]:
                raise PresetError(f"holds {str(names)[:200]}; latents and outputs are accepted")
            latents = _array(archive, "latents", (latent_dim,))
            outputs = _array(archive, "outputs", data_shape)
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error
    except _DAMAGE as error:
        text = " ".join(str(error).split())[:200]
        raise PresetError(f"{path} is damaged, NumPy cannot read it: {text}") from error
    if len(latents) != len(outputs):
        raise PresetError(f"{path} has {len(latents)} latents, but {len(outputs)} outputs")
    return latents, outputs


def _array(archive: zipfile.ZipFile, name: str, row: tuple[int, ...]) -> np.ndarray:
    """Unpack one array; its header is compared before anything of its size is made."""
    with archive.open(f"{name}.npy") as member:
        packed = member.read(MAX_BYTES + 1)
    if len(packed) > MAX_BYTES:
        raise PresetError(f"{name} unpacks to more than {MAX_BYTES} bytes")
    stream = io.BytesIO(packed)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise PresetError(f"{name} has another version of the .npy format than 1.0")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if shape[1:] != tuple(row) or not 1 <= shape[0] <= MAX_ROWS:
        raise PresetError(f"{name} has shape {str(shape)[:100]}; the model has (n, {row})")
    if dtype != np.dtype("<f4") or fortran:
        raise PresetError(f"{name} has dtype {str(dtype)[:100]}; float32 in C order is accepted")
    values = packed[stream.tell() :]
    if len(values) != 4 * math.prod(shape):
        raise PresetError(f"{name} has {len(values)} bytes of data for shape {shape}")
    array = np.frombuffer(values, "<f4").reshape(shape)
    if not np.isfinite(array).all():
        raise PresetError(f"{name} holds NaN or infinite values")
    return array
