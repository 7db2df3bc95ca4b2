"""Drawing, sentence and table of a chart hold the same facts, read back from the written page."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest
from reading_html import articles, drawings, drawn_numbers, numbers, parse, spoken_name, words

from upward.present.describe import describe_groups, describe_lanes, shared_weak_years
from upward.present.html import render_place_page
from upward.present.specs import GroupLine, Lane, Mark, Span, TrendChart


@pytest.fixture(scope="module", params=["county", "city", "faults"])
def page(request, make):
    """A county, a city, and a county with missing years, weak values and breaks."""
    if request.param == "city":
        return make(invented.CITY)
    return make(change=_damage if request.param == "faults" else None)


@pytest.fixture(scope="module")
def tree(page):
    return parse(render_place_page(page))


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


def test_a_line_over_the_years_tells_every_year_interval_middle_and_reason_of_a_break(page) -> None:
    """Nothing of a line over the years stands in the table alone."""
    intervals = middles = reasons = 0
    for chart in _trends(page):
        for series in chart.series:
            for mark in series.marks:
                figure = f"{mark.label} {mark.text}" + (f" ({mark.interval})" if mark.interval else "")
                assert figure in series.sentence
                intervals += bool(mark.interval)
            for mark in (mark for run in series.national_runs for mark in run):
                said = series.sentence.partition(f"{mark.label} middle")[2]
                assert mark.text in said
                assert str(mark.year) in said or "the same years" in said
                middles += 1
            assert series.sentence in chart.sentence
        for gap in chart.gaps:
            assert gap.reason.rstrip(".") in chart.sentence
            reasons += 1
    assert intervals > 20
    assert middles > 40
    assert reasons > 2


def _trends(page) -> list[TrendChart]:
    rows = [row for pillar in page.pillars for row in pillar.rows]
    return [chart for row in rows for chart in row.trends if isinstance(chart, TrendChart)]


def test_what_is_the_same_for_all_of_a_chart_is_said_once() -> None:
    weak = Mark("2020", 0.1, "10%", quality=3, year=2020)
    strong = replace(weak, label="2021", year=2021, quality=1)
    span = Span("US", "United States", 0.1, 0.2, 0.3, "10%", "20%", "30%", national=True)
    lanes = describe_lanes("Here", [Lane(weak, span), Lane(weak, span)], None)
    assert lanes.count("data quality Weak") == lanes.count(", middle ") == 1
    assert lanes.count("United States") == 2
    mixed = describe_lanes("Here", [Lane(weak, span), Lane(strong, span)], None)
    assert "2020 10%, data quality Weak" in mixed
    assert "2021 10%, data quality" not in mixed

    groups = describe_groups([GroupLine("A", (weak,)), GroupLine("B", (weak,))])
    assert groups == "A: 10%; B: 10%; data quality Weak: every figure."
    assert (
        describe_groups([GroupLine("A", (weak,)), GroupLine("B", (strong,))])
        == "A: 10%, data quality Weak; B: 10%."
    )
    absent = Mark("", None, "not shown")
    assert describe_groups([GroupLine("A", (absent, absent))], keys=("low", "high")) == "A: not shown."
    several = describe_groups(
        [GroupLine("A", (weak, weak)), GroupLine("B", (weak, strong))], keys=("low", "high")
    )
    assert several == "A, data quality Weak: low 10%, high 10%; B: low 10%, data quality Weak, high 10%."

    assert shared_weak_years([[weak], [weak]]) == ["data quality Weak: every year"]
    assert shared_weak_years([[weak], [strong]]) == shared_weak_years([[weak]]) == []


def _labels(label: str) -> set[str]:
    """Numbers of a sentence that are words: 5th and 95th percentile, a year range, an age group."""
    named = {"5", "95", "50", "20", "80"}
    whole = {number for number in numbers(label) if number.isdigit()}
    return named | {number for number in whole if len(number) <= 2 or 1990 < int(number) < 2100}


def test_the_words_of_a_row_are_the_sentences_of_its_drawings(tree) -> None:
    for article in articles(tree):
        boxes = [box for box in article.iter("div") if box.get("class") == "words"]
        spoken = [words(paragraph) for box in boxes for paragraph in box]
        for svg in drawings(article):
            label = " ".join(spoken_name(svg, article).split()).rstrip(".")
            assert any(label in paragraph for paragraph in spoken)
        charts = [figure for figure in article.iter("figure") if list(drawings(figure))]
        assert len(spoken) == len(charts) or not boxes  # a paragraph for each chart


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
