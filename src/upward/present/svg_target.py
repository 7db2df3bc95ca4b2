"""A measure over the years with the target it is meant to reach: lines of one to three groups, whiskers, a dotted way.

The way to the target is dotted because it is a wish, not a forecast; the target is an open diamond. No line crosses
a break. The same drawing without axes, larger, is the drawing of a plan's cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Break, Unit
from upward.present import theme
from upward.present.alternatives import line_in_words
from upward.present.build_values import mark_of
from upward.present.document import Drawing
from upward.present.scales import Scale
from upward.present.specs import Mark
from upward.present.svg_looks import FAINT, LINE, RULE, SLATE, TEAL
from upward.present.svg_paper import Paper, joined, place_number
from upward.warehouse.read import ResultRow

_n = place_number
WIDTH, HEIGHT = 640, 250
COVER_WIDTH, COVER_HEIGHT = 544, 300


@dataclass(frozen=True, slots=True)
class Line:
    """A group (or all residents) over the years, in stretches that may be joined."""

    label: str
    runs: tuple[tuple[Mark, ...], ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return every year in order."""
        return tuple(mark for run in self.runs for mark in run)


@dataclass(frozen=True, slots=True)
class TargetChart:
    """A measure of the place, others beside it, and the target; values in the stored scale."""

    what: str
    line: Line
    beside: tuple[Line, ...]
    target: Mark
    broken: tuple[Break, ...] = ()


def line_of(rows: Sequence[ResultRow], breaks: Sequence[Break], unit: Unit, label: str) -> Line | None:
    """Return the years of some rows of one number as a line; None where no year has a value."""
    newest = max((row.source_release for row in rows if row.value is not None), default="")
    kept = sorted(
        (
            row
            for row in rows
            if row.value is not None
            and isfinite(row.value)
            and row.period.isdigit()
            and row.source_release == newest
        ),
        key=lambda row: row.period,
    )
    marks = [replace(mark_of(row, unit, row.period), year=int(row.period)) for row in kept]
    if not marks:
        return None
    runs = [[marks[0]]]
    for (before, first), (after, second) in pairwise(zip(kept, marks, strict=True)):
        cut = any(first.year <= broken.after and broken.before <= second.year for broken in breaks)
        if cut or before.method != after.method:
            runs.append([second])
        else:
            runs[-1].append(second)
    return Line(label, tuple(tuple(run) for run in runs))


def target_sentence(chart: TargetChart) -> str:
    """Return the chart in words: every line by its ends and the span of its values, and the target."""
    lines = [line_in_words(line.label, line.marks) for line in (chart.line, *chart.beside)]
    aim = _("target for {label}: {value} by {year}").format(
        label=chart.line.label, value=chart.target.text, year=chart.target.year
    )
    kind = _("Lines over the years, with a dotted way to the target")
    return f"{chart.what}. {kind}: {'; '.join([*lines, aim])}."


def draw_target(chart: TargetChart) -> Drawing:
    """Return the chart with axes, for the page of a priority or a measure."""
    paper = Paper("target", WIDTH, target_sentence(chart))
    paper.height = HEIGHT
    years, values = _scales(chart, 44, WIDTH - 96, HEIGHT - 30, 18)
    _axes(paper, chart, years, values)
    _lines(paper, chart, years, values, radius=4.75)
    return Drawing(paper.alone(), paper.sentence, WIDTH, HEIGHT)


def draw_cover(chart: TargetChart) -> Drawing:
    """Return the chart without axes, over the whole width of a cover."""
    paper = Paper("target", COVER_WIDTH, target_sentence(chart))
    paper.height = COVER_HEIGHT
    years, values = _scales(chart, 54, COVER_WIDTH - 36, COVER_HEIGHT - 40, 40)
    _lines(paper, chart, years, values, radius=4.75, cover=True)
    return Drawing(paper.alone(), paper.sentence, COVER_WIDTH, COVER_HEIGHT)


def _scales(chart: TargetChart, left: float, right: float, bottom: float, top: float) -> tuple[Scale, Scale]:
    marks = [mark for line in (chart.line, *chart.beside) for mark in line.marks] + [chart.target]
    found = [value for mark in marks for value in (mark.value, mark.lower, mark.upper) if value is not None]
    low, high = min(found), max(found)
    room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    years = Scale(min(mark.year for mark in marks), max(mark.year for mark in marks), left, right)
    return years, Scale(low - room, high + room, bottom, top)


