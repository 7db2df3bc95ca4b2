"""Garbage collection around work that makes much and keeps little."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Make a batch without looking for garbage in the middle of it: what is not in a cycle is freed all the same.

    Looking goes through everything that a process has loaded, a tenth of the time that pages take. Keep a batch
    small: its cycles stay in memory until it ends.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
