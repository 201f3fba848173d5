"""What `ganzoo download`, `verify` and `cache` share: which checkpoints, and several at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import click

from ganzoo.errors import GanzooError, UnknownModelError
from ganzoo.zoo import registry
from ganzoo.zoo.forms import File

_WORKERS = 4
Result = TypeVar("Result")
Files = Mapping[str, tuple[File, ...]]


def wanted(names: Sequence[str]) -> Files:
    """Return the registered files by name; of all checkpoints where no name is given."""
    shipped = registry.checkpoints()
    for name in names:
        if name not in shipped:
            registry.entry(name)  # refuses an unknown name
            raise UnknownModelError(
                f"{name!r} has no pretrained weights; with weights: {', '.join(shipped) or 'none'}"
            )
    return {name: shipped[name] for name in names or shipped}


def in_parallel(
    names: Files, job: Callable[[str], Result], stop: Callable[[], None] = lambda: None
) -> dict[str, Result | GanzooError]:
    """Run a job for each name in threads; its result or its error by name, in order.

    After Ctrl-C, `stop` is called, and then the jobs are waited for.
    """

    def outcome(name: str) -> Result | GanzooError:
        try:
            return job(name)
        except GanzooError as error:
            return error

    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            return dict(zip(names, pool.map(outcome, names), strict=True))
        except KeyboardInterrupt:
            stop()
            pool.shutdown(cancel_futures=True)
            raise


def raise_all(
    failures: Sequence[tuple[str, GanzooError]], what: str, kind: type[GanzooError]
) -> None:
    """Raise a single failure as it is; print several and raise their count."""
    if len(failures) == 1:
        raise failures[0][1]
    if failures:
        for name, error in failures:
            click.echo(f"{name}: {error}", err=True)
        raise kind(f"{len(failures)} checkpoints could not be {what}, see the lines above")


def megabytes(size: int) -> str:
    """Return a size in bytes as megabytes."""
    return f"{size / 1e6:.1f} MB"
