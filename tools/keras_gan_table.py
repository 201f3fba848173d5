"""The table of examples/keras_gan/README.md: measures, and seconds per epoch as they are here.

python -m tools.keras_gan_table                 measures all, in about ten minutes
python -m tools.keras_gan_table --only cogan    that row; the others keep their seconds

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
    "bgan": ("bgan_mnist", "a classifier's score of what is drawn"),
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
PATIENCE = 300.0  # seconds until the first steps are done, compilation included


def seconds(name: str) -> str:
    """Return the seconds per epoch that a training says it takes, rounded to two digits."""
    recipe = ENTRIES[name].recipe
    assert recipe is not None
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ganzoo", "train", name, "-o", folder]
        log = Path(folder) / "log"
        with log.open("w") as file:
            running = subprocess.Popen(
                command, stdout=file, stderr=subprocess.STDOUT, env=os.environ
            )
            try:
                end, found = time.monotonic() + PATIENCE, None
                while found is None and running.poll() is None and time.monotonic() < end:
                    time.sleep(0.5)
                    found = re.search(r"([\d,]+) steps of ([\d.]+) ms each", log.read_text())
            finally:
                running.kill()
                running.wait()
        if found is None:
            raise SystemExit(f"{name} did not say how long it takes:\n{log.read_text()[-2000:]}")
    total = int(found[1].replace(",", "")) * float(found[2]) / 1000
    return f"{float(f'{total / recipe.epochs:.2g}'):g}"


def row(script: str, per_epoch: str) -> str:
    """Return a script's row of the table."""
    name, measure = SCRIPTS[script]
    module = FAMILIES[ENTRIES[name].family].class_path.split(":")[0].replace(".", "/") + ".py"
    file = f"[{Path(module).name}](../../{module})"
    return f"| `{script}` | `ganzoo train {name}` | {file} | {measure} | {per_epoch} |"


def main() -> None:
    """Measure, and write the rows into the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", help="scripts, by commas")
    wanted = parser.parse_args().only
    chosen = wanted.split(",") if wanted else list(SCRIPTS)
    for script in chosen:
        if script not in SCRIPTS:
            parser.error(f"unknown script {script!r}; there are: {', '.join(SCRIPTS)}")
    text = FILE.read_text()
    begin = text.index("| script |")
    old, rest = text[begin:].split("\n\n", 1)
    known = {line.split("`")[1]: line for line in old.splitlines()[2:]}
    print(f"{require_backend()} backend, {os.cpu_count()} processors")
    lines = []
    for script in SCRIPTS:
        before = known[script].rstrip(" |").rsplit("|", 1)[1].strip()
        lines.append(row(script, seconds(SCRIPTS[script][0]) if script in chosen else before))
        print(lines[-1], flush=True)
    FILE.write_text(text[:begin] + "\n".join([COLUMNS, "|" + " --- |" * 5, *lines]) + "\n\n" + rest)


if __name__ == "__main__":
    main()
