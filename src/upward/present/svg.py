"""Drawings: one function per chart kind, each from a spec to an inline SVG element.

Presentation that carries meaning stands in attributes, so a drawing reads with styles off; type and the colours
of forced-colour modes come from the page's style sheet. Nothing is computed here but places on the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log

from markupsafe import Markup, escape

from upward.present import theme
from upward.present.scales import Scale, linear, percentile_scale
from upward.present.specs import (
    Chart,
    Glance,
    GroupLine,
    GroupsChart,
    LanesChart,
    Mark,
    RangeChart,
    Series,
    Span,
    TrendChart,
)

TEAL, SLATE, RULE, BAR, LINE, FAINT = "#0b6e69", "#4b5866", "#6b7682", "#e3e8ec", "#d9dee3", "#e8ecef"
BAND, BAND_EDGE = "#d3e7e5", "#5d9c98"


def draw(chart: Chart) -> Markup:
    """Return the drawing of any chart spec that has one; the empty text for a spec without."""
    painter = _PAINTERS.get(type(chart))
    return painter(chart) if painter else Markup("")


def _svg(kind: str, width: int, height: float, sentence: str, parts: Sequence[str]) -> Markup:
    size = f'viewBox="0 0 {width} {_n(height)}" width="{width}" height="{_n(height)}"'
    return Markup(  # the parts are numbers and escaped texts made in this module
        f'<svg class="{kind}" {size} role="img" aria-label="{escape(sentence)}" font-size="12">{"".join(parts)}</svg>'
    )


def _n(value: float) -> str:
    """Return a length with at most one decimal, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    start = f'<text x="{_n(x)}" y="{_n(y)}"'
    if kind:
        start += f' class="{kind}"'
    if anchor:
        start += f' text-anchor="{anchor}"'
    return f"{start}>{escape(text)}</text>"


def _path(d: str, stroke: str, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def _dot(x: float, y: float, radius: float, color: str, filled: bool) -> str:
    """A dot; an open one keeps the same outer size. Both have a white edge against bars and bands."""
    if filled:
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius:g}" fill="{color}" stroke="#fff"/>'
    inner = radius - 1.25
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{inner:g}" fill="#fff" stroke="{color}" stroke-width="1.75"/>'
    )


def _whisker(scale: Scale, mark: Mark, y: float, color: str, cap: float, width: float = 1.75) -> str:
    if not mark.bounded:
        return ""
    assert mark.lower is not None  # `bounded` says so
    assert mark.upper is not None
    left, right = scale(mark.lower), scale(mark.upper)
    d = f"M{_n(left)} {_n(y)}H{_n(right)}"
    for end, inside in ((left, scale.holds(mark.lower)), (right, scale.holds(mark.upper))):
        if inside:
            d += f"M{_n(end)} {_n(y - cap)}v{_n(2 * cap)}"
    return _path(d, color, width)


def is_filled(mark: Mark) -> bool:
    """Tell whether a dot is filled: strong data (or data without a grade) with a published interval."""
    return mark.bounded and mark.quality in (1, None)


def _point(scale: Scale, mark: Mark, y: float, radius: float, color: str, cap: float = 5) -> str:
    """Whisker and dot of a mark, or an arrowhead where the value lies beyond the scale."""
    assert mark.value is not None
    x = scale(mark.value)
    drawn = _whisker(scale, mark, y, color, cap)
    if scale.holds(mark.value):
        return drawn + _dot(x, y, radius, color, is_filled(mark))
    turn = -1 if mark.value < scale.low else 1
    if scale.right < scale.left:
        turn = -turn
    return drawn + _path(f"M{_n(x - 5 * turn)} {_n(y - 6)}l{6 * turn} 6l{-6 * turn} 6", color, 2)


def _bar(scale: Scale, span: Span, y: float, height: float) -> str:
    """A pale bar from the 5th to the 95th percentile with end ticks, and the tick of the middle."""
    left, middle, right = scale(span.low), scale(span.middle), scale(span.high)
    top = _n(y - height / 2)
    bar = f'<rect x="{_n(left)}" y="{top}" width="{_n(max(right - left, 0))}" height="{height:g}" fill="{BAR}"/>'
    ends = "".join(
        f"M{_n(x)} {top}v{height:g}"
        for x, value in ((left, span.low), (right, span.high))
        if scale.holds(value)
    )
    tick = _path(f"M{_n(middle)} {_n(y - height / 2 - 3)}v{_n(height + 6)}", SLATE, 2)
    return bar + (_path(ends, RULE) if ends else "") + (tick if scale.holds(span.middle) else "")


