"""Drawings: one function per chart kind, each from a spec to an inline SVG element.

Nothing is computed here but places on the paper. Everything of one colour and weight is one path, because a page
holds some hundred drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, log

from markupsafe import Markup

from upward.base.messages import _
from upward.present import theme
from upward.present.build_peers import is_drawn
from upward.present.scales import Scale, linear, percentile_scale
from upward.present.specs import (
    Chart,
    Drawn,
    Glance,
    GroupLine,
    GroupsChart,
    LanesChart,
    Mark,
    MiniChart,
    NoChart,
    RangeChart,
    Span,
    TrendChart,
)
from upward.present.svg_looks import BAR, FAINT, LINE, RULE, SLATE, TEAL
from upward.present.svg_paper import PLACES, Paper, place_number
from upward.present.svg_trend import paint_trend

_exact = place_number
PEER_RADIUS, LANE_PEER_RADIUS = 3.4, 2.6
#: Dots of peers that stand above each other at most; what is beyond is a number under them.
FLOORS = 5


def _n(place: float) -> str:
    """Return a place as written: on whole units, which are finer than a dot, a line or an eye."""
    return PLACES[_whole(place)]


def _whole(place: float) -> int:
    """Return the nearest whole place, in tenths."""
    return 10 * floor(place + 0.5)


def draw(chart: Chart | MiniChart) -> Markup:
    """Return the drawing of any chart spec that has one, for a page; the empty text for a spec without."""
    return Markup(drawn(chart))


def drawn(chart: Chart | MiniChart, *, named_by: str = "") -> str:
    """Return the drawing as HTML, for one who puts it into more.

    `named_by` says that the page writes the chart's sentence out, with the ids of `names_of`: drawings are then
    named by those elements instead of by copies.
    """
    papers = _papers(chart)
    if not papers or isinstance(chart, NoChart):
        return ""
    if not named_by:
        return "".join([paper.done() for paper in papers])
    names = [name for _part, name in names_of(chart, named_by)]
    return "".join([paper.done(name) for paper, name in zip(papers, names, strict=True)])


def names_of(chart: Drawn, id_: str) -> list[tuple[str, str]]:
    """Return the part of the sentence that names each drawing of a chart, with the id that it must have."""
    if isinstance(chart, TrendChart) and chart.panels:
        return [(line.sentence, f"{id_}{number}") for number, line in enumerate(chart.series)]
    return [(chart.sentence, id_)]


def draw_files(chart: Chart | MiniChart) -> tuple[str, ...]:
    """Return the drawing of a chart spec as SVG files that need no style sheet: one, or one per panel."""
    return tuple(paper.alone() for paper in _papers(chart))


def _papers(chart: Chart | MiniChart) -> tuple[Paper, ...]:
    if isinstance(chart, TrendChart):
        return paint_trend(chart)
    painter = _PAINTERS.get(type(chart))
    return (painter(chart),) if painter else ()


def is_filled(mark: Mark) -> bool:
    """Tell whether a dot is filled: strong data (or data without a grade) with a published interval."""
    return mark.bounded and mark.quality in (1, None)


def _points(
    paper: Paper, scale: Scale, marks: Sequence[tuple[Mark, float]], radius: float, color: str, cap: float
) -> None:
    """Whiskers and dots of marks at their heights; an end of a whisker beyond the scale has no cap."""
    capped: list[tuple[int, int, int]] = []
    cut = ""
    for mark, y in marks:
        if not mark.bounded or mark.lower is None or mark.upper is None:
            continue
        lower, upper = scale(mark.lower), scale(mark.upper)
        starts, ends = scale.holds(mark.lower), scale.holds(mark.upper)
        if starts and ends:
            capped.append((_whole(lower), _whole(upper), _whole(y)))
        else:
            cut += f"M{_n(lower)} {_n(y)}H{_n(upper)}"
            for x, held in ((lower, starts), (upper, ends)):
                cut += f"M{_n(x)} {_exact(y - cap)}v{_exact(2 * cap)}" if held else ""
    paper.whiskers(capped, cap, color)
    paper.path(cut, color, 1.75)
    _dots(paper, scale, marks, radius, color)


def _dots(paper: Paper, scale: Scale, marks: Sequence[tuple[Mark, float]], radius: float, color: str) -> None:
    """Dots of marks at their heights; an arrowhead where a value lies beyond the scale."""
    for mark, y in marks:
        if mark.value is None:
            continue
        x = scale(mark.value)
        if scale.holds(mark.value):
            paper.dot(floor(x + 0.5), y, radius, color, is_filled(mark))
        else:
            turn = -1 if mark.value < scale.low else 1
            paper.path(f"M{_n(x - 5 * turn)} {_exact(y - 6)}l{6 * turn} 6l{-6 * turn} 6", color, 2)


def _bars(paper: Paper, scale: Scale, spans: Iterable[tuple[Span, float]], thick: float) -> None:
    """Pale bars from the 5th to the 95th percentile at heights, with ticks at ends on the scale, and middles."""
    ended: list[tuple[int, int, int]] = []
    fills, ends, middles = "", "", ""
    for span, y in spans:
        left, right = scale(span.low), scale(span.high)
        starts, stops = scale.holds(span.low), scale.holds(span.high)
        if starts and stops:
            ended.append((_whole(left), _whole(right), _whole(y)))
        else:
            top = _exact(y - thick / 2)
            fills += f"M{_n(left)} {top}H{_n(right)}v{thick:g}H{_n(left)}z"
            for x, held in ((left, starts), (right, stops)):
                ends += f"M{_n(x)} {top}v{thick:g}" if held else ""
        if scale.holds(span.middle):
            middles += f"M{_n(scale(span.middle))} {_exact(y - thick / 2 - 3)}v{_exact(thick + 6)}"
    paper.bars(ended, thick)
    paper.shape(fills, BAR)
    paper.path(ends, RULE)
    paper.path(middles, SLATE, 2)


def _range(chart: RangeChart) -> Paper:
    mark, spans = chart.mark, chart.spans
    scale = percentile_scale(spans[0])
    paper = Paper("range", theme.WIDTH, chart.sentence)
    lane = _peer_levels(chart.peers, scale, PEER_RADIUS)
    beside = 15.0 + _stacks_height(lane, PEER_RADIUS) if lane else 0.0
    step = 40.0 + beside
    heights = [
        (span, 30.0 if index == 0 else 30.0 + step, 16.0 if index == 0 else 10.0)
        for index, span in enumerate(spans)
    ]
    if len(spans) > 1 and mark.value is not None and scale.holds(mark.value):
        paper.path(f"M{_n(scale(mark.value))} 38V{_n(heights[-1][1] + 6)}", TEAL, 1, "1 3")
    for span, y, thick in heights:
        _bars(paper, scale, [(span, y)], thick)
    for index, (span, y, thick) in enumerate(heights):
        paper.text(0, y + 4, span.short)
        below = y + thick / 2
        if index == 0 and lane:
            _peers(paper, lane, below + 9, PEER_RADIUS)
            paper.text(0, below + 13, _("Peers"))
            below += beside
        for x, text, kind in _span_labels(spans[0], span):
            paper.text(x, below + 16, text, kind, "middle")
        paper.height = below + 20
    if mark.value is not None:
        _points(paper, scale, [(mark, 30)], 6.5, TEAL, 5)
        half = theme.text_width(mark.text, 13, True) / 2
        paper.text(min(max(scale(mark.value), half), theme.WIDTH - half), 14, mark.text, "v", "middle")
    return paper


def _peer_levels(peers: Sequence[Mark], scale: Scale, radius: float) -> list[tuple[float, int, int]]:
    """Return (place, floor, how many) of each dot: those that would hide each other are stacked."""
    places = sorted([scale(mark.value) for mark in peers if is_drawn(mark) and mark.value is not None])
    stacks: list[tuple[float, int]] = []
    for place in places:
        if stacks and place - stacks[-1][0] < radius:
            stacks[-1] = (stacks[-1][0], stacks[-1][1] + 1)
        else:
            stacks.append((place, 1))
    return [(place, floor, count) for place, count in stacks for floor in range(min(count, FLOORS))]


def _floor_height(radius: float) -> int:
    return ceil(2 * radius)


def _stacks_height(lane: Sequence[tuple[float, int, int]], radius: float) -> float:
    """How much the highest stack of a lane needs beyond its first dot, with the number under it."""
    floors = max([floor for _x, floor, _count in lane], default=0) * _floor_height(radius)
    return floors + (12.0 if any(count > FLOORS for _x, _floor, count in lane) else 0.0)


def _peers(paper: Paper, lane: Sequence[tuple[float, int, int]], y: float, radius: float) -> None:
    """Open dots of the peers in their own lane; `×n` under a stack that is higher than may be.

    Two such stacks, whose numbers could touch, would be more peers than a page has.
    """
    for x, storey, count in lane:
        level = y + storey * _floor_height(radius)
        if x in (theme.SCALE_LEFT, theme.SCALE_RIGHT):
            turn = -1 if x == theme.SCALE_LEFT else 1
            paper.path(
                f"M{_n(x - 2 * turn)} {_exact(level - 3.5)}l{4 * turn} 3.5l{-4 * turn} 3.5", SLATE, 1.25
            )
        else:
            paper.dot(floor(x + 0.5), level, radius, SLATE, False)
        if count > FLOORS and storey == FLOORS - 1:
            paper.text(x, level + radius + 12, f"×{count}", anchor="middle")


@lru_cache(maxsize=2048)
def _span_labels(first: Span, span: Span) -> tuple[tuple[float, str, str], ...]:
    """Place, text and kind of the percentiles under a bar, moved aside where they would touch; of a state the middle.

    `first` is the span that gives the scale. Many places have the same spans.
    """
    scale, ends = percentile_scale(first), span == first
    labels = [(span.middle, span.middle_text, "m")]
    if ends:
        labels = [(span.low, span.low_text, "t"), *labels, (span.high, span.high_text, "t")]
    widths = [theme.text_width(text, 12, kind == "m") for _value, text, kind in labels]
    gaps = [(a + b) / 2 + 6 for a, b in pairwise(widths)]
    low, high = 24 + widths[0] / 2, theme.WIDTH - widths[-1] / 2
    places = theme.spread([scale(value) for value, _text, _kind in labels], gaps, low, high)
    return tuple((x, text, kind) for x, (_value, text, kind) in zip(places, labels, strict=True))


def _mini(chart: MiniChart) -> Paper:
    """At most four lines of 22: label, hairline, whisker, dot, value; the reference as a dotted upright."""
    widest = max(theme.text_width(mark.text, 13, True) for mark in chart.marks)
    left = min(max(theme.text_width(mark.label, 13) for mark in chart.marks), 150.0) + 10
    right = theme.MINI_WIDTH - widest - 10
    held = [*chart.marks, Mark("", chart.reference.value)] if chart.reference else list(chart.marks)
    scale = linear(held, left + 6, right - 6)
    paper = Paper("mini", theme.MINI_WIDTH, chart.sentence)
    top = 18.0 if chart.reference else 2.0
    labels = [theme.wrap(mark.label, 150.0) for mark in chart.marks]
    heights = [max(22.0, 15.0 * len(lines) + 6) for lines in labels]
    middles = [top + sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    paper.height = top + sum(heights)
    paper.path("".join([f"M{_n(left)} {_n(y)}H{_n(right)}" for y in middles]), FAINT)
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, 12, True) / 2
        paper.path(f"M{_n(x)} {_n(top - 2)}V{_n(paper.height)}", SLATE, 1, "2 2")
        paper.text(min(max(x, half), theme.MINI_WIDTH - half), 12, chart.reference.label, "m", "middle")
    _points(paper, scale, [(mark, y) for mark, y in zip(chart.marks, middles, strict=True)], 4.75, TEAL, 3.5)
    for mark, lines, y in zip(chart.marks, labels, middles, strict=True):
        _label(paper, lines, y)
        paper.text(theme.MINI_WIDTH, y + 4.5, mark.text, "n" if mark.value is None else "g", "end")
    return paper


def _lanes(chart: LanesChart) -> Paper:
    ends = [value for value, _text in chart.ticks]
    scale = Scale(ends[0], ends[-1], theme.LANE_LEFT, theme.LANE_RIGHT, log if chart.logarithmic else None)
    paper = Paper("lanes", theme.WIDTH, chart.sentence)
    top = 24.0 if chart.reference else 8.0
    labels = [theme.wrap(lane.mark.label, theme.LANE_LEFT - 8) for lane in chart.lanes]
    beside = [_peer_levels(lane.peers, scale, LANE_PEER_RADIUS) for lane in chart.lanes]
    heights = [
        max(30.0 + (6 + _stacks_height(dots, LANE_PEER_RADIUS) if dots else 0), 15.0 * len(lines) + 6)
        for lines, dots in zip(labels, beside, strict=True)
    ]
    bottom = top + sum(heights)
    middles = [
        top + sum(heights[:index]) + (15.0 if dots else height / 2)
        for index, (height, dots) in enumerate(zip(heights, beside, strict=True))
    ]
    paper.path("".join([f"M{_n(scale(value))} {_n(top - 2)}V{_n(bottom)}" for value in ends]), LINE)
    for value, text in chart.ticks:
        if text:
            paper.text(scale(value), bottom + 14, text, anchor="middle")
    spans = [(lane.span, y) for lane, y in zip(chart.lanes, middles, strict=True) if lane.span]
    _bars(paper, scale, spans, 14.0)
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, 12) / 2
        paper.path(f"M{_n(x)} {_n(top - 6)}V{_n(bottom)}", SLATE, 1.25, "3 2")
        paper.text(min(max(x, half), theme.WIDTH - half), 13, chart.reference.label, "m", "middle")
    _points(paper, scale, [(lane.mark, y) for lane, y in zip(chart.lanes, middles, strict=True)], 6, TEAL, 5)
    for dots, y in zip(beside, middles, strict=True):
        _peers(paper, dots, y + 12, LANE_PEER_RADIUS)
    for lane, lines, y in zip(chart.lanes, labels, middles, strict=True):
        _label(paper, lines, y)
        paper.text(theme.WIDTH, y + 4.5, lane.mark.text, "n" if lane.mark.value is None else "v", "end")
    paper.height = bottom + 18
    return paper


def _label(paper: Paper, lines: Sequence[str], y: float) -> None:
    first = y + 4.5 - 7.5 * (len(lines) - 1)
    for line in lines:
        paper.text(0, first, line, "l")
        first += 15


def _groups(chart: GroupsChart) -> Paper:
    marks = [mark for line in chart.lines for mark in line.marks if mark.value is not None]
    overall = chart.overall if chart.overall and chart.overall.value is not None else None
    widest = max([theme.text_width(mark.text, 13, True) for mark in marks], default=0.0)
    right = min(theme.PLOT_RIGHT, theme.WIDTH - widest - 12)
    scale = linear([*marks, overall] if overall else marks, theme.PLOT_LEFT, right)
    paper = Paper("groups", theme.WIDTH, chart.sentence)
    top = 20.0 if overall else 2.0
    rows = [_group_row(line) for line in chart.lines]
    paper.height = top + sum(height for _lines, height in rows)
    levels: list[tuple[Mark, float]] = []
    y = top
    for line, (lines, height) in zip(chart.lines, rows, strict=True):
        _label(paper, lines, y + height / 2)
        levels += _levels(line, y + height / 2)
        y += height
    drawn = [(mark, level) for mark, level in levels if mark.value is not None]
    if right == theme.PLOT_RIGHT:
        levels_drawn = [_whole(level) for _mark, level in drawn]
        paper.hairlines(_whole(theme.PLOT_LEFT), levels_drawn, theme.PLOT_RIGHT - theme.PLOT_LEFT)
    else:
        start, end = f"M{theme.PLOT_LEFT:g} ", f"H{_n(right)}"
        paper.path("".join([f"{start}{_n(level)}{end}" for _mark, level in drawn]), FAINT)
    if overall:
        _everybody(paper, scale, overall, top)
    radius = 4.75 if all(len(line.marks) == 1 for line in chart.lines) else 3.75
    _points(paper, scale, drawn, radius, SLATE, 3.5)
    for mark, level in levels:
        paper.text(theme.WIDTH, level + 4.5, mark.text, "n" if mark.value is None else "g", "end")
    return paper


def _everybody(paper: Paper, scale: Scale, overall: Mark, top: float) -> None:
    """The dotted upright of all residents with its value above."""
    assert overall.value is not None
    x = scale(overall.value)
    label = f"{overall.label} {overall.text}"
    paper.path(f"M{_n(x)} {_n(top - 4)}V{_n(paper.height)}", TEAL, 1, "2 2")
    paper.text(min(x, theme.WIDTH - theme.text_width(label, 12) / 2), 12, label, "a", "middle")


def _group_row(line: GroupLine) -> tuple[tuple[str, ...], float]:
    lines = theme.wrap(line.label, theme.LABEL_WIDTH)
    tallest = max(len(lines), len(line.marks))
    return lines, max(24.0, 15.0 * tallest + 9 + tallest % 2)  # even, for a middle on a whole place


def _levels(line: GroupLine, y: float) -> list[tuple[Mark, float]]:
    """The height of each mark of a group, spread around the group's own."""
    first = y - 15 * (len(line.marks) - 1) // 2
    return [(mark, first + 15.0 * index) for index, mark in enumerate(line.marks)]


