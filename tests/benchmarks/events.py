"""Events per second on one core: a generator's beside Pythia's."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.timing import interleaved, machine, summary


def events(name: str, generated: int, simulated: int, rounds: int) -> dict[str, Any]:
    """Return the events per second of both, in turn, and their ratio.

    Both return momenta in memory: `event_sampling.draw` for the model, latents included, and
    `ganzoo.events.truth`, the start of Pythia included.
    """
    import ganzoo
    from ganzoo.events import stream as event_sampling
    from ganzoo.events.truth import electrons

    gan = ganzoo.load(name)
    seconds = interleaved(
        {
            name: lambda: event_sampling.draw(gan, generated, seed=1),
            "pythia": lambda: electrons(simulated, seed=1),
        },
        rounds,
    )
    rates = {
        name: generated / summary(seconds[name])["median"],
        "pythia": simulated / summary(seconds["pythia"])["median"],
    }
    return {
        "machine": machine(),
        "seconds": {which: summary(values) for which, values in seconds.items()},
        "events per second": rates,
        "ratio": rates[name] / rates["pythia"],
    }