def _range(chart: RangeChart) -> Markup:
    mark, spans = chart.mark, chart.spans
    scale = percentile_scale(spans[0])
    parts = []
    y, bottom = 30.0, 0.0
    if chart.reference and scale.holds(chart.reference.value):
        x = scale(chart.reference.value)
        parts.append(_path(f"M{_n(x)} 20v{28 * len(spans) - 8}", SLATE, 1, "3 2"))
    for index, span in enumerate(spans):
        height = 16 if index == 0 else 10
        parts += [_text(0, y + 4, span.short), _bar(scale, span, y, height)]
        parts += _span_labels(scale, span, y + height / 2 + 16, index == 0)
        bottom = y + height / 2 + 20
        y += 40
    if mark.value is not None:
        if len(spans) > 1 and scale.holds(mark.value):
            parts.insert(0, _path(f"M{_n(scale(mark.value))} 38V{_n(y - 34)}", TEAL, 1, "1 3"))
        parts.append(_point(scale, mark, 30, 6.5, TEAL))
        half = theme.text_width(mark.text, 13, True) / 2
        x = min(max(scale(mark.value), half), theme.WIDTH - half)
        parts.append(_text(x, 14, mark.text, "v", "middle"))
    return _svg("range", theme.WIDTH, bottom, chart.sentence, parts)


def _span_labels(scale: Scale, span: Span, y: float, ends: bool) -> list[str]:
    """The percentiles under a bar, moved aside where they would touch; of a state only the middle."""
    texts = [span.low_text, span.middle_text, span.high_text] if ends else [span.middle_text]
    values = [span.low, span.middle, span.high] if ends else [span.middle]
    widths = [theme.text_width(text, 12, text is span.middle_text) for text in texts]
    gaps = [(a + b) / 2 + 6 for a, b in zip(widths, widths[1:], strict=False)]
    low, high = 24 + widths[0] / 2, theme.WIDTH - widths[-1] / 2
    places = theme.spread([scale(value) for value in values], gaps, low, high)
    middle = len(texts) // 2
    return [
        _text(x, y, text, "m" if index == middle else "", "middle")
        for index, (x, text) in enumerate(zip(places, texts, strict=True))
    ]


def _lanes(chart: LanesChart) -> Markup:
    scale = _lanes_scale(chart)
    top = 22.0 if chart.reference else 8.0
    labels = [theme.wrap(lane.mark.label, theme.LANE_LEFT - 8) for lane in chart.lanes]
    heights = [max(30.0, 15.0 * len(lines) + 6) for lines in labels]
    bottom = top + sum(heights)
    parts = []
    grid = "".join(f"M{_n(scale(value))} {_n(top - 2)}V{_n(bottom)}" for value, _text_ in chart.ticks)
    parts.append(_path(grid, LINE))
    parts += [_text(scale(value), bottom + 14, text, "", "middle") for value, text in chart.ticks]
    if chart.reference:
        x = scale(chart.reference.value)
        half = theme.text_width(chart.reference.label, 12) / 2
        parts.append(_path(f"M{_n(x)} {_n(top - 6)}V{_n(bottom)}", SLATE, 1.25, "3 2"))
        parts.append(_text(min(max(x, half), theme.WIDTH - half), 12, chart.reference.label, "m", "middle"))
    y = top
    for lane, lines, height in zip(chart.lanes, labels, heights, strict=True):
        parts += _lane(scale, lane.mark, lane.span, lines, y + height / 2)
        y += height
    return _svg("lanes", theme.WIDTH, bottom + 18, chart.sentence, parts)


