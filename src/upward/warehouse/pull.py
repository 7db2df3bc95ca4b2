"""Downloading the published files from their public addresses into the home folder.

Every file is known beforehand by size and SHA-256. A file is fetched into `NAME.part`, continued there after
an interruption, and gets its name only when its checksum agrees: what bears a published name is complete and
unchanged.

What belongs here: fetching. What does not: reading the tables (`sources/`), making a release (`release.py`).
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from upward.base.errors import CatalogError, DataError, UsageError
from upward.catalog.reading import Problems, read_yaml
from upward.warehouse.home import cannot_write
from upward.warehouse.release_files import file_checksum

PULL_BASE_VARIABLE = "UPWARD_PULL_BASE"
PULL_LIST = Path(__file__).parents[1] / "catalog" / "data" / "published" / "pull.yaml"
_BLOCK = 1 << 16
_PARTIAL = ".part"
_RETRIED_STATUSES = (408, 425, 429, 500, 502, 503, 504)
_MOST_NAMED = 10

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file at a fixed commit of a public repository; `size` in bytes."""

    repository: str
    commit: str
    path: str
    sha256: str
    size: int

    @property
    def address(self) -> str:
        """Return the file's part of its address, below the base."""
        return quote(f"{self.repository}/{self.commit}/{self.path}")

    @property
    def local(self) -> PurePosixPath:
        """Return where the file lies below the folder of its list."""
        return PurePosixPath(self.repository, self.commit[:12], self.path)


