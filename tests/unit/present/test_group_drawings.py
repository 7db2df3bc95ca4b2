"""Drawings of groups and lanes: the word for weak data, what the upright of all leaves free, names of triples."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from upward.present import theme
from upward.present.build_standing import labelled_ticks
from upward.present.scales import printed_step
from upward.present.specs import GroupLine, GroupsChart, Lane, LanesChart, Mark, Reference
from upward.present.svg import draw_files
from upward.present.svg_looks import SLATE, TEAL
from upward.present.wording import listed_once


def grouped(*marks: Mark, overall: Mark | None = None, own: bool = False) -> str:
    lines = tuple(GroupLine(mark.label, (mark,)) for mark in marks)
    (drawing,) = draw_files(GroupsChart("By group", "A sentence.", lines, overall, own=own))
    return drawing


def test_a_weak_figure_says_so_at_its_value_and_below_it_where_the_line_is_too_short() -> None:
    short, strong = Mark("A", 152.0, "152", quality=3), Mark("B", 300.0, "300", quality=1)
    drawing = grouped(short, strong, replace(short, label="C", text="$102,345,678"))
    assert ">152 · Weak<" in grouped(short, strong)
    assert ">152<" in drawing  # one way to say it in one drawing
    assert drawing.count(">Weak<") == 2
    assert ">300<" in drawing
    value, word = (
        float(re.findall(rf'y="([\d.]+)">{re.escape(text)}<', drawing)[-1])
        for text in ("$102,345,678", "Weak")
    )
    assert word - value >= 12
    height = float(re.findall(r'height="(\d+)"', drawing)[0])
    assert word + 4 <= height


def test_the_upright_of_all_leaves_the_reason_of_a_missing_group_free() -> None:
    known, absent = Mark("A", 10.0, "10%"), Mark("B", None, "not available", reason="No value.")
    (line,) = re.findall(
        r'stroke-dasharray="2 2" d="([^"]*)"', grouped(known, absent, overall=Mark("All", 90.0, "90%"))
    )
    (x,) = re.findall(r"^M([\d.]+) ", line)
    assert float(x) + 6 <= theme.WIDTH - theme.text_width("not available", theme.PRINTED)
    long = replace(absent, text="not available for any such group of residents here")
    (broken,) = re.findall(
        r'stroke-dasharray="2 2" d="([^"]*)"', grouped(known, long, overall=Mark("All", 90.0, "90%"))
    )
    assert (line.count("V"), broken.count("V")) == (1, 2)


def test_figures_that_are_printed_alike_are_drawn_alike() -> None:
    drawing = grouped(Mark("A", 0.15161, "15.2%"), overall=Mark("All", 0.15239, "15.2%"))
    (dot,) = re.findall(r'<circle [^>]*cx="([\d.]+)"', drawing)
    (line,) = re.findall(r'stroke-dasharray="2 2" d="M([\d.]+)', drawing)
    assert abs(float(dot) - float(line)) <= 10
    apart = grouped(Mark("A", 0.15161, "15.2%"), overall=Mark("All", 0.25, "25.0%"))
    (dot,) = re.findall(r'<circle [^>]*cx="([\d.]+)"', apart)
    (line,) = re.findall(r'stroke-dasharray="2 2" d="M([\d.]+)', apart)
    assert abs(float(dot) - float(line)) >= 80


@pytest.mark.parametrize(
    ("value", "text", "step"),
    [(0.152, "15.2%", 0.001), (1.19, "119.0", 0.001), (1.19, "1.19", 0.01), (24142.0, "$24,142", 1.0)],
)
def test_a_printed_step_is_that_of_the_stored_value(value: float, text: str, step: float) -> None:
    assert printed_step((Mark("A", value, text), Mark("B", None, "not shown"))) == pytest.approx(step)
    assert printed_step((Mark("B", None, "3 cases"),)) == 0.0


def test_lanes_are_named_once_and_values_that_are_all_weak_say_so_once() -> None:
    keys = ("percentil 20", "percentil 50", "percentil 80")
    marks = tuple(Mark(key, 10.0 * at, f"${10 * at}", quality=3) for at, key in enumerate(keys, 1))
    absent = tuple(Mark(key, None, "not shown") for key in keys)
    groups = (
        GroupLine("A", absent),
        GroupLine("B", marks),
        GroupLine("C", (*marks[:2], replace(marks[2], quality=1))),
    )
    (drawing,) = draw_files(GroupsChart("Income", "A sentence.", groups, keys=keys))
    assert [drawing.count(f">{name}<") for name in ("20", "50", "80")] == [1, 1, 1]
    assert drawing.count(">all Weak<") == 1  # below the last of them alone, it would be read as of that one
    assert drawing.count(">Weak<") == 2


def test_a_reference_of_groups_is_a_dashed_upright_with_its_word_on_the_scale_of_all_charts() -> None:
    beside = (Mark("A", 0.5, "0.50"), Mark("A", 1.5, "1.50"))
    places = set()
    for mark in beside:
        chart = GroupsChart(
            "Ratio",
            "A sentence.",
            (GroupLine("A", (mark,)),),
            reference=Reference(1.0, "parity"),
            beside=beside,
        )
        (drawing,) = draw_files(chart)
        assert ">parity<" in drawing
        places.update(re.findall(r'stroke-dasharray="3 2" d="M([\d.]+)', drawing))
    assert len(places) == 1


def test_the_labels_of_two_lanes_stand_farther_apart_than_the_lines_of_one() -> None:
    lanes = tuple(
        Lane(Mark(label, 5.0, "5"), None) for label in ("Other races and ethnicities", "White, non-Hispanic")
    )
    (drawing,) = draw_files(LanesChart("Lanes", "A sentence.", lanes, ((0.0, "0"), (10.0, "10"))))
    heights = [
        float(y)
        for y in re.findall(r'<text[^>]*y="([\d.]+)">(?:Other|and|ethnicities|White,|non-H)', drawing)
    ]
    gaps = sorted(below - above for above, below in itertools.pairwise(sorted(heights)))
    assert gaps[-1] >= gaps[-2] + 10


def test_a_place_that_stands_alone_is_drawn_as_a_place_with_the_ends_of_its_interval() -> None:
    place = Mark("Kalawao County", 0.07, "7.4%", 0.06, 0.09, "6.2% to 8.8%", 1)
    drawing = grouped(place, own=True)
    assert SLATE not in drawing
    assert TEAL in drawing
    assert ">6.2% to 8.8%<" in drawing


@pytest.mark.parametrize("value", [0.01, 0.074, 0.2])
def test_a_reference_of_a_place_alone_is_clear_of_its_interval_and_its_word_stays_in_the_drawing(
    value: float,
) -> None:
    place = Mark("Ramsey County", 0.076, "7.6%", 0.062, 0.088, "6.2% a 8.8%", 1)
    word = "Mediana de lugares parecidos 7.4%"
    lines = (GroupLine(place.label, (place,)),)
    chart = GroupsChart("By group", "A.", lines, own=True, reference=Reference(value, word))
    (drawing,) = draw_files(chart)
    (middle,) = re.findall(rf'x="([\d.]+)" y="12">{word}<', drawing)
    half = theme.text_width(word, theme.PRINTED, True) / 2
    assert half - 1 <= float(middle) <= theme.WIDTH - half + 1
    x, path = re.findall(r'stroke-dasharray="3 2" d="M([\d.]+) ([^"]*)"', drawing)[0]
    at, base = re.findall(r'x="([\d.]+)" y="([\d.]+)">6.2% a 8.8%<', drawing)[0]
    ends = [float(end) for end in re.findall(r"V([\d.]+)", path)]
    reached = abs(float(x) - float(at)) < theme.text_width("6.2% a 8.8%") / 2
    assert reached == (value == 0.074)
    assert not reached or max(ends) <= float(base) - 12


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
