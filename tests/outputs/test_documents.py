"""The plan and place pages as documents: the same in every format, whole, traceable, private things left out."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pikepdf
import pytest
from invented_plans import PLACE, empty_plan, filled_plan, metric, plan_of, record, told_plan
from reading_documents import (
    docx_alternatives,
    docx_outline,
    docx_words,
    html_outline,
    pdf_alternatives,
    pdf_outline,
)
from reading_html import SVG, parse, words
from reading_html import drawings as drawn

from upward.catalog.load import load_catalog
from upward.plan.assemble import MAKERS, assemble, edition_of
from upward.plan.map_context import Context
from upward.plan.map_findings import key_number
from upward.present.document import (
    Document,
    Drawing,
    Figure,
    KeyNumber,
    Missing,
    outline,
    walk,
)
from upward.present.document_docx import render_docx
from upward.present.document_html import render_html
from upward.present.document_pdf import render_pdf
from upward.present.page_document import page_document


def plan_document(page, content=None, language: str = "en") -> Document:
    """Return a plan as a document, with the charts of a page under the plan's place."""
    content = content or told_plan()
    edition = edition_of(content, language, {PLACE: "Warren County, Kentucky"})
    return assemble(content, load_catalog(language), edition, pages={PLACE: page})


def with_numbers_of(content, page):
    """Return the plan with the values that the page has, as if they had been pinned from its release."""

    def pinned(reading):
        kind, _slash, group = (reading.values.get("group") or "all/all").partition("/")
        rows = [
            row
            for row in page.rows
            if (row.variable, row.group_type, row.group, row.edition)
            == (reading.values["variable"], kind, group, "2025")
        ]
        newest = max(rows, key=lambda row: row.period)
        numbers = {"value": newest.value, "lower": newest.lower, "upper": newest.upper}
        given = {name: Decimal(repr(value)) for name, value in numbers.items() if value is not None}
        return replace(reading, values={**reading.values, **given, "year": int(newest.period)})

    readings = tuple(pinned(reading) for reading in content.of("pinned-metric"))
    return replace(content, records={**content.records, "pinned-metric": readings})


@pytest.fixture(scope="module")
def told(page) -> Document:
    """The told plan, with the numbers of the page."""
    return plan_document(page, with_numbers_of(told_plan(), page))


@pytest.fixture(scope="module")
def documents(page, make, told) -> dict[str, Document]:
    """Every document that a test of formats should hold for."""
    return {
        "plan": told,
        "empty": plan_document(page, empty_plan()),
        "page": page_document(page),
        "es": plan_document(make(language="es"), language="es"),
    }


@pytest.mark.parametrize("name", ["plan", "empty", "page", "es"])
def test_outlines_are_the_same_in_every_format(documents, name) -> None:
    document = documents[name]
    wanted = outline(document)
    assert html_outline(render_html(document)) == wanted
    assert pdf_outline(render_pdf(document)) == wanted
    assert docx_outline(render_docx(document)) == wanted


@pytest.mark.parametrize("name", ["plan", "page"])
def test_every_picture_has_its_sentence_in_every_format(documents, name) -> None:
    document = documents[name]
    wanted = [drawing.sentence for drawing in drawings(document)]
    assert wanted
    assert all(len(sentence) > 20 for sentence in wanted)
    page = parse(render_html(document))
    assert not list(page.iter("img"))
    assert [spoken(svg, page) for svg in drawn(page)] == [sentence.replace(".", "") for sentence in wanted]
    assert docx_alternatives(render_docx(document)) == wanted
    assert pdf_alternatives(render_pdf(document)) == wanted


def spoken(svg, page) -> str:
    """Return title and description of a drawing, without the stops between them."""
    ids = svg.get("aria-labelledby").split()
    named = {element.get("id"): words(element) for element in svg if element.get("id")}
    assert [element.get("id") for element in page.iter() if element.get("id") in ids] == ids
    return " ".join(named[name] for name in ids).replace(".", "")


def test_a_logic_model_stands_in_the_page_with_its_table_and_its_words_can_be_found(told) -> None:
    page = parse(render_html(told))
    (model,) = (svg for svg in drawn(page) if "Logic model" in spoken(svg, page))
    (figure,) = (one for one in page.iter("figure") if model in list(one.iter()))
    (link,) = (one for one in figure.iter("a"))
    (table,) = (one for one in page.iter() if one.get("id") == link.get("href")[1:])
    for label in (element.text for element in model.iter(f"{SVG}text")):
        assert label in words(table) or label in words(model)
    assert len(spoken(model, page)) > 40


