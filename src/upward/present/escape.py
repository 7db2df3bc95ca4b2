"""Escaping text for HTML, remembered: a page repeats the same years, words and numbers thousands of times."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import escape


@lru_cache(maxsize=65_536)
def escaped(text: str) -> str:
    """Return the text safe for HTML content and quoted attributes."""
    return str(escape(text))