def _lane(scale: Scale, mark: Mark, span: Span | None, lines: Sequence[str], y: float) -> list[str]:
    parts = _label_lines(lines, y)
    if span:
        parts.append(_bar(scale, span, y, 14))
    if mark.value is None:
        return [*parts, _text(theme.WIDTH, y + 4, mark.text, "n", "end")]
    return [*parts, _point(scale, mark, y, 6, TEAL), _text(theme.WIDTH, y + 4.5, mark.text, "v", "end")]


def _label_lines(lines: Sequence[str], y: float) -> list[str]:
    first = y + 4.5 - 7.5 * (len(lines) - 1)
    return [_text(0, first + 15 * index, line, "l") for index, line in enumerate(lines)]


def _lanes_scale(chart: LanesChart) -> Scale:
    values = [value for value, _text_ in chart.ticks]
    return Scale(values[0], values[-1], theme.LANE_LEFT, theme.LANE_RIGHT, log if chart.logarithmic else None)


def _groups(chart: GroupsChart) -> Markup:
    marks = [mark for line in chart.lines for mark in line.marks if mark.value is not None]
    if chart.overall and chart.overall.value is not None:
        marks.append(chart.overall)
    scale = linear(marks, theme.PLOT_LEFT, theme.PLOT_RIGHT)
    top = 20.0 if chart.overall else 2.0
    rows = [_group_row(line) for line in chart.lines]
    bottom = top + sum(height for _lines, height in rows)
    parts = []
    y = top
    for line, (lines, height) in zip(chart.lines, rows, strict=True):
        parts += _group_line(scale, line, lines, y + height / 2)
        y += height
    if chart.overall and chart.overall.value is not None:
        x = scale(chart.overall.value)
        label = f"{chart.overall.label} {chart.overall.text}"
        half = theme.text_width(label, 12) / 2
        parts.insert(0, _path(f"M{_n(x)} {_n(top - 4)}V{_n(bottom)}", TEAL, 1, "2 2"))
        parts.append(_text(min(x, theme.WIDTH - half), 12, label, "a", "middle"))
    return _svg("groups", theme.WIDTH, bottom, chart.sentence, parts)


def _group_row(line: GroupLine) -> tuple[tuple[str, ...], float]:
    lines = theme.wrap(line.label, theme.LABEL_WIDTH)
    return lines, max(24.0, 15.0 * len(lines) + 9, 14.0 * len(line.marks) + 10)


def _group_line(scale: Scale, line: GroupLine, lines: Sequence[str], y: float) -> list[str]:
    parts = _label_lines(lines, y)
    radius, step = (4.75, 0.0) if len(line.marks) == 1 else (3.75, 14.0)
    level = y - step * (len(line.marks) - 1) / 2
    for mark in line.marks:
        if mark.value is None:
            parts.append(_text(theme.WIDTH, level + 4, mark.text, "n", "end"))
        else:
            parts.append(_path(f"M{theme.PLOT_LEFT:g} {_n(level)}H{theme.PLOT_RIGHT:g}", FAINT))
            parts.append(_point(scale, mark, level, radius, SLATE, 3.5))
            parts.append(_text(theme.WIDTH, level + 4.5, mark.text, "g", "end"))
        level += step
    return parts


def _trend(chart: TrendChart) -> Markup:
    if chart.panels:
        return Markup("").join(_panel(chart, series) for series in chart.series)
    scale = _years_scale(chart, theme.TREND_LEFT, theme.TREND_RIGHT)
    height = _values_scale(chart.series, theme.TREND_BOTTOM, theme.TREND_TOP)
    parts = _year_axis(chart, chart.series, scale, theme.TREND_BOTTOM + 8)
    ends: list[tuple[float, str, str]] = []
    for series in chart.series:
        parts += _line(series, scale, height)
        ends += _end_labels(series, height)
    if len(chart.series) == 1:
        parts += _first_label(chart.series[0], scale, height)
    parts += _place_ends(ends, theme.TREND_RIGHT + 9)
    return _svg("trend", theme.TREND_WIDTH, theme.TREND_BOTTOM + 28, chart.sentence, parts)


