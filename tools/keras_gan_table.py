"""The table of examples/keras_gan/README.md: measures, and seconds per epoch as they are here.

python -m tools.keras_gan_table                    measures all, in about ten minutes
python -m tools.keras_gan_table --dtype float32    on a processor without bfloat16
python -m tools.keras_gan_table --only cogan       that row; the others keep their seconds

The seconds are those that `ganzoo train NAME` says after its first steps; nothing else should run.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ganzoo.environment import require_backend
from ganzoo.zoo import ENTRIES, FAMILIES

FILE = Path(__file__).parents[1] / "examples" / "keras_gan" / "README.md"
COLUMNS = "| script | command | algorithm | `ganzoo evaluate` measures first | seconds per epoch |"
SCRIPTS = {
    "aae": ("aae_mnist", "the class of the nearest code"),
    "acgan": ("acgan_mnist", "the digit that was asked for"),
    "bgan": ("bgan_mnist", "the Fréchet distance of strokes"),
    "bigan": ("bigan_mnist", "the class of the nearest code"),
    "ccgan": ("ccgan_mnist", "the distance inside the hole"),
    "cgan": ("cdcgan_mnist", "the digit that was asked for"),
    "cogan": ("cogan_mnist_edges", "how far pairs agree"),
    "context_encoder": ("context_encoder_faces", "the distance inside the hole"),
    "cyclegan": ("cyclegan_fonts", "the distance from the true character"),
    "dcgan": ("dcgan_mnist", "a classifier's score of what is drawn"),
    "discogan": ("discogan_fonts", "the distance from the true character"),
    "dualgan": ("dualgan_fonts", "the distance from the true character"),
    "gan": ("gan_mnist", "a classifier's score of what is drawn"),
    "infogan": ("infogan_mnist", "the class that a code stands for"),
    "lsgan": ("lsgan_mnist", "a classifier's score of what is drawn"),
    "pix2pix": ("pix2pix_fonts", "the distance from the true character"),
    "pixelda": ("pixelda_mnist_m", "digits of the other domain"),
    "sgan": ("sgan_mnist_100", "the error with a hundred labels"),
    "srgan": ("srgan_x4", "PSNR of restored photographs"),
    "wgan": ("wgan_mnist", "a classifier's score of what is drawn"),
    "wgan_gp": ("wgan_gp_mnist", "a classifier's score of what is drawn"),
}
WHERE = "Seconds are of "  # begins the line behind the table
PATIENCE = 300.0  # seconds until the first steps are done, compilation included


def seconds(name: str, dtype: str | None = None) -> str:
    """Return the seconds per epoch that a training says it takes, rounded to two digits."""
    recipe = ENTRIES[name].recipe
    assert recipe is not None
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ganzoo", "train", name, "-o", folder]
        command += ["--dtype", dtype] if dtype else []
        log = Path(folder) / "log"
        with log.open("w") as file:
            running = subprocess.Popen(
                command, stdout=file, stderr=subprocess.STDOUT, env=os.environ
            )
            try:
                end, found = time.monotonic() + PATIENCE, None
                while found is None and running.poll() is None and time.monotonic() < end:
                    time.sleep(0.5)
                    found = re.search(r"([\d,]+) steps of ([\d.]+) (ms|s) each", log.read_text())
            finally:
                running.kill()
                running.wait()
        if found is None:
            raise SystemExit(f"{name} did not say how long it takes:\n{log.read_text()[-2000:]}")
    each = float(found[2]) / (1000 if found[3] == "ms" else 1)
    total = int(found[1].replace(",", "")) * each
    return f"{float(f'{total / recipe.epochs:.2g}'):g}"


def row(script: str, per_epoch: str) -> str:
    """Return a script's row of the table."""
    name, measure = SCRIPTS[script]
    module = FAMILIES[ENTRIES[name].family].class_path.split(":")[0].replace(".", "/") + ".py"
    file = f"[{Path(module).name}](../../{module})"
    return f"| `{script}` | `ganzoo train {name}` | {file} | {measure} | {per_epoch} |"


def where(dtype: str | None) -> str:
    """Return the line that says on what the seconds were measured."""
    models = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    cores = len(os.sched_getaffinity(0))  # `taskset -c 0` leaves one
    name = models[0] if models else "an unknown processor"
    kind = f"{cores} core{'s' * (cores > 1)} of {name}"
    kept = dtype or "the recipe's dtype"
    return f"{WHERE}{kind}, one training at a time, {require_backend()} backend, {kept}."


def main() -> None:
    """Measure, and write the rows into the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", help="scripts, by commas")
    parser.add_argument("--dtype", help="instead of the recipes'")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(SCRIPTS)
    for script in chosen:
        if script not in SCRIPTS:
            parser.error(f"unknown script {script!r}; there are: {', '.join(SCRIPTS)}")
    text = FILE.read_text()
    begin = text.index("| script |")
    old, rest = text[begin:].split("\n\n", 1)
    known = {line.split("`")[1]: line for line in old.splitlines()[2:]}
    behind = where(options.dtype)
    if rest.startswith(WHERE):
        line, rest = rest.split("\n\n", 1)
        behind = line if options.only else behind
    print(behind)
    times = {script: _written(known[script]) for script in SCRIPTS}
    for script in chosen:
        times[script] = seconds(SCRIPTS[script][0], options.dtype)
        print(row(script, times[script]), flush=True)
        lines = [COLUMNS, "|" + " --- |" * 5, *(row(name, times[name]) for name in SCRIPTS)]
        FILE.write_text(text[:begin] + "\n".join(lines) + f"\n\n{behind}\n\n" + rest)


def _written(line: str) -> str:
    """Return the seconds of a row that was written, or nothing."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return cells[4] if len(cells) == 5 else ""


if __name__ == "__main__":
    main()