@dataclass(frozen=True, slots=True)
class PullList:
    """The files to fetch and the address below which they lie."""

    address: str
    files: tuple[PublishedFile, ...]

    @property
    def id(self) -> str:
        """Return a short name that changes with the files of the list, whatever their address."""
        return hashlib.sha256("\n".join(sorted(file.sha256 for file in self.files)).encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download waits and how often it tries: seconds, and numbers of tries per file."""

    connect: float = 10.0
    read: float = 30.0
    tries: int = 4
    pause: float = 1.0
    together: int = 4


@lru_cache(maxsize=1)
def load_pull_list() -> PullList:
    """Return the list of published files; raise CatalogError if it is damaged."""
    problems = Problems()
    fields = read_yaml(PULL_LIST, "published/pull.yaml", problems)
    address = fields.text("address")
    files = []
    for group in fields.entries("sets", "commit"):
        repository, commit = group.text("repository"), group.text("commit")
        for entry in group.entries("files", "path"):
            files.append(
                PublishedFile(
                    repository, commit, entry.text("path"), entry.text("sha256"), entry.whole("size")
                )
            )
            entry.done()
        group.done()
    fields.done()
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return PullList(address, tuple(files))


def pull_files(
    folder: Path,
    *,
    listed: PullList | None = None,
    base: str | None = None,
    progress: Progress = lambda _line: None,
    patience: Patience | None = None,
) -> tuple[Path, ...]:
    """Fetch every listed file that the folder does not hold yet; return where all of them lie.

    The address is `base`, else `$UPWARD_PULL_BASE`, else the one of the list. A complete file is never
    fetched again, a partial one is continued. Raises DataError where the network, the server or the disk
    refuses, naming the files whose content is not the published one; what was fetched until then is kept for
    the next try.
    """
    listed = listed or load_pull_list()
    base = (base or os.environ.get(PULL_BASE_VARIABLE) or listed.address).rstrip("/")
    _Download(folder, base, listed.files, progress, patience or Patience()).run()
    return tuple(folder / file.local for file in listed.files)


class _Unreachable(Exception):
    """The server does not answer, or not usefully; the text says how."""


class _Refused(Exception):
    """One file cannot be had; the text says which and why."""


class _Stopped(Exception):
    """Another file's failure has ended the run."""


class _Download:
    """One run over a list of files, several at a time."""

    def __init__(
        self, folder: Path, base: str, files: Sequence[PublishedFile], progress: Progress, patience: Patience
    ) -> None:
        self._folder = folder
        self._base = base
        self._files = files
        self._progress = progress
        self._patience = patience
        self._connections = _connections(base, patience)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._files_done = 0
        self._bytes_done = 0

    def run(self) -> None:
        """Fetch all files; raise DataError with everything that failed."""
        try:
            refused = self._fetch_all()
        except _Unreachable as problem:
            raise DataError(
                f"The published files cannot be had from {self._base}: {problem}.",
                advice="Is there a network? Try again later: what has arrived is kept. From files that you have: "
                "upward data build --from DIR. The current release has not changed.",
            ) from problem
        except OSError as problem:
            raise cannot_write(self._folder, problem) from problem
        finally:
            self._connections.clear()
        if refused:
            shown = "\n".join(f"- {line}" for line in refused[:_MOST_NAMED])
            more = f"\n- and {len(refused) - _MOST_NAMED} more" if len(refused) > _MOST_NAMED else ""
            raise DataError(
                f"{len(refused)} of {len(self._files)} published files did not come:\n{shown}{more}\n",
                advice="Try again later. The current release has not changed.",
            )

    def _fetch_all(self) -> list[str]:
        """Return why files were refused; raise the first error that ends the run."""
        with ThreadPoolExecutor(max_workers=self._patience.together) as workers:
            futures = [workers.submit(self._fetch_if_absent, file) for file in self._files]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                if not all(future.done() for future in futures):
                    self._stop.set()
                    workers.shutdown(cancel_futures=True)
        ended = [future for future in futures if not future.cancelled()]
        for problem in (future.exception() for future in ended):
            if problem is not None and not isinstance(problem, _Refused | _Stopped):
                raise problem
        return [str(problem) for future in ended if (problem := future.exception()) is not None]

    def _fetch_if_absent(self, file: PublishedFile) -> None:
        target = self._folder / file.local
        if not _is_complete(target, file):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(file, target)
        with self._lock:
            self._files_done += 1
            self._bytes_done += file.size
            done, total = self._bytes_done / 1e6, sum(each.size for each in self._files) / 1e6
            self._progress(
                f"Downloading: {self._files_done} of {len(self._files)} files, {done:.0f} of {total:.0f} MB"
            )

    def _fetch(self, file: PublishedFile, target: Path) -> None:
        """Fetch a file, continuing after interruptions, and give it its name when its checksum agrees."""
        partial = target.with_name(target.name + _PARTIAL)
        reason = ""
        for attempt in range(self._patience.tries):
            if self._stop.wait(self._patience.pause * attempt):
                raise _Stopped
            try:
                reason = self._receive(file, partial)
            except MaxRetryError as problem:
                raise _Unreachable(_words(problem.reason or problem)) from problem
            except HTTPError as problem:
                reason = _words(problem)
                continue
            if _is_complete(partial, file):
                partial.replace(target)
                return
            if partial.stat().st_size >= file.size:
                partial.unlink()  # whole, but not what was published: begin again
        if partial.is_file():
            raise _Unreachable(reason)
        raise _Refused(f"{file.repository}/{file.path}: its content is not the published one")

    def _receive(self, file: PublishedFile, partial: Path) -> str:
        """Write what the server sends behind what an earlier try left; return words for an early end."""
        have = partial.stat().st_size if partial.is_file() else 0
        headers = {"Accept-Encoding": "identity", "User-Agent": "upward"}
        if have:
            headers["Range"] = f"bytes={have}-"
        address = f"{self._base}/{file.address}"
        with closing(
            self._connections.request("GET", address, headers=headers, preload_content=False)
        ) as response:
            if response.status not in (200, 206, 416):
                raise _Refused(f"{file.repository}/{file.path}: the server answers {response.status}")
            continues = have > 0 and response.status == 206
            with partial.open("ab" if continues else "wb") as handle:
                for block in response.stream(_BLOCK) if response.status != 416 else ():
                    handle.write(block)
                    if self._stop.is_set():
                        raise _Stopped
                    if handle.tell() > file.size:
                        break  # more than was published
        return "a file arrived incomplete"


def _connections(base: str, patience: Patience) -> urllib3.PoolManager:
    """Return connections that retry what may pass, through the proxy that the system names."""
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"“{base}” is not a web address.", advice=f"Set {PULL_BASE_VARIABLE} to https://….")
    settings: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=patience.connect, read=patience.read),
        "maxsize": patience.together,
        "retries": urllib3.Retry(
            total=patience.tries - 1,
            backoff_factor=patience.pause,
            status_forcelist=_RETRIED_STATUSES,
            respect_retry_after_header=False,  # a server may name an hour
        ),
    }
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname):
        return urllib3.ProxyManager(proxy, **settings)
    return urllib3.PoolManager(**settings)


def _is_complete(path: Path, file: PublishedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and file_checksum(path) == file.sha256


def _words(problem: BaseException) -> str:
    """Return the innermost reason of a network error without addresses of objects."""
    text = str(problem.args[-1] if problem.args else problem)
    return re.sub(r"<[^>]*>(, |: )?", "", text).strip().rstrip(".") or type(problem).__name__