def _panel(chart: TrendChart, series: Series) -> Markup:
    """One small drawing of a series; all panels of a chart share both scales."""
    scale = _years_scale(chart, 4, theme.PANEL_WIDTH - 8)
    height = _values_scale(chart.series, 92, 54)
    lines = theme.wrap(series.label, theme.PANEL_WIDTH - 4, 12)
    parts = [_text(0, 12 + 14 * index, line, "l s") for index, line in enumerate(lines[:2])]
    parts += _year_axis(chart, (series,), scale, 100)
    parts += _line(series, scale, height)
    first, last = series.marks[0], series.marks[-1]
    for mark, kind, anchor, x in ((first, "", "start", 0.0), (last, "v", "end", float(theme.PANEL_WIDTH))):
        if mark.value is not None and (mark is last or first is not last):
            parts.append(
                _text(x, min(height(mark.value), _nearby(series, mark, height)) - 8, mark.text, kind, anchor)
            )
    sentence = (
        f"{series.label}: {chart.sentence}" if len(chart.series) == 1 else _panel_sentence(chart, series)
    )
    return _svg("panel", theme.PANEL_WIDTH, 120, sentence, parts)


def _panel_sentence(chart: TrendChart, series: Series) -> str:
    """The part of the chart's sentence that speaks of this series: parts are joined by a semicolon."""
    for part in chart.sentence.split("; "):
        if part.startswith(f"{series.label}: "):
            return part
    return chart.sentence


def _nearby(series: Series, mark: Mark, height: Scale) -> float:
    """The highest point near an end, so that its label stands clear of the line."""
    marks = series.marks[:2] if mark is series.marks[0] else series.marks[-2:]
    return min(height(item.value) for item in marks if item.value is not None)


def _years_scale(chart: TrendChart, left: float, right: float) -> Scale:
    found = [mark.year for series in chart.series for mark in series.marks]
    return Scale(min(found), max(found), left, right)


def _values_scale(series: Sequence[Series], bottom: float, top: float) -> Scale:
    marks = [mark for line in series for run in (*line.runs, *line.national_runs) for mark in run]
    return linear(marks, bottom, top, pad=0.0)


def _year_axis(chart: TrendChart, series: Sequence[Series], scale: Scale, y: float) -> list[str]:
    found = sorted({mark.year for line in series for mark in line.marks})
    left, right = scale(scale.low), scale(scale.high)
    ticks = "".join(f"M{_n(scale(year))} {_n(y - 3)}v3" for year in found)
    parts = [_path(f"M{_n(left)} {_n(y)}H{_n(right)}", LINE), _path(ticks, RULE)]
    parts.append(_text(left - (4 if left < 8 else 8), y + 15, str(int(scale.low))))
    if scale.high > scale.low:
        parts.append(
            _text(right, y + 15, str(int(scale.high)), "", "middle" if right < 150 and left > 4 else "end")
        )
    for gap in chart.gaps:
        if gap.word and scale.low <= gap.after and gap.before <= scale.high:
            x = scale((gap.after + gap.before) / 2)
            parts.append(_path(f"M{_n(x)} {10 if left > 4 else 44}V{_n(y)}", RULE, 1, "1 3"))
            if left > 4:
                half = theme.text_width(gap.word, 12) / 2
                parts.append(_text(max(x, half), 7, gap.word, "", "middle"))
    return parts


def _line(series: Series, scale: Scale, height: Scale) -> list[str]:
    parts = []
    for run in series.national_runs:
        d = "M" + "L".join(f"{_n(scale(mark.year))} {_n(height(mark.value or 0.0))}" for mark in run)
        parts.append(_path(d, SLATE, 1.25, "4 3"))
    for run in series.runs:
        parts += _run(run, scale, height)
    last = series.marks[-1]
    assert last.value is not None
    parts.append(f'<circle cx="{_n(scale(last.year))}" cy="{_n(height(last.value))}" r="4" fill="{TEAL}"/>')
    return parts


