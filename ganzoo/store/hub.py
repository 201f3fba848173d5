"""`hf://user/name@revision`: presets in repositories of the Hugging Face Hub, by huggingface_hub.

Layout of the cache: `CACHE/hub/USER/COMMIT/NAME/FILE`. A commit's files never change, so what is
there is not asked for again. `HF_ENDPOINT` names another server, `HF_TOKEN` or `hf auth login` the
account. What arrives is a stranger's: the caller checks it as it checks any folder.
"""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ganzoo.errors import (
    DownloadError,
    GanzooError,
    InvalidArgumentError,
    OfflineError,
    OutputError,
    PresetError,
    UnknownModelError,
)
from ganzoo.extras import require
from ganzoo.files.cache import cache_folder
from ganzoo.store.addresses import offline
from ganzoo.store.checkpoints import NEEDED, REQUIRED

SENT = (*NEEDED, "README.md", "*.png")  # what `push` sends of a folder
MAX_BYTES = {"config.json": 1 << 16}  # of one file that is fetched
_MAX_OTHER_BYTES = 1 << 30
_ADDRESS = re.compile(r"hf://([\w.-]{1,96})/([\w.-]{1,96})(?:@([\w./-]{1,200}))?", re.ASCII)
_COMMIT = re.compile("[0-9a-f]{40}")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Address:
    """A repository of models and a branch, tag or commit of it; None is its main branch."""

    user: str
    name: str
    revision: str | None

    @property
    def repository(self) -> str:
        """What the hub calls it."""
        return f"{self.user}/{self.name}"

    def at(self, commit: str) -> str:
        """Return the address of one commit."""
        return f"hf://{self.repository}@{commit}"


def parse(address: str) -> Address:
    """Take an address apart.

    Raises:
        InvalidArgumentError: It is not of the form `hf://user/name` or `hf://user/name@revision`.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or any(".." in part or part[0] in ".-" for part in match.groups() if part):
        raise InvalidArgumentError(
            f"{address[:200]!r} is no address of a model: hf://user/name or "
            "hf://user/name@revision is accepted"
        )
    return Address(*match.groups())


def folder(address: str, check: Callable[[Path], Any]) -> Path:
    """Return the cached folder of a model, fetched if it is not there; see `sources.folder`."""
    wanted = parse(address)
    commit = wanted.revision if _COMMIT.fullmatch(wanted.revision or "") else None
    if commit is None:
        _refuse_offline(wanted, "asking which commit that is; name one: hf://user/name@COMMIT")
        commit = _info(wanted).sha
        if not _COMMIT.fullmatch(commit or ""):
            raise DownloadError(f"{address}: the hub names no commit, but {str(commit)[:60]!r}")
        warnings.warn(
            f"{address} is now {wanted.at(commit)}; that address stays the same model.",
            stacklevel=2,
        )
    target = cache_folder() / "hub" / wanted.user / commit / wanted.name
    if not target.is_dir():
        _refuse_offline(wanted, f"the download; {target} is missing")
        _fetch(Address(wanted.user, wanted.name, commit), target, check)
    return target


def push(preset: Path, address: str, overwrite: bool) -> str:
    """Send a preset folder as one commit; see `sources.push`."""
    wanted = parse(address)
    if _COMMIT.fullmatch(wanted.revision or ""):
        raise InvalidArgumentError(f"{address}: a commit cannot be changed; name a branch or none")
    _refuse_offline(wanted, "sending anything")
    api = _api()

    def send() -> Any:
        api.create_repo(wanted.repository, exist_ok=True)
        if wanted.revision is not None:
            api.create_branch(wanted.repository, branch=wanted.revision, exist_ok=True)
        there = api.model_info(wanted.repository, revision=wanted.revision).siblings or ()
        if any(file.rfilename == "config.json" for file in there) and not overwrite:
            raise OutputError(f"{address} holds a model already; pass --overwrite to replace it")
        return api.upload_folder(
            repo_id=wanted.repository,
            folder_path=preset,
            revision=wanted.revision,
            allow_patterns=list(SENT),
            commit_message="A preset of ganzoo",
        )

    return wanted.at(_asked(wanted, send, OutputError).oid)


def _fetch(wanted: Address, target: Path, check: Callable[[Path], Any]) -> None:
    """Fetch a commit's files beside the target, which appears only whole."""
    names = _files(wanted)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as temporary:
            for name in names:  # config.json first
                path = _asked(wanted, partial(_download, wanted, name, temporary))
                if name == REQUIRED[0]:
                    check(path)
            made = Path(temporary, "made")  # without the notes that huggingface_hub leaves
            made.mkdir()
            for name in names:
                os.replace(Path(temporary, name), made / name)
            os.replace(made, target)
    except OSError as error:
        if isinstance(error, GanzooError):
            raise
        if not target.is_dir():  # else another process was faster
            raise DownloadError(
                f"the cache {target.parent} cannot be written ({error.strerror or error}); set "
                "GANZOO_CACHE to a folder that can"
            ) from error


