"""Drawings over the years: one line with its band, several lines, or one small panel per series."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Final

from upward.present import theme
from upward.present.scales import Scale, linear, trend_right
from upward.present.specs import Mark, Series, TrendChart
from upward.present.svg_looks import BAND_EDGE, LINE, RULE, SLATE, TEAL
from upward.present.svg_marks import written
from upward.present.svg_paper import PLACES, Paper, joined_tenths, tenths
from upward.present.svg_paper import place_number as _n

PANEL_TOP, PANEL_BOTTOM, PANEL_AXIS = 54, 92, 103
WORDS = 12  #: base of the words above breaks, for letters of the size of paper
UPRIGHTS_TOP: Final = theme.TREND_TOP - 5  #: where uprights of breaks begin that have no word above them
AXIS_DOWN: Final = 8  #: from the lowest value down to the axis
YEARS_DOWN: Final = 15  #: from an axis down to the base of its years
NEAR = 24  #: how far a first value may stand from its dot, to its base
NEAR_BAND = 40  #: where its own band lies between the two


def paint_trend(chart: TrendChart) -> tuple[Paper, ...]:
    """Return the drawing of a trend, or its panels one after the other."""
    if chart.panels:
        years = _years_scale(chart, 4, theme.PANEL_WIDTH - 6)
        values = _values_scale(chart.series, PANEL_BOTTOM, PANEL_TOP)
        return tuple(_panel(chart, series, years, values) for series in chart.series)
    years = _years_scale(chart, theme.TREND_LEFT, trend_right(chart.series))
    values = _values_scale(chart.series, theme.TREND_BOTTOM, theme.TREND_TOP)
    paper = Paper("trend", theme.TREND_WIDTH, chart.sentence)
    paper.height = theme.TREND_BOTTOM + 28
    axis = theme.TREND_BOTTOM + AXIS_DOWN
    _year_axis(paper, chart.series, years, axis)
    worded = _breaks(paper, chart, years, axis)
    for series in chart.series:
        _line(paper, series, years, values, alone=len(chart.series) == 1)
    highest = WORDS + 17.0 if worded else 12.0  # a base below the words
    if len(chart.series) == 1:
        _first_label(paper, chart, years, values, highest)
    _end_labels(paper, chart.series, values, years.right + theme.TREND_GAP, highest)
    return (paper,)


def _breaks(paper: Paper, chart: TrendChart, years: Scale, axis: float) -> bool:
    """Draw the dotted uprights of breaks, each with its word above or, where several words stand in the caption, its
    letter there; tell whether there is anything above them.
    """
    found = _uprights(chart, years)
    words = [gap.word for gap in chart.gaps if gap.word]
    different = list(dict.fromkeys(words))
    if chart.captioned:
        words = [ascii_lowercase[different.index(word)] for word in words] if len(different) > 1 else []
    # right below their words, or a little above the lines
    top = WORDS + 4 if words else UPRIGHTS_TOP
    for x in found:
        paper.path(f"M{written(x)} {_n(top)}V{_n(axis)}", RULE, 1, "1 3")
    if words:
        places = theme.words_over(found, words, theme.TREND_WIDTH)
        places = places or theme.spread(found, [10.0] * (len(found) - 1), 4, theme.TREND_WIDTH - 4)
        for x, word in zip(places, words, strict=True):
            paper.text(x, WORDS, word, anchor="middle")
    return bool(words)


def _panel(chart: TrendChart, series: Series, years: Scale, values: Scale) -> Paper:
    """One small drawing of a series; all panels of a chart share both scales."""
    paper = Paper("panel", theme.PANEL_WIDTH, f"{series.sentence}.")
    paper.height = 123.0
    name = theme.wrap(series.label, theme.PANEL_WIDTH - 4, 12)[:2]
    for line, base in zip(name, (12, 26)[-len(name) :], strict=True):  # its last line near the drawing
        paper.text(0, base, line, "s")
    _year_axis(paper, (series,), years, PANEL_AXIS)
    uprights = _uprights(chart, years)
    for x in uprights:
        paper.path(f"M{written(x)} 46V{PANEL_AXIS}", RULE, 1, "1 3")
    _line(paper, series, years, values, alone=True)
    _panel_labels(paper, series, years, values, uprights)
    return paper


def _uprights(chart: TrendChart, years: Scale) -> list[float]:
    """Where the uprights of a chart's breaks stand."""
    return [years((gap.after + gap.before) / 2) for gap in chart.gaps if gap.word]


