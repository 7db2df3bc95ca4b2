"""The table of a row: nothing of a number is lost where it is said once, or stands in one cell with others."""

from __future__ import annotations

import invented
import pytest
from reading_html import articles, parse, words

from upward.present.html import render_place_page, table
from upward.present.specs import Column, TableGroup, TableSpec
from upward.present.wording import quality_word


def _weak(row):
    return row._replace(quality=3) if invented.chance(row.variable, row.period, row.group) < 0.3 else row


def _gone(row):
    lot = invented.chance(row.variable, row.period, row.group, "gone")
    return invented.missing(row, f"Lost {row.period} {row.group}.") if lot < 0.2 else row


@pytest.fixture(scope="module", params=[None, _weak, _gone], ids=["full", "weak", "missing"])
def damaged(request, make):
    """A page with every number, one where some are weak, one where some are missing."""
    return make(change=request.param)


def _tables(page):
    tree = parse(render_place_page(page))
    rows = {row.id: row for pillar in page.pillars for row in pillar.rows if row.table}
    for article in articles(tree):
        row = rows.get(article.get("id"))
        if row:
            yield (
                row,
                next(item for item in article.iter("table") if (item.get("class") or "").startswith("c")),
            )


def _marks(row):
    marks = [mark for chart in row.trends for line in getattr(chart, "series", ()) for mark in line.marks]
    return marks + [
        mark for chart in row.groups for line in getattr(chart, "lines", ()) for mark in line.marks
    ]


def test_no_table_has_more_than_seven_columns_and_no_row_more_cells_than_columns(damaged) -> None:
    for _row, element in _tables(damaged):
        columns = len(list(element.find("thead").iter("th")))
        assert columns <= 7
        for line in element.iter("tr"):
            assert sum(int(cell.get("colspan") or 1) for cell in line) <= columns


def test_every_number_has_its_interval_and_its_quality_in_the_table(damaged) -> None:
    for row, element in _tables(damaged):
        caption = words(next(element.iter("caption")))
        lines = [words(line) for line in element.iter("tr")]
        for mark in _marks(row):
            if mark.value is None:
                assert any(mark.reason in line for line in lines)
                continue
            quality = quality_word(mark.quality)
            held = [line for line in lines if mark.text in line and mark.interval in line]
            assert held, (row.id, mark)
            usual = caption.endswith(f"Data quality: {quality}") or f"{quality}, unless" in caption
            assert usual or any(quality in line for line in held), (row.id, mark)


def test_a_quality_that_is_not_the_usual_one_stands_at_its_figure(make) -> None:
    page = make(change=lambda row: row._replace(quality=3) if row.period == "2018" else row)
    checked = 0
    for row, element in _tables(page):
        year = [line for line in element.iter("tr") if words(line[0]) == "2018"]
        qualities = {mark.quality for mark in _marks(row)}
        if year and len(qualities) > 1:
            assert "Weak" in words(year[0])
            checked += 1
    assert checked > 5


def test_numbers_of_one_year_stand_in_one_line(page) -> None:
    row, element = next((row, element) for row, element in _tables(page) if row.id == "income")
    heads = [words(head) for head in element.find("thead").iter("th")]
    assert heads[1:] == [line.label for line in row.headlines]
    newest = next(line for line in element.iter("tr") if words(line[0]) == "2023")
    assert [words(cell) for cell in newest[1:]] == [
        f"{line.mark.text} ({line.mark.interval})" for line in row.headlines
    ]


def test_cells_that_are_empty_at_the_end_are_left_out_and_those_before_are_kept() -> None:
    columns = (Column("Year"), Column("Percent", True), Column("Note"), Column("Word"))
    rows = (("2020", "", "x", ""), ("2021", "1%", "", ""), ("", "", "", ""))
    spec = TableSpec("Caption", columns, (TableGroup("Head", rows),))
    text = table(spec)
    assert "<tr><th>2020<td><td>x<tr><th>2021<td>1%<tr><th></table>" in text
    remarks = spec._replace(groups=(TableGroup("Notes", (("2020", "Why & how."),), remarks=True),))
    assert "<tr><th>2020<td colspan=3>Why &amp; how.</table>" in table(remarks)
