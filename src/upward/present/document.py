"""A document as a tree of a few kinds of blocks: what a plan or a place page says, before it is HTML, PDF or DOCX.

Every block is frozen and holds words and finished drawings, no markup of any format. `document_json.py` writes the
tree as JSON with a schema name and reads it back; there is one visitor for each output (`document_html.py`,
`document_pdf.py`, `document_docx.py`), and all of them show the headings that `outline` returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SCHEMA = "upward.document/1"
#: How a run may look: strong, emphasis, quiet (for what stands beside the point), or a mark that leads to a reference.
LOOKS = ("", "strong", "emphasis", "quiet", "reference")
#: Roles of a paragraph: body text, the opening of a section, a statement set large, small print.
ROLES = ("body", "lead", "result", "meta")
#: Markers of the guide that a callout may carry.
MARKERS = ("caution", "people", "key")
LEVELS = 4
#: How a link may begin; any other is shown as words only, so that no address can act.
SAFE_LINKS = ("https://", "http://", "mailto:", "#")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look; `link` is `#id` of a block, or a web address."""

    text: str
    look: str = ""
    link: str = ""


Text = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished drawing: an SVG file that needs nothing else, what it says in words, and its size in px."""

    svg: str
    sentence: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: the place, what the document is, its title in lines, a drawing, two notes at the foot."""

    place: str
    what: str
    title: tuple[str, ...]
    drawing: Drawing | None = None
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; a small line may stand above it, with the mark of a pillar (1 to 5)."""

    level: int
    text: str
    id: str = ""
    above: str = ""
    pillar: int = 0
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings down to a level, with links, and pages where the format has them."""

    title: str
    depth: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Listing:
    """Points, numbered or not."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a table's column; numbers are right-aligned; `share` is its part of the width."""

    head: str
    number: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table under one head; the first cell of each is the row's head."""

    rows: tuple[tuple[Text, ...], ...]
    head: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; every row has as many cells as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Rows, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Drawings under a claim and a line of what they show; `table` is the id of the table with the same numbers."""

    caption: str
    note: Text
    drawings: tuple[Drawing, ...]
    table: str = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """A note with one of the guide's three markers."""

    marker: str
    title: str
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, and who may be told of it."""

    text: str
    source: Text = ()
    above: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what belongs to them."""

    items: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there yet, and what can be done about it."""

    text: str
    advice: Text = ()


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One number set large, the sentence it belongs to, how sure it is, and its drawing."""

    value: str
    unit: str
    text: Text
    shape: str = ""
    strength: str = ""
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of several stretches that stand side by side where there is room, else one below the other."""

    blocks: tuple[Block, ...]
    share: int = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """Stretches side by side; read one after the other."""

    sides: tuple[Side, ...]
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the references: its id, its mark in the text, and where it comes from."""

    id: str
    mark: str
    text: Text


@dataclass(frozen=True, slots=True)
class References:
    """What marks in the text lead to."""

    entries: tuple[Reference, ...]


Block = (
    Cover | Contents | Heading | Paragraph | Listing | Table | Figure | Callout | Quote | Facts | Missing | KeyNumber
    | Columns | References
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `date` (ISO) is the document's own, never the time of writing; `foot` runs on every page."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    date: str = ""
    author: str = ""
    subject: str = ""
    foot: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One heading of a document."""

    level: int
    text: str


def text(*parts: str | Run) -> Text:
    """Return a text from plain words and runs, without empty ones."""
    runs = (Run(part) if isinstance(part, str) else part for part in parts)
    return tuple(run for run in runs if run.text)


def strong(words: str) -> Run:
    """Return words that stand out."""
    return Run(words, "strong")


def quiet(words: str) -> Run:
    """Return words that stand back."""
    return Run(words, "quiet")


def plain(words: Text) -> str:
    """Return a text without its looks."""
    return "".join(run.text for run in words)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return every block in reading order, those inside columns too."""
    for block in blocks:
        yield block
        if isinstance(block, Columns):
            for side in block.sides:
                yield from walk(side.blocks)


def outline(document: Document) -> list[OutlineEntry]:
    """Return the headings in order, as every format must show them."""
    return [
        OutlineEntry(block.level, heading_words(block.text))
        for block in walk(document.blocks)
        if isinstance(block, Heading)
    ]


#: Control characters, lone surrogates and non-characters: no format can hold them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: Signs that turn the direction of the text after them, with which a text could pose as another.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def writable(words: str) -> str:
    """Return the words as all formats can hold them: what cannot be written becomes the sign for that, `\ufffd`."""
    return _TURNING.sub("", _UNWRITABLE.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n")))


def heading_words(words: str) -> str:
    """Return the words of a heading on one line, as outlines show them; an empty heading is a dash."""
    return " ".join(writable(words).split()) or "–"
