"""The runtime of a page, onnxruntime-web: which files of which version, embedded or from a CDN.

The files are those of the npm package. The bundle is a module that holds all of its JavaScript and
loads no other; the second file is the WebAssembly with the CPU's operations. WebGPU is left out, as
transposed convolutions fail there.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from ganzoo.export.page.html import asset
from ganzoo.export.page.packing import packed
from ganzoo.store.assets import Assets
from ganzoo.zoo.forms import File

VERSION = "1.30.0"
RUNTIME = Assets(
    f"onnxruntime-web-{VERSION}",
    (
        File(
            "ort.wasm.bundle.min.mjs",
            73_054,
            "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
        ),
        File(
            "ort-wasm-simd-threaded.wasm",
            14_239_897,
            "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
        ),
    ),
    f"https://cdn.jsdelivr.net/npm/onnxruntime-web@{VERSION}/dist",
    "GANZOO_RUNTIME_URL",
    "--runtime FOLDER",
)
# Subresource Integrity of the same files in the same order: base64 of their SHA-384.
INTEGRITY = (
    "sha384-PLWz+nHEVHpjwBsO0YVdvQj6n5814Iv8E3b8FG0Rp/uIAtjFMCKOpP66iPzedrIG",
    "sha384-vjBJ1z7qrhkTyYsNqKeF6c7N+nOJSU94czEo+tvZcu8G75JparGq9kB+kTnEUNVM",
)


def embedded(folder: Path) -> list[str]:
    """Return the runtime's files, compressed, as text.

    Args:
        folder: Holds them, compared with their hashes.
    """
    return [packed((folder / file.name).read_bytes()) for file in RUNTIME.files]


SHARED = f"onnxruntime-web-{VERSION}.js"  # the script beside the pages of a site


def script(folder: Path) -> str:
    """Return the script that holds the files for several pages, which lie beside it.

    Args:
        folder: Holds the files, compared with their hashes.
    """
    lines = asset("onnxruntime_licence.txt").splitlines()
    texts = ",\n".join(f'"{text}"' for text in embedded(folder))
    return "\n".join([*(f"// {line}".rstrip() for line in lines), f"ganzooRuntime = [{texts}];\n"])


def beside() -> list[dict[str, Any]]:
    """Return where a page finds the files in the script beside it."""
    return [{"script": SHARED, "index": index} for index in range(len(RUNTIME.files))]


def linked() -> list[dict[str, Any]]:
    """Return where a page finds the files, and what they must be."""
    return [
        {"url": f"{RUNTIME.address}/{file.name}", "integrity": integrity}
        for file, integrity in zip(RUNTIME.files, INTEGRITY, strict=True)
    ]


def integrity(content: bytes) -> str:
    """Return the hash of a file as Subresource Integrity states it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"
