"""Drawings: one function per chart kind, each from a spec to an inline SVG element.

Nothing is computed here but places on the paper. Everything of one colour and weight is one path, because a page
holds some hundred drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil, floor, log
from typing import NamedTuple

from markupsafe import Markup

from upward.base.messages import pgettext
from upward.present import theme
from upward.present.build_peers import is_drawn
from upward.present.describe import WEAK
from upward.present.scales import Scale, lanes_right, linear, percentile_scale
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
from upward.present.svg_looks import FAINT, LINE, SLATE, TEAL
from upward.present.svg_marks import bars, dots, label_lines, points, tip, upright, whole, written
from upward.present.svg_paper import Paper
from upward.present.svg_trend import paint_trend
from upward.present.wording import quality_word

PEER_RADIUS, LANE_PEER_RADIUS = 3.4, 2.6
#: Peers at one place that are drawn above each other; more are one dot with the number of them all under it, so that
#: nobody adds the two up. Of arrowheads, which cover a whole stretch, fewer.
FLOORS, TIPS = 5, 2
TIP_STOREY = 12  #: from an arrowhead of a peer to the next one below it: nearer, the two are a brace
#: How far beyond the ends of a scale the arrowheads of peers stand, so that they are clear of every dot.
ASIDE = 10
#: Widest value with the word for weak data in one line; the word of a wider one stands below it.
WIDEST_VALUE = 100.0
BELOW = 14  #: from a value down to its word


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
    crowd = _crowd(chart.peers, scale, PEER_RADIUS, theme.text_width(named))
    beside = 15.0 + crowd.depth if crowd else 0.0
    step = 40.0 + beside
    heights = [
        (span, 30.0 if index == 0 else 30.0 + step, 16.0 if index == 0 else 10.0)
        for index, span in enumerate(spans)
    ]
    if len(spans) > 1 and mark.value is not None and scale.holds(mark.value):
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
        points(paper, scale, [(mark, 30)], 6.5, TEAL, 5)
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

    `named` is how far a name reaches into the lane: arrowheads at the left that it would hide stand below it.
    """
    values = [mark.value for mark in peers if is_drawn(mark) and mark.value is not None]
    stacks: list[tuple[float, int, int]] = []  # place, how many, the turn of an arrowhead
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
        stacks.insert(0, (scale.left - ASIDE, lower, -1))
    if higher:
        stacks.append((scale.right + ASIDE, higher, 1))
    if not stacks:
        return None
    storey = ceil(2 * radius)
    lowered = 10.0 if named > scale.left - ASIDE - 2 else 0.0
    signs = [
        (place, (TIP_STOREY if turn else storey) * level + (lowered if turn < 0 else 0.0), turn)
        for place, count, turn in stacks
        for level in range(count if count <= (TIPS if turn else FLOORS) else 1)
    ]
    numbers: list[tuple[float, float, str]] = []
    for place, count, turn in stacks:
        if count > (TIPS if turn else FLOORS):
            numbers.append(_counted(place, f"×{count}", radius, signs, numbers))
    depth = max([y for _x, y, _turn in signs] + [y - radius for _x, y, _text in numbers])
    dots = tuple([(x, y) for x, y, turn in signs if not turn])
    return _Crowd(dots, tuple([sign for sign in signs if sign[2]]), tuple(numbers), depth)


def _counted(
    place: float,
    text: str,
    radius: float,
    signs: Sequence[tuple[float, float, int]],
    numbers: Sequence[tuple[float, float, str]],
) -> tuple[float, float, str]:
    """Where the number of a dot stands: under it, clear of all dots and of the numbers before it. Where a stack would
    come between the two, it stands to the right of its dot, or is moved aside under it, if there is room.
    """
    half = theme.text_width(text) / 2
    clear = half + radius + 3

    def below(x: float) -> float:
        under = [y + radius for sign, y, _turn in signs if abs(sign - x) < clear]
        under += [y for other, y, _text in numbers if abs(other - x) < 2 * half + 2]
        return max(under, default=0.0) + 12

    middle = min(place, theme.WIDTH - half)
    base = max([y for sign, y, _turn in signs if sign == place]) + radius + 12
    if below(middle) <= base:
        return middle, base, text
    right = place + clear
    near = [sign for sign, _y, _turn in signs if place < sign < right + clear]
    near += [other for other, _y, _text in numbers if abs(other - right) < 2 * half + 2]
    if not near and right + half <= theme.WIDTH:
        return right, base - radius - 8, text
    moved = [
        x
        for sign, _y, _turn in signs
        for x in (sign - clear, sign + clear)
        if abs(x - place) < half + radius and half <= x <= theme.WIDTH - half and below(x) <= base
    ]
    x = min(moved, key=lambda x: abs(x - place), default=middle)
    return x, below(x), text


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
        half = theme.text_width(chart.reference.label, 12, True) / 2
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
    downs = [max(15.0, ceil(7.5 * len(lines) + 1)) for lines in labels]
    heights = [
        max(down + 15 + (6 + crowd.depth if crowd else 0), 15.0 * len(lines) + 6)
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
    for value in ends:
        holes = [(above, below) for above, below, start in absent if scale(value) > start]
        grid.append(upright(scale(value), top - 2, bottom, holes))
    paper.path("".join(grid), LINE)
    for value, text in chart.ticks:
        if text:
            paper.text(scale(value), bottom + 14, text, anchor="middle")
    spans = [(lane.span, y) for lane, y in zip(chart.lanes, middles, strict=True) if lane.span]
    bars(paper, scale, spans, 14.0)
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, 12) / 2
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