def drawings(document: Document) -> list[Drawing]:
    """Return the drawings in reading order."""
    found = []
    for block in walk(document.blocks):
        if isinstance(block, Figure):
            found += block.drawings
        elif getattr(block, "drawing", None) is not None:
            found.append(block.drawing)
    return found


@pytest.mark.parametrize("name", ["plan", "page", "es", "empty"])
def test_the_pdf_is_tagged_with_its_language_and_its_title(documents, name, tmp_path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(render_pdf(documents[name]))
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang).startswith(documents[name].language)
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == documents[name].title


def test_the_word_file_has_real_tables_whose_heads_repeat_and_svg_with_a_png_beside(told) -> None:
    content = render_docx(told)
    book = docx.Document(io.BytesIO(content))
    assert book.tables
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in book.tables)
    assert book.core_properties.title == told.title
    assert book.core_properties.created.isoformat()[:10] == "2027-06-17"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith(".svg"):
                assert archive.read(name.replace(".svg", ".png")).startswith(b"\x89PNG")
        assert sum(name.endswith(".svg") for name in names) == len(drawings(told))
        assert "txbx" not in archive.read("word/document.xml").decode()


def test_the_html_is_valid_self_contained_and_without_script(told) -> None:
    page = parse(render_html(told))
    assert not list(page.iter("script"))
    assert not list(page.iter("link"))
    assert all(
        element.get("src").startswith("data:image/svg+xml;base64,")
        for element in page.iter()
        if element.get("src")
    )
    assert not [key for element in page.iter() for key in element.attrib if str(key).startswith("on")]


def test_every_link_of_a_document_leads_somewhere(told) -> None:
    page = parse(render_html(told))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(
        element.get("href")[1:] in ids for element in page.iter("a") if element.get("href").startswith("#")
    )


# --- the plan ---------------------------------------------------------------------------------------------------------
def test_every_section_of_the_outline_has_its_maker() -> None:
    assert set(MAKERS) == set(load_catalog("en").outline)


def test_empty_sections_say_what_is_missing_and_where_to_add_it(page) -> None:
    document = plan_document(page, empty_plan())
    said = {block.text for block in walk(document.blocks) if isinstance(block, Missing)}
    needed = [section for section in load_catalog("en").outline.values() if section.needed]
    assert {section.missing for section in needed} <= said


def test_a_link_leads_to_the_step_that_fills_an_empty_section(page) -> None:
    content = empty_plan()
    edition = edition_of(
        content, "en", {PLACE: "Warren County"}, steps="https://plan.example.org/plans/w/steps/"
    )
    document = assemble(content, load_catalog("en"), edition, pages={})
    links = [
        run.link for block in walk(document.blocks) if isinstance(block, Missing) for run in block.advice
    ]
    assert "https://plan.example.org/plans/w/steps/5/" in links


def test_private_fields_unshared_quotes_drafts_and_partners_who_have_not_joined_never_enter(told) -> None:
    text = docx_words(render_docx(told))
    for secret in (
        "PRIVATE",
        "555-0100",
        "opposed",
        "Not to be printed",
        "Secret Person",
        "A draft that nobody",
        "Still Asked",
        "Name-Withheld",
        "last bus leaves",
    ):
        assert secret not in text
    assert "Rosa Díaz" in text  # has agreed to be named


def test_a_plan_with_every_field_of_every_record_prints_no_private_one(page) -> None:
    catalog = load_catalog("en")
    text = docx_words(render_docx(plan_document(page, filled_plan(catalog))))
    assert "PRIVATE" not in text
    assert "words statement" in text


def test_every_published_number_names_year_interval_quality_source_and_release(page) -> None:
    text = docx_words(render_docx(plan_document(page)))
    references = text[text.rindex("References") :]
    entry = re.search(r"E\d+ [^:]*Female[^:]*: 74\.8%.*?(?=E\d+ )", references)
    assert entry, references[:400]
    for part in (
        "Warren County, Kentucky", "2023", "70.8% to 78.8%", "Data quality: Strong", "Mobility Metrics 2025.01",
        "American Community Survey", "data release 2025.01-18eaddeb3f",
    ):  # fmt: skip
        assert part in entry[0]