def _panel_labels(
    paper: Paper, series: Series, years: Scale, values: Scale, uprights: Sequence[float]
) -> None:
    """Last and first value, each clear of the line, near its own dot; a first value without such a place, or that an
    upright would cross, is left out.
    """
    marks = series.marks
    last, first = marks[-1], marks[0]
    wide = theme.text_width(last.text, 13, True)
    dot = values(last.value or 0.0)
    beside = _levels(series.runs, years, values, theme.PANEL_WIDTH - wide - 4, theme.PANEL_WIDTH)
    beside = beside or [(dot, dot)]  # the line ends before the lines of the other panels
    y = _near(beside, dot)
    above = min(high for high, _low in beside) - 8
    paper.text(theme.PANEL_WIDTH, above if y is None else y, last.text, "v", "end")
    reach = theme.text_width(first.text) + 4
    if len(marks) > 1 and reach + wide < theme.PANEL_WIDTH and all(x > reach for x in uprights):
        dot = values(first.value or 0.0)
        y = _near(_levels(series.runs, years, values, 0, reach) or [(dot, dot)], dot)
        if y is not None:
            paper.text(0, y, first.text, "a")


def _near(levels: Sequence[tuple[float, float]], dot: float) -> float | None:
    """The base of a label of a panel right above or right below all of a line within its reach, if that is near its dot
    and above the axis with its ticks.
    """
    above = min(high for high, _low in levels) - 8
    if dot - above <= NEAR:
        return above
    below = max(low for _high, low in levels) + 17
    return below if below <= PANEL_AXIS - 5 and below - dot <= NEAR else None


def _years_scale(chart: TrendChart, left: float, right: float) -> Scale:
    found = [mark.year for series in chart.series for mark in series.marks]
    return Scale(min(found), max(found), left, right)


def _values_scale(series: Sequence[Series], bottom: float, top: float) -> Scale:
    marks = [mark for line in series for run in (*line.runs, *line.national_runs) for mark in run]
    return linear(marks, bottom, top, pad=0.0)


def _year_axis(paper: Paper, series: Sequence[Series], years: Scale, y: float) -> None:
    """Base line, a tick at every year with a value, first and last year."""
    ticks = _year_places(years, sorted({mark.year for line in series for mark in line.marks}))
    if len(ticks) > 1 and (ticks[0], ticks[-1]) == (tenths(years.left), tenths(years.right)):
        paper.axis(ticks, tenths(y))
    else:  # the years of the other panels begin earlier, or end later
        paper.path(f"M{_n(years.left)} {_n(y)}H{_n(years.right)}", LINE)
        paper.path("".join([f"M{PLACES[x]} {_n(y - 3)}v3" for x in ticks]), RULE)
    paper.text(0, y + YEARS_DOWN, str(int(years.low)))
    if years.high > years.low:
        paper.text(years.right + 6, y + YEARS_DOWN, str(int(years.high)), anchor="end")


def _line(paper: Paper, series: Series, years: Scale, values: Scale, *, alone: bool) -> None:
    """A series with its band and the nation's line. Only where it is `alone` may its dots be part of its line:
    of several, all dots lie above all lines.
    """
    runs: list[tuple[list[int], list[int]]] = []
    for run in series.runs:
        places = _places(run, years, values)
        _band(paper, run, places[0], values)
        runs.append(places)
    nation = [_places(run, years, values) for run in series.national_runs]
    # Above the band, which would hide it. A year that joins no other is a small dot: a dash would read as a minus sign
    # of its label.
    paper.path("".join([_joined(*places) for places in nation]), SLATE, 1.25, "4 3")
    lone = [f"M{PLACES[xs[0]]} {PLACES[ys[0]]}h.1" for xs, ys in nation if len(xs) == 1]
    paper.path("".join(lone), SLATE, 5)
    marks = series.marks
    bounded = [mark.bounded for mark in marks]
    width = 1.75 if any(bounded) else 1.25
    filled = [wide and mark.quality in (1, None) for wide, mark in zip(bounded, marks, strict=True)]
    first = len(marks) > 1 and filled[0]  # looks in the order in which they are first met
    if alone and len(marks) > 1 and filled[:-1].count(first) == len(marks) - 1:
        paper.dotted_line(runs, width, first)
        return
    paper.path("".join([_joined(*places) for places in runs]), TEAL, width)
    xs = [x for run_xs, _ys in runs for x in run_xs]
    ys = [y for _xs, run_ys in runs for y in run_ys]
    for look in (first, not first):
        some = [(x, y) for x, y, full in zip(xs[:-1], ys[:-1], filled[:-1], strict=True) if full is look]
        paper.dots([x for x, _y in some], [y for _x, y in some], 2.75, TEAL, look)
    paper.dots(xs[-1:], ys[-1:], 4.5, TEAL, True)


