"""The ends of a range drawing: what lies beyond it, which labels stand under which ticks, what crosses no number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.present import theme
from upward.present.scales import percentile_scale
from upward.present.specs import GroupLine, GroupsChart, Mark, RangeChart, Span
from upward.present.svg import draw_files
from upward.present.svg_looks import RULE, TEAL

NATION = Span("US", "United States", 20.0, 50.0, 80.0, "20.0%", "50.0%", "80.0%", national=True)
STATE = Span("MO", "Missouri", 30.0, 45.0, 70.0, "30.0%", "45.0%", "70.0%")


def ranged(mark: Mark, *spans: Span) -> str:
    (drawing,) = draw_files(RangeChart("Place, US", "A sentence.", mark, spans or (NATION,)))
    return drawing


def lines(drawing: str, color: str, width: str = "") -> str:
    """The paths of a color and width, one after the other."""
    found = re.findall(rf'<path stroke="{color}"([^>]*) d="([^"]*)"', drawing)
    return "".join(d for look, d in found if width in look and "dash" not in look)


@pytest.mark.parametrize(("upper", "end"), [(70.0, "cap"), (200.0, "arrowhead")])
def test_an_interval_that_is_cut_ends_in_an_arrowhead_instead_of_a_cap(upper: float, end: str) -> None:
    whisker = lines(ranged(Mark("", 50.0, "50", 30.0, upper)), TEAL, "1.75")
    assert ("M303 25l5 5-5 5" in whisker) == (end == "arrowhead")
    assert len(re.findall(r"v10|v5m", whisker)) == (2 if end == "cap" else 1) or end == "cap"


def test_the_arrowhead_of_an_interval_stands_clear_of_a_dot_near_the_end_of_the_scale() -> None:
    scale = percentile_scale(NATION)
    for value, lower, upper in ((scale.low + 1, -50.0, 50.0), (scale.high - 1, 50.0, 150.0)):
        whisker = lines(ranged(Mark("", value, "v", lower, upper)), TEAL, "1.75")
        ((back, end),) = re.findall(r"M([\d.]+) 25l(-?5) 5", whisker)
        widest = float(back)
        assert abs(widest - scale(value)) >= 6.5 + 2 - 1
        assert 0 <= widest + float(end) <= theme.WIDTH


def test_a_value_beyond_the_drawing_has_one_arrowhead_with_its_interval() -> None:
    drawing = ranged(Mark("", 150.0, "150", 70.0, 200.0))
    assert "M303 25l5 5-5 5" not in drawing
    assert len(re.findall(r"M\d+ 24l6 6-6 6", drawing)) == 1


@pytest.mark.parametrize(
    ("low", "high", "left", "right"), [(-90, 70, 1, 0), (30, 190, 0, 1), (-90, 190, 1, 1)]
)
def test_a_bar_that_is_cut_ends_in_a_point_instead_of_a_tick(low, high, left: int, right: int) -> None:
    wide = replace(STATE, low=low, high=high)
    ends = lines(ranged(Mark("", 50.0, "50"), NATION, wide), RULE)
    assert len(re.findall(r"M68 \d+l-4 5 4 5", ends)) == left
    assert len(re.findall(r"M304 \d+l4 5-4 5", ends)) == right


def test_a_whisker_that_its_dot_hides_is_not_drawn() -> None:
    assert "M" not in lines(ranged(Mark("", 50.0, "50", 49.9, 50.1)), TEAL, "1.75")
    groups = [
        GroupLine("A", (Mark("A", 5.0, "5", 4.9, 5.1),)),
        GroupLine("B", (Mark("B", 50.0, "50", 30, 70),)),
    ]
    (drawing,) = draw_files(GroupsChart("By group", "A sentence.", tuple(groups)))
    assert len(re.findall(r"H\d+", lines(drawing, "#4b5866", "1.75"))) == 1


def texts(drawing: str) -> dict[str, tuple[float, float]]:
    found = {}
    for look, text in re.findall(r"<text([^>]*)>([^<]*)<", drawing):
        x, y = (re.search(rf' {name}="([\d.]+)"', look) for name in "xy")
        found[text] = (float(x.group(1)) if x else 0.0, float(y.group(1)) if y else 0.0)
    return found


@given(st.floats(20, 80))
def test_the_label_of_a_middle_stands_under_its_tick_and_touches_no_other(middle: float) -> None:
    span = replace(NATION, middle=middle)
    found = texts(ranged(Mark("", 50.0, "50"), span))
    assert found["50.0%"][0] == pytest.approx(percentile_scale(span)(middle), abs=0.51)
    own = theme.text_width("50.0%", 13, True) / 2
    for text in {"20.0%", "80.0%"} & set(found):
        assert abs(found[text][0] - found["50.0%"][0]) >= own + theme.text_width(text, 13) / 2 + 3
        assert 0 <= found[text][0] <= theme.WIDTH


def test_an_end_of_a_bar_without_room_for_its_label_has_none() -> None:
    span = replace(NATION, middle=79.0, middle_text="$123,456", high_text="$123,999", low_text="$1")
    found = texts(ranged(Mark("", 50.0, "50"), span))
    assert "$123,456" in found
    assert "$1" in found
    assert "$123,999" not in found


@pytest.mark.parametrize(("value", "drawn"), [(29.0, False), (45.0, True), (71.0, False)])
def test_the_line_down_to_the_state_is_drawn_where_it_reaches_the_bar(value: float, drawn: bool) -> None:
    drawing = ranged(Mark("", value, "here"), NATION, STATE)
    assert bool(re.findall(r'stroke-dasharray="1 3"', drawing)) == drawn


@given(st.floats(30, 70))
def test_the_line_down_to_the_state_crosses_no_number(value: float) -> None:
    drawing = ranged(Mark("", value, "here"), NATION, STATE)
    (look,) = re.findall(r'stroke-dasharray="1 3" d="([^"]*)"', drawing)
    (x,) = re.findall(r"^M(\d+) ", look)
    pieces, y = [], 0.0
    for command, number in re.findall(r"(M\d+ |m0 |V)([\d.]+)", look):
        end = y + float(number) if command == "m0 " else float(number)
        if command == "V":
            pieces.append((y, end))
        y = end
    for text, (place, base) in texts(drawing).items():
        if text in ("20.0%", "50.0%", "80.0%") and abs(place - float(x)) < theme.text_width(text) / 2:
            assert all(end <= base - 9 or start >= base + 2 for start, end in pieces)
    state_top = 70 - 10 / 2
    assert all(end - start >= 6 for start, end in pieces)  # no stub between two numbers
    assert pieces[-1][1] <= state_top