def _groups(chart: GroupsChart) -> Paper:
    marks = [mark for line in chart.lines for mark in line.marks if mark.value is not None]
    overall = chart.overall if chart.overall and chart.overall.value is not None else None
    widest = max([theme.text_width(_value(mark)[0], 13, True) for mark in marks], default=0.0)
    color, letters = (TEAL, "v") if chart.own else (SLATE, "g")
    right = min(theme.PLOT_RIGHT, theme.WIDTH - widest - 12)
    scale = linear([*marks, overall] if overall else marks, theme.PLOT_LEFT, right)
    paper = Paper("groups", theme.WIDTH, chart.sentence)
    top = 20.0 if overall else 2.0
    rows = [_group_row(line) for line in chart.lines]
    paper.height = top + sum(height for _lines, height in rows)
    levels: list[tuple[Mark, float]] = []
    y = top
    for line, (lines, height) in zip(chart.lines, rows, strict=True):
        label_lines(paper, lines, y + height / 2)
        levels += _levels(line, y + height / 2)
        y += height
    drawn = [(mark, level) for mark, level in levels if mark.value is not None]
    if right == theme.PLOT_RIGHT:
        levels_drawn = [whole(level) for _mark, level in drawn]
        paper.hairlines(whole(theme.PLOT_LEFT), levels_drawn, theme.PLOT_RIGHT - theme.PLOT_LEFT)
    else:
        start, end = f"M{theme.PLOT_LEFT:g} ", f"H{written(right)}"
        paper.path("".join([f"{start}{written(level)}{end}" for _mark, level in drawn]), FAINT)
    if overall:
        absent = [
            (level - 8, level + 8)
            for mark, level in levels
            if mark.value is None
            and theme.WIDTH - theme.text_width(mark.text) - 3 < scale(overall.value or 0.0)
        ]
        _everybody(paper, scale, overall, top, absent)
    radius = 4.75 if all(len(line.marks) == 1 for line in chart.lines) else 3.75
    points(paper, scale, drawn, radius, color, 3.5)
    for mark, level in levels:
        text, below = _value(mark)
        paper.text(theme.WIDTH, level + 4.5, text, "n" if mark.value is None else letters, "end")
        if below:
            paper.text(theme.WIDTH, level + 4.5 + BELOW, below, "n", "end")
    if chart.own:
        _own_interval(paper, scale, drawn)
    return paper


def _value(mark: Mark) -> tuple[str, str]:
    """A value as a group's line says it, and what stands below it: the word for weak data, where its line is too
    short.
    """
    if mark.value is None or mark.quality != WEAK:
        return mark.text, ""
    word = quality_word(mark.quality)
    text = f"{mark.text} · {word}"
    return (text, "") if theme.text_width(text, 13, True) <= WIDEST_VALUE else (mark.text, word)


def _own_interval(paper: Paper, scale: Scale, drawn: Sequence[tuple[Mark, float]]) -> None:
    """The interval of a place that stands alone, written under its whisker: no axis says what it is."""
    for mark, level in drawn:
        if mark.lower is not None and mark.upper is not None and mark.bounded:
            middle = (scale(mark.lower) + scale(mark.upper)) / 2
            paper.text(middle, level + 22, mark.interval, "t", "middle")
            paper.height = max(paper.height, level + 27)


def _everybody(
    paper: Paper, scale: Scale, overall: Mark, top: float, holes: Sequence[tuple[float, float]]
) -> None:
    """The dotted upright of all residents with its value above; broken where a text stands in its way."""
    assert overall.value is not None
    x = scale(overall.value)
    label = f"{overall.label} {overall.text}"
    paper.path(upright(x, top - 4, paper.height, holes), TEAL, 1, "2 2")
    paper.text(min(x, theme.WIDTH - theme.text_width(label, 12) / 2), 12, label, "a", "middle")


def _group_row(line: GroupLine) -> tuple[tuple[str, ...], float]:
    lines = theme.wrap(line.label, theme.LABEL_WIDTH)
    tallest = max(15 * len(lines), 15 * len(line.marks) + BELOW * _belows(line))
    return lines, max(24.0, tallest + 9.0 + (tallest + 9) % 2)  # even, for a middle on a whole place


def _belows(line: GroupLine) -> int:
    """How many values of a group have a word below them."""
    return len([mark for mark in line.marks if _value(mark)[1]])


def _levels(line: GroupLine, y: float) -> list[tuple[Mark, float]]:
    """The height of each mark of a group, spread around the group's own."""
    level = y - (15 * (len(line.marks) - 1) + BELOW * _belows(line)) // 2
    levels = []
    for mark in line.marks:
        levels.append((mark, level))
        level += 15.0 + (BELOW if _value(mark)[1] else 0)
    return levels


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
        paper.path(f"M{written(scale(position.lower))} 8H{written(scale(position.upper))}", TEAL, 2.5)
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
    bars(paper, scale, [(glance.span, 8)], 6.0)
    if mark.bounded and mark.lower is not None and mark.upper is not None:
        paper.path(f"M{written(scale(mark.lower))} 8H{written(scale(mark.upper))}", TEAL, 2.5)
    dots(paper, scale, [(mark, 8)], 4.5, TEAL)
    return Markup(paper.done())


_PAINTERS: dict[type, Callable[..., Paper]] = {
    RangeChart: _range,
    LanesChart: _lanes,
    MiniChart: _mini,
    GroupsChart: _groups,
}
