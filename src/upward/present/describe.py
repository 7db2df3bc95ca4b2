"""The sentence of each chart: the same facts as its drawing and its table, for people who do not see the drawing.

Sentences are plain lists of figures. They compare nothing: what a difference means is not said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from upward.base.messages import _, current_language, ngettext, pgettext
from upward.present.specs import (
    GroupsChart,
    LanesChart,
    Mark,
    MiniChart,
    RangeChart,
    Series,
    Span,
    TrendChart,
)

WEAK = 3


def describe_mark(mark: Mark, *, label: bool = True) -> str:
    """Return one number in words: `2023 84.1% (79.8% to 88.4%)`, with its quality where that is not Strong."""
    weak = _weak_words(current_language()).get(mark.quality) if mark.value is not None else None
    text = _figure(mark, label=label)
    return f"{text}, {weak}" if weak else text


def _figure(mark: Mark, *, label: bool = True) -> str:
    text = f"{mark.label} {mark.text}" if label and mark.label else mark.text
    return f"{text} ({mark.interval})" if mark.interval else text


@lru_cache(maxsize=4)
def _weak_words(_language: str) -> dict[int | None, str]:
    return {2: _("data quality Marginal"), 3: _("data quality Weak")}


def describe_span(span: Span) -> str:
    """Return a scope's percentiles in words."""
    return _("{name}: 5th percentile {low}, middle {middle}, 95th percentile {high}").format(
        name=span.name, low=span.low_text, middle=span.middle_text, high=span.high_text
    )


def describe_range(chart: RangeChart, what: str) -> str:
    """Return the sentence of a range chart."""
    parts = [f"{what}: {describe_mark(chart.mark)}", *(describe_span(span) for span in chart.spans)]
    if chart.peers:
        parts.append(describe_peers(chart.peers))
    if chart.reference:
        parts.append(_reference(chart.reference.label))
    return "; ".join(parts) + "."


def describe_peers(peers: Sequence[Mark]) -> str:
    """Return what the dots of the peers show: how many, from where to where; the table has each by name."""
    known = sorted(
        (mark.value, mark.text) for mark in peers if mark.value is not None and mark.quality != WEAK
    )
    if not known:
        return _("no peer with usable data")
    count = ngettext("{n} peer", "{n} peers", len(known)).format(n=len(known))
    if known[0][1] == known[-1][1]:
        return f"{count} {known[0][1]}"
    return _("{peers} from {low} to {high}").format(peers=count, low=known[0][1], high=known[-1][1])


def describe_lanes(chart: LanesChart, what: str) -> str:
    """Return the sentence of a lanes chart: every lane with the nation's percentiles."""
    parts = []
    for lane in chart.lanes:
        text = describe_mark(lane.mark)
        if lane.span:
            text += f" – {describe_span(lane.span)}"
        if lane.peers:
            text += f" – {describe_peers(lane.peers)}"
        parts.append(text)
    if chart.reference:
        parts.append(_reference(chart.reference.label))
    return f"{what}: {'; '.join(parts)}."


def _reference(label: str) -> str:
    return _("dashed line: {label}").format(label=label)


def describe_trend(chart: TrendChart) -> str:
    """Return the sentence of a trend: every year of every series, the US middle, and why the line is broken."""
    parts = [describe_series(series) for series in chart.series]
    for gap in chart.gaps:
        parts.append(
            _("line broken between {after} and {before}: {reason}").format(
                after=gap.after, before=gap.before, reason=gap.reason.rstrip(".")
            )
        )
    return "; ".join(parts) + "."


def describe_series(series: Series) -> str:
    """Return one line of a trend: every year, the years that are not Strong, and the US middle where it is drawn."""
    text = ", ".join(_figure(mark) for mark in series.marks)
    if series.label:
        text = f"{series.label}: {text}"
    for quality, weak in _weak_words(current_language()).items():
        years = _years([mark.quality == quality for mark in series.marks], series.marks)
        text += f"; {weak}: {years}" if years else ""
    national = [mark for run in series.national_runs for mark in run]
    if national:
        figures = ", ".join(f"{mark.year} {mark.text}" for mark in national)
        text += "; " + _("{nation} middle: {figures}").format(nation=national[0].label, figures=figures)
    return text


def _years(chosen: Sequence[bool], marks: Sequence[Mark]) -> str:
    """The chosen years of a line; those that follow each other there as first and last."""
    if all(chosen):
        return _("every year")
    parts = []
    for taken, run in groupby(zip(chosen, marks, strict=True), key=lambda item: item[0]):
        labels = [mark.label for _taken, mark in run]
        if taken and len(labels) > 2:
            parts.append(pgettext("years", "{first} to {last}").format(first=labels[0], last=labels[-1]))
        elif taken:
            parts += labels
    return ", ".join(parts)


def describe_mini(chart: MiniChart, what: str) -> str:
    """Return the sentence of a small chart inside a finding."""
    parts = [describe_mark(mark) for mark in chart.marks]
    if chart.reference:
        parts.append(_reference(chart.reference.label))
    return f"{what}: {'; '.join(parts)}."


def describe_groups(chart: GroupsChart) -> str:
    """Return the sentence of a groups chart: every group in its order, missing ones with the reason."""
    parts = [f"{line.label}: {_marks(line.marks, chart.keys)}" for line in chart.lines]
    if chart.overall:
        parts.append(describe_mark(chart.overall))
    return "; ".join(parts) + "."


def _marks(marks: Sequence[Mark], keys: Sequence[str]) -> str:
    if not keys:
        return describe_mark(marks[0], label=False)
    return ", ".join(
        f"{key} {describe_mark(mark, label=False)}" for key, mark in zip(keys, marks, strict=True)
    )
