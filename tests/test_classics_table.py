"""The table of the classics: rows of words and of numbers, and a page that is read again."""

from __future__ import annotations

import pytest

from ganzoo import zoo
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, Row, Table
from tools import classics_table as classics


def test_a_row_has_value_beside_floor_and_paper():
    row, code = (
        Row(key, f"nearest {key}", Estimate(0.97, 0.002, 100, "toy"),
            Estimate(0.96, 0.002, 100, "toy"), HIGHER) for key in ("features", "neighbour")
    )  # fmt: skip
    l1 = Row("l1", "distance", Estimate(0.1, 0.01, 100, "toy"), Estimate(0.2, 0.01, 100, "toy"), "")
    beside = {"alone": {"features": Estimate(0.5, 0.1, 9, "toy")}, "published": {}}
    table = Table({"features": row, "neighbour": code, "l1": l1}, beside=beside)
    line = classics.line("bigan_mnist", table)
    assert line.startswith(
        "| `BiGAN` | `bigan_mnist` | nearest features; nearest neighbour; distance | "
        "0.9700 ± 0.0020;"
    )
    assert "; `aae_mnist` 0.1" not in classics.line("alphagan_mnist", None, table)
    beside_it = classics.line("alphagan_mnist", Table({"frechet": l1, "l1": row}), table)
    assert "| `aae_mnist` 0.100 ± 0.010 |" in beside_it
    for words in ("| alone 0.5", "| 0.9600 ± 0.0020; 0.9600 ± 0.0020; 0.2", "| 0.974 |"):
        assert words in line


def test_the_page_is_read_as_it_was_written():
    rows = {name: classics.line(name, None) for name in classics.CLASSICS}
    assert all("recipe without weights" in row for row in rows.values())
    assert classics.lines_of(classics.written(rows)) == rows


@pytest.mark.parametrize("name", classics.CLASSICS)
def test_every_name_is_in_the_zoo(name):
    assert zoo.ENTRIES[name].recipe is not None


def test_the_page_has_a_row_of_each():
    assert set(classics.lines_of(classics.FILE.read_text("utf-8"))) == set(classics.CLASSICS)
