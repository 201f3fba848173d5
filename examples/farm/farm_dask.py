"""A farm on one machine, or on any cluster of Dask: parts of a run as tasks, merged at the end.

    python examples/farm/farm_dask.py -n 10000000 --parts 8 --workers 2 -o events.npz

Each worker is a process that loads the model once. `--scheduler tcp://HOST:8786` takes the workers
of a cluster that is there, which must see the same folder. Needs `pip install distributed`.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import click

import ganzoo
from ganzoo.cli.script import Script
from ganzoo.events import files
from ganzoo.events.merge import merge
from ganzoo.events.parts import Part, blocks_of
from ganzoo.events.stream import EventStream


@functools.cache
def model(name: str) -> Any:
    """Load a model, once per process."""
    return ganzoo.load(name)


def draw(name: str, n: int, seed: int, number: int, of: int, path: str) -> int:
    """Write one part into a file, unless it is there; return its number of events."""
    stream = EventStream(model(name), n, seed, part=Part(number, of))
    if not Path(path).exists():
        with files.event_writer(path, stream.metadata(name), stream.length) as append:
            for events in stream.batches():
                append(events)
    return stream.total


@click.command(cls=Script, help=__doc__)
@click.option("--name", default="fatgan_electrons", show_default=True)
@click.option("-n", "count", type=click.IntRange(1), default=10_000_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--parts", type=click.IntRange(1), default=8, show_default=True)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
@click.option("--scheduler", help="Address of a cluster.  [default: workers on this machine]")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("events.npz"),
              show_default=True)  # fmt: skip
def main(name: str, count: int, seed: int, parts: int, workers: int, scheduler: str | None,
         output: Path) -> None:  # fmt: skip
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        raise click.ClickException("Dask is missing: pip install distributed") from None
    blocks_of(count, Part(1, parts))
    paths = [output.with_name(f"{output.stem}-{k}-of-{parts}.npz").resolve()
             for k in range(1, parts + 1)]  # fmt: skip
    local = None if scheduler else LocalCluster(n_workers=workers, threads_per_worker=1,
                                                dashboard_address=None)  # fmt: skip
    with Client(scheduler or local) as client:
        tasks = [client.submit(draw, name, count, seed, k, parts, str(path), pure=False)
                 for k, path in enumerate(paths, 1)]  # fmt: skip
        for task in as_completed(tasks):
            print(f"{task.result()} events, {sum(t.done() for t in tasks)} of {parts} parts")
    if local is not None:
        local.close()
    total = merge(paths, output)
    for path in paths:
        path.unlink()
    print(f"{total} events: {output}")


if __name__ == "__main__":
    main()
