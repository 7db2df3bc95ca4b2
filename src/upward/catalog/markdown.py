"""Small pieces of Markdown that the generated reference pages are made of."""

from __future__ import annotations

from collections.abc import Iterable

MADE = "<!-- Made by docs/generate.py (make docs): change the code or the catalogue, not this page. -->\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table; line breaks and bars in cells do no harm."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Return the text on one line, with bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return the text as code."""
    return f"`{text}`"
