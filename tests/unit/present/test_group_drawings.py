"""Drawings of groups and lanes: the word for weak data, what the upright of all leaves free, names of triples."""

from __future__ import annotations

import re

import pytest

from upward.present.build_standing import labelled_ticks
from upward.present.specs import GroupLine, GroupsChart, Mark
from upward.present.svg import draw_files
from upward.present.svg_looks import SLATE, TEAL
from upward.present.wording import listed_once


def grouped(*marks: Mark, overall: Mark | None = None, own: bool = False) -> str:
    lines = tuple(GroupLine(mark.label, (mark,)) for mark in marks)
    (drawing,) = draw_files(GroupsChart("By group", "A sentence.", lines, overall, own=own))
    return drawing


def test_a_weak_figure_says_so_at_its_value_and_below_it_where_the_line_is_too_short() -> None:
    short, strong = Mark("A", 152.0, "152", quality=3), Mark("B", 300.0, "300", quality=1)
    drawing = grouped(short, strong, short._replace(label="C", text="$102,345,678"))
    assert ">152 · Weak<" in drawing
    assert ">300<" in drawing
    value, word = (
        float(re.findall(rf'y="([\d.]+)">{re.escape(text)}<', drawing)[0])
        for text in ("$102,345,678", "Weak")
    )
    assert word - value >= 12
    height = float(re.findall(r'height="(\d+)"', drawing)[0])
    assert word + 4 <= height


def test_the_upright_of_all_leaves_the_reason_of_a_missing_group_free() -> None:
    known, absent = Mark("A", 10.0, "10%"), Mark("B", None, "not available", reason="No value.")
    (broken,) = re.findall(
        r'stroke-dasharray="2 2" d="([^"]*)"', grouped(known, absent, overall=Mark("All", 90.0, "90%"))
    )
    (whole,) = re.findall(
        r'stroke-dasharray="2 2" d="([^"]*)"', grouped(known, known, overall=Mark("All", 90.0, "90%"))
    )
    assert broken.count("V") == 2
    assert whole.count("V") == 1


def test_a_place_that_stands_alone_is_drawn_as_a_place_with_the_ends_of_its_interval() -> None:
    place = Mark("Kalawao County", 0.07, "7.4%", 0.06, 0.09, "6.2% to 8.8%", 1)
    drawing = grouped(place, own=True)
    assert SLATE not in drawing
    assert TEAL in drawing
    assert ">6.2% to 8.8%<" in drawing


@pytest.mark.parametrize(
    ("texts", "first", "kept"),
    [
        (("0", "20", "40", "60", "80"), 0, (0, 1, 2, 3, 4)),
        (("0.125", "0.25", "0.5", "1", "2", "4", "8"), 3, (1, 3, 5)),
        (("$0", "$100k", "$200k", "$300k", "$400k", "$500k"), 0, (0, 2, 4)),
        (("100,000,000,000,000",) * 6, 2, (2,)),
    ],
)
def test_every_tick_of_a_lane_with_room_is_labelled_and_the_one_of_a_ratio_always(texts, first, kept) -> None:
    assert labelled_ticks(texts, first) == kept


def test_words_that_all_names_share_are_said_once() -> None:
    assert listed_once(["Affordable, 30%", "Affordable, 50%"]) == "Affordable, 30% and 50%"
    assert listed_once(["percentil 20", "percentil 50"]) == "percentil 20 and 50"
    assert listed_once(["alone"]) == "alone"
    assert listed_once(["same", "same"]) == "same and same"
    assert listed_once([]) == ""
