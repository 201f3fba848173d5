"""`ganzoo download`, `verify` and `cache`: the weights on this machine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import click

from ganzoo.errors import (
    DownloadError,
    GanzooError,
    IntegrityError,
    InvalidArgumentError,
    UnknownModelError,
)
from ganzoo.store import cache as _cache
from ganzoo.store import checkpoints as store
from ganzoo.zoo import registry
from ganzoo.zoo.forms import File

_WORKERS = 4
_ENVIRONMENT = """
\b
GANZOO_WEIGHTS_URL  base URL of the weights (https, http or file); default: the releases
GANZOO_CACHE        where they are kept; default: your platform's cache
GANZOO_OFFLINE=1    never use the network
"""
Result = TypeVar("Result")
_Files = Mapping[str, tuple[File, ...]]


@click.command(epilog=_ENVIRONMENT)
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--all", "every", is_flag=True, help="Every checkpoint in the zoo.")
def download(names: Sequence[str], every: bool) -> None:
    """Fetch the weights of NAME... now, so that later uses need no network.

    What is there and right is not fetched again. Each file is compared with the size and SHA-256
    that this version of ganzoo knows, and replaces an older one only when it is complete.

    \b
    Examples:
      ganzoo download dcgan_mnist
      ganzoo download --all
    """
    if every == bool(names):
        raise InvalidArgumentError("say which to download: either NAME... or --all")
    wanted = _wanted(names)
    with Bars() as bars:
        outcomes = _in_parallel(
            wanted, lambda name: store.checkpoint_folder(name, wanted[name], bars.update), bars.stop
        )
    failures = []
    for name, outcome in outcomes.items():
        if isinstance(outcome, Path):
            click.echo(f"{name}: {outcome}")
        else:
            failures.append((name, outcome))
    _raise_all(failures, "downloaded", DownloadError)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
def verify(names: Sequence[str]) -> None:
    """Compare the weights on this machine with what this version of ganzoo knows.

    Without NAME, every checkpoint in the zoo. Nothing is fetched or changed; the exit code is 0
    only if every file is there and right.

    \b
    Examples:
      ganzoo verify
      ganzoo verify dcgan_mnist
    """
    wanted = _wanted(names)
    wrong = 0
    for name, outcome in _in_parallel(wanted, lambda n: store.verify(n, wanted[n])).items():
        if isinstance(outcome, GanzooError):
            raise outcome
        for check in outcome:
            click.echo(f"{name}  {check.path}  {check.problem or 'ok'}")
            wrong += check.problem is not None
    if wrong:
        raise IntegrityError(
            f"{wrong} of {sum(map(len, map(store.needed_files, wanted, wanted.values())))} files "
            "are missing or damaged; `ganzoo download NAME` fetches them"
        )


@click.command()
@click.option("--clear", is_flag=True, help="Remove every downloaded checkpoint.")
def cache(clear: bool) -> None:
    """Show what is in the cache and where it lies, or empty it.

    \b
    Examples:
      ganzoo cache
      ganzoo cache --clear
    """
    if clear:
        click.echo(f"freed {_megabytes(store.clear_cache())}")
        return
    click.echo(f"cache: {store.cache_folder()}")
    total = 0
    for name, folder, size in _cache.contents():
        click.echo(f"{name}  {_megabytes(size)}  {folder}")
        total += size
    click.echo(f"total: {_megabytes(total)}")


COMMANDS = [download, verify, cache]


def _wanted(names: Sequence[str]) -> _Files:
    """Return the registered files by name; of all checkpoints where no name is given."""
    shipped = registry.checkpoints()
    for name in names:
        if name not in shipped:
            registry.entry(name)  # refuses an unknown name
            raise UnknownModelError(
                f"{name!r} has no pretrained weights; with weights: {', '.join(shipped) or 'none'}"
            )
    return {name: shipped[name] for name in names or shipped}


def _in_parallel(
    names: _Files, job: Callable[[str], Result], stop: Callable[[], None] = lambda: None
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


def _raise_all(
    failures: Sequence[tuple[str, GanzooError]], what: str, kind: type[GanzooError]
) -> None:
    """Raise a single failure as it is; print several and raise their count."""
    if len(failures) == 1:
        raise failures[0][1]
    if failures:
        for name, error in failures:
            click.echo(f"{name}: {error}", err=True)
        raise kind(f"{len(failures)} checkpoints could not be {what}, see the lines above")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


class Bars:
    """One progress bar per file on standard error, where that is a terminal."""

    def __init__(self) -> None:
        self.bars: dict[tuple[str, str], Any] = {}
        self.lock = threading.Lock()
        self.shown = sys.stderr.isatty()
        self.stopped = threading.Event()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self.bars.values():
            bar.close()

    def stop(self) -> None:
        """Let every transfer end at its next chunk."""
        self.stopped.set()

    def update(self, name: str, file: str, done: int, size: int) -> None:
        """Move a file's bar; `done` falls back when an attempt starts anew.

        Raises:
            DownloadError: `stop` was called; this ends the transfer that reports here.
        """
        if self.stopped.is_set():
            raise DownloadError(f"the download of {name} was interrupted")
        if not self.shown:
            return
        from tqdm import tqdm  # here, as it would slow every other command down

        with self.lock:
            bar = self.bars.get((name, file))
            if bar is None:
                bar = tqdm(total=size, desc=f"{name} {file}", unit="B", unit_scale=True)
                self.bars[name, file] = bar
            bar.update(done - bar.n)
