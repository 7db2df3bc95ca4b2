"""What a drawing of a document shows, in words for people who do not see it: the alternative text of every format.

A document holds the numbers of its drawings in tables, so a line over the years is told by its ends and by the span of
its values, not year by year. Like the sentences of `describe`, these compare nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from upward.base.messages import _
from upward.present.describe import describe_gaps, describe_groups, describe_weak_years
from upward.present.specs import (
    Drawn,
    GroupLine,
    GroupsChart,
    LanesChart,
    Mark,
    MiniChart,
    RangeChart,
    Series,
    TrendChart,
)


def alternatives_of(chart: Drawn, what: str = "") -> tuple[str, ...]:
    """Return what each drawing of a chart shows, in words: one text, or one for each of its panels.

    `what` names the number that is drawn, for charts that do not name it themselves.
    """
    if isinstance(chart, TrendChart):
        said = _trend(chart)
    elif isinstance(chart, GroupsChart):
        said = (_groups(chart),)
    elif isinstance(chart, LanesChart):
        said = (_lanes(chart),)
    else:
        said = (_one(chart),)
    named = what and not isinstance(chart, RangeChart | MiniChart)
    return tuple(f"{what}. {words}" for words in said) if named else said


def line_in_words(label: str, marks: Sequence[Mark]) -> str:
    """Return a line over the years by its ends, the span of its values, and the years that are not Strong."""
    known = sorted((mark.value, mark.text) for mark in marks if mark.value is not None)
    low, high, first, last = known[0][1], known[-1][1], marks[0], marks[-1]
    if len(marks) == 1:
        said = _("{value} in {year}").format(value=first.text, year=first.year)
    elif low == high:
        said = _("{value} in every year from {start} to {end}").format(
            value=low, start=first.year, end=last.year
        )
    else:
        said = _("begins at {first} in {start} and ends at {last} in {end}").format(
            first=first.text, start=first.year, last=last.text, end=last.year
        )
    parts = [f"{label}: {said}" if label else said]
    if len(marks) > 2 and low != high:
        parts.append(_("all years lie between {low} and {high}").format(low=low, high=high))
    return "; ".join([*parts, *describe_weak_years(marks)])


def _one(chart: RangeChart | MiniChart) -> str:
    """Return a value beside other places, or the few values of a finding."""
    if isinstance(chart, RangeChart):
        kind = _("A dot on a scale, beside the range of other places.")
        return f"{kind} {_with_intervals(chart.sentence, [chart.mark])}"
    kind = _("A small drawing with a dot for each number on one scale and a line for its interval.")
    return f"{kind} {_with_intervals(chart.sentence, chart.marks)}"


def _lanes(chart: LanesChart) -> str:
    """Return several values on one scale; the table has their intervals."""
    kind = _("A dot for each number on one scale, beside the range of other places.")
    sentence = chart.sentence
    for lane in chart.lanes:
        sentence = sentence.replace(f"{lane.mark.text} ({lane.mark.interval})", lane.mark.text)
    return f"{kind} {sentence}"


def _with_intervals(sentence: str, marks: Sequence[Mark]) -> str:
    """Return a sentence whose intervals are called so: brackets are not heard."""
    for mark in marks:
        if mark.interval:
            said = _("{value}, with an interval from {interval}").format(
                value=mark.text, interval=mark.interval
            )
            sentence = sentence.replace(f"{mark.text} ({mark.interval})", said)
    return sentence


def _groups(chart: GroupsChart) -> str:
    """Return a groups chart: every group in its order. Of three numbers for each group, the table has the intervals."""
    what = chart.caption.split(" · ")[0]
    marks = [mark for line in chart.lines for mark in line.marks]
    if chart.overall:
        marks.append(chart.overall)
    kind = _("A dot for each group on one scale")
    if any(mark.interval for mark in marks):
        kind = _("A dot for each group on one scale, with a line for its interval")
    if not chart.keys:
        said = _with_intervals(describe_groups(chart.lines, chart.overall, (), chart.reference), marks)
    else:
        bare = [
            GroupLine(line.label, tuple(replace(mark, interval="") for mark in line.marks))
            for line in chart.lines
        ]
        overall = replace(chart.overall, interval="") if chart.overall else None
        said = describe_groups(bare, overall, chart.keys)
    return f"{what}. {kind}: {said}"


def _trend(chart: TrendChart) -> tuple[str, ...]:
    gaps = describe_gaps(chart.gaps)
    if chart.panels:
        return tuple(_lines([line], gaps) for line in chart.series)
    return (_lines(chart.series, gaps),)


def _lines(series: Sequence[Series], gaps: Sequence[str]) -> str:
    """Return lines over the years, the US middle where it is drawn, and where they are broken."""
    kind = _("A line over the years")
    if any(mark.interval for line in series for mark in line.marks):
        kind = _("A line over the years, each year with its interval")
    parts = []
    for line in series:
        parts.append(line_in_words(line.label, line.marks))
        national = [mark for run in line.national_runs for mark in run]
        if national:
            parts.append(line_in_words(_("{nation} middle").format(nation=national[0].label), national))
    return f"{kind}: {'; '.join([*parts, *gaps])}."
