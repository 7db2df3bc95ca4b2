"""Addresses of static files that carry a hash of their content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStorage(StaticFilesStorage):
    """Static files of the package, served where they lie: no step of collecting before the first start."""

    def url(self, name: str | None) -> str:
        """Return the address with the content's hash."""
        return f"{super().url(name)}?v={_version(name or '')}"


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    found = finders.find(name)
    if found is None:
        raise ValueError(f"no static file {name}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
