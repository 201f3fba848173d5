"""Tables of metrics: value ± error, the floor beside it, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Rows, and what else is to be said.

    Attributes:
        rows: The metrics by name, in order.
        findings: Sentences about what is wrong, such as a mode collapse; empty if nothing is.
        facts: Where the numbers come from: sizes, seed, backend, seconds and so on.
        classes: Share of each class among generated and real, where there is a classifier.
    """

    rows: Mapping[str, Row]
    findings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    classes: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Estimate:
        return self.rows[name].estimate

    def cells(self) -> list[tuple[str, str, str, str]]:
        """Return (title, value ± error, floor, better) of each row, as text."""
        return [
            (row.title, str(row.estimate), str(row.floor), row.better) for row in self.rows.values()
        ]

    def __str__(self) -> str:
        cells = [("metric", "value ± error", "floor (real)", "better"), *self.cells()]
        widths = [max(len(line[i]) for line in cells) for i in range(4)]
        lines = ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip()
                 for line in cells]  # fmt: skip
        return "\n".join([*lines, *self.findings])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        return {
            "facts": dict(self.facts),
            "metrics": {
                row.name: {
                    "title": row.title,
                    **row.estimate.as_dict(),
                    "floor": row.floor.as_dict(),
                    "better": row.better,
                }
                for row in self.rows.values()
            },
            "classes": dict(self.classes),
            "findings": list(self.findings),
        }
