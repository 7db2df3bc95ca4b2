"""The sentence of each chart: the same facts as its drawing and its table, for people who do not see the drawing.

Sentences are plain lists of figures. They compare nothing: what a difference means is not said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from upward.base.messages import _, current_language, ngettext, pgettext
from upward.present.specs import (
    Gap,
    GroupLine,
    Lane,
    Mark,
    Reference,
    Series,
    Span,
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


def describe_range(what: str, name: str, mark: Mark, spans: Sequence[Span], peers: Sequence[Mark]) -> str:
    """Return the sentence of a range chart: the place's name and value, the nation and the state, the peers."""
    text = describe_mark(mark, label=False)
    parts = [f"{what}: {name} {text}" if name else f"{what}: {text}", *map(describe_span, spans)]
    if peers:
        parts.append(describe_peers(peers))
    return "; ".join(parts) + "."


def describe_peers(peers: Sequence[Mark]) -> str:
    """Return what the dots of the peers show: how many, from where to where; the table has each by name."""
    known = [(mark.value, mark.text) for mark in peers if mark.value is not None and mark.quality != WEAK]
    if not known:
        return _("no peer with usable data")
    count = ngettext("{n} peer", "{n} peers", len(known)).format(n=len(known))
    low, high = min(known)[1], max(known)[1]
    if low == high:
        return f"{count} {low}"
    return _("{peers} from {low} to {high}").format(peers=count, low=low, high=high)


def describe_lanes(what: str, lanes: Sequence[Lane], reference: Reference | None) -> str:
    """Return the sentence of a lanes chart: every lane with the nation's percentiles."""
    parts = []
    for lane in lanes:
        text = describe_mark(lane.mark)
        if lane.span:
            text += f" – {describe_span(lane.span)}"
        if lane.peers:
            text += f" – {describe_peers(lane.peers)}"
        parts.append(text)
    if reference:
        parts.append(_reference(reference.label))
    return f"{what}: {'; '.join(parts)}."


def _reference(label: str) -> str:
    return _("dashed line: {label}").format(label=label)


def describe_trend(series: Sequence[Series], gaps: Sequence[Gap]) -> str:
    """Return the sentence of a trend: every year of every series, the US middle, and where the line is broken.

    Why it is broken, and the intervals of the years between the first and the last, stand in its table.
    """
    return "; ".join([*(line.sentence for line in series), *describe_gaps(gaps)]) + "."


def describe_gaps(gaps: Sequence[Gap]) -> list[str]:
    """Return where a line is broken, with the words that the drawing has there, or why; one text for the same words."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        years = pgettext("two years", "{first} and {last}").format(first=gap.after, last=gap.before)
        found.setdefault(gap.word or gap.reason.rstrip("."), []).append(years)
    return [
        _("line broken between {years} ({why})").format(years=", ".join(years), why=why)
        for why, years in found.items()
    ]


def describe_series(
    label: str, runs: Sequence[Sequence[Mark]], national_runs: Sequence[Sequence[Mark]]
) -> str:
    """Return one line of a trend: every year, the years that are not Strong, and the US middle where it is drawn.

    Only the first and the last year have their interval, and the nation only these: a list of all is too much to
    listen to, and the table has it.
    """
    marks = [mark for run in runs for mark in run]
    between = [f"{mark.label} {mark.text}" for mark in marks[1:-1]]
    text = ", ".join(
        [_figure(marks[0]), *between, _figure(marks[-1])] if len(marks) > 1 else map(_figure, marks)
    )
    if label:
        text = f"{label}: {text}"
    text = "; ".join([text, *describe_weak_years(marks)])
    national = [mark for run in national_runs for mark in run]
    if national:
        figures = f"{national[0].year} {national[0].text}"
        if len(national) > 1:
            last = f"{national[-1].year} {national[-1].text}"
            figures = pgettext("years", "{first} to {last}").format(first=figures, last=last)
        text += "; " + _("{nation} middle: {figures}").format(nation=national[0].label, figures=figures)
    return text


def describe_weak_years(marks: Sequence[Mark]) -> list[str]:
    """Return the years of a line that are not Strong, one text for each grade that is met."""
    qualities = [mark.quality for mark in marks]
    return [
        f"{weak}: {_years([found == quality for found in qualities], marks)}"
        for quality, weak in _weak_words(current_language()).items()
        if quality in qualities
    ]


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


def describe_mini(marks: Sequence[Mark], reference: Reference | None) -> str:
    """Return the sentence of a small chart inside a finding, whose heading says what it shows."""
    parts = [describe_mark(mark) for mark in marks]
    if reference:
        parts.append(_reference(reference.label))
    return "; ".join(parts) + "."


def describe_groups(lines: Sequence[GroupLine], overall: Mark | None = None, keys: Sequence[str] = ()) -> str:
    """Return the sentence of a groups chart: every group in its order, missing ones with the reason."""
    parts = [f"{line.label}: {_marks(line.marks, keys)}" for line in lines]
    if overall:
        parts.append(describe_mark(overall))
    return "; ".join(parts) + "."


def _marks(marks: Sequence[Mark], keys: Sequence[str]) -> str:
    if not keys:
        return describe_mark(marks[0], label=False)
    grades = {mark.quality for mark in marks if mark.value is not None}
    if len(grades) == 1:  # said once
        weak = _weak_words(current_language()).get(grades.pop())
        figures = [f"{key} {_figure(mark, label=False)}" for key, mark in zip(keys, marks, strict=True)]
        return ", ".join([*figures, weak] if weak else figures)
    return ", ".join(
        [f"{key} {describe_mark(mark, label=False)}" for key, mark in zip(keys, marks, strict=True)]
    )
