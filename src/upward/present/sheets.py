"""Workbooks in the Office Open XML form, written straight from cells: a site writes thousands of them.

Only what our workbooks need: sheets with a title line, heads, texts and numbers with formats, frozen heads, column
widths and a footer. A cell is never a formula, and a text that looks like one stays a text when it is edited. The same sheets give the same bytes.

What belongs here: the file format (ECMA-376, parts 1 and 2). What does not: what a workbook says (`xlsx.py`).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from upward.present.download import FORMULA_STARTS
from upward.present.escape import escaped

#: Every file of the archive carries the oldest date that the form knows.
DATE = (1980, 1, 1, 0, 0, 0)
#: Light compression: half the time of the usual level for a tenth more bytes.
LEVEL = 1
FIRST_FORMAT = 164  # numbers below are the form's own formats
TITLE, HEAD, TEXT, GUARDED, FIRST_NUMBER = 1, 2, 3, 4, 5
MOST_WIDE, LEAST_WIDE, NUMBER_WIDE = 60, 9, 12
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell with its format."""

    value: float
    format: str


Cell = str | Number | None


class Book:
    """A workbook in the making."""

    def __init__(self, title: str, author: str, created: str) -> None:
        """Hold the document's properties; `created` is a time in ISO form."""
        self._properties = (title, author, created)
        self._sheets: list[tuple[str, str]] = []
        self._strings: dict[str, int] = {}
        self._used = 0
        self._formats: dict[str, int] = {}

    def sheet(
        self, name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], footer: str = ""
    ) -> None:
        """Add a sheet: line 1 is the title, line 2 the heads; both stay in view with the first column."""
        letters = [column_letters(index) for index in range(len(heads))]
        widths = [len(head) for head in heads]
        lines = [f'<row r="1"><c r="A1" s="{TITLE}" t="s"><v>{self._string(title)}</v></c></row>']
        cells = "".join(
            f'<c r="{letter}2" s="{HEAD}" t="s"><v>{self._string(head)}</v></c>'
            for letter, head in zip(letters, heads, strict=True)
        )
        lines.append(f'<row r="2">{cells}</row>')
        for number, row in enumerate(rows, 3):
            parts = [f'<row r="{number}">']
            for index, cell in enumerate(row):
                if cell is None or cell == "":
                    continue
                if isinstance(cell, Number):
                    look, value, wide = f's="{self._format(cell.format)}"', repr(cell.value), NUMBER_WIDE
                else:
                    style = GUARDED if cell.startswith(FORMULA_STARTS) else TEXT
                    look, value, wide = f's="{style}" t="s"', str(self._string(cell)), len(cell)
                parts.append(f'<c r="{letters[index]}{number}" {look}><v>{value}</v></c>')
                if wide > widths[index]:
                    widths[index] = wide
            parts.append("</row>")
            lines.append("".join(parts))
        columns = "".join(
            f'<col min="{index}" max="{index}" width="{min(max(width + 2, LEAST_WIDE), MOST_WIDE)}" customWidth="1"/>'
            for index, width in enumerate(widths, 1)
        )
        foot = f"<headerFooter><oddFooter>{escaped(footer)}</oddFooter></headerFooter>" if footer else ""
        self._sheets.append(
            (
                name[:31],
                f'{START}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="2" '
                f'topLeftCell="B3" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols>'
                f"<sheetData>{''.join(lines)}</sheetData>{foot}</worksheet>",
            )
        )

    def _string(self, text: str) -> int:
        self._used += 1
        number = self._strings.get(text)
        if number is None:
            number = self._strings[text] = len(self._strings)
        return number

    def _format(self, code: str) -> int:
        number = self._formats.get(code)
        if number is None:
            number = self._formats[code] = FIRST_NUMBER + len(self._formats)
        return number

    def write(self, path: Path) -> None:
        """Write the workbook into a file."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, text in self._parts():
                archive.writestr(_entry(name), text.encode("utf-8"), compresslevel=LEVEL)
        path.write_bytes(buffer.getvalue())

    def _parts(self) -> Iterable[tuple[str, str]]:
        count = len(self._sheets)
        yield "[Content_Types].xml", _content_types(count)
        yield "_rels/.rels", _package_relations()
        yield "docProps/core.xml", self._core()
        yield "xl/workbook.xml", self._workbook()
        yield "xl/_rels/workbook.xml.rels", _workbook_relations(count)
        yield "xl/styles.xml", _styles(tuple(self._formats))
        for number, (_name, text) in enumerate(self._sheets, 1):
            yield f"xl/worksheets/sheet{number}.xml", text
        safe = (plain_xml(text) for text in self._strings)
        items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in safe)
        counts = f'count="{self._used}" uniqueCount="{len(self._strings)}"'
        yield "xl/sharedStrings.xml", f'{START}<sst xmlns="{MAIN}" {counts}>{items}</sst>'

    def _core(self) -> str:
        title, author, created = self._properties
        return (
            f'{START}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{plain_xml(title)}</dc:title><dc:creator>{plain_xml(author)}</dc:creator>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>'
        )

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name="{escaped(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, (name, _text) in enumerate(self._sheets, 1)
        )
        return f'{START}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}/relationships"><sheets>{sheets}</sheets></workbook>'


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # the same on every system
    return entry


@lru_cache(maxsize=64)
def column_letters(index: int) -> str:
    """Return the name of a column, counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters


@lru_cache(maxsize=65_536)
def plain_xml(text: str) -> str:
    """Return a text for the content of an element; characters that XML cannot hold are left out."""
    if not text.isprintable():
        text = "".join(
            letter
            for letter in text
            if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff")
        )
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=8)
def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [
        ("/xl/workbook.xml", f"{kind}.sheet.main+xml"),
        ("/xl/styles.xml", f"{kind}.styles+xml"),
        ("/xl/sharedStrings.xml", f"{kind}.sharedStrings+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        *((f"/xl/worksheets/sheet{number}.xml", f"{kind}.worksheet+xml") for number in range(1, sheets + 1)),
    ]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{START}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{START}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _package_relations() -> str:
    core = f"{PACKAGE}/relationships/metadata/core-properties"
    return _relations(
        [(f"{DOCUMENT}/relationships/officeDocument", "xl/workbook.xml"), (core, "docProps/core.xml")]
    )


@lru_cache(maxsize=8)
def _workbook_relations(sheets: int) -> str:
    kind = f"{DOCUMENT}/relationships"
    targets = [(f"{kind}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    return _relations(
        [*targets, (f"{kind}/styles", "styles.xml"), (f"{kind}/sharedStrings", "sharedStrings.xml")]
    )


@lru_cache(maxsize=256)
def _styles(formats: tuple[str, ...]) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escaped(code)}"/>'
        for number, code in enumerate(formats, FIRST_FORMAT)
    )
    own = f'<numFmts count="{len(formats)}">{codes}</numFmts>' if formats else ""
    top = '<alignment vertical="top"{wrap}/></xf>'
    numbers = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
        + top.format(wrap="")
        for number in range(FIRST_FORMAT, FIRST_FORMAT + len(formats))
    )
    return (
        f'{START}<styleSheet xmlns="{MAIN}">{own}<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="13"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>'
        '<bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{FIRST_NUMBER + len(formats)}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">'
        '<alignment vertical="bottom" wrapText="1"/></xf>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        + top.format(wrap=' wrapText="1"')
        + '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
        + top.format(wrap=' wrapText="1"')
        + f'{numbers}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