def track(glance: Glance) -> Markup:
    """Return the drawing of one line of the profile, or nothing where there is none."""
    return _position(glance) if glance.position else _small_range(glance)


def _position(glance: Glance) -> Markup:
    """The interval thick, the dot open where there is no margin; the line from 0 to 100 residents and the tick at 50
    are the same in all, so the style sheet holds them.

    It is for the eye alone: the number and its interval stand beside it.
    """
    position = glance.position
    assert position is not None
    scale = Scale(0, 100, 4, 146)
    paper = Paper("track", theme.TRACK_WIDTH, glance.sentence)
    paper.height = 16.0
    whole = position.lower is not None and position.upper is not None
    if position.lower is not None and position.upper is not None:
        paper.path(f"M{_n(scale(position.lower))} 8H{_n(scale(position.upper))}", TEAL, 2.5)
    paper.dot(floor(scale(position.share) + 0.5), 8, 4.5, TEAL, whole)
    return Markup(paper.done(named=False))


def _small_range(glance: Glance) -> Markup:
    """Return the small range of one line of the profile: 5th to 95th percentile, middle, place."""
    if glance.mark is None or glance.mark.value is None or glance.span is None:
        return Markup("")
    mark = glance.mark
    scale = percentile_scale(glance.span, 16, 104, 4, 116)
    paper = Paper("small", 120, glance.sentence)
    paper.height = 16.0
    _bars(paper, scale, [(glance.span, 8)], 6.0)
    if mark.bounded and mark.lower is not None and mark.upper is not None:
        paper.path(f"M{_n(scale(mark.lower))} 8H{_n(scale(mark.upper))}", TEAL, 2.5)
    _dots(paper, scale, [(mark, 8)], 4.5, TEAL)
    return Markup(paper.done())


_PAINTERS: dict[type, Callable[..., Paper]] = {
    RangeChart: _range,
    LanesChart: _lanes,
    MiniChart: _mini,
    GroupsChart: _groups,
}
