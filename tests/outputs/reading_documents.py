"""Documents read back by others' readers: outlines, texts and pictures of HTML, PDF and DOCX."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import docx
import pikepdf
from reading_html import parse

from upward.present.document import OutlineEntry

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
INVISIBLE = "\u200b\u2060\u00ad"


def html_outline(text: str) -> list[OutlineEntry]:
    """Return the headings of a page below its title, one level higher: the title is the page's first heading."""
    found = [
        OutlineEntry(int(element.tag[1]) - 1, " ".join("".join(element.itertext()).split()))
        for element in parse(text).iter()
        if isinstance(element.tag, str) and re.fullmatch(r"h[1-6]", element.tag)
    ]
    return [entry for entry in found if entry.level]


def pdf_outline(content: bytes) -> list[OutlineEntry]:
    """Return the bookmarks of a PDF."""
    found: list[OutlineEntry] = []

    def collect(items, level: int) -> None:
        for item in items:
            found.append(OutlineEntry(level, plain(str(item.title))))
            collect(item.children, level + 1)

    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        collect(outline.root, 1)
    return found


def docx_outline(content: bytes) -> list[OutlineEntry]:
    """Return the paragraphs of a Word file that have Word's heading styles."""
    return [
        OutlineEntry(int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in docx.Document(io.BytesIO(content)).paragraphs
        if paragraph.style.name.startswith("Heading ")
    ]


def plain(words: str) -> str:
    """Return words without signs that only say where a line may break, and with single blanks."""
    return " ".join("".join(letter for letter in words if letter not in INVISIBLE).split())


def docx_words(content: bytes) -> str:
    """Return everything a Word file says."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    parts = []
    for element in root.iter():
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.tag in (f"{W}br", f"{W}p", f"{W}tab"):
            parts.append(" ")
    return plain("".join(parts))


def docx_alternatives(content: bytes) -> list[str]:
    """Return the alternative text of every picture of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    return [element.get("descr", "") for element in root.iter(PICTURE)]


def pdf_alternatives(content: bytes) -> list[str]:
    """Return the alternative text of every figure of a PDF, in reading order."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            node = waiting.pop(0)
            if not isinstance(node, pikepdf.Dictionary):
                continue
            if str(node.get("/S", "")) == "/Figure" and "/Alt" in node:
                found.append(str(node.Alt))
            below = node.get("/K", [])
            waiting[:0] = list(below) if isinstance(below, pikepdf.Array) else [below]
    return found


#: What a checker cannot know: repeated heads of tables must be artifacts (ISO 14289-1, 7.1), and it takes them for
#: prose; a list of years is not "language"; a line that stands on several pages, such as a count, is no running head.
NOT_FAULTS = {"TAG-002", "FIG-012", "PAG-001", "ORD-001"}
#: More than three rows of heads in a table are to it a table fallen apart: ours head groups of rows, each with a body.
GROUP_HEADS = re.compile(r"header cells look shredded: \d+ header rows")


def is_fault(finding) -> bool:
    """Tell whether what the checker found is a fault."""
    return finding.rule not in NOT_FAULTS and not (
        finding.rule == "TBL-010" and GROUP_HEADS.fullmatch(finding.message)
    )