def _files(wanted: Address) -> list[str]:
    """Return the files of a commit that loading reads, after a look at their stated sizes."""
    sizes = {file.rfilename: file.size or 0 for file in _info(wanted).siblings or ()}
    where = wanted.at(wanted.revision or "")
    for name in REQUIRED:
        if name not in sizes:
            raise PresetError(f"{where} is no preset: it lacks {name}")
    names = [name for name in NEEDED if name in sizes]
    for name in names:
        most = MAX_BYTES.get(name, _MAX_OTHER_BYTES)
        if not 0 < sizes[name] <= most:
            raise PresetError(f"{where}: {name} has {sizes[name]} bytes; 1 to {most} are accepted")
    return names


def _download(wanted: Address, name: str, into: str) -> Path:
    return Path(
        _api().hf_hub_download(wanted.repository, name, revision=wanted.revision, local_dir=into)
    )


def _info(wanted: Address) -> Any:
    api = _api()
    return _asked(
        wanted,
        lambda: api.model_info(wanted.repository, revision=wanted.revision, files_metadata=True),
    )


def _api() -> Any:
    from ganzoo._version import __version__

    # HF_ENDPOINT is read here: the package reads it once, when it is imported.
    return require("huggingface_hub", "an hf:// address").HfApi(
        endpoint=os.environ.get("HF_ENDPOINT") or None,
        library_name="ganzoo",
        library_version=__version__,
    )


def _refuse_offline(wanted: Address, what: str) -> None:
    if offline():
        revision = wanted.revision or "main"
        raise OfflineError(f"{wanted.at(revision)}: GANZOO_OFFLINE forbids {what}")


def _asked(
    wanted: Address, question: Callable[[], Result], kind: type[GanzooError] = DownloadError
) -> Result:
    """Ask the hub; each of its errors becomes one line of ours."""
    faults = require("huggingface_hub.errors", "an hf:// address")
    where = f"hf://{wanted.repository}@{wanted.revision or 'main'}"
    try:
        return question()
    except GanzooError:
        raise
    except faults.GatedRepoError as error:
        raise kind(f"{where}: its owner asks you to accept terms on its page first") from error
    except faults.RepositoryNotFoundError as error:
        raise UnknownModelError(
            f"{where}: no such repository of models, or a private one: then set HF_TOKEN or run "
            "`hf auth login`"
        ) from error
    except faults.RevisionNotFoundError as error:
        raise UnknownModelError(f"{where}: the repository has no such revision") from error
    except Exception as error:  # huggingface_hub lets its HTTP library's own errors through
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status in (401, 403):
            hint = "the hub refuses this account; set HF_TOKEN or run `hf auth login`"
            raise kind(f"{where}: {hint}") from error
        line = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise kind(f"{where}: the hub could not be used: {line[:200]}") from error
