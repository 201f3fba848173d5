"""The classics on digits, each with the figure that its paper is known for: a table.

python -m tools.classics_table                          all with weights, and docs/classics.md
python -m tools.classics_table bigan_mnist=runs/bigan_mnist/preset --no-write
python -m tools.classics_table --only infogan_mnist,sgan_mnist_100

A row has the value with its error, what the evaluation sets beside it, the floor of real pictures
and the paper's figure. A name that has no weights and is not given as NAME=PRESET stays a recipe,
and the row says so; docs/recipes.md says what came out of those that were trained. Rows that are
not measured in a run are kept as the file has them.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzoo.environment import require_backend
from ganzoo.errors import GanzooError
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.metrics.table import Table
from ganzoo.zoo import ENTRIES, registry

FILE = Path(__file__).parents[1] / "docs" / "classics.md"
SEED = 1
COLUMNS = ("family", "name", "measured", "value ± error", "beside", "floor (real)", "paper",
           "minutes")  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a row says that is not measured by it.

    Attributes:
        rows: Of the evaluation's table, the first being what the paper is known for.
        paper: The paper's figure, or empty.
        minutes: Of the shipped training, or of another seed's; empty where it is not known.
        other: Name of another model, whose same rows stand beside where it has weights.
    """

    rows: tuple[str, ...]
    paper: str = ""
    minutes: str = ""
    other: str = ""


CLASSICS: Mapping[str, Known] = {
    "acgan_mnist": Known(("label", "own_label", "class_diversity"), "", "13"),
    "infogan_mnist": Known(("assigned",), "0.95", "54 (one core)"),
    "sgan_mnist_100": Known(
        ("error",), "0.0093 ± 0.0007; a port of its code 0.0082", "61 (one core, seed 1604)"
    ),
    "bigan_mnist": Known(("features", "neighbour", "l1"), "0.974", "92 (one core)"),
    "aae_mnist": Known(("neighbour", "l1")),
    "aae_mnist_100": Known(("error",), "0.0190 ± 0.0010", "66 (one core)"),
    "aae_mnist_clusters_16": Known(("error",), "0.0955 ± 0.0205"),
    "aae_mnist_clusters_30": Known(("error",), "0.0410 ± 0.0113"),
    "alphagan_mnist": Known(("frechet", "l1"), other="aae_mnist"),
    "vaegan_mnist": Known(("neighbour", "frechet", "l1"), "", "60 (one core)", "aae_mnist"),
    "lsgan_mnist": Known(("frechet", "auc"), minutes="6 (one core)", other="gan_mnist"),
    "bgan_mnist": Known(("frechet", "auc")),
    "cogan_mnist_edges": Known(("agreement",), "0.952", "27 (one core)"),
    "cogan_mnist_negatives": Known(("agreement",), "0.967"),
    "pixelda_mnist_m": Known(("accuracy",), "0.982"),
    "wgan_mnist": Known(("frechet", "auc"), other="gan_mnist"),
    "wgan_gp_mnist": Known(("frechet", "auc"), minutes="33 (one core)", other="gan_mnist"),
    "textgan_numerals": Known(("valid", "new"), minutes="4 (half a core)"),
    "notes_gan": Known(("pitch",)),
}
HEAD = """# The classics, each with its number

Keras-GAN's games and a few more on the ten digits, each measured by what its paper is known for.
Errors are one standard deviation over other samples; one training each, unless a row says
otherwise, so the spread between trainings is not in them: four of `sgan_mnist_100`, by seeds 1601
to 1604, have a mean error of 0.0256 and a standard deviation of 0.0026. "Beside" are figures that
were measured with the value: of the same network without the game, of a lower bound, of chance, of
another model of the zoo. The floor is the same measure of real pictures, or the best that is known
here: where classes are read, what a classifier reaches that was taught with all labels. Papers
trained larger networks for longer. Minutes are of two cores unless a row says less. What came of
recipes that were trained and are not handed out is in [recipes](recipes.md); the lecture's picture,
the Wasserstein distance that falls where the Jensen-Shannon divergence stays at log 2, is
[two distances](../examples/two_distances/README.md). `python -m tools.classics_table` measures the
rows again.

"""


def line(name: str, table: Table | None, other: Table | None = None) -> str:
    """Return a row of the Markdown table; one of words where nothing was measured.

    Args:
        name: Of the zoo.
        table: Its measures, or None.
        other: Those of the model that stands beside, or None.
    """
    known, family = CLASSICS[name], f"`{ENTRIES[name].family}`"
    if table is None:
        words = "recipe without weights"
        return _joined([family, f"`{name}`", words, "", "", "", known.paper, known.minutes])
    rows = [table.rows[row] for row in known.rows]
    beside = [
        f"{title} {column[row.name]}"
        for row in rows
        for title, column in table.beside.items()
        if row.name in column and title != "published"
    ]
    if other is not None:
        known_too = [str(other[row]) for row in known.rows if row in other.rows]
        beside.append(f"`{known.other}` {', '.join(known_too)}")
    cells = [
        "; ".join(row.title for row in rows),
        "; ".join(str(row.estimate) for row in rows),
        "; ".join(beside),
        "; ".join(str(row.floor) for row in rows),
    ]
    return _joined([family, f"`{name}`", *cells, known.paper, known.minutes])


def lines_of(text: str) -> dict[str, str]:
    """Return the rows of a table that was written, by name."""
    rows = [row for row in text.splitlines() if row.startswith("| `")]
    return {row.split("|")[2].strip(" `"): row for row in rows}


def written(rows: Mapping[str, str]) -> str:
    """Return the page with these rows, in the table's order."""
    head = [_joined(COLUMNS), "|" + " --- |" * len(COLUMNS)]
    return HEAD + "\n".join([*head, *(rows[name] for name in CLASSICS)]) + "\n"


def measured(name: str, given: Mapping[str, str]) -> Table | None:
    """Return the measures of a preset of one's own, or of weights; None where there are none."""
    if name not in given and name not in registry.checkpoints():
        return None
    try:
        return evaluate(given.get(name, name), reference=_data_of(name), seed=SEED)
    except GanzooError as error:
        raise SystemExit(f"{name}: {error}") from None


def _data_of(name: str) -> str | None:
    recipe = ENTRIES[name].recipe
    return None if recipe is None else recipe.data


def _joined(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print each row as it is measured, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("given", nargs="*", metavar="NAME=PRESET", help="presets of one's own")
    parser.add_argument("--only", help="names, by commas")
    parser.add_argument("--no-write", action="store_true", help="print alone")
    options = parser.parse_args()
    for one in options.given:
        if "=" not in one:
            parser.error(f"give NAME=PRESET, such as {one}=runs/{one}/preset; got {one}")
    given = dict(one.split("=", 1) for one in options.given)
    wanted = options.only.split(",") if options.only else list(given or CLASSICS)
    for name in wanted:
        if name not in CLASSICS:
            parser.error(f"unknown name {name!r}; the table has: {', '.join(CLASSICS)}")
    rows = {name: line(name, None) for name in CLASSICS}
    rows |= lines_of(FILE.read_text()) if FILE.is_file() else {}
    print(f"{require_backend()} backend, seed {SEED}")
    for name in wanted:
        table = measured(name, given)
        other = None if table is None else measured(CLASSICS[name].other, given)
        rows[name] = line(name, table, other)
        print(rows[name], flush=True)
    if not options.no_write:
        FILE.write_text(written(rows))
        print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
