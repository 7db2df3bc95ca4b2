"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Give the file to write: it takes the place of `path` when the block ends well, and is gone otherwise.

    A refusal of the system that names no file, or the one given here, names `path` when it leaves.
    """
    beside = path.with_name(f".{path.stem}.unfinished{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except OSError as problem:
        if problem.filename is None or os.fspath(problem.filename) == str(beside):
            problem.filename = str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)
