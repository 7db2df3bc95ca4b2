"""The tree of a document: JSON there and back, faults found, odd words shown as they are in every format."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_documents import docx_outline, docx_words, html_outline, pdf_outline, plain
from reading_html import parse, words

from upward.base.errors import DataError
from upward.present.document import (
    LOOKS,
    MARKERS,
    ROLES,
    Callout,
    Column,
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
    Reference,
    References,
    Rows,
    Run,
    Side,
    Table,
    outline,
    text,
    writable,
)
from upward.present.document_checks import check_document, problems
from upward.present.document_docx import render_docx
from upward.present.document_html import render_html
from upward.present.document_json import from_json, to_json
from upward.present.document_pdf import render_pdf

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20"><path d="M0 0H40"/></svg>'
DRAWING = Drawing(SVG, "A line from left to right.", 40, 20)

words_of_people = st.text(max_size=40)
runs = st.builds(
    Run,
    words_of_people,
    st.sampled_from(LOOKS),
    st.sampled_from(["", "https://example.org/a?b=c&d", "#known", "javascript:alert(1)"]),
)
texts = st.lists(runs, max_size=3).map(tuple)


@st.composite
def tables(draw):
    """A table with rows as wide as its heads."""
    columns = draw(
        st.lists(st.builds(Column, words_of_people, st.booleans(), st.integers(1, 5)), min_size=1, max_size=4)
    )
    row = st.lists(texts, min_size=len(columns), max_size=len(columns)).map(tuple)
    groups = draw(
        st.lists(st.builds(Rows, st.lists(row, max_size=3).map(tuple), words_of_people), max_size=2)
    )
    return Table(draw(words_of_people), tuple(columns), tuple(groups))


blocks = st.one_of(
    st.builds(
        Heading, st.just(2), words_of_people, st.just(""), words_of_people, st.integers(0, 5), st.booleans()
    ),
    st.builds(Paragraph, texts, st.sampled_from(ROLES)),
    st.builds(Listing, st.lists(texts, max_size=3).map(tuple), st.booleans()),
    tables(),
    st.builds(Figure, words_of_people, texts, st.just((DRAWING,))),
    st.builds(Callout, st.sampled_from(MARKERS), words_of_people, st.lists(texts, max_size=2).map(tuple)),
    st.builds(Quote, words_of_people, texts, words_of_people),
    st.builds(Facts, st.lists(st.tuples(words_of_people, texts), max_size=3).map(tuple)),
    st.builds(Missing, words_of_people, texts),
    st.builds(
        KeyNumber,
        words_of_people,
        words_of_people,
        texts,
        st.just("●"),
        words_of_people,
        st.sampled_from([None, DRAWING]),
    ),
)
columns = st.builds(
    Columns,
    st.lists(
        st.builds(Side, st.lists(blocks, max_size=2).map(tuple), st.integers(1, 3)), min_size=1, max_size=3
    ).map(tuple),
    st.booleans(),
)


@st.composite
def documents(draw):
    """A sound document of any words."""
    cover = [
        Cover(
            draw(words_of_people),
            draw(words_of_people),
            tuple(draw(st.lists(words_of_people, min_size=1, max_size=3))),
            draw(st.sampled_from([None, DRAWING])),
            (draw(words_of_people),),
            (),
        )
    ]
    some = draw(st.lists(st.one_of(blocks, columns), max_size=5))
    end = References((Reference("known", "E1", draw(texts)),))
    start = [
        *(cover if draw(st.booleans()) else []),
        Contents("Contents", 2),
        Heading(1, draw(words_of_people)),
    ]
    return Document(
        "A title",
        draw(st.sampled_from(["en", "es"])),
        (*start, *some, end),
        "2026-11-24",
        draw(words_of_people),
        draw(words_of_people),
        (draw(words_of_people), "x"),
    )


@given(documents())
@settings(max_examples=60)
def test_json_there_and_back_loses_nothing(document) -> None:
    assert from_json(to_json(document)) == document


@given(documents())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_words_make_a_document_with_one_outline_in_every_format(document) -> None:
    check_document(document)
    wanted = [plain(entry.text) for entry in outline(document)]
    assert [plain(entry.text) for entry in html_outline(render_html(document))] == wanted
    assert [plain(entry.text) for entry in docx_outline(render_docx(document))] == wanted
    assert len(pdf_outline(render_pdf(document))) == len(wanted)


@pytest.mark.parametrize("words", ["", "\xad", "\u200b", " ", "0\xad"])
def test_a_link_with_words_that_nobody_sees_is_written(words) -> None:
    linked = (Run(words, "", "https://example.org/"), Run("seen", "", "https://example.org/"))
    document = Document("A title", "en", (Heading(1, "One"), Paragraph(linked, "meta")), "2026-11-24")
    assert render_pdf(document).startswith(b"%PDF")


ODD = [
    "مرحبا بكم في المقاطعة",
    "שלום לכל השכנים",
    "<script>alert(1)</script> & <b>bold</b> &amp;",
    '#set text(red) $x^2$ *bold* _em_ `raw` <label> @ref // comment /* \\ " ] ) } #panic("x")',
    '"); #import "x.typ"; ("',
    "{{ 7*7 }} {% raw %} ${7*7} %s {0}",
    '=HYPERLINK("http://x") ]]> <![CDATA[ <!-- --> <?xml ?>',
    "W" + "o" * 300 + "rd",
    "Ünïcödé ﬁ ½ ™ € – — … ‘quoted’ “quoted” ñ Ñ ¿ ¡",
    "Tiếng Việt, Ελληνικά, Русский",
]


def story(odd: str) -> Document:
    """Return a document that has the words in every kind of place."""
    cell = text(odd)
    return Document(
        "A title", "en",
        (
            Heading(1, odd), Paragraph(cell), Listing((cell,)),
            Table(odd, (Column("Head"), Column(odd)), (Rows(((cell, cell),), odd),)),
            Figure(odd, cell, (replace(DRAWING, sentence=odd),)),
            Callout("key", odd, (cell,)), Quote(odd, cell), Facts(((odd, cell),)),
            Missing(odd), KeyNumber(odd, odd, cell, "●", odd),
        ),
        foot=(odd, odd),
    )  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_stand_as_they_are_in_every_format(odd) -> None:
    document = story(odd)
    wanted = plain(odd)
    page = parse(render_html(document))
    assert plain(words(page)).count(wanted) >= 10
    assert not list(page.iter("script"))
    assert docx_words(render_docx(document)).count(wanted) >= 10
    assert pdf_outline(render_pdf(document))[0].text == wanted


@pytest.mark.parametrize("odd", [word for word in ODD if word.isascii()])
def test_odd_words_stand_as_they_are_on_the_pages_of_a_pdf(odd, tmp_path) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(render_pdf(story(odd)))
    shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    bare = "".join(plain(shown).split())
    assert "".join(odd.split()) in bare


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe", "\u202e"])
def test_what_no_format_can_hold_is_replaced_or_left_out(letter) -> None:
    document = story(f"a{letter}b")
    assert render_pdf(document)
    assert "a" in docx_words(render_docx(document))
    assert letter not in render_html(document)
    assert letter not in writable(letter)


def test_letters_that_no_font_has_are_named_by_their_code_point(tmp_path) -> None:
    path = tmp_path / "letters.pdf"
    path.write_bytes(
        render_pdf(Document("A title", "en", (Heading(1, "Head"), Paragraph(text("before \u0378 after")))))
    )
    shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "before [U+0378] after" in shown


def test_addresses_that_could_act_are_words_only() -> None:
    document = Document(
        "A title", "en", (Heading(1, "Head"), Paragraph((Run("go", "", "javascript:alert(1)"),)))
    )
    assert "javascript" not in render_html(document)
    assert b"javascript" not in render_pdf(document)


def test_a_heading_between_columns_begins_no_page() -> None:
    side = Side((Heading(2, "Beside", new_page=True),))
    document = Document("A title", "en", (Heading(1, "Head"), Columns((side, side))))
    assert [entry.text for entry in pdf_outline(render_pdf(document))] == ["Head", "Beside", "Beside"]


# --- faults -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ((Heading(2, "Second first"),), "level 2 after level 0"),
        ((Heading(1, "a"), Heading(3, "b")), "level 3 after level 1"),
        ((Heading(1, "a", "x"), Heading(1, "b", "x")), "stands 2 times"),
        ((Paragraph((Run("go", "", "#nowhere"),)),), "not there"),
        ((Table("t", (Column("a"), Column("b")), (Rows(((text("one"),),)),)),), "not 2 wide"),
        ((Figure("f", (), ()),), "no drawing"),
        ((Figure("f", (), (replace(DRAWING, sentence=" "),)),), "without words"),
        ((Figure("f", (), (DRAWING,), "t"),), "not there"),
        ((Callout("wrong", "", ()),), "marker"),
        ((Paragraph((Run("a", "loud"),)),), "look"),
        ((Paragraph((), "loud"),), "role"),
        ((KeyNumber("1", "", (), "", "", replace(DRAWING, sentence="")),), "no words"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("render", [render_html, render_docx, render_pdf])
def test_an_unsound_tree_is_refused_by_every_renderer(blocks, fault, render) -> None:
    document = Document("A title", "en", blocks)
    assert fault in " ".join(problems(document))
    with pytest.raises(ValueError, match="not sound"):
        render(document)


def test_a_document_without_a_title_is_refused() -> None:
    assert list(problems(Document(" ", "en", ()))) == ["it has no title"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "upward.document/9"}, "schema"),
        ({"blocks": [{"kind": "poem"}]}, "no kind of block"),
        ({"blocks": [{"kind": "heading", "level": "1"}]}, "missing or unknown"),
        ({"title": 7}, "not of type str"),
        ({"foot": ["one"]}, "1 entries instead of 2"),
        ({"more": 1}, "missing or unknown"),
    ],
)
def test_json_that_is_no_document_is_refused_with_the_place(change, said) -> None:
    data = json.loads(to_json(Document("A title", "en", ())))
    with pytest.raises(DataError, match=said):
        from_json(json.dumps({**data, **change}))


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(DataError, match="not JSON"):
        from_json("{")


def test_a_renderer_without_typst_says_what_to_install(monkeypatch) -> None:
    import upward.present.document_pdf as module
    from upward.base.errors import UsageError
    from upward.engine.extras import missing

    def absent(library: str):
        raise missing(library)

    monkeypatch.setattr(module, "require", absent)
    module._fonts.cache_clear()
    with pytest.raises(UsageError, match=r"pip install .*\[documents\]"):
        render_pdf(Document("A title", "en", (Heading(1, "Head"),)))
    module._fonts.cache_clear()


def test_word_files_with_no_drawing_need_no_typst(monkeypatch) -> None:
    import upward.present.document_pdf as module

    monkeypatch.setattr(module, "require", None)
    import docx

    assert docx.Document(io.BytesIO(render_docx(Document("A title", "en", (Heading(1, "Head"),))))).paragraphs
