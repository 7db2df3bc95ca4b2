"""The memory of one process: values are kept as they are, so that reading one costs nothing.

Django's own keeps a copy of each value as bytes and makes it anew for every reader, which takes longer than the rest of
a page where a value tells of a thousand records. Only values that nobody changes belong here.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class PlainMemoryCache(LocMemCache):
    """Django's memory without copies: `get`, `set` and `add` hand on the value itself; counters are not kept here."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value that was set, the very same; or the default."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(name):
                self._delete(name)
                return default
            self._cache.move_to_end(name, last=False)
            return self._cache[name]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(name, value, timeout)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where none is; tell whether it was kept."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._has_expired(name):
                return False
            self._set(name, value, timeout)
            return True
