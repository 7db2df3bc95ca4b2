"""Drawings of lanes: values clear of the axis, labels clear of each other, texts clear of grid lines."""

from __future__ import annotations

import itertools
import re

import pytest

from upward.present import theme
from upward.present.build_standing import labelled_ticks
from upward.present.scales import lanes_right
from upward.present.specs import Lane, LanesChart, Mark, Span
from upward.present.svg import draw_files

NATION = Span("US", "United States", 20.0, 50.0, 80.0, "20", "50", "80", national=True)
TICKS = tuple((float(value), str(value)) for value in (0, 50, 100))
PEERS = (Mark("Peer", 50.0, "50"),)


def laned(*marks: Mark) -> str:
    lanes = tuple(Lane(mark, NATION, PEERS) if mark.value is not None else Lane(mark, None) for mark in marks)
    (drawing,) = draw_files(LanesChart("Place", "A sentence.", lanes, TICKS))
    return drawing


def grid(drawing: str) -> str:
    (path,) = re.findall(r'stroke="#d9dee3" d="([^"]*)"', drawing)
    return path


@pytest.mark.parametrize("text", ["36", "$125,910", "$1,125,910"])
def test_the_axis_of_lanes_ends_before_their_values(text: str) -> None:
    last = sum(float(x) for x in re.findall(r"[Mm]([\d.]+) ", grid(laned(Mark("A", 40.0, text)))))
    assert last == lanes_right([text]) <= theme.LANE_RIGHT
    assert last + 8 <= theme.WIDTH - theme.text_width(text, 13, True)


def test_a_shorter_axis_has_labels_where_they_have_room() -> None:
    texts = ("$0", "$100k", "$200k", "$300k")
    assert labelled_ticks(texts, 0, 252) == (0, 1, 2, 3)
    assert labelled_ticks(texts, 0, 200) == (0, 2)


def test_a_label_of_three_lines_stands_clear_of_the_lane_above() -> None:
    long = "Other races and ethnicities"
    drawing = laned(Mark("Short", None, "not shown"), Mark(long, 40.0, "40"), Mark("Last", 60.0, "60"))
    lines = theme.wrap(long, theme.LANE_LEFT - 8)
    assert len(lines) == 3
    heights = [float(re.findall(rf'y="([\d.]+)">{word}<', drawing)[0]) for word in ("Short", *lines, "Last")]
    steps = [after - before for before, after in itertools.pairwise(heights)]
    assert steps[1] == steps[2] == 15
    assert steps[0] >= 20
    assert steps[3] >= 20


def test_a_grid_line_is_broken_where_a_reason_stands() -> None:
    (whole, *_more) = [laned(Mark("A", 40.0, "40"))]
    broken = laned(Mark("A", 40.0, "40"), Mark("B", None, "not available"))
    assert grid(whole).count("V") == 3
    assert grid(broken).count("V") == 4
    assert "m0 18" in grid(broken)
