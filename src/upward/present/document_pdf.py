"""A document as a tagged PDF (PDF/UA-1), set by Typst; and drawings as PNG pictures for formats that need them.

Typst is given the document as JSON data, never as source, so no word of a person is read as markup. It refuses to
write the file where a picture has no alternative text: that is our own gate. Only the fonts that travel with the
program and those inside Typst are used, so the same document gives the same bytes on every machine. Only where a
letter is in none of them the machine's own fonts help; a letter that these lack too is written as its code point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from upward.base.messages import use_language
from upward.engine.extras import require
from upward.present.document import SAFE_LINKS, SCHEMA, Document, Drawing, heading_words, writable
from upward.present.document_checks import check_document
from upward.present.document_json import to_data
from upward.present.document_words import marker_icons, shared_words

ASSETS = Path(__file__).parent / "assets"
#: PNG pictures have two dots for each px of a drawing.
PNG_PPI = 144.0
#: Last letter that our fonts surely have.
LATIN_END = 0x17F
MOST_ATTEMPTS = 100
SOFT_HYPHEN = "\xad"
_PROBE_SOURCE = b"""
#set document(title: "letters")
#set text(font: ("Source Serif 4", "Libertinus Serif"))
#for it in json(bytes(sys.inputs.letters)) { par(it) }
"""
_PNG_SOURCE = """
#let drawings = json(bytes(sys.inputs.drawings))
#for it in drawings {
  page(width: it.width * 1pt, height: it.height * 1pt, margin: 0pt, image(bytes(it.svg), format: "svg", width: 100%))
}
"""


def render_pdf(document: Document) -> bytes:
    """Return the document as a PDF file; raises UsageError where Typst is not installed."""
    check_document(document)
    for system in (False, True):
        try:
            return _pdf(document, frozenset(), system)
        except _NoLetterError:
            continue
    lacking = _undrawable(document)
    for _attempt in range(MOST_ATTEMPTS):
        try:
            return _pdf(document, lacking, True)
        except _NoLetterError as found:
            lacking |= frozenset(found.letters)
    raise AssertionError("letters without a drawing do not end")


class _NoLetterError(Exception):
    """No font has some letters; they are held in `letters`."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


def _pdf(document: Document, lacking: frozenset[str], system: bool) -> bytes:
    made = _compile(
        ASSETS / "document.typ",
        system=system,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=_timestamp(document),
        sys_inputs=_inputs(document, lacking),
    )
    return made if isinstance(made, bytes) else made[0]


def _undrawable(document: Document) -> frozenset[str]:
    """Return the letters of a document that no font can draw: a small page with each of them is tried until it works."""
    seen: set[str] = set()

    def collect(words: str) -> str:
        seen.update(writable(words))
        return words

    to_data(document, collect)
    rare = sorted(letter for letter in seen if ord(letter) > LATIN_END)
    lacking: set[str] = set()
    while True:
        left = [letter for letter in rare if letter not in lacking]
        try:
            _compile(
                _PROBE_SOURCE,
                system=True,
                format="pdf",
                pdf_standards=["ua-1"],
                sys_inputs={"letters": json.dumps(left)},
            )
            return frozenset(lacking)
        except _NoLetterError as found:
            lacking.update(found.letters)


def _inputs(document: Document, lacking: frozenset[str]) -> dict[str, str]:
    with use_language(document.language):
        words = shared_words()
    named = str.maketrans({letter: f"[U+{ord(letter):04X}]" for letter in lacking})
    data = {"schema": SCHEMA, **to_data(document, lambda text: writable(text).translate(named))}
    _settle(data)
    return {
        "document": json.dumps(data, ensure_ascii=False),
        "icons": json.dumps(marker_icons()),
        "words": json.dumps(words, ensure_ascii=False),
    }


def _settle(data: object) -> None:
    """Give headings their words on one line; leave out addresses that could act, or of words that nobody sees, and
    soft hyphens in the words of links: for what is not drawn of a link, Typst finds no place in the tags.
    """
    if isinstance(data, list):
        for item in data:
            _settle(item)
    elif isinstance(data, dict):
        if data.get("kind") == "heading":
            data["text"] = heading_words(data["text"])
        if data.get("link"):
            data["text"] = data["text"].replace(SOFT_HYPHEN, "")
            if not (data["link"].startswith(SAFE_LINKS) and _has_letters(data["text"])):
                data["link"] = ""
        for item in data.values():
            _settle(item)


def _has_letters(words: str) -> bool:
    return any(letter.isprintable() and not letter.isspace() for letter in words)


def render_pngs(drawings: Sequence[Drawing]) -> list[bytes]:
    """Return each drawing as a PNG picture of twice its size, in one run of Typst."""
    if not drawings:
        return []
    data = [{"svg": item.svg, "width": item.width, "height": item.height} for item in drawings]
    made = _compile(
        _PNG_SOURCE.encode(), format="png", ppi=PNG_PPI, sys_inputs={"drawings": json.dumps(data)}
    )
    return [made] if isinstance(made, bytes) else list(made)


def _compile(source: Path | bytes, *, system: bool = False, **options: object) -> bytes | list[bytes]:
    """Run Typst; raises _NoLetterError where no font has a letter."""
    typst = require("typst")
    try:
        made: bytes | list[bytes] = typst.compile(source, font_paths=_fonts(system), **options)
    except typst.TypstError as problem:
        found = re.search(r'the text `"(.*?)"` could not be displayed', str(problem), re.DOTALL)
        if not found:
            raise
        raise _NoLetterError(re.sub(r"\\u\{([0-9a-f]+)\}", _letter, found[1])) from problem
    return made


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


@lru_cache(maxsize=2)
def _fonts(system: bool) -> object:
    return require("typst").Fonts(include_system_fonts=system, font_paths=[str(ASSETS / "fonts")])


def _timestamp(document: Document) -> int:
    return int(datetime.fromisoformat(document.date).replace(tzinfo=UTC).timestamp()) if document.date else 0
