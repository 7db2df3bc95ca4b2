"""A document as a Word file with real styles: Word's own heading styles, tables with repeated head rows, pictures with
alternative texts (SVG, with a PNG for programs that cannot draw it), bookmarks and links. No text boxes.

The file format is ECMA-376, part 1; the parts that are the same in every document stand in `docx_parts.py`. Stretches
side by side follow each other here, so that the reading order is the only order there is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO

from upward.base.messages import use_language
from upward.present import docx_parts as parts
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
    quiet,
    strong,
    text,
    walk,
    writable,
)
from upward.present.document_checks import check_document
from upward.present.document_pdf import render_pngs
from upward.present.document_words import COLORS, shared_words
from upward.present.escape import escaped

#: Every file of the archive carries the oldest date that the form knows.
DATE = (1980, 1, 1, 0, 0, 0)
EMU = 9525  # English metric units in a px
#: Width of the text in px (6.5 inches) and in twentieths of a point.
TEXT_PX, TEXT_TWIPS = 624, 9360
_LINK = '<w:rStyle w:val="Hyperlink"/>'
_LOOKS = {
    "": "",
    "strong": "<w:b/>",
    "emphasis": "<w:i/>",
    "quiet": '<w:color w:val="56606B"/>',
    "reference": '<w:vertAlign w:val="superscript"/>',
}


def render_docx(document: Document) -> bytes:
    """Return the document as a Word file; raises UsageError where Typst, which draws the PNG pictures, is not there."""
    check_document(document)
    with use_language(document.language):
        body = _Body(document)
        content = body.written()
    files: dict[str, bytes] = {
        name: made.encode("utf-8")
        for name, made in parts.fixed_parts(document, content, body.relations, body.lists).items()
    }
    for number, (drawing, picture) in enumerate(
        zip(body.drawings, render_pngs(body.drawings), strict=True), 1
    ):
        files[f"word/media/drawing{number}.png"] = picture
        files[f"word/media/drawing{number}.svg"] = drawing.svg.encode("utf-8")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, made in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(entry, made)
    return buffer.getvalue()


class _Body:
    """Writes the blocks of one document; collects its pictures, web addresses, bookmarks and numbered lists."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = shared_words()
        self.drawings: list[Drawing] = []
        self.addresses: dict[str, str] = {}
        self.lists = 0
        self.covered = any(isinstance(block, Cover) for block in document.blocks)
        self.bookmarks: dict[str, int] = {}
        self.headings = [block for block in walk(document.blocks) if isinstance(block, Heading)]
        self.names = {
            id(block): _bookmark(block.id or f"-{number}") for number, block in enumerate(self.headings)
        }

    @property
    def relations(self) -> list[tuple[str, str, str]]:
        """Return id, kind and target of every picture and web address."""
        pictures = [
            (f"{ending}{number}", "image", f"media/drawing{number}.{ending}")
            for number in range(1, len(self.drawings) + 1)
            for ending in ("png", "svg")
        ]
        return pictures + [(id_, "hyperlink", address) for address, id_ in self.addresses.items()]

    def written(self) -> str:
        title = "" if self.covered else self.paragraph("Title", text(heading_words(self.document.title)))
        return title + self.blocks(self.document.blocks)

    def blocks(self, blocks: Sequence[Block]) -> str:
        return "".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        made: str = getattr(self, f"_{type(block).__name__.lower()}")(block)
        return made

    def paragraph(self, style: str, words: Text, *, more: str = "", id_: str = "", before: str = "") -> str:
        inside = before + "".join(self.run(run) for run in words)
        if id_:
            number = self.bookmarks.setdefault(id_, len(self.bookmarks) + 1)
            inside = f'<w:bookmarkStart w:id="{number}" w:name="{escaped(id_)}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'

    def run(self, run: Run) -> str:
        if run.link.startswith("#"):
            target = f'w:anchor="{escaped(_bookmark(run.link[1:]))}"'
        elif run.link.startswith(SAFE_LINKS):
            target = f'r:id="{self.addresses.setdefault(run.link, f"link{len(self.addresses) + 1}")}"'
        else:
            return _run(run.text, _LOOKS[run.look])
        return f'<w:hyperlink {target} w:history="1">{_run(run.text, _LINK + _LOOKS[run.look])}</w:hyperlink>'

    def picture(self, drawing: Drawing) -> str:
        self.drawings.append(drawing)
        number = len(self.drawings)
        scale = min(1.0, TEXT_PX / drawing.width)
        wide, high = round(drawing.width * scale * EMU), round(drawing.height * scale * EMU)
        return parts.picture(number, wide, high, escaped(writable(drawing.sentence)))

    def pictures(self, drawings: Sequence[Drawing]) -> str:
        return "".join(self.paragraph("Picture", (), before=self.picture(drawing)) for drawing in drawings)

    def _cover(self, block: Cover) -> str:
        made = self.paragraph("CoverPlace", text(block.place)) + self.paragraph("CoverKind", text(block.what))
        made += self.paragraph("Title", text("\n".join(block.title)))
        if block.drawing:
            made += self.pictures([block.drawing])
        return made + "".join(
            self.paragraph("SmallPrint", text(line)) for line in (*block.left, *block.right)
        )

    def _contents(self, block: Contents) -> str:
        """A table of contents that Word fills with pages when asked to; until then its lines are links."""
        lines = [heading for heading in self.headings if heading.level <= block.depth]
        made = self.paragraph(
            "ContentsTitle", text(block.title), more="<w:pageBreakBefore/>" if self.covered else ""
        )
        start = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-'
            f'{block.depth}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        for number, heading in enumerate(lines):
            link = f'<w:hyperlink w:anchor="{escaped(self.names[id(heading)])}" w:history="1">{_run(heading_words(heading.text))}</w:hyperlink>'
            made += self.paragraph(f"TOC{heading.level}", (), before=(start if number == 0 else "") + link)
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        return made + (self.paragraph("Normal", (), before=end) if lines else "")

    def _heading(self, block: Heading) -> str:
        new = "<w:pageBreakBefore/>" if block.new_page else ""
        above = self.paragraph("AboveHeading", text(block.above), more=new) if block.above else ""
        name = self.names[id(block)]
        return above + self.paragraph(
            f"Heading{block.level}", text(heading_words(block.text)), more="" if above else new, id_=name
        )

    def _paragraph(self, block: Paragraph) -> str:
        styles = {"body": "BodyText", "lead": "Lead", "result": "Result", "meta": "SmallPrint"}
        return self.paragraph(styles[block.role], block.text)

    def _listing(self, block: Listing) -> str:
        style, list_ = ("ListNumber", self._new_list()) if block.numbered else ("ListBullet", parts.BULLETS)
        more = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_}"/></w:numPr>'
        return "".join(self.paragraph(style, item, more=more) for item in block.items)

    def _new_list(self) -> int:
        self.lists += 1
        return parts.BULLETS + self.lists

    def _table(self, block: Table) -> str:
        total = sum(column.share for column in block.columns)
        widths = [TEXT_TWIPS * column.share // total for column in block.columns]
        caption = self.paragraph(
            "Caption",
            text(block.caption or block.columns[0].head),
            id_=_bookmark(block.id) if block.id else "",
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = self._row(
            [text(column.head) for column in block.columns], block, widths, "TableHead", head=True
        )
        rows = []
        for group in block.groups:
            if group.head:
                cell = self.paragraph("TableGroup", text(group.head))
                rows.append(
                    f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{len(widths)}"/></w:tcPr>{cell}</w:tc></w:tr>'
                )
            rows += [self._row(row, block, widths, "TableText") for row in group.rows]
        return caption + (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="UpwardTable"/><w:tblW w:w="{TEXT_TWIPS}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:firstColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{escaped(writable(block.caption))}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{"".join(rows)}</w:tbl>'
            + self.paragraph("AfterTable", ())
        )

    def _row(
        self, cells: Sequence[Text], block: Table, widths: Sequence[int], style: str, *, head: bool = False
    ) -> str:
        made = []
        for cell, column, width in zip(cells, block.columns, widths, strict=True):
            right = '<w:jc w:val="right"/>' if column.number else ""
            made.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.paragraph(style, cell, more=right)}</w:tc>'
            )
        repeated = (
            "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if head else "<w:trPr><w:cantSplit/></w:trPr>"
        )
        return f"<w:tr>{repeated}{''.join(made)}</w:tr>"

    def _figure(self, block: Figure) -> str:
        note = (Run("\n" if block.caption else ""), *block.note) if block.note else ()
        table = (Run(" "), Run(self.words["table"], "", f"#{block.table}")) if block.table else ()
        words = text(strong(block.caption), *note, *table)
        caption = self.paragraph("FigureCaption", words) if words else ""
        return caption + self.pictures(block.drawings)

    def _callout(self, block: Callout) -> str:
        color = f'<w:b/><w:color w:val="{COLORS[block.marker][1:].upper()}"/>'
        word = _run(self.words[block.marker] + " ", color)
        items = (
            self.paragraph("CalloutText", block.items[0])
            if len(block.items) == 1
            else self._listing(Listing(block.items))
        )
        return self.paragraph("Callout", text(block.title), before=word) + items

    def _quote(self, block: Quote) -> str:
        above = self.paragraph("QuoteAbove", text(block.above)) if block.above else ""
        source = self.paragraph("QuoteSource", block.source) if block.source else ""
        return above + self.paragraph("Quote", text(block.text)) + source

    def _facts(self, block: Facts) -> str:
        return "".join(
            self.paragraph("Fact", (Run(f"{name}  ", "strong"), *words)) for name, words in block.items
        )

    def _missing(self, block: Missing) -> str:
        return self.paragraph("MissingNote", (Run(block.text), Run(" "), *block.advice))

    def _keynumber(self, block: KeyNumber) -> str:
        words = text(quiet(f"{block.unit} " if block.unit else ""), *block.text)
        made = self.paragraph("KeyNumber", text(block.value)) + self.paragraph("KeyText", words)
        if block.strength:
            made += self.paragraph("KeyText", text(Run(f"{block.shape} {block.strength}", "strong")))
        return made + (self.pictures([block.drawing]) if block.drawing else "")

    def _columns(self, block: Columns) -> str:
        return "".join(self.blocks(side.blocks) for side in block.sides)

    def _references(self, block: References) -> str:
        return "".join(
            self.paragraph(
                "Reference", (Run(f"{entry.mark}\t", "strong"), *entry.text), id_=_bookmark(entry.id)
            )
            for entry in block.entries
        )


def _bookmark(name: str) -> str:
    """Return a name that Word takes: letters, digits and underscores, at most 40."""
    made = "_" + "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    return made[:40]


def _run(words: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    inside = []
    for number, line in enumerate(writable(words).split("\n")):
        if number:
            inside.append("<w:br/>")
        for place, piece in enumerate(line.split("\t")):
            if place:
                inside.append("<w:tab/>")
            if piece:
                inside.append(f'<w:t xml:space="preserve">{escaped(piece)}</w:t>')
    return f"<w:r>{properties}{''.join(inside)}</w:r>"
