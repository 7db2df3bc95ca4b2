"""Escaping text for HTML, remembered: a page repeats the same years, words and numbers thousands of times."""

from __future__ import annotations

from typing import Final

from markupsafe import escape

#: Texts remembered at once; then all are forgotten, which costs less than keeping an order.
_MOST: Final = 65_536
_escaped: Final[dict[str, str]] = {}


def escaped(text: str) -> str:
    """Return the text safe for HTML content and quoted attributes."""
    known = _escaped.get(text)
    if known is None:
        if len(_escaped) >= _MOST:
            _escaped.clear()
        known = _escaped[text] = escaped_once(text)
    return known


def escaped_once(text: str) -> str:
    """Return the same for a text that does not come again, such as a sentence, which is not worth remembering."""
    if "&" in text or "<" in text or ">" in text or "'" in text or '"' in text:
        return str(escape(text))
    return text  # as most are; making a marked text costs more than looking