def _axes(paper: Paper, chart: TargetChart, years: Scale, values: Scale) -> None:
    base = HEIGHT - 26
    paper.path(f"M{_n(years.left)} {base}H{_n(years.right)}", LINE)
    shown = sorted(
        {mark.year for line in (chart.line, *chart.beside) for mark in line.marks} | {chart.target.year}
    )
    paper.path("".join(f"M{_n(years(year))} {base - 3}v3" for year in shown), RULE)
    right = -99.0
    for year in shown:
        if years(year) - right > 34:
            right = years(year)
            paper.text(right, base + 16, str(year), anchor="middle")
    for broken in chart.broken:
        if years.low <= broken.after and broken.before <= years.high:
            x = years((broken.after + broken.before) / 2)
            paper.path(f"M{_n(x)} 16V{base}", RULE, 1, "1 3")
            paper.text(x, 12, broken.short, anchor="middle")
    ends = [mark for line in (chart.line, *chart.beside) for mark in line.marks]
    low = min(ends, key=lambda mark: mark.value or 0.0)
    high = max(ends, key=lambda mark: mark.value or 0.0)
    for mark in dict.fromkeys((low, high)):
        if mark.value is not None:
            paper.path(f"M{_n(years.left)} {_n(values(mark.value))}H{_n(years.right)}", FAINT)
            paper.text(years.left - 8, values(mark.value) + 4, mark.text, anchor="end")


def _lines(
    paper: Paper, chart: TargetChart, years: Scale, values: Scale, *, radius: float, cover: bool = False
) -> None:
    for line, color in ((chart.line, TEAL), *((item, SLATE) for item in chart.beside)):
        for run in line.runs:
            points = [(years(mark.year), values(mark.value or 0.0)) for mark in run]
            paper.path(joined(points) if len(points) > 1 else "", color, 1.75)
        for mark in line.marks:
            x = years(mark.year)
            if mark.bounded and mark.lower is not None and mark.upper is not None:
                cap = (
                    ""
                    if cover
                    else f"M{_n(x - 4)} {_n(values(mark.lower))}h8M{_n(x - 4)} {_n(values(mark.upper))}h8"
                )
                paper.path(f"M{_n(x)} {_n(values(mark.lower))}V{_n(values(mark.upper))}{cap}", color, 1.25)
            paper.dot(x, values(mark.value or 0.0), radius, color, mark.bounded and mark.quality in (1, None))
    _way(paper, chart, years, values)
    _labels(paper, chart, years, values)


def _way(paper: Paper, chart: TargetChart, years: Scale, values: Scale) -> None:
    last, target = chart.line.marks[-1], chart.target
    x, y = years(target.year), values(target.value or 0.0)
    paper.path(f"M{_n(years(last.year))} {_n(values(last.value or 0.0))}L{_n(x)} {_n(y)}", TEAL, 1.75, "1 4")
    paper.shape(f"M{_n(x)} {_n(y - 6)}l6 6-6 6-6-6z", "#fff")
    paper.path(f"M{_n(x)} {_n(y - 6)}l6 6-6 6-6-6z", TEAL, 1.75)
    label = _("Target: {value} by {year}").format(value=target.text, year=target.year)
    half = theme.text_width(label, 13, True) / 2
    above = y - 14 if y > values.right + 16 else y + 24
    paper.text(min(x, paper.width - half - 4), above, label, "v", "middle")


def _labels(paper: Paper, chart: TargetChart, years: Scale, values: Scale) -> None:
    """Name and last value of each line beside its last dot, moved aside where they would touch."""
    lines = sorted((chart.line, *chart.beside), key=lambda line: values(line.marks[-1].value or 0.0))
    wanted = [values(line.marks[-1].value or 0.0) for line in lines]
    # The way to the target starts at the last dot of the measure: its label stands below.
    wanted = [y + (22 if line is chart.line else -4) for line, y in zip(lines, wanted, strict=True)]
    places = theme.spread(sorted(wanted), [18.0] * (len(lines) - 1), 12, paper.height - 12)
    for line, y in zip(lines, places, strict=True):
        last = line.marks[-1]
        words = f"{line.label} {last.text}, {shown_as.years([last.year])}"
        x = min(years(last.year) + 10, paper.width - theme.text_width(words, 13, True))
        paper.text(x, y + 4, words, "v" if line is chart.line else "m")