def _places(run: Sequence[Mark], years: Scale, values: Scale) -> tuple[list[int], list[int]]:
    """Where the points of a stretch of years lie, in tenths: from the left, on whole places, and from above."""
    return _year_places(years, [mark.year for mark in run]), values.tenths(
        [mark.value or 0.0 for mark in run]
    )


def _year_places(years: Scale, found: Sequence[int]) -> list[int]:
    return [(place + 5) // 10 * 10 for place in years.tenths(found)]


def _joined(xs: list[int], ys: list[int]) -> str:
    """The path through a stretch of years; nothing for a single one."""
    return joined_tenths(xs, ys) if len(xs) > 1 else ""


def _band(paper: Paper, run: Sequence[Mark], xs: Sequence[int], values: Scale) -> None:
    """The band of a stretch with its edges, or an upright for a single year."""
    bounded = [(mark, x) for mark, x in zip(run, xs, strict=True) if mark.bounded]
    if not bounded:
        return
    within = [x for _mark, x in bounded]
    upper = values.tenths([mark.upper or 0.0 for mark, _x in bounded])
    lower = values.tenths([mark.lower or 0.0 for mark, _x in bounded])
    if len(bounded) > 1 and len(bounded) == len(run):
        paper.band(f"{joined_tenths([*within, *within[::-1]], [*upper, *lower[::-1]])}z")
    else:
        uprights = zip(within, upper, lower, strict=True)
        paper.path(
            "".join([f"M{PLACES[x]} {PLACES[high]}V{PLACES[low]}" for x, high, low in uprights]),
            BAND_EDGE,
            1.5,
        )


def _end_labels(paper: Paper, series: Sequence[Series], values: Scale, x: float, highest: float) -> None:
    """Last values and the nation's at the right end, moved apart where they would touch."""
    labels: list[tuple[float, str, str]] = []
    for line in series:
        last = line.marks[-1]
        labels.append((values(last.value or 0.0) + 4, last.text, "v"))
        if line.national_runs:
            nation = line.national_runs[-1][-1]
            labels.append((values(nation.value or 0.0) + 4, f"{nation.label} {nation.text}", "t"))
    labels.sort(key=lambda item: item[0])
    wanted = [y for y, _text, _kind in labels]
    places = theme.spread(wanted, [14.0] * (len(labels) - 1), highest, theme.TREND_BOTTOM + 8)
    for y, (_y, text, kind) in zip(places, labels, strict=True):
        paper.text(x, y, text, kind)


def _first_label(paper: Paper, chart: TrendChart, years: Scale, values: Scale, highest: float) -> None:
    """The first value, small: above or below its own dot or beside it, where no line, dot or upright is in its way nor
    between the two; else behind its year: elsewhere it would be read as the value of another line.
    """
    series = chart.series[0]
    if len(series.marks) < 2:
        return
    first = series.marks[0]
    dot, wide = values(first.value or 0.0), theme.text_width(first.text) + 4
    own = _levels(series.runs, years, values, 0, wide)
    nation = _levels(series.national_runs, years, values, 0, wide)
    above, below = min(high for high, _low in own) - 7, max(low for _high, low in own) + 16
    near = NEAR_BAND if first.bounded else NEAR
    sides = [(above, above - 13, dot), (below, dot, below + 3)]
    uprights = _uprights(chart, years)
    if nation and nation[0][0] < dot:  # the nation's line lies above: the far side first
        sides.reverse()
    for y, upper, lower in sides:
        if (
            _clear(nation, upper, lower)
            and abs(dot - y) <= near
            and highest <= y <= theme.TREND_BOTTOM + 4
            and not _crossed(uprights, 0, wide, y)
        ):
            paper.text(0, y, first.text, "a")  # in the place's colour, or it might be read as the nation's
            return
    place = _beside(chart, years, values, (dot, wide, highest)) or _behind_its_year(years, first.text)
    if place:
        paper.text(*place, first.text, "a")


def _behind_its_year(years: Scale, text: str) -> tuple[float, float] | None:
    """A place for a first value behind the first year, below the axis, if the last year leaves room there."""
    start = theme.text_width(str(int(years.low)), theme.PRINTED) + 5
    end = years.right + 6 - theme.text_width(str(int(years.high)), theme.PRINTED) - 8
    if start + theme.text_width(text, theme.PRINTED) > end:
        return None
    return start, theme.TREND_BOTTOM + AXIS_DOWN + YEARS_DOWN


def _crossed(uprights: Sequence[float], start: float, end: float, base: float) -> bool:
    """Tell whether an upright would cross a text: between two places, at a height that is not above all uprights."""
    return base > UPRIGHTS_TOP - 2 and any(start - 3 < x < end for x in uprights)


def _clear(levels: Sequence[tuple[float, float]], upper: float, lower: float) -> bool:
    """Tell whether a line stays wholly above or wholly below a stretch of heights."""
    return all(low < upper for _high, low in levels) or all(high > lower for high, _low in levels)


def _beside(
    chart: TrendChart, years: Scale, values: Scale, label: tuple[float, float, float]
) -> tuple[float, float] | None:
    """A place for a first value (its dot's height, its width, the highest base) to the right of its dot, or close above
    or below it upon its own band; where possible beyond the band's edges, never across one.
    """
    dot, wide, highest = label
    series, uprights = chart.series[0], _uprights(chart, years)
    run = series.runs[0]
    upon_band = len(run) > 1 and all(mark.bounded for mark in run)  # else its interval is an upright
    right = years(series.marks[0].year) + 6
    for banded in (True, False):
        places = [(x, dot + down) for x in (right, right + 5) for down in (4, 7, 1, 10, -2)]
        if not banded and upon_band:
            places = [(right - 2, dot - 7), (right - 2, dot + 16), *places]
        for x, y in places:
            if not highest <= y <= theme.TREND_BOTTOM + 5 or x + wide > years.right:
                continue
            if _crossed(uprights, x, x + wide, y):
                continue
            own = _levels(series.runs, years, values, x, x + wide - 4, banded=banded)
            # the dots that would touch its end
            own += _levels(series.runs, years, values, x + wide - 4, x + wide + 1, banded=False)
            nation = _levels(series.national_runs, years, values, min(x, years.left), x + wide + 1)
            edges = [] if banded else _levels(series.runs, years, values, x, x + wide)
            if any(y - 11 < edge < y + 4 for pair in edges for edge in pair):
                continue
            if _clear(own, y - 10.5, y + 2) and _clear(nation, min(y - 12, dot), max(y + 3, dot)):
                return x, y
    return None


def _levels(
    runs: Sequence[Sequence[Mark]],
    years: Scale,
    values: Scale,
    start: float,
    end: float,
    *,
    banded: bool = True,
) -> list[tuple[float, float]]:
    """Highest and lowest points of a line's stretches between two places; their bands included, where `banded`."""
    levels: list[tuple[float, float]] = []
    for run in runs:
        before: Mark | None = None
        before_x = 0.0
        for mark in run:
            x = years(mark.year)
            if before is not None and before_x < x:
                for edge in (start, end):  # where the line enters or leaves
                    if before_x < edge < x:
                        part = (edge - before_x) / (x - before_x)
                        (first_high, first_low), (high, low) = (
                            _extent(before, values, banded),
                            _extent(mark, values, banded),
                        )
                        levels.append(
                            (first_high + (high - first_high) * part, first_low + (low - first_low) * part)
                        )
            if start <= x <= end:
                levels.append(_extent(mark, values, banded))
            before, before_x = mark, x
    return levels


def _extent(mark: Mark, values: Scale, banded: bool) -> tuple[float, float]:
    """How high and how low a year reaches: the ends of its interval where that is `banded`, or its value."""
    if banded and mark.bounded:
        return values(mark.upper or 0.0), values(mark.lower or 0.0)
    level = values(mark.value or 0.0)
    return level, level
