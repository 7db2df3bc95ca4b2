"""Labels of lines over years: beside their own dots, clear of lines, within the drawing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from upward.present import theme
from upward.present.scales import trend_right
from upward.present.specs import Gap, Mark, Series, TrendChart
from upward.present.svg import draw_files
from upward.present.svg_looks import TEAL
from upward.present.svg_trend import PANEL_AXIS


def years(values: list[float], label: str = "") -> tuple[Mark, ...]:
    return tuple(
        Mark(label or str(2014 + at), value, f"{value:g}%", year=2014 + at) for at, value in enumerate(values)
    )


def trend(own: list[float], nation: list[float]) -> str:
    line = Series("", "", (years(own),), (years(nation, "US"),) if nation else ())
    (drawing,) = draw_files(TrendChart("Over time", "A sentence.", (line,)))
    return drawing


def height(drawing: str, text: str) -> float | None:
    found = re.findall(rf'y="([\d.]+)">{text}<', drawing)
    return float(found[0]) if found else None


def first_dot(drawing: str) -> float:
    return float(re.findall(r'<circle [^>]*cx="8" cy="([\d.]+)"', drawing)[0])


@pytest.mark.parametrize(
    ("own", "nation", "place"),
    [
        ([50, 50, 50, 90], [20, 20, 20, 20], "above"),
        ([50, 50, 50, 10], [53, 53, 53, 90], "below"),  # above it the label would be read as the nation's
        ([50, 50, 50, 49], [52, 46, 52, 46], "by its year"),  # the nation's line on both sides
        (
            [0, 400, 0, 400],
            [],
            "beside",
        ),  # its own line is so steep that the label would be far away below it
        ([0, 400, 0, 400], [0, 400, 0, 300], "by its year"),  # the nation's line begins at the same dot
    ],
)
def test_a_first_value_stands_next_to_its_own_dot_or_behind_its_year(own, nation, place) -> None:
    drawing = trend([float(value) for value in own], [float(value) for value in nation])
    y = height(drawing, f"{own[0]}%")
    assert y is not None
    if place == "by its year":
        assert y == height(drawing, "2014")
        return
    if place == "beside":
        (x,) = re.findall(rf'x="([\d.]+)" y="{y:g}">{own[0]}%', drawing)
        assert float(x) >= 8 + 2.75 + 2
    else:
        assert (y < first_dot(drawing)) == (place == "above")
    assert abs(y - first_dot(drawing)) <= 24


@pytest.mark.parametrize("panels", [False, True])
@pytest.mark.parametrize(
    ("count", "after", "values", "told"),
    [
        (4, 1, [50.5, 50, 50, 50], False),  # neither above its dot nor beside it
        (4, 1, [50.5, 20, 20, 20], False),
        (10, 1, [50.5] * 10, False),
        (10, 4, [50.5] * 10, True),
        (10, 9, [50.5] * 10, True),
    ],
)
def test_a_first_value_is_clear_of_uprights(
    panels: bool, count: int, after: int, values: list[float], told: bool
) -> None:
    marks = tuple(replace(mark, text=f"{mark.value:.2f}") for mark in years(values))
    gap = Gap(2013 + after, 2014 + after, "new series", "A new series.")
    line = Series("A", "A", (marks[:after], marks[after:]))
    (drawing,) = draw_files(TrendChart("Over time", "A.", (line,), (gap,), panels=panels))
    (upright,) = re.findall(r'stroke-dasharray="1 3" d="M([\d.]+) ', drawing)
    texts = re.findall(r'<text [^>]*?(?:x="([\d.]+)" )?y="([\d.]+)">50.50<', drawing)
    behind = height(drawing, "2014")  # the label behind its year stands below the axis, where uprights end
    first = [float(x or 0) for x, y in texts if float(x or 0) < theme.PANEL_WIDTH - 60 and float(y) != behind]
    assert bool(first) == told
    for x in first:
        assert not x - 3 < float(upright) < x + theme.text_width("50.50")


def test_a_first_value_beside_its_dot_does_not_touch_the_dot_of_the_next_year() -> None:
    def drawn(text: str) -> str:
        first, *others = years([50.0, 50.4, 50.0, 50.2, 50.0])
        wide = [replace(mark, lower=10.0, upper=90.0) for mark in (replace(first, text=text), *others)]
        line = Series("", "", ((wide[0],), tuple(wide[1:])))
        gap = Gap(2016, 2017, "new series", "A new series.")  # its word leaves no room above the line
        (drawing,) = draw_files(TrendChart("Over time", "A sentence.", (line,), (gap,)))
        return drawing

    assert height(drawn("9.9"), "9.9") != height(drawn("9.9"), "2014")
    assert height(drawn("99.9"), "99.9") == height(drawn("99.9"), "2014")


def test_a_first_value_behind_its_year_leaves_the_last_year_free() -> None:
    def drawn(text: str) -> str:
        first, *others = years([50.0, 50, 50, 49])
        nation = years([52.0, 46, 52, 46], "US")
        line = Series("", "", ((replace(first, text=text), *others),), (nation,))
        (drawing,) = draw_files(TrendChart("Over time", "A sentence.", (line,)))
        return drawing

    assert height(drawn("$50,000"), r"\$50,000") == height(drawn("$50,000"), "2014")
    assert height(drawn("$1,250,000,000"), r"\$1,250,000,000") is None


@pytest.mark.parametrize(
    ("wide", "nation", "told"), [(18, 10, True), (18, 62, False), (18, 50, False), (0, 10, True)]
)
def test_a_first_value_stands_at_the_edge_of_its_own_band_where_no_line_is_between(
    wide, nation, told
) -> None:
    own = tuple(
        replace(mark, lower=mark.value - wide, upper=mark.value + wide)
        for mark in years([50.0, 50, 50, 100 - wide])
        if mark.value is not None
    )
    line = Series("", "", (own,), (years([float(nation)] * 4, "US"),))
    (drawing,) = draw_files(TrendChart("Over time", "A sentence.", (line,)))
    assert (height(drawing, "50%") != height(drawing, "2014")) == told


@pytest.mark.parametrize(
    ("own", "nation", "far"),
    [
        ([30, 30, 30, 31], [60, 60, 60, 60], None),  # no room below: between the two
        ([60, 60, 60, 10], [40, 40, 40, 40], "above"),
        ([40, 40, 40, 10], [60, 60, 60, 60], "below"),
    ],
)
def test_a_first_value_is_not_read_as_that_of_the_nation(own, nation, far) -> None:
    drawing = trend([float(value) for value in own], [float(value) for value in nation])
    ((look, y),) = re.findall(rf'<text([^>]+) y="([\d.]+)">{own[0]}%', drawing) or re.findall(
        rf'<g([^>]*)>(?:<text[^>]*>[^<]*</text>)*?<text[^>]*y="([\d.]+)">{own[0]}%<', drawing
    )
    assert TEAL in look  # the place's color
    if far:
        assert (float(y) < first_dot(drawing)) == (far == "above")


def test_a_last_value_under_its_dot_stands_above_the_axis() -> None:
    lines = tuple(
        Series(name, name, (years(values),))
        for name, values in (
            ("A", [0.58, 0.6, 0.5, 0.53, 1.15, 0.55]),
            ("B", [0.3, 0.3, 0.3, 0.3, 0.3, 0.29]),
        )
    )
    first, second = draw_files(TrendChart("Over time", "A.", lines, panels=True))
    for drawing, text in ((first, "0.55%"), (second, "0.29%")):
        y = height(drawing, text)
        assert y is not None
        assert y <= PANEL_AXIS - 5
    dot = float(re.findall(r'cy="([\d.]+)" ?/?>', first)[-1])
    below = height(first, "0.55%")
    assert below is not None
    assert 0 < below - dot <= 24


def test_a_long_label_beside_a_line_stays_in_the_drawing() -> None:
    line = Series("", "", (years([30.0, 40.0]),), (years([35.0, 43.6], "EE.UU."),))
    assert trend_right((line,)) < theme.TREND_RIGHT
    (drawing,) = draw_files(TrendChart("Over time", "A sentence.", (line,)))
    (x,) = re.findall(r'x="(\d+)" y="\d+">EE.UU.', drawing)
    assert float(x) + theme.text_width("EE.UU. 43.6%") <= theme.TREND_WIDTH
    short = Series("", "", (years([30.0, 40.0]),))
    assert trend_right((short,)) == theme.TREND_RIGHT


def test_the_labels_of_a_small_drawing_lie_over_no_dot() -> None:
    lines = tuple(
        Series(name, name, (years(values),))
        for name, values in (("A", [20.0, 30, 90, 10, 10, 85, 50]), ("B", [50.0, 90, 20, 20, 90, 30, 30]))
    )
    for line, drawing in zip(
        lines, draw_files(TrendChart("Over time", "A.", lines, panels=True)), strict=True
    ):
        dots = [
            (float(x), float(y)) for x, y in re.findall(r'<circle [^>]*cx="([\d.]+)" cy="([\d.]+)"', drawing)
        ]
        assert len(dots) == 7
        last = line.marks[-1].text
        y, left = height(drawing, last), theme.PANEL_WIDTH - theme.text_width(last, 13, True)
        assert y is not None
        assert all(level - 4.5 >= y or level + 4.5 <= y - 10 for x, level in dots if x > left)
        first = height(drawing, line.marks[0].text)
        if first is not None:
            reach = theme.text_width(line.marks[0].text)
            assert all(level - 2.75 >= first or level + 2.75 <= first - 9 for x, level in dots if x < reach)


def test_four_small_drawings_fill_a_row_with_room_between_their_texts() -> None:
    columns = 224 + 32 + 320  # of the page's grid
    assert columns - 4 * theme.PANEL_WIDTH >= 4 * 16


@pytest.mark.parametrize("ends", [slice(0, 2), slice(5, 7), slice(3, 4)], ids=["early", "late", "one year"])
def test_a_small_drawing_whose_line_is_shorter_than_the_others_has_its_labels(ends) -> None:
    whole = Series("A", "A", (years([20.0, 30, 90, 10, 10, 85, 50]),))
    short = Series("B", "B", (years([52.0, 51, 54, 53, 56, 55, 58])[ends],))
    _first, drawing = draw_files(TrendChart("Over time", "A sentence.", (whole, short), panels=True))
    assert height(drawing, short.marks[-1].text) is not None
