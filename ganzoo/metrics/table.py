"""Tables of metrics: value ± error, floor, and whether lower or higher is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganzoo.metrics.estimate import Estimate

LOWER, HIGHER, FLOOR = "lower", "higher", "like the floor"


@dataclass(frozen=True)
class Row:
    """One metric.

    Attributes:
        name: Identifier, such as `frechet`.
        title: Words for a reader.
        estimate: Of the generated data against the reference.
        floor: The same of held-out real data against the reference, with as many examples.
        better: "lower", "higher" or "like the floor".
    """

    name: str
    title: str
    estimate: Estimate
    floor: Estimate
    better: str

    def excess(self) -> float:
        """Return the distance from the floor in combined errors; its sign is value - floor."""
        error = (self.estimate.error**2 + self.floor.error**2) ** 0.5
        difference = self.estimate.value - self.floor.value
        return difference / error if error else (0.0 if difference == 0 else float("inf"))


@dataclass(frozen=True)
class Table:
    """Rows, findings and facts.

    Attributes:
        rows: The metrics by name, in order.
        findings: Sentences about what is wrong, such as a mode collapse; empty if nothing is.
        facts: Where the numbers come from: sizes, seed, backend, seconds and so on.
        classes: Share of each class among generated and real, where there is a classifier.
        details: A second table, such as the distances of each panel of events: {subject: {title of
            the column: Row}}, with the same columns for each subject.
        beside: Further columns of the first table: {title: {name of the row: Estimate}}; a row that
            is not there is left empty.
    """

    rows: Mapping[str, Row]
    findings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    classes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Estimate:
        return self.rows[name].estimate

    def titles(self) -> tuple[str, ...]:
        """Return the titles of the columns of `cells`."""
        return ("metric", "value ± error", *self.beside, "floor (real)", "better")

    def cells(self) -> list[tuple[str, ...]]:
        """Return (title, value ± error, columns beside it, floor, better) of each row, as text."""
        return [
            (
                row.title,
                str(row.estimate),
                *(str(column.get(name, "")) for column in self.beside.values()),
                str(row.floor),
                row.better,
            )
            for name, row in self.rows.items()
        ]

    def detail_cells(self) -> list[tuple[str, ...]]:
        """Return the second table as text, a line of titles first; value and floor in turn."""
        if not self.details:
            return []
        columns = next(iter(self.details.values()))
        titles = [text for column in columns for text in (column, "floor")]
        return [
            ("", *titles),
            *(
                (subject, *(str(e) for row in rows.values() for e in (row.estimate, row.floor)))
                for subject, rows in self.details.items()
            ),
        ]

    def __str__(self) -> str:
        lines = aligned([self.titles(), *self.cells()])
        if self.details:
            lines += ["", *aligned(self.detail_cells())]
        return "\n".join([*lines, *self.findings])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        return {
            "facts": dict(self.facts),
            "metrics": {row.name: _plain(row) for row in self.rows.values()},
            "classes": dict(self.classes),
            "findings": list(self.findings),
            "details": {
                subject: {row.name: _plain(row) for row in rows.values()}
                for subject, rows in self.details.items()
            },
            "beside": {
                title: {name: estimate.as_dict() for name, estimate in column.items()}
                for title, column in self.beside.items()
            },
        }


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of text whose columns begin below each other."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _plain(row: Row) -> dict[str, Any]:
    return {
        "title": row.title,
        **row.estimate.as_dict(),
        "floor": row.floor.as_dict(),
        "better": row.better,
    }
