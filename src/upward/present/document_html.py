"""A document as one HTML file: no script, nothing loaded from elsewhere, readable with styles off.

The title is the page's first heading; a heading of level n is an `h(n+1)`. Our own drawings stand in the page with
title and description; any other is a picture inside the file, so that nothing in it can act, with its sentence.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from upward.base.messages import _, use_language
from upward.present.document import (
    SAFE_LINKS,
    Block,
    Callout,
    Columns,
    Contents,
    Cover,
    Document,
    Drawing,
    Facts,
    Figure,
    Heading,
    KeyNumber,
    Listing,
    Missing,
    Paragraph,
    Quote,
    References,
    Run,
    Table,
    Text,
    heading_words,
    walk,
    writable,
)
from upward.present.document_checks import check_document
from upward.present.document_drawings import shown_drawing
from upward.present.document_words import ICONS, shared_words
from upward.present.escape import escaped

STYLE = Path(__file__).parent / "assets" / "document.css"
#: Wider drawings (in px) do not fit a phone.
WIDE = 600
_LOOKS = {"": "{}", "strong": "<b>{}</b>", "emphasis": "<em>{}</em>", "quiet": '<span class="quiet">{}</span>', "reference": '<sup class="ref">{}</sup>'}  # fmt: skip


def render_html(document: Document) -> str:
    """Return the document as the text of one HTML file; the same document gives the same text."""
    check_document(document)
    with use_language(document.language):
        return _Page(document).written()


@lru_cache(maxsize=1)
def document_style() -> str:
    """Return the style sheet of documents."""
    return STYLE.read_text(encoding="utf-8")


class _Page:
    """Writes one document; holds its words and the ids of its headings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = shared_words()
        self.ids: dict[int, str] = {}
        headings = [block for block in walk(document.blocks) if isinstance(block, Heading)]
        for number, heading in enumerate(headings, 1):
            self.ids[id(heading)] = heading.id or f"h{number}"
        self.headings = headings
        self.drawn = 0

    def written(self) -> str:
        document = self.document
        foot = " · ".join(escaped(writable(part)) for part in document.foot if part)
        about = (
            f'<meta name="description" content="{escaped(writable(document.subject))}">'
            if document.subject
            else ""
        )
        author = (
            f'<meta name="author" content="{escaped(writable(document.author))}">' if document.author else ""
        )
        return (
            f'<!doctype html>\n<html lang="{escaped(document.language)}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escaped(heading_words(document.title))}</title>\n{about}{author}\n<style>{document_style()}</style>\n"
            f'</head>\n<body class="document">\n<a class="skip" href="#main">{escaped(_("Skip to content"))}</a>\n'
            f'<main id="main">{self.body()}</main>\n<footer class="foot">{foot}</footer>\n</body>\n</html>\n'
        )

    def body(self) -> str:
        title = "" if any(isinstance(block, Cover) for block in self.document.blocks) else (
            f'<h1 class="title">{escaped(heading_words(self.document.title))}</h1>\n'
        )  # fmt: skip
        return title + self.blocks(self.document.blocks)

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "\n".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        name = type(block).__name__.lower()
        made: str = getattr(self, f"_{name}")(block)
        return made

    def runs(self, words: Text) -> str:
        return "".join(self.run(run) for run in words)

    def run(self, run: Run) -> str:
        body = _lines(run.text)
        if run.link.startswith(SAFE_LINKS):
            body = f'<a href="{escaped(run.link)}">{body}</a>'
        return _LOOKS[run.look].format(body)

    def picture(self, drawing: Drawing) -> str:
        self.drawn += 1
        return shown_drawing(drawing, f"drawing-{self.drawn}")

    def figure_drawing(self, drawing: Drawing) -> str:
        """A drawing that is wide can be scrolled where there is no room, so that its letters stay large enough."""
        made = self.picture(drawing)
        if drawing.width <= WIDE:
            return made
        label = escaped(writable(drawing.sentence))
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{made}</div>'

    def _cover(self, block: Cover) -> str:
        lines = "".join(f"<span>{_lines(line)} </span>" for line in block.title)
        draw = f'<div class="draw">{self.picture(block.drawing)}</div>' if block.drawing else ""
        sides = "".join(
            f"<div>{''.join(f'<p>{_lines(line)}</p>' for line in lines_)}</div>"
            for lines_ in (block.left, block.right)
        )
        marks = "".join(f'<i class="p{number}"></i>' for number in range(1, 6))
        return (
            f'<header class="cover"><div class="marks" aria-hidden="true">{marks}</div><p class="place"><b>{_lines(block.place)}</b>'
            f'<span>{_lines(block.what)}</span></p><h1>{lines}</h1>{draw}<div class="ends">{sides}</div></header>'
        )

    def _contents(self, block: Contents) -> str:
        items = "".join(
            f'<li class="l{heading.level}"><a href="#{escaped(self.ids[id(heading)])}">{escaped(heading_words(heading.text))}</a></li>'
            for heading in self.headings
            if heading.level <= block.depth
        )
        title = escaped(writable(block.title))
        return f'<nav class="contents" aria-label="{title}"><p class="nav-title">{title}</p><ul>{items}</ul></nav>'

    def _heading(self, block: Heading) -> str:
        mark = f'<i class="mark p{block.pillar}" aria-hidden="true"></i>' if block.pillar else ""
        above = f'<p class="above">{mark}{_lines(block.above)}</p>' if block.above or mark else ""
        level = block.level + 1
        first = ' class="first"' if block.new_page and not above else ""
        opening = above.replace('class="above"', 'class="above first"', 1) if block.new_page else above
        return f'{opening}<h{level} id="{escaped(self.ids[id(block)])}"{first}>{escaped(heading_words(block.text))}</h{level}>'

    def _paragraph(self, block: Paragraph) -> str:
        return f'<p dir="auto" class="{block.role}">{self.runs(block.text)}</p>'

    def _listing(self, block: Listing) -> str:
        tag = "ol" if block.numbered else "ul"
        items = "".join(f'<li dir="auto">{self.runs(item)}</li>' for item in block.items)
        return f"<{tag}>{items}</{tag}>" if items else ""

    def _table(self, block: Table) -> str:
        caption = f"<caption>{_lines(block.caption)}</caption>" if block.caption else ""
        number = [' class="n"' if column.number else "" for column in block.columns]
        total = sum(column.share for column in block.columns)
        widths = "".join(f'<col style="width:{100 * column.share / total:.4g}%">' for column in block.columns)
        heads = "".join(
            f'<th scope="col"{look}>{_lines(column.head)}</th>'
            for column, look in zip(block.columns, number, strict=True)
        )
        bodies = []
        for group in block.groups:
            head = (
                f'<tr><th scope="rowgroup" colspan="{len(block.columns)}">{_lines(group.head)}</th></tr>'
                if group.head
                else ""
            )
            rows = "".join(
                f'<tr><th scope="row">{self.runs(row[0])}</th>'
                + "".join(
                    f"<td{look}>{self.runs(cell)}</td>"
                    for cell, look in zip(row[1:], number[1:], strict=True)
                )
                + "</tr>"
                for row in group.rows
            )
            bodies.append(f"<tbody>{head}{rows}</tbody>")
        anchor = f' id="{escaped(block.id)}"' if block.id else ""
        label = escaped(writable(block.caption or block.columns[0].head))
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"{anchor}><table>{caption}<colgroup>{widths}</colgroup>'
            f"<thead><tr>{heads}</tr></thead>{''.join(bodies)}</table></div>"
        )

    def _figure(self, block: Figure) -> str:
        head = f"<b>{_lines(block.caption)}</b>" if block.caption else ""
        note = f"{'<br>' if head else ''}{self.runs(block.note)}" if block.note else ""
        table = (
            f' <a href="#{escaped(block.table)}">{escaped(self.words["table"])}</a>' if block.table else ""
        )
        drawn = "".join(self.figure_drawing(drawing) for drawing in block.drawings)
        caption = f"<figcaption>{head}{note}{table}</figcaption>" if head or note or table else ""
        return f"<figure>{caption}{drawn}</figure>"

    def _callout(self, block: Callout) -> str:
        items = "".join(f'<li dir="auto">{self.runs(item)}</li>' for item in block.items)
        body = (
            f"<p>{self.runs(block.items[0])}</p>"
            if len(block.items) == 1
            else f"<ul>{items}</ul>"
            if items
            else ""
        )
        return (
            f'<aside class="callout {block.marker}"><p class="say">{icon(block.marker)}<b>{escaped(self.words[block.marker])}</b> '
            f"{_lines(block.title)}</p>{body}</aside>"
        )

    def _quote(self, block: Quote) -> str:
        above = f'<p class="who">{icon("people")}<b>{_lines(block.above)}</b></p>' if block.above else ""
        source = f"<figcaption>{self.runs(block.source)}</figcaption>" if block.source else ""
        look = "quote pull" if block.above else "quote"
        return f'<figure class="{look}">{above}<blockquote dir="auto">{_lines(block.text)}</blockquote>{source}</figure>'

    def _facts(self, block: Facts) -> str:
        items = "".join(
            f"<div><dt>{_lines(name)}</dt><dd>{self.runs(words)}</dd></div>" for name, words in block.items
        )
        return f'<dl class="facts">{items}</dl>' if items else ""

    def _missing(self, block: Missing) -> str:
        return f'<p class="missing">{_lines(block.text)} {self.runs(block.advice)}</p>'

    def _keynumber(self, block: KeyNumber) -> str:
        unit = f"<span>{_lines(block.unit)}</span>" if block.unit else ""
        sure = (
            f'<p class="sure"><span aria-hidden="true">{escaped(block.shape)}</span> {_lines(block.strength)}</p>'
            if block.strength
            else ""
        )
        drawn = f"<div>{self.picture(block.drawing)}</div>" if block.drawing else ""
        return (
            f'<div class="key-number"><p class="big"><b>{_lines(block.value)}</b> {unit}</p><div><p>{self.runs(block.text)}</p>{sure}'
            f"</div>{drawn}</div>"
        )

    def _columns(self, block: Columns) -> str:
        shares = " ".join(f"minmax(0,{side.share}fr)" for side in block.sides)
        sides = "".join(f"<div>{self.blocks(side.blocks)}</div>" for side in block.sides)
        return f'<div class="columns{" ruled" if block.ruled else ""}" style="--sides:{shares}">{sides}</div>'

    def _references(self, block: References) -> str:
        items = "".join(
            f'<li id="{escaped(entry.id)}" dir="auto"><b>{_lines(entry.mark)}</b> {self.runs(entry.text)}</li>'
            for entry in block.entries
        )
        return f'<ul class="references">{items}</ul>' if items else ""


def icon(marker: str) -> str:
    """Return the sign of a marker as an element of a page."""
    return f'<svg class="i" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="{ICONS[marker]}"/></svg>'


def _lines(words: str) -> str:
    return escaped(writable(words)).replace("\n", "<br>")
