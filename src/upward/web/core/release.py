"""The current release, opened once per process and release."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from upward.warehouse.read import Release, open_release
from upward.warehouse.release import current_release_id


def current_release() -> Release | None:
    """Return the release that `current` points to, or None where nothing has been built yet."""
    current = current_release_id(settings.OPTIONS.home)
    return None if current is None else _opened(settings.OPTIONS.home, current)


@lru_cache(maxsize=2)
def _opened(home: Path, _release: str) -> Release:
    return open_release(home)
