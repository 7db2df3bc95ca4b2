"""Drawings over the years: one line with its band, several lines, or one small panel per series."""

from __future__ import annotations

from collections.abc import Sequence

from upward.present import theme
from upward.present.scales import Scale, linear
from upward.present.specs import Mark, Series, TrendChart
from upward.present.svg_looks import BAND_EDGE, LINE, RULE, SLATE, TEAL
from upward.present.svg_paper import PLACES, Paper, joined_tenths, place_number, tenths

_n = place_number
PANEL_TOP, PANEL_BOTTOM = 54, 92


def paint_trend(chart: TrendChart) -> tuple[Paper, ...]:
    """Return the drawing of a trend, or its panels one after the other."""
    if chart.panels:
        years = _years_scale(chart, 4, theme.PANEL_WIDTH - 6)
        values = _values_scale(chart.series, PANEL_BOTTOM, PANEL_TOP)
        return tuple(_panel(chart, series, years, values) for series in chart.series)
    years = _years_scale(chart, theme.TREND_LEFT, theme.TREND_RIGHT)
    values = _values_scale(chart.series, theme.TREND_BOTTOM, theme.TREND_TOP)
    paper = Paper("trend", theme.TREND_WIDTH, chart.sentence)
    paper.height = theme.TREND_BOTTOM + 28
    axis = theme.TREND_BOTTOM + 8
    _year_axis(paper, chart.series, years, axis)
    uprights = [(years((gap.after + gap.before) / 2), gap.word) for gap in chart.gaps if gap.word]
    top = (
        theme.TREND_TOP - 5 if chart.captioned else 12
    )  # right below their words, or a little above the lines
    for x, _word in uprights:
        paper.path(f"M{_n(x)} {_n(top)}V{_n(axis)}", RULE, 1, "1 3")
    if not chart.captioned:
        words = [word for _x, word in uprights]
        places = theme.words_over([x for x, _word in uprights], words, theme.TREND_WIDTH)
        for x, word in zip(places, words, strict=True):
            paper.text(x, 9, word, anchor="middle")
    for series in chart.series:
        _line(paper, series, years, values, alone=len(chart.series) == 1)
    if len(chart.series) == 1:
        _first_label(paper, chart.series[0], years, values)
    _end_labels(paper, chart.series, values)
    return (paper,)


def _panel(chart: TrendChart, series: Series, years: Scale, values: Scale) -> Paper:
    """One small drawing of a series; all panels of a chart share both scales."""
    paper = Paper("panel", theme.PANEL_WIDTH, f"{series.sentence}.")
    paper.height = 120.0
    for index, line in enumerate(theme.wrap(series.label, theme.PANEL_WIDTH - 4, 12)[:2]):
        paper.text(0, 12 + 14 * index, line, "s")
    _year_axis(paper, (series,), years, 100)
    for gap in chart.gaps:
        if gap.word:
            paper.path(f"M{_n(years((gap.after + gap.before) / 2))} 46V100", RULE, 1, "1 3")
    _line(paper, series, years, values, alone=True)
    marks = series.marks
    if len(marks) > 1:
        paper.text(0, _above(marks[:2], values), marks[0].text)
    paper.text(theme.PANEL_WIDTH, _above(marks[-2:], values), marks[-1].text, "v", "end")
    return paper


def _above(marks: Sequence[Mark], values: Scale) -> float:
    """A height above the marks, so that a label stands clear of the line."""
    return min(values(mark.value) for mark in marks if mark.value is not None) - 8


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
    paper.text(0, y + 15, str(int(years.low)))
    if years.high > years.low:
        paper.text(years.right + 6, y + 15, str(int(years.high)), anchor="end")


def _line(paper: Paper, series: Series, years: Scale, values: Scale, *, alone: bool) -> None:
    """A series with its band and the nation's line. Only where it is `alone` may its dots be part of its line:
    of several, all dots lie above all lines.
    """
    runs: list[tuple[list[int], list[int]]] = []
    for run in series.runs:
        places = _places(run, years, values)
        _band(paper, run, places[0], values)
        runs.append(places)
    for run in series.national_runs:  # above the band, which would hide it
        paper.path(_dashes(*_places(run, years, values)), SLATE, 1.25, "4 3")
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


def _joined(xs: Sequence[int], ys: Sequence[int]) -> str:
    """The path through a stretch of years; nothing for a single one."""
    return joined_tenths(xs, ys) if len(xs) > 1 else ""


def _dashes(xs: Sequence[int], ys: Sequence[int]) -> str:
    """The path of the nation's line; a single year is one of its dashes, which lies across its place."""
    if len(xs) == 1:
        return f"M{PLACES[xs[0] - 20]} {PLACES[ys[0]]}h4"  # as long as a dash of the look
    return joined_tenths(xs, ys)


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


def _end_labels(paper: Paper, series: Sequence[Series], values: Scale) -> None:
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
    places = theme.spread(wanted, [14.0] * (len(labels) - 1), 12, theme.TREND_BOTTOM + 8)
    for y, (_y, text, kind) in zip(places, labels, strict=True):
        paper.text(theme.TREND_RIGHT + 9, y, text, kind)


def _first_label(paper: Paper, series: Series, years: Scale, values: Scale) -> None:
    """The first value, small: above the line's start, else below it, else above everything there."""
    first = series.marks[0]
    if len(series.marks) < 2:
        return
    reach = theme.text_width(first.text) + 6
    own = [level for run in series.runs[:1] for level in _levels(run, years, values, reach)]
    nation = [level for run in series.national_runs for level in _levels(run, years, values, reach)]
    tops, lows = [high for high, _low in own], [low for _high, low in own]
    above, below = min(tops) - 7, max(lows) + 16
    for y in (above, below):
        free = all(not (high < y + 3 and low > y - 13) for high, low in nation)
        if free and 20 <= y <= theme.TREND_BOTTOM + 6:
            paper.text(0, y, first.text)
            return
    paper.text(0, max(min([*tops, *(high for high, _low in nation)]) - 7, 20), first.text)


def _levels(run: Sequence[Mark], years: Scale, values: Scale, reach: float) -> list[tuple[float, float]]:
    """Highest and lowest point of a line's stretch up to a place, its band included."""
    levels: list[tuple[float, float]] = []
    last_x = years.left
    for mark in run:
        bounds = (mark.upper, mark.lower) if mark.bounded else (mark.value, mark.value)
        high, low = (values(value or 0.0) for value in bounds)
        x = years(mark.year)
        if x > reach:
            if levels:  # the stretch of the line between the last point and the place
                before_x, before = last_x, levels[-1]
                part = (reach - before_x) / (x - before_x)
                levels.append((before[0] + (high - before[0]) * part, before[1] + (low - before[1]) * part))
            break
        levels.append((high, low))
        last_x = x
    return levels
