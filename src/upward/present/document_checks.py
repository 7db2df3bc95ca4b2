"""What must hold of every document before it is rendered: faults of the program that made it, not of a person's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from upward.present.document import (
    LEVELS,
    LOOKS,
    MARKERS,
    ROLES,
    Block,
    Callout,
    Cover,
    Document,
    Facts,
    Figure,
    Heading,
    KeyNumber,
    Listing,
    Missing,
    Paragraph,
    Quote,
    References,
    Table,
    Text,
    walk,
)


def check_document(document: Document) -> None:
    """Raise ValueError with everything that is wrong with the tree."""
    found = list(problems(document))
    if found:
        raise ValueError("The document is not sound: " + "; ".join(found) + ".")


def problems(document: Document) -> Iterator[str]:
    """Return every fault: skipped levels, ids twice or nowhere, rows of another width, figures without words."""
    blocks = list(walk(document.blocks))
    if not document.title.strip():
        yield "it has no title"
    yield from _levels(blocks)
    ids = Counter(_ids(blocks))
    yield from (f"the id “{name}” stands {count} times" for name, count in ids.items() if count > 1)
    for run in (run for block in blocks for words in texts_of(block) for run in words):
        if run.look not in LOOKS:
            yield f"a run has the look “{run.look}”"
        if run.link.startswith("#") and run.link[1:] not in ids:
            yield f"a link leads to “{run.link}”, which is not there"
    for block in blocks:
        yield from _shape(block, ids)


def _levels(blocks: list[Block]) -> Iterator[str]:
    before = 0
    for block in blocks:
        if isinstance(block, Heading):
            if not 1 <= block.level <= min(before + 1, LEVELS):
                yield f"the heading “{block.text}” has level {block.level} after level {before}"
            before = block.level


def _ids(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading | Table) and block.id:
            yield block.id
        elif isinstance(block, References):
            yield from (entry.id for entry in block.entries)


def _shape(block: Block, ids: Counter[str]) -> Iterator[str]:
    if isinstance(block, Table):
        wide = len(block.columns)
        if any(len(row) != wide for group in block.groups for row in group.rows):
            yield f"the table “{block.caption}” has a row that is not {wide} wide"
    elif isinstance(block, Figure):
        if not block.drawings or not all(drawing.sentence.strip() for drawing in block.drawings):
            yield f"the figure “{block.caption}” has no drawing, or one without words"
        if block.table and block.table not in ids:
            yield f"the figure “{block.caption}” names the table “{block.table}”, which is not there"
    elif isinstance(block, KeyNumber | Cover):
        if block.drawing is not None and not block.drawing.sentence.strip():
            yield "a drawing has no words"
    elif isinstance(block, Callout) and block.marker not in MARKERS:
        yield f"a callout has the marker “{block.marker}”"
    elif isinstance(block, Paragraph) and block.role not in ROLES:
        yield f"a paragraph has the role “{block.role}”"


def texts_of(block: Block) -> Iterator[Text]:
    """Return every text of a block that may hold links and marks."""
    if isinstance(block, Paragraph | KeyNumber):
        yield block.text
    elif isinstance(block, Listing | Callout):
        yield from block.items
    elif isinstance(block, Table):
        yield from (cell for group in block.groups for row in group.rows for cell in row)
    elif isinstance(block, Figure):
        yield block.note
    elif isinstance(block, Quote):
        yield block.source
    elif isinstance(block, Facts):
        yield from (words for _name, words in block.items)
    elif isinstance(block, Missing):
        yield block.advice
    elif isinstance(block, References):
        yield from (entry.text for entry in block.entries)
