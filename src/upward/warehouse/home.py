"""The home folder: where releases, downloads and the lock of a running build lie.

What belongs here: finding the folder, and letting one build at a time work in it. What does not: what a
release holds (`release.py`) or how it is read (`read.py`).
"""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import platformdirs

from upward.base.errors import DataError, RefusedError

RELEASES = "releases"
DOWNLOADS = "downloads"
LOCK_FILE = "build.lock"
_held: ContextVar[frozenset[Path]] = ContextVar("upward_held_homes", default=frozenset())


def home_folder(home: Path | str | None = None) -> Path:
    """Return the folder given, else `$UPWARD_HOME`, else one of the account; it may not exist yet."""
    given = home or os.environ.get("UPWARD_HOME") or platformdirs.user_data_path("upward", appauthor=False)
    return Path(given).expanduser().absolute()


def releases_folder(home: Path | str | None = None) -> Path:
    """Return the folder that holds the releases; it may not exist yet."""
    return home_folder(home) / RELEASES


def downloads_folder(home: Path | str | None = None) -> Path:
    """Return the folder that holds downloaded published files; it may not exist yet."""
    return home_folder(home) / DOWNLOADS


@contextmanager
def build_lock(home: Path | str | None = None) -> Iterator[None]:
    """Hold the home folder for one build.

    Raises RefusedError, naming the other process, where a build is already running, and DataError where the
    folder cannot be written. The lock ends with the process that holds it, however that ends.
    """
    import fcntl  # POSIX only: releases are built on Linux and macOS, and can be read anywhere

    folder = home_folder(home)
    if folder in _held.get():
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK_FILE).open("a+", encoding="utf-8")
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise RefusedError(
                f"Another build is at work in {folder}: {holder}.",
                advice="Wait until it has ended, then try again.",
            ) from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()} of {_account()} on {platform.node()}\n")
        handle.flush()
        token = _held.set(_held.get() | {folder})
        try:
            yield
        finally:
            _held.reset(token)


def cannot_write(folder: Path, problem: OSError) -> DataError:
    """Return the error to raise where a folder of ours cannot be written."""
    return DataError(
        f"{folder} cannot be written: {problem.strerror or problem}.",
        advice="Free some space or check its permissions, or name another folder with --home. "
        "Nothing has changed.",
    )


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"account {os.getuid()}"
