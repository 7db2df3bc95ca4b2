"""Drawings of groups under each other: aligned dots with whiskers, and the upright of all residents."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

from upward.base.messages import _
from upward.present import theme
from upward.present.describe import WEAK
from upward.present.scales import Scale, linear
from upward.present.specs import GroupLine, GroupsChart, Mark
from upward.present.svg_looks import FAINT, SLATE, TEAL
from upward.present.svg_marks import label_lines, parallels, points, upright, whole
from upward.present.svg_paper import Paper
from upward.present.wording import quality_word

#: Widest value with the word for weak data in one line; the word of a wider one stands below it.
WIDEST_VALUE = 100.0
LEAST_PLOT = 40  #: room that groups need at least for their dots
BELOW = 14  #: from a value down to its word
UNDER: Final = 22  #: from a dot down to the base of its interval, where that is written


def paint_groups(chart: GroupsChart) -> Paper:
    """Return the drawing of groups: a line each, their dots on one scale."""
    told = _told(chart)
    told_widths = [
        theme.text_width(text, 13, True) for texts in told for text, _below, kind in texts if kind != "n"
    ]
    overall = chart.overall if chart.overall and chart.overall.value is not None else None
    color, letters = (TEAL, "v") if chart.own else (SLATE, "g")
    right = min(theme.PLOT_RIGHT, theme.WIDTH - max(told_widths, default=0.0) - 12)
    scale = _groups_scale(chart, overall, right)
    right = scale.right
    paper = Paper("groups", theme.WIDTH, chart.sentence)
    top = 20.0 if overall or chart.reference else 2.0
    rows = [_group_row(line, texts, _lane_room(chart)) for line, texts in zip(chart.lines, told, strict=True)]
    paper.height = top + sum(height for _lines, height in rows)
    levels: list[tuple[Mark, float]] = []
    y = top
    for line, texts, (lines, height) in zip(chart.lines, told, rows, strict=True):
        label_lines(paper, lines, y + height / 2)
        levels += _levels(line, texts, y + height / 2)
        y += height
    drawn = [(mark, level) for mark, level in levels if mark.value is not None]
    if right == theme.PLOT_RIGHT:
        levels_drawn = [whole(level) for _mark, level in drawn]
        paper.hairlines(whole(theme.PLOT_LEFT), levels_drawn, theme.PLOT_RIGHT - theme.PLOT_LEFT)
    else:
        paper.path(parallels([level for _mark, level in drawn], theme.PLOT_LEFT, right, upright=False), FAINT)
    _uprights(paper, scale, chart, top, levels)
    _name_lanes(paper, chart, drawn)
    radius = 4.75 if all(len(line.marks) == 1 for line in chart.lines) else 3.75
    points(paper, scale, drawn, radius, color, 3.5)
    all_told = [text for texts in told for text in texts]
    for (_mark, level), (text, below, kind) in zip(levels, all_told, strict=True):
        paper.text(theme.WIDTH, level + 4.5, text, kind or letters, "end")
        if below:
            paper.text(theme.WIDTH, level + 4.5 + BELOW, below, "n", "end")
    if chart.own:
        _own_interval(paper, scale, drawn)
    return paper


def _groups_scale(chart: GroupsChart, overall: Mark | None, right: float) -> Scale:
    """The scale of a chart's groups; it ends sooner where the upright of all would meet a reason at the right."""
    marks = [mark for line in chart.lines for mark in line.marks if mark.value is not None]
    marks += [mark for mark in chart.beside if mark.value is not None]
    if overall:
        marks.append(overall)
    if chart.reference:
        marks.append(Mark("", chart.reference.value))
    scale = linear(marks, theme.PLOT_LEFT, right)
    line = overall.value if overall else chart.reference.value if chart.reference else None
    absent = [
        theme.text_width(mark.text, theme.PRINTED)
        for line in chart.lines
        for mark in line.marks
        if mark.value is None
    ]
    free = theme.WIDTH - max(absent, default=0.0) - 8
    if line is not None and scale(line) > free > theme.PLOT_LEFT + LEAST_PLOT:
        return linear(marks, theme.PLOT_LEFT, float(floor(free)))
    return scale


def _told(chart: GroupsChart) -> list[list[tuple[str, str, str]]]:
    """What a group's line says of each mark, what stands below that, and the kind of letters where it has no value.

    The word for weak data stands beside the values where it has room beside all that are weak, else below them; of
    several values that are all weak, once, as that of all.
    """
    weak_word = quality_word(WEAK)
    word = f" · {weak_word}"
    weak = [
        mark for line in chart.lines for mark in line.marks if mark.value is not None and mark.quality == WEAK
    ]
    beside = not chart.keys and all(
        theme.text_width(f"{mark.text}{word}", 13, True) <= WIDEST_VALUE for mark in weak
    )
    told = []
    for line in chart.lines:
        texts = []
        once = len(line.marks) > 1 and all(mark in weak for mark in line.marks)
        below = _("all {quality}").format(quality=weak_word) if once else weak_word
        for number, mark in enumerate(line.marks, 1):
            marked = (
                mark.value is not None and mark.quality == WEAK and (not once or number == len(line.marks))
            )
            texts.append(
                (
                    mark.text + word if marked and beside else mark.text,
                    below if marked and not beside else "",
                    "n" if mark.value is None else "",
                )
            )
        told.append(texts)
    return told


