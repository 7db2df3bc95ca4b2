"""Drawings: one function per chart kind, each from a spec to an inline SVG element.

Nothing is computed here but places on the paper. Everything of one colour and weight is one path, because a page
holds some hundred drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil, floor, log
from typing import Final, NamedTuple

from markupsafe import Markup

from upward.base.messages import pgettext
from upward.present import theme
from upward.present.build_peers import is_drawn
from upward.present.scales import Scale, lanes_right, linear, percentile_scale
from upward.present.specs import (
    Chart,
    Drawn,
    Glance,
    GroupsChart,
    LanesChart,
    Mark,
    MiniChart,
    NoChart,
    RangeChart,
    Span,
    TrendChart,
)
from upward.present.svg_groups import paint_groups
from upward.present.svg_looks import FAINT, LINE, SLATE, TEAL
from upward.present.svg_marks import bars, dots, label_lines, parallels, points, tip, upright, written
from upward.present.svg_paper import Paper
from upward.present.svg_trend import paint_trend

PEER_RADIUS, LANE_PEER_RADIUS = 3.4, 2.6
#: Peers at one place that are drawn above each other; more are one dot with the number of them all under it, so that
#: nobody adds the two up. Of arrowheads, which cover a whole stretch, fewer.
FLOORS, TIPS = 5, 2
TIP_REACH: Final = 6  #: how far around the end of an arrowhead of a peer nothing else stands
TIP_STOREY = 12  #: from an arrowhead of a peer to the next one below it: nearer, the two are a brace
#: How far beyond the ends of a scale the arrowheads of peers stand, so that they are clear of every dot.
ASIDE = 10
LABELS_APART = 12  #: between the labels of two lanes, so that their lines do not read as those of one


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


def _range(chart: RangeChart) -> Paper:
    mark, spans = chart.mark, chart.spans
    scale = percentile_scale(spans[0])
    paper = Paper("range", theme.WIDTH, chart.sentence)
    named = pgettext("lane of a chart", "Peers")
    crowd = _crowd(chart.peers, scale, PEER_RADIUS, theme.text_width(named, theme.PRINTED))
    beside = 15.0 + crowd.depth if crowd else 0.0
    step = 40.0 + beside
    heights = [
        (span, 30.0 if index == 0 else 30.0 + step, 16.0 if index == 0 else 10.0)
        for index, span in enumerate(spans)
    ]
    last = spans[-1]
    # down to the state's bar, where that is under the place: beside it the line would end at nothing
    if (
        len(spans) > 1
        and mark.value is not None
        and last.low <= mark.value <= last.high
        and scale.holds(mark.value)
    ):
        x = scale(mark.value)
        numbers = [(place, 54 + beside, text) for place, text, _kind in _span_labels(spans[0], spans[0])]
        if crowd:
            numbers += [(place, 47 + y, text) for place, y, text in crowd.numbers]
        near = [
            (y - 11, y + 4)
            for place, y, text in numbers
            if abs(place - x) < theme.text_width(text, 13) / 2 + 2
        ]
        _span, y, thick = heights[-1]
        paper.path(upright(x, 38, y - thick / 2, near, least=6), TEAL, 1, "1 3")
    for span, y, thick in heights:
        bars(paper, scale, [(span, y)], thick)
    for index, (span, y, thick) in enumerate(heights):
        paper.text(0, y + 4, span.short)
        below = y + thick / 2
        if index == 0 and crowd:
            _peers(paper, crowd, below + 9, PEER_RADIUS)
            paper.text(0, below + 13, named)
            below += beside
        for x, text, kind in _span_labels(spans[0], span):
            paper.text(x, below + 16, text, kind, "middle")
        paper.height = below + 20
    if mark.value is not None:
        points(paper, scale, [(mark, 30)], 6.5, TEAL, 5, aside=11)
        half = theme.text_width(mark.text, 13, True) / 2
        paper.text(min(max(scale(mark.value), half), theme.WIDTH - half), 14, mark.text, "v", "middle")
    return paper


class _Crowd(NamedTuple):
    """The peers of a lane around the height of its first dot: dots and arrowheads, and numbers under those that stand
    for more than may be drawn above each other. `depth` is what they need beyond the first dot.
    """

    dots: tuple[tuple[float, float], ...]
    tips: tuple[tuple[float, float, int], ...]
    numbers: tuple[tuple[float, float, str], ...]
    depth: float


def _crowd(peers: Sequence[Mark], scale: Scale, radius: float, named: float = 0.0) -> _Crowd | None:
    """Return what is drawn of the peers; those that would hide each other stand above each other.

    `named` is how far a name reaches into the lane: arrowheads at the left stand beyond it.
    """
    stacks = _stacks(
        [mark.value for mark in peers if is_drawn(mark) and mark.value is not None], scale, radius, named
    )
    if not stacks:
        return None
    signs: list[tuple[float, float, int]] = []
    numbers: list[tuple[float, float, str]] = []
    for stack in stacks:
        place, count, turn = stack
        if turn and count <= TIPS:
            near = [y for x, y, _turn in signs if abs(x - place) < radius + TIP_REACH]
            near += [y for x, y, text in numbers if abs(x - place) < theme.text_width(text) / 2 + TIP_REACH]
            first = max(near) + radius + TIP_REACH if near else 0.0
            signs += [(place, first + TIP_STOREY * level, turn) for level in range(count)]
        elif not turn and count > FLOORS and _has_room(stack, stacks, radius):
            signs.append((place, 0.0, 0))
            numbers.append((place, radius + 12, f"×{count}"))
        elif not turn:
            storey = min(float(ceil(2 * radius)), FLOORS * 2 * radius / count)
            signs += [(place, storey * level, 0) for level in range(count)]
    for place, count, turn in stacks:
        if turn and count > TIPS:  # one arrowhead with its number beside it, below all that is in their way
            text = f"×{count}"
            half = theme.text_width(text) / 2
            middle = place - turn * (8 + half)
            near = [
                y
                for x, y, _turn in signs
                if abs(x - middle) < half + radius + 2 or abs(x - place) < radius + TIP_REACH
            ]
            near += [y for x, y, _text in numbers if abs(x - middle) < 2 * half + 2]
            level = max(near, default=-radius - 8) + radius + 8
            signs.append((place, level, turn))
            numbers.append((middle, level + 4, text))
    depth = max([y for _x, y, _turn in signs] + [y - radius for _x, y, _text in numbers])
    dots = tuple([(x, y) for x, y, turn in signs if not turn])
    return _Crowd(dots, tuple([sign for sign in signs if sign[2]]), tuple(numbers), depth)


def _stacks(
    values: Sequence[float], scale: Scale, radius: float, named: float
) -> list[tuple[float, int, int]]:
    """Place, number and turn of dots that would hide each other; last those of the arrowheads at the ends."""
    stacks: list[tuple[float, int, int]] = []
    for place in sorted([scale(value) for value in values if scale.holds(value)]):
        if stacks and place - stacks[-1][0] < radius:
            stacks[-1] = (stacks[-1][0], stacks[-1][1] + 1, 0)
        else:
            stacks.append((place, 1, 0))
    lower, higher = (
        sum([value < scale.low for value in values]),
        sum([value > scale.high for value in values]),
    )
    if lower:
        stacks.append((max(scale.left - ASIDE, named + 1), lower, -1))
    if higher:
        stacks.append((scale.right + ASIDE, higher, 1))
    return stacks


def _has_room(stack: tuple[float, int, int], stacks: Sequence[tuple[float, int, int]], radius: float) -> bool:
    """Tell whether the number of a stack has room right under its one dot, so that it is read as that of no other.

    Only single dots may stand so near beside it; where more do, the dots of the stack are drawn closer together.
    """
    place, count, _turn = stack
    clear = theme.text_width(f"×{count}") / 2 + radius + 3
    return all(
        other[0] == place or abs(other[0] - place) >= (2 * clear if other[1] > FLOORS else clear)
        for other in stacks
        if other[1] > 1
    )


def _peers(paper: Paper, crowd: _Crowd, y: float, radius: float) -> None:
    """Open dots of the peers in their own lane; arrowheads for those beyond it."""
    for x, down, turn in crowd.tips:
        paper.path(tip(x, y + down, turn, 4, 3.5), SLATE, 1.25)
    for x, down in crowd.dots:
        paper.dot(floor(x + 0.5), y + down, radius, SLATE, False)
    for x, down, text in crowd.numbers:
        paper.text(x, y + down, text, anchor="middle")


@lru_cache(maxsize=2048)
def _span_labels(first: Span, span: Span) -> tuple[tuple[float, str, str], ...]:
    """Place, text and kind of the percentiles under a bar; of a state the middle. The middle stands under its tick, the
    ends move outwards where they would touch it; one without room is left to the table.

    `first` is the span that gives the scale. Many places have the same spans.
    """
    scale = percentile_scale(first)
    half = theme.text_width(span.middle_text, theme.PRINTED, True) / 2
    x = min(max(scale(span.middle), half), theme.WIDTH - half)
    labels = [(x, span.middle_text, "m")]
    if span != first:
        return tuple(labels)
    for value, text, turn in ((span.low, span.low_text, -1), (span.high, span.high_text, 1)):
        own = theme.text_width(text, theme.PRINTED) / 2
        away = max(turn * (scale(value) - x), half + own + 5)
        if own <= x + turn * away <= theme.WIDTH - own:
            labels.append((x + turn * away, text, "t"))
    return tuple(sorted(labels))


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
    paper.path("".join([f"M{written(left)} {written(y)}H{written(right)}" for y in middles]), FAINT)
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, theme.PRINTED, True) / 2
        paper.path(f"M{written(x)} {written(top - 2)}V{written(paper.height)}", SLATE, 1, "2 2")
        paper.text(min(max(x, half), theme.MINI_WIDTH - half), 12, chart.reference.label, "m", "middle")
    points(paper, scale, [(mark, y) for mark, y in zip(chart.marks, middles, strict=True)], 4.75, TEAL, 3.5)
    for mark, lines, y in zip(chart.marks, labels, middles, strict=True):
        label_lines(paper, lines, y)
        paper.text(theme.MINI_WIDTH, y + 4.5, mark.text, "n" if mark.value is None else "g", "end")
    return paper


def _lanes(chart: LanesChart) -> Paper:
    ends = [value for value, _text in chart.ticks]
    right = lanes_right([lane.mark.text for lane in chart.lanes if lane.mark.value is not None])
    scale = Scale(ends[0], ends[-1], theme.LANE_LEFT, right, log if chart.logarithmic else None)
    paper = Paper("lanes", theme.WIDTH, chart.sentence)
    grid: list[str] = []
    top = 24.0 if chart.reference else 8.0
    labels = [theme.wrap(lane.mark.label, theme.LANE_LEFT - 8) for lane in chart.lanes]
    beside = [_crowd(lane.peers, scale, LANE_PEER_RADIUS) for lane in chart.lanes]
    # from a lane's top to its dot: below it, the peers; around it, the lines of its label
    downs = [max(15.0, ceil(7.5 * len(lines) + LABELS_APART / 2)) for lines in labels]
    heights = [
        max(down + 15 + (6 + crowd.depth if crowd else 0), down + 7.5 * len(lines) + LABELS_APART / 2)
        for lines, crowd, down in zip(labels, beside, downs, strict=True)
    ]
    bottom = top + sum(heights)
    middles = [
        top + sum(heights[:index]) + (down if crowd else height / 2)
        for index, (height, crowd, down) in enumerate(zip(heights, beside, downs, strict=True))
    ]
    absent = [
        (y - 9, y + 9, theme.WIDTH - theme.text_width(lane.mark.text, theme.PRINTED) - 4)
        for lane, y in zip(chart.lanes, middles, strict=True)
        if lane.mark.value is None
    ]
    for value in ends if absent else ():
        holes = [(above, below) for above, below, start in absent if scale(value) > start]
        grid.append(upright(scale(value), top - 2, bottom, holes))
    paper.path(
        "".join(grid)
        if absent
        else parallels([scale(value) for value in ends], top - 2, bottom, upright=True),
        LINE,
    )
    for value, text in chart.ticks:
        if text:
            paper.text(scale(value), bottom + 14, text, anchor="middle")
    spans = [(lane.span, y) for lane, y in zip(chart.lanes, middles, strict=True) if lane.span]
    bars(paper, scale, spans, 14.0)
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, theme.PRINTED, True) / 2
        paper.path(f"M{written(x)} {written(top - 6)}V{written(bottom)}", SLATE, 1.25, "3 2")
        paper.text(min(max(x, half), theme.WIDTH - half), 13, chart.reference.label, "m", "middle")
    points(paper, scale, [(lane.mark, y) for lane, y in zip(chart.lanes, middles, strict=True)], 6, TEAL, 5)
    for crowd, y in zip(beside, middles, strict=True):
        if crowd:
            _peers(paper, crowd, y + 12, LANE_PEER_RADIUS)
    for lane, lines, y in zip(chart.lanes, labels, middles, strict=True):
        label_lines(paper, lines, y)
        paper.text(theme.WIDTH, y + 4.5, lane.mark.text, "n" if lane.mark.value is None else "v", "end")
    paper.height = bottom + 18
    return paper


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
    ends = position.lower is not None and position.upper is not None
    if position.lower is not None and position.upper is not None:
        paper.path(f"M{written(scale(position.lower))} 8H{written(scale(position.upper))}", TEAL, 2.5)
    paper.dot(
        floor(scale(position.share) + 0.5),
        8,
        4.5,
        TEAL,
        ends and (glance.mark is None or glance.mark.quality in (1, None)),
    )
    return Markup(paper.done(named=False))


def _small_range(glance: Glance) -> Markup:
    """Return the small range of one line of the profile: 5th to 95th percentile, middle, place."""
    if glance.mark is None or glance.mark.value is None or glance.span is None:
        return Markup("")
    mark = glance.mark
    scale = percentile_scale(glance.span, 16, 104, 4, 116)
    paper = Paper("small", 120, glance.sentence)
    paper.height = 16.0
    bars(paper, scale, [(glance.span, 8)], 6.0)
    if mark.bounded and mark.lower is not None and mark.upper is not None:
        paper.path(f"M{written(scale(mark.lower))} 8H{written(scale(mark.upper))}", TEAL, 2.5)
    dots(paper, scale, [(mark, 8)], 4.5, TEAL)
    return Markup(paper.done())


_PAINTERS: dict[type, Callable[..., Paper]] = {
    RangeChart: _range,
    LanesChart: _lanes,
    MiniChart: _mini,
    GroupsChart: paint_groups,
}
