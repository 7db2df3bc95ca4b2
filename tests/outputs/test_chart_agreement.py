"""Drawing, sentence and table of a chart hold the same facts, read back from the written page."""

from __future__ import annotations

import invented
import pytest
from reading_html import articles, drawings, drawn_numbers, numbers, parse, spoken_name, words

from upward.present.html import render_place_page


@pytest.fixture(scope="module", params=["county", "city", "faults"])
def tree(request, make):
    """A county, a city, and a county with missing years, weak values and breaks."""
    if request.param == "city":
        return parse(render_place_page(make(invented.CITY)))
    return parse(render_place_page(make(change=_damage if request.param == "faults" else None)))


def _damage(row):
    """Take away every seventh value, weaken every fifth, and let one come from another publication."""
    lot = invented.chance(row.variable, row.period, row.group, "damage")
    if lot < 0.14:
        return invented.missing(row)
    if lot < 0.34:
        return row._replace(quality=3)
    if lot < 0.4:
        return row._replace(source_release="2024-09", method="other")
    return row


def test_every_number_of_a_drawing_is_in_its_sentence(tree) -> None:
    checked = 0
    for svg in drawings(tree):
        name = spoken_name(svg, tree)
        missing = drawn_numbers(svg) - numbers(name)
        assert not missing, f"{name} lacks {missing}"
        checked += 1
    assert checked > 20


def test_every_number_of_a_sentence_is_in_the_table(tree) -> None:
    for article in articles(tree):
        tables = [table for table in article.iter("table") if (table.get("class") or "").startswith("c")]
        if not tables:
            continue
        cells = [words(cell) for table in tables for cell in table.iter() if cell.tag in ("th", "td")]
        held = numbers(" ".join(cells)) | numbers(words(article.find("header")))
        for svg in drawings(article):
            name = spoken_name(svg, article)
            said = numbers(name) - _labels(name)
            assert said <= held, f"{article.get('id')}: {name} has {said - held}"


def _labels(label: str) -> set[str]:
    """Numbers of a sentence that are words: 5th and 95th percentile, a year range, an age group."""
    named = {"5", "95", "50", "20", "80"}
    whole = {number for number in numbers(label) if number.isdigit()}
    return named | {number for number in whole if len(number) <= 2 or 1990 < int(number) < 2100}


def test_the_words_of_a_row_are_the_sentences_of_its_drawings(tree) -> None:
    for article in articles(tree):
        spoken = " ".join(words(p) for p in article.iter("p") if p.get("class") == "words")
        for svg in drawings(article):
            label = " ".join(spoken_name(svg, article).split()).rstrip(".")
            assert label in spoken or svg.get("class") == "track"


def test_every_drawing_has_a_name_unless_the_page_says_the_same_beside_it(tree) -> None:
    hidden = [svg for svg in drawings(tree) if svg.get("aria-hidden") == "true"]
    assert all(svg.get("class") == "track" for svg in hidden)
    assert all(spoken_name(svg, tree) for svg in drawings(tree) if svg not in hidden)


def test_every_table_has_a_caption_and_heads_of_columns_rows_and_groups(tree) -> None:
    """What the heads are to those who listen is asked of a browser, in tests/browser."""
    for table in tree.iter("table"):
        assert words(next(table.iter("caption")))
        assert all(head.tag == "th" for head in table.find("thead").find("tr"))
        for line in (line for body in table.iter("tbody") for line in body.iter("tr")):
            first, *rest = line
            assert first.tag == "th"
            assert all(cell.tag == "td" for cell in rest)
            assert rest or first.get("scope") == "rowgroup" or not words(first)
