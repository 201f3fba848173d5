"""The error of a training: what the members of an ensemble of event generators differ by.

A model of K members holds K generators that were trained alike, from K seeds. Their histograms in
the nine panels give the band between trainings; `ganzoo.metrics.coverage` says how often it reaches
the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import plots
from ganzoo.events import figures, panels
from ganzoo.events.panels import PANELS
from ganzoo.metrics import coverage as measure
from ganzoo.metrics.coverage import LEAST_MEMBERS, MEAN, MEMBER, SIGMAS, Coverage, joined
from ganzoo.random import random_generator

Coverages = dict[str, dict[str, Coverage]]
OVERALL = "overall"


def has_band(gan: Any) -> bool:
    """Return whether a model has as many members as a band and its coverage need: three."""
    return getattr(gan, "members", 1) >= LEAST_MEMBERS


def member_events(gan: Any, n: int, seed: int) -> list[np.ndarray]:
    """Return events of each member, momenta (n, 3) in GeV, from latents of its own.

    Args:
        gan: A GAN of events of several members.
        n: Events of each.
        seed: Seeds the latents of all; each member's seed is drawn from it, so that fluctuations
            of their numbers of events are independent.
    """
    own = random_generator(seed).integers(0, 2**63, gan.members)
    return [gan.sample(n, int(one), member=member) for member, one in enumerate(own)]


def coverages(
    true: Mapping[str, np.ndarray], members: list[dict[str, np.ndarray]], edges: Mapping[str, Any]
) -> Coverages:
    """Return the coverage of every panel: {"member" or "mean": {panel: Coverage}}.

    Args:
        true: What `panels.quantities` returned for true events.
        members: The same for each member's events.
        edges: Of `panels.bin_edges`.
    """
    found: Coverages = {MEMBER: {}, MEAN: {}}
    for panel in PANELS:
        bins = edges[panel]
        made = np.stack([panels.counts(sample[panel], bins) for sample in members])
        for of, by_panel in found.items():
            by_panel[panel] = measure(made, panels.counts(true[panel], bins), of=of)
    return found


def numbers(found: Coverages, n: int) -> dict[str, Any]:
    """Return what `report.json` says of coverages: per panel and of all their bins together.

    Args:
        found: What `coverages` returned.
        n: Events of each member.
    """
    every = {
        of: {**by_panel, OVERALL: joined(list(by_panel.values()))} for of, by_panel in found.items()
    }
    return {
        "members": len(found[MEMBER]["px"].pulls),
        "events_per_member": n,
        "band": "standard deviation between the members",
        "coverage": {
            panel: {of: _shares(by_panel[panel]) for of, by_panel in every.items()}
            for panel in (*PANELS, OVERALL)
        },
    }


def _shares(found: Coverage) -> dict[str, Any]:
    used = found.used
    spread = np.median(found.band[used] / found.statistical[used])
    return {
        "bins": int(used.sum()),
        "band_over_statistical": float(spread),
        **{
            f"{sigmas:g}_sigma": {
                **found.share(sigmas).as_dict(),
                "expected": found.expected[sigmas],
            }
            for sigmas in SIGMAS
        },
    }


def lines(told: Mapping[str, Any]) -> list[str]:
    """Return the lines of `ganzoo report` about what `numbers` returned."""
    made = [
        f"{told['members']} trainings, {told['events_per_member']} events each: share of bins with "
        "the truth within 1 and 2 errors   [of a perfect band]"
    ]
    for panel, of in told["coverage"].items():
        parts = [f"{panel:<7}"]
        for name in (MEMBER, MEAN):
            shares = (of[name][f"{sigmas:g}_sigma"] for sigmas in SIGMAS)
            parts.append(
                f"{name} "
                + "  ".join(
                    f"{share['value']:.3f} ± {share['error']:.3f} [{share['expected']:.3f}]"
                    for share in shares
                )
            )
        made.append("   ".join(parts))
    return made


def draw_coverage(found: Coverages, edges: Mapping[str, Any], folder: Path) -> None:
    """Draw the coverage bin by bin: how far each member and their mean are from the truth.

    Args:
        found: What `coverages` returned.
        edges: Of `panels.bin_edges`.
        folder: Gets `coverage.png` and `coverage.pdf`.
    """
    figure = plots.figure((13, 10))
    for axes, (panel, (label, logarithmic)) in zip(
        figure.subplots(3, 3).flat, PANELS.items(), strict=True
    ):
        bins, member, mean = edges[panel], found[MEMBER][panel], found[MEAN][panel]
        middles = np.sqrt(bins[1:] * bins[:-1]) if logarithmic else (bins[1:] + bins[:-1]) / 2
        for sigmas, shade in ((2, "0.92"), (1, "0.82")):
            axes.axhspan(-sigmas, sigmas, color=shade, linewidth=0)
        axes.axhline(0.0, color="black", linewidth=0.8)
        count = len(member.pulls)
        axes.plot(np.tile(middles, count), member.pulls.ravel(), ".", color=figures.BAND,
                  markersize=3, label="members")  # fmt: skip
        axes.plot(middles, mean.pulls[0], "o", color=figures.MADE, markersize=3, label="their mean")
        share = member.share()
        axes.set_title(f"{share} of a member, [{member.expected[1.0]:.3f}]", fontsize="small")
        axes.set(xlabel=label, xscale="log" if logarithmic else "linear", ylim=(-6, 6))
        axes.set_ylabel("(GAN - truth) / error")
        if panel == "px":
            axes.legend(fontsize="small", ncols=2)
    figures.save(figure, folder, "coverage")