def test_every_mark_of_evidence_leads_to_its_reference_and_each_reference_is_cited(told) -> None:
    page = parse(render_html(told))
    cited = {
        element.get("href")[1:] for element in page.iter("a") if re.fullmatch(r"#E\d+", element.get("href"))
    }
    listed = {
        element.get("id") for element in page.iter("li") if re.fullmatch(r"E\d+", element.get("id") or "")
    }
    assert cited == listed
    assert len(listed) > 8


def test_actions_name_owner_cause_and_evidence_or_say_that_it_is_missing(told) -> None:
    text = docx_words(render_docx(told))
    assert "The zoning code keeps care homes from opening." in text
    assert "This action acts on no recorded cause yet." in text
    assert "not named yet" in text


def test_targets_stand_with_what_the_test_says_of_them(told) -> None:
    text = docx_words(render_docx(told))
    for part in ("Is the target honest?", "9 of 40", "8.1 points", "2032", "1,300"):
        assert part in text


def test_key_numbers_have_their_drawing(told) -> None:
    assert any(isinstance(block, KeyNumber) and block.drawing for block in walk(told.blocks))


def test_key_numbers_are_never_weak(page) -> None:
    content = told_plan()
    assert [
        block.value for block in walk(plan_document(page, content).blocks) if isinstance(block, KeyNumber)
    ] == ["74.8%", "39.9%", "41.2"]


def test_a_plan_whose_release_is_elsewhere_keeps_its_numbers(page) -> None:
    content = told_plan()
    document = assemble(
        content, load_catalog("en"), edition_of(content, "en", {PLACE: "Warren County"}), pages={}
    )
    figures = [block for block in walk(document.blocks) if isinstance(block, Figure)]
    assert not [block for block in figures if not block.table.startswith("t-model-")], (
        "only what the plan itself holds"
    )
    assert "74.8%" in docx_words(render_docx(document))


def test_spanish_documents_speak_spanish_around_the_words_of_people(documents) -> None:
    page = parse(render_html(documents["es"]))
    assert page.get("lang") == "es"
    text = words(page)
    assert "Plan de Acción" in text
    for english in (
        "Data quality",
        "Priority 1",
        "Contents",
        "None yet",
        "Published number",
        "not named yet",
    ):
        assert english not in text


# --- the same bytes ---------------------------------------------------------------------------------------------------
CODE = """
import hashlib, sys
sys.path.insert(0, {folder!r})
import conftest
from invented_plans import told_plan
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.plan.assemble import assemble, edition_of
from upward.present.document_docx import render_docx
from upward.present.document_html import render_html
from upward.present.document_json import to_json
from upward.present.document_pdf import render_pdf
plan = told_plan()
for language in ("en", "es"):
    with use_language(language):
        edition = edition_of(plan, language, {{"21227": "Warren County"}})
        pages = {{"21227": conftest.made(language=language)}}
        document = assemble(plan, load_catalog(language), edition, pages=pages)
    for made in (render_pdf(document), render_docx(document), render_html(document).encode(),
                 to_json(document).encode()):
        print(hashlib.sha256(made).hexdigest())
"""


def test_the_same_plan_gives_the_same_bytes_in_another_folder_time_zone_and_locale(tmp_path) -> None:
    here = str(Path(__file__).parent)
    made = []
    for zone, locale, seed in (("UTC", "C.UTF-8", "1"), ("Pacific/Kiritimati", "es_ES.UTF-8", "2")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", CODE.format(folder=here)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        made.append(run.stdout.split())
    assert made[0] == made[1]
    assert len(set(made[0])) == 8  # four forms, in two languages, with charts


@pytest.mark.parametrize(
    ("typed", "unit", "shown"),
    [("41.25", "share", "41.25%"), ("1.371776", "share", "1.4%"), ("-0.5", "share", "−0.5%"),
     ("1234567", "count", "1,234,567"),
     ("0.123456", "", "0.1"), ("58107.5", "dollars", "$58,107.5"), ("100", "share", "100%")],
)  # fmt: skip
def test_numbers_stand_as_typed_and_computed_ones_as_their_unit(typed: str, unit: str, shown: str) -> None:
    item = record("measure", "m", baseline=Decimal(typed), unit=unit)
    context = Context(plan_of(item), load_catalog("en"), {}, {})
    assert context.own(item, "baseline") == shown


def test_a_key_number_never_stands_beside_the_drawing_of_another_number(page) -> None:
    other = metric("older", "The index of low travel cost was 81.", "index_transportation_cost", "0.9999")
    made = key_number(Context(plan_of(other), load_catalog("en"), {PLACE: page}, {}), other)
    assert made.drawing is None
