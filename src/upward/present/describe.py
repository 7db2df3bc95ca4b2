"""The sentence of each chart: the same facts as its drawing and its table, for people who do not see the drawing.

Sentences are plain lists of figures. They compare nothing: what a difference means is not said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from upward.base.messages import _, current_language, ngettext, pgettext
from upward.present.build_peers import is_drawn
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


def describe_span(span: Span, *, known: bool = False) -> str:
    """Return a scope's percentiles in words.

    Where the sentence has said which percentiles they are (`known`), only the figures follow the name, in that order.
    """
    if known:
        return f"{span.name} {span.low_text}, {span.middle_text}, {span.high_text}"
    return _("{name} 5th percentile {low}, middle {middle}, 95th percentile {high}").format(
        name=span.name, low=span.low_text, middle=span.middle_text, high=span.high_text
    )


def _describe_spans(spans: Sequence[Span]) -> list[str]:
    """Several scopes; which percentiles they are is said with the first."""
    return [describe_span(span, known=bool(number)) for number, span in enumerate(spans)]


def describe_range(what: str, name: str, mark: Mark, spans: Sequence[Span], peers: Sequence[Mark]) -> str:
    """Return the sentence of a range chart: the place's name and value, the nation and the state, the peers."""
    text = describe_mark(mark, label=False)
    parts = [f"{what}: {name} {text}" if name else f"{what}: {text}", *_describe_spans(spans)]
    if peers:
        parts.append(describe_peers(peers))
    return "; ".join(parts) + "."


def describe_peers(peers: Sequence[Mark]) -> str:
    """Return what the dots of the peers show: how many, from where to where; the table has each by name."""
    known = [(mark.value, mark.text) for mark in peers if mark.value is not None and is_drawn(mark)]
    if not known:
        return _("no peer with usable data")
    count = ngettext("{n} peer", "{n} peers", len(known)).format(n=len(known))
    low, high = min(known)[1], max(known)[1]
    if low == high:
        return f"{count} {low}"
    return _("{peers} from {low} to {high}").format(peers=count, low=low, high=high)


def describe_lanes(what: str, lanes: Sequence[Lane], reference: Reference | None) -> str:
    """Return the sentence of a lanes chart: every lane with the nation's percentiles.

    A quality that all lanes have is said before them; which percentiles they are, with the first.
    """
    shared = _shared_weakness([lane.mark for lane in lanes])
    known = False
    parts = []
    for lane in lanes:
        text = _figure(lane.mark) if shared else describe_mark(lane.mark)
        if lane.span:
            text += f" – {describe_span(lane.span, known=known)}"
            known = True
        if lane.peers:
            text += f" – {describe_peers(lane.peers)}"
        parts.append(text)
    if reference:
        parts.append(_reference(reference.label))
    return f"{f'{what}, {shared}' if shared else what}: {'; '.join(parts)}."


def _shared_weakness(marks: Sequence[Mark]) -> str:
    """The quality in words where all figures have the same, and it is not Strong; empty otherwise."""
    grades = {mark.quality for mark in marks if mark.value is not None}
    return _weak_words(current_language()).get(grades.pop(), "") if len(grades) == 1 else ""


def _reference(label: str) -> str:
    return _("dashed line: {label}").format(label=label)


def describe_trend(series: Sequence[Series], gaps: Sequence[Gap], shared: Sequence[str] = ()) -> str:
    """Return the sentence of a trend: every year of every series, the US middle, and where and why the line is broken.

    `shared` says what the series do not say each: the years that are not Strong, where they are the same.
    """
    return "; ".join([*(line.sentence for line in series), *shared, *describe_gaps(gaps)]) + "."


def describe_gaps(gaps: Sequence[Gap]) -> list[str]:
    """Return where a line is broken, and why; one text for the same reason."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        years = pgettext("two years", "{first} and {last}").format(first=gap.after, last=gap.before)
        found.setdefault(gap.reason.rstrip("."), []).append(years)
    return [
        _("line broken between {years} ({why})").format(years=", ".join(years), why=why)
        for why, years in found.items()
    ]


def describe_series(
    label: str,
    runs: Sequence[Sequence[Mark]],
    national_runs: Sequence[Sequence[Mark]],
    *,
    grades: bool = True,
) -> str:
    """Return one line of a trend: every year with its interval, the years that are not Strong (unless the sentence
    says them of all its lines together: `grades`), and the US middle of each year where it is drawn.
    """
    marks = [mark for run in runs for mark in run]
    text = ", ".join(map(_figure, marks))
    if label:
        text = f"{label}: {text}"
    if grades:
        text = "; ".join([text, *describe_weak_years(marks)])
    national = [mark for run in national_runs for mark in run]
    if not national:
        return text
    if len(national) == len(marks):  # a middle stands only beside a year of the place
        figures = ", ".join([mark.text for mark in national])
        words = _("{nation} middle, the same years: {figures}")
    else:
        figures = ", ".join([f"{mark.year} {mark.text}" for mark in national])
        words = _("{nation} middle: {figures}")
    return f"{text}; {words.format(nation=national[0].label, figures=figures)}"


def shared_weak_years(lines: Sequence[Sequence[Mark]]) -> list[str]:
    """Return the years that are not Strong of several lines, where they are the same for all of them."""
    if len(lines) < 2:
        return []
    first, *others = map(describe_weak_years, lines)
    return first if all(other == first for other in others) else []


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


def describe_groups(
    lines: Sequence[GroupLine],
    overall: Mark | None = None,
    keys: Sequence[str] = (),
    reference: Reference | None = None,
) -> str:
    """Return the sentence of a groups chart: every group in its order, missing ones with the reason.

    A quality that all figures have is said once, after them.
    """
    marks = [mark for line in lines for mark in line.marks]
    shared = _shared_weakness([*marks, overall] if overall else marks) if len(lines) > 1 else ""
    described = _figure if shared else describe_mark
    parts = [_group(line, keys, graded=not shared) for line in lines]
    if overall:
        parts.append(described(overall))
    if reference:
        parts.append(_reference(reference.label))
    if shared:
        parts.append(_("{quality}: every figure").format(quality=shared))
    return "; ".join(parts) + "."


def _group(line: GroupLine, keys: Sequence[str], *, graded: bool) -> str:
    """One group with its figures; a quality that several have in common stands before them, as it is that of each."""
    marks = line.marks
    described = describe_mark if graded else _figure
    if not keys:
        return f"{line.label}: {described(marks[0], label=False)}"
    if all(mark.value is None and mark.text == marks[0].text for mark in marks):
        return f"{line.label}: {marks[0].text}"
    weak = _shared_weakness(marks) if graded else ""
    if weak:
        described = _figure
    figures = [f"{key} {described(mark, label=False)}" for key, mark in zip(keys, marks, strict=True)]
    return f"{f'{line.label}, {weak}' if weak else line.label}: {', '.join(figures)}"