def _own_interval(paper: Paper, scale: Scale, drawn: Sequence[tuple[Mark, float]]) -> None:
    """The interval of a place that stands alone, written under its whisker: no axis says what it is."""
    for mark, level in drawn:
        if mark.lower is not None and mark.upper is not None and mark.bounded:
            paper.text(_interval_middle(scale, mark), level + UNDER, mark.interval, "t", "middle")
            paper.height = max(paper.height, level + UNDER + 5)


def _interval_middle(scale: Scale, mark: Mark) -> float:
    return (scale(mark.lower or 0.0) + scale(mark.upper or 0.0)) / 2


def _uprights(
    paper: Paper, scale: Scale, chart: GroupsChart, top: float, levels: Sequence[tuple[Mark, float]]
) -> None:
    """The dotted upright of all residents with its value above, or the dashed one of a reference; broken where a text
    stands in its way.
    """
    overall, reference = chart.overall, chart.reference
    if overall and overall.value is not None:
        x, label, look, kind = (
            scale(overall.value),
            f"{overall.label} {overall.text}",
            (TEAL, 1.0, "2 2"),
            "a",
        )
    elif reference:
        x, label, look, kind = scale(reference.value), reference.label, (SLATE, 1.25, "3 2"), "m"
    else:
        return
    holes = [
        (level - 8, level + 8)
        for mark, level in levels
        if mark.value is None and theme.WIDTH - theme.text_width(mark.text) - 3 < x
    ]
    if chart.own:  # whose interval is written under its whisker
        holes += [
            (level + UNDER - 13, level + UNDER + 5)
            for mark, level in levels
            if mark.bounded
            and abs(_interval_middle(scale, mark) - x)
            < theme.text_width(mark.interval, theme.PRINTED) / 2 + 3
        ]
    paper.path(upright(x, top - 4, paper.height, holes), *look)
    half = theme.text_width(label, theme.PRINTED, kind == "m") / 2
    paper.text(max(min(x, theme.WIDTH - half), half), 12, label, kind, "middle")


def _lane_names(keys: Sequence[str]) -> list[str]:
    """The word of each name that the others do not have: `20th`, `50th`, `80th`; nothing where there is none."""
    words = [key.split() for key in keys]
    own = [[word for word in some if sum([word in other for other in words]) == 1] for some in words]
    return [some[0] for some in own] if all(own) else []


def _lane_room(chart: GroupsChart) -> float:
    """How wide the names of a chart's lanes are, with what parts them from the groups' names."""
    return max([theme.text_width(name) + 6 for name in _lane_names(chart.keys)], default=0.0)


def _name_lanes(paper: Paper, chart: GroupsChart, drawn: Sequence[tuple[Mark, float]]) -> None:
    """Name the lanes of the first group that has all its values."""
    names = _lane_names(chart.keys)
    whole_lines = [line.marks for line in chart.lines if all(mark.value is not None for mark in line.marks)]
    if not names or not whole_lines:
        return
    levels = [level for mark, level in drawn if mark in whole_lines[0]]
    for name, level in zip(names, levels, strict=False):
        paper.text(theme.PLOT_LEFT - 6, level + 4, name, "t", "end")


def _group_row(
    line: GroupLine, texts: Sequence[tuple[str, str, str]], taken: float
) -> tuple[tuple[str, ...], float]:
    lines = theme.wrap(line.label, theme.LABEL_WIDTH - taken)
    tallest = max(15 * len(lines), 15 * len(line.marks) + BELOW * _belows(texts))
    return lines, max(24.0, tallest + 9.0 + (tallest + 9) % 2)  # even, for a middle on a whole place


def _belows(texts: Sequence[tuple[str, str, str]]) -> int:
    """How many values of a group have a word below them."""
    return len([below for _text, below, _kind in texts if below])


def _levels(line: GroupLine, texts: Sequence[tuple[str, str, str]], y: float) -> list[tuple[Mark, float]]:
    """The height of each mark of a group, spread around the group's own."""
    level = y - (15 * (len(line.marks) - 1) + BELOW * _belows(texts)) // 2
    levels = []
    for mark, (_text, below, _kind) in zip(line.marks, texts, strict=True):
        levels.append((mark, level))
        level += 15.0 + (BELOW if below else 0)
    return levels
