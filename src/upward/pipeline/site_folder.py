"""The folder of a site: written beside, resumed, put in place in one step, never over foreign files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upward.base.errors import RefusedError

SCHEMA = "upward/site/1"
MARKER = "site.json"
DONE = "done.txt"


class SiteFolder:
    """A site in the making for `folder`; `key` says everything that its files depend on."""

    def __init__(self, folder: Path, key: Mapping[str, Any]) -> None:
        """Take the folder beside, with what an earlier run of the same key has finished there.

        Raises RefusedError where the folder, or the one beside, holds something that is not a site.
        """
        self.folder = folder.absolute()
        self.beside = self.folder.with_name(f"{self.folder.name}.unfinished")
        self._key = {"schema": SCHEMA, **key}
        self._earlier = self.folder.with_name(f"{self.folder.name}.earlier")
        for needed in (self.folder, self.beside, self._earlier):
            refuse_foreign(needed)
        if _marker(self.beside) != self._key:
            shutil.rmtree(self.beside, ignore_errors=True)
            self.beside.mkdir(parents=True)
            (self.beside / MARKER).write_text(self._text(), encoding="utf-8")
        done = self.beside / DONE
        self.done = frozenset(done.read_text(encoding="utf-8").split()) if done.is_file() else frozenset()

    def _text(self) -> str:
        return json.dumps(self._key, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def note(self, task: str) -> None:
        """Remember that a task's files are written."""
        with (self.beside / DONE).open("a", encoding="utf-8") as handle:
            handle.write(f"{task}\n")

    def publish(self) -> None:
        """Put the finished site in place; an earlier site there is removed only when the new one stands."""
        (self.beside / DONE).unlink(missing_ok=True)
        shutil.rmtree(self._earlier, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(self._earlier)
        self.beside.rename(self.folder)
        shutil.rmtree(self._earlier, ignore_errors=True)


def refuse_foreign(folder: Path) -> None:
    """Raise RefusedError unless the folder is absent, empty, or a site that this program wrote."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RefusedError(f"{folder} is a file.", advice="Name a folder for the site.")
    if any(folder.iterdir()) and _marker(folder).get("schema") != SCHEMA:
        raise RefusedError(
            f"{folder} holds files that are not a site of this program; nothing was changed.",
            advice="Name another folder, or an empty one.",
        )


def _marker(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_text(folder: Path, path: str, text: str) -> int:
    """Write one file below the folder and return its size in bytes."""
    data = text.encode("utf-8")
    target = folder / path
    try:
        target.write_bytes(data)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return len(data)


def tree_size(folder: Path) -> tuple[int, int]:
    """Return how many files lie below a folder, and their bytes."""
    files = bytes_ = 0
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    files, bytes_ = files + 1, bytes_ + entry.stat().st_size
    return files, bytes_