def _run(run: Sequence[Mark], scale: Scale, height: Scale) -> list[str]:
    """One stretch without a break: band with edges where bounds are known, line, dots."""
    points = [(scale(mark.year), height(mark.value or 0.0), mark) for mark in run]
    parts = []
    bounded = [(x, mark) for x, _y, mark in points if mark.bounded]
    if len(bounded) > 1 and len(bounded) == len(points):
        upper = "L".join(f"{_n(x)} {_n(height(mark.upper or 0.0))}" for x, mark in bounded)
        lower = "L".join(f"{_n(x)} {_n(height(mark.lower or 0.0))}" for x, mark in bounded)
        back = "L".join(f"{_n(x)} {_n(height(mark.lower or 0.0))}" for x, mark in reversed(bounded))
        parts.append(
            f'<path class="b" d="M{upper}L{back}Z" fill="{BAND}"/>' + _path(f"M{upper}M{lower}", BAND_EDGE)
        )
    else:
        for x, mark in bounded:
            parts.append(
                _path(
                    f"M{_n(x)} {_n(height(mark.lower or 0.0))}V{_n(height(mark.upper or 0.0))}",
                    BAND_EDGE,
                    1.5,
                )
            )
    if len(points) > 1:
        d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y, _mark in points)
        parts.append(_path(d, TEAL, 1.75 if bounded else 1.25))
    for x, y, mark in points:
        fill = TEAL if is_filled(mark) else "#fff"
        parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.25" fill="{fill}" stroke="{TEAL}" stroke-width="1.25"/>'
        )
    return parts


def _end_labels(series: Series, height: Scale) -> list[tuple[float, str, str]]:
    last = series.marks[-1]
    assert last.value is not None
    labels = [(height(last.value) + 4, last.text, "v")]
    national = [mark for run in series.national_runs for mark in run]
    if national and national[-1].value is not None:
        labels.append((height(national[-1].value) + 4, f"{national[-1].label} {national[-1].text}", ""))
    return labels


def _place_ends(labels: list[tuple[float, str, str]], x: float) -> list[str]:
    labels = sorted(labels, key=lambda item: item[0])
    places = theme.spread([y for y, _t, _k in labels], [14.0] * (len(labels) - 1), 12, theme.TREND_BOTTOM + 6)
    return [_text(x, y, text, kind) for y, (_y, text, kind) in zip(places, labels, strict=True)]


def _first_label(series: Series, scale: Scale, height: Scale) -> list[str]:
    """The first value, small, above whatever the drawing has at its width, or below it where that is full."""
    first = series.marks[0]
    if first is series.marks[-1] or first.value is None:
        return []
    reach = theme.text_width(first.text) + 6
    tops, lows = [], []
    for run in (*series.runs, *series.national_runs):
        for mark in run:
            if scale(mark.year) <= reach or mark is first:
                values = (mark.lower, mark.upper) if mark.bounded else (mark.value,)
                places = [height(value) for value in values if value is not None]
                tops.append(min(places))
                lows.append(max(places))
    y = min(tops) - 7
    if y < 20:
        below = max(lows) + 15
        y = below if below <= theme.TREND_BOTTOM + 4 else max(y, 20)
    return [_text(0, y, first.text)]


def track(glance: Glance) -> Markup:
    """Return the small range of one line of the profile: bar from the 5th to the 95th percentile, middle, place."""
    if glance.mark is None or glance.mark.value is None or glance.span is None:
        return Markup("")
    scale = percentile_scale(glance.span, 16, 104, 4, 116)
    left, right, middle = scale(glance.span.low), scale(glance.span.high), scale(glance.span.middle)
    parts = [
        f'<rect x="{_n(left)}" y="5" width="{_n(max(right - left, 0))}" height="6" fill="{BAR}"/>',
        _path(f"M{_n(left)} 5v6M{_n(right)} 5v6", RULE),
        _path(f"M{_n(middle)} 3v10", SLATE, 1.5),
    ]
    if glance.mark.bounded:
        assert glance.mark.lower is not None
        assert glance.mark.upper is not None
        parts.append(_path(f"M{_n(scale(glance.mark.lower))} 8H{_n(scale(glance.mark.upper))}", TEAL, 2.5))
    parts.append(_point(scale, Mark("", glance.mark.value, quality=glance.mark.quality), 8, 4.5, TEAL))
    if is_filled(glance.mark):
        parts[-1] = _point(scale, glance.mark, 8, 4.5, TEAL, 0)
    return _svg("track", 120, 16, glance.sentence, parts)


_PAINTERS: dict[type, Callable[..., Markup]] = {
    RangeChart: _range,
    LanesChart: _lanes,
    TrendChart: _trend,
    GroupsChart: _groups,
}
