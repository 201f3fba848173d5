"""Every checkpoint of the zoo as ONNX: bytes, difference from Keras, milliseconds per example.

python -m tools.export_table                 all of them, float32, on the backend of KERAS_BACKEND
python -m tools.export_table dcgan_mnist --float16
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ganzoo import export
from ganzoo.environment import require_backend
from ganzoo.errors import GanzooError
from ganzoo.zoo import registry


def main() -> None:
    """Print a row as each file is written; exit with 1 where one could not be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="checkpoints; all by default")
    parser.add_argument("--float16", action="store_true", help="store the weights as float16")
    given = parser.parse_args()
    print(f"| name | network | bytes | difference | ms, onnxruntime | ms, {require_backend()} |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    failed = 0
    for name in given.names or registry.list_models(pretrained=True):
        with tempfile.TemporaryDirectory() as folder:
            try:
                made = export.onnx(name, Path(folder) / "model.onnx", float16=given.float16)
            except GanzooError as error:
                failed += 1
                print(f"| `{name}` | {error} | | | | |", flush=True)
                continue
        print(
            f"| `{name}` | {made.network} | {made.size:,} | {made.difference:.1e} | "
            f"{made.runtime_ms:.2g} | {made.keras_ms:.2g} |",
            flush=True,
        )
    raise SystemExit(int(failed > 0))


if __name__ == "__main__":
    main()
