"""The pages of a PDF: clean in every checker, heads with their rows, nothing of the text where running heads stand."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pytest
from checking_pdfs import complaints
from invented import CITY
from invented_plans import empty_plan, filled_plan, told_plan
from test_documents import plan_document, with_numbers_of

from upward.catalog.load import load_catalog
from upward.present.document import Column, Document, Heading, Listing, Rows, Table, text
from upward.present.document_pdf import render_pdf
from upward.present.page_document import page_document

#: Points: of a page, of the eighth where heads and feet run, and of the foot itself.
HEIGHT, ZONE, FOOT = 792, 0.12 * 792, 60


def documents_of(language, make):
    """Return every kind of document in a language."""
    page = make(language=language)
    yield "plan", plan_document(page, with_numbers_of(told_plan(), page), language)
    yield "empty plan", plan_document(page, empty_plan(), language)
    yield "plan with every field", plan_document(page, filled_plan(load_catalog(language)), language)
    yield "county", page_document(page)
    yield "city", page_document(make(CITY, language=language))


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_checker_finds_anything_in_any_document(make, language, tmp_path) -> None:
    for name, document in documents_of(language, make):
        path = tmp_path / "document.pdf"
        path.write_bytes(render_pdf(document))
        assert complaints(path) == [], name


def test_every_checker_finds_what_is_taken_away(make, tmp_path) -> None:
    """A picture without words, then tables without heads."""
    page = make()
    content = render_pdf(plan_document(page, with_numbers_of(told_plan(), page)))
    assert found_without(content, "/Figure", tmp_path) == {"outloud", "page-validation", "pdfua"}
    assert "pdfua" in found_without(content, "/TH", tmp_path)


def found_without(content: bytes, kind: str, tmp_path) -> set[str]:
    """Return which checkers complain when pictures lose their words, or heads of tables are plain cells."""
    path = tmp_path / "damaged.pdf"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for node in elements(pdf.Root.StructTreeRoot):
            if str(node.S) == kind == "/Figure":
                del node["/Alt"]
            elif str(node.S) == kind:
                node.S = pikepdf.Name("/TD")
        pdf.save(path)
    return {complaint.split()[0].rstrip(":") for complaint in complaints(path)}


def elements(node):
    """Yield every element of a structure tree."""
    if isinstance(node, pikepdf.Array):
        for item in node:
            yield from elements(item)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K"))


def pages_of(content: bytes, tmp_path) -> list[str]:
    """Return the words of each page."""
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return said.stdout.split("\f")


def below(lines: int, *groups: Rows) -> Document:
    """Return a document whose table begins after a number of lines."""
    above = Listing(tuple(text(f"Line {number}") for number in range(lines)))
    table = Table("Things by kind", (Column("Thing"), Column("Number", number=True)), groups)
    return Document("What there is", "en", (Heading(1, "Things"), above, table))


@pytest.mark.parametrize("rows", [1, 12])
def test_heads_of_table_and_group_are_on_the_page_of_their_first_row(tmp_path, rows) -> None:
    """However long what stands above is, no head is the last line of a page, and the file stays clean."""
    groups = [
        Rows(tuple((text(f"{name}-row {number}"), text("1")) for number in range(rows)), f"{name}-group")
        for name in ("one", "two", "three", "four", "five")
    ]
    begun = set()
    for lines in range(8, 34):
        shown = pages_of(render_pdf(below(lines, *groups)), tmp_path)
        for group in groups:
            (here,) = (number for number, page in enumerate(shown) if group.head in page)
            assert f"{group.head.removesuffix('group')}row 0" in shown[here], lines
            begun.add((group.head, here))
        assert all("-row" in page for page in shown if "Number" in page), lines
        (caption,) = (page for page in shown if "Things by kind" in page)
        assert "Number" in caption, lines
    assert complaints(tmp_path / "document.pdf") == []
    assert len(begun) > len(groups), "breaks fell before some of them"


def test_a_table_that_fits_stays_on_one_page_and_a_long_one_repeats_its_heads(tmp_path) -> None:
    for rows, most in ((6, 1), (60, 3)):
        made = tuple((text(f"row {number}"), text("1")) for number in range(rows))
        for lines in range(20, 34, 2):
            shown = pages_of(render_pdf(below(lines, Rows(made))), tmp_path)
            assert sum("Number" in page for page in shown) == sum("row " in page for page in shown) <= most


def test_long_heads_that_repeat_stand_in_short_lines_and_keep_their_words(tmp_path) -> None:
    heads = (
        "Year or group of years",
        "Number of students in school",
        "Share of students",
        "Whether it can be said",
    )
    table = Table(
        "Students by year",
        tuple(Column(head) for head in heads),
        (Rows(tuple((text(f"{year}"), text("1"), text("2"), text("no")) for year in range(1950, 2020))),),
    )
    content = render_pdf(Document("Students", "en", (Heading(1, "Students by year"), table)))
    shown = pages_of(content, tmp_path)
    assert complaints(tmp_path / "document.pdf") == []
    assert sum(1 for page in shown if "students" in page) > 1
    for page in shown[:2]:
        found = " ".join(page.split())
        assert all(word in found for head in heads for word in head.split())


def test_running_text_keeps_out_of_the_zone_of_running_heads(make, tmp_path) -> None:
    """A line that stands on many pages there would be taken for one and left out by programs that read aloud."""
    path = tmp_path / "document.pdf"
    path.write_bytes(render_pdf(page_document(make())))
    command = ["pdftotext", "-bbox", str(path), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = said.split("<page ")[1:]
    assert len(pages) > 40
    for page in pages:
        for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', page):
            foot = float(top) > HEIGHT - FOOT
            assert foot or (float(bottom) > ZONE and float(top) < HEIGHT - ZONE)
