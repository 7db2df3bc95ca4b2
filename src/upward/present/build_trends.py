"""The years of a variable as a trend that never crosses a break."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from math import isfinite, isinf
from string import ascii_lowercase

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.geographies import new_area
from upward.catalog.model import Form
from upward.present import theme
from upward.present.build_values import AREA_FLAGS, Numbers, Sight
from upward.present.describe import describe_series, describe_trend, shared_weak_years
from upward.present.scales import Scale, trend_right
from upward.present.specs import Chart, Gap, Mark, NoChart, Series, TrendChart
from upward.present.wording import first_lower, flag_text, listed_once
from upward.warehouse.read import ResultRow

Dated = tuple[ResultRow, Mark]
#: Flags whose number looks like any other in a drawing, though the publisher bent it or it lies outside all others.
MARKED = ("capped", "over-100000", "range-warning")


def trend_of(
    sight: Sight,
    found: Sequence[Numbers],
    *,
    panels: bool = False,
    label: str = "",
    beside: Sequence[Numbers] = (),
) -> Chart:
    """Return the trend of one or more variables, or the reason why there is none; where nothing is said of a year, as
    it is given for numbers of the metric that are not drawn (`beside`).
    """
    dated = {item.variable.id: _drawn(item) for item in found}
    shown = [item for item in found if dated[item.variable.id]]
    years = sorted({mark.year for item in shown for _row, mark in dated[item.variable.id]})
    if len(years) < 2:
        return NoChart(_caption([], label), _too_few_years(years, found, beside))
    if found[0].metric.form is Form.HALF_PAIRS:
        label = _("Residents by group")
    if panels and len(shown) == 1:  # one group alone is no row of small drawings, and its drawing names it
        panels, label = False, shown[0].variable.short
    elif len(shown) > 1 and not panels:
        label = _from_top_to_bottom([(item.variable.short, dated[item.variable.id][-1][1]) for item in shown])
    elif found[0].metric.form is Form.LEVELS:  # which level this is: the metric has others
        label = shown[0].variable.short
    gaps: list[Gap] = []
    lines = []
    for item in shown:
        runs = _runs(sight, item, dated[item.variable.id], gaps)
        marks = tuple(tuple(mark for _row, mark in run) for run in runs)
        lines.append(
            (_series_label(item, len(found)), marks, _national(item, runs) if len(shown) == 1 else ())
        )
    shared = (
        [] if panels else shared_weak_years([[*itertools.chain(*marks)] for _name, marks, _national in lines])
    )
    series = [
        Series(name, describe_series(name, marks, national, grades=not shared), marks, national)
        for name, marks, national in lines
    ]
    ordered = tuple(sorted(set(gaps), key=lambda gap: (gap.after, gap.before)))
    captioned = panels or not _have_room(years, ordered, series)
    words = list(dict.fromkeys([gap.word for gap in ordered if gap.word])) if captioned else []
    if len(words) > 1 and not panels:  # the drawing has their letters
        words = [f"{letter}: {word}" for letter, word in zip(ascii_lowercase, words, strict=False)]
    words += [_("dollars of each year")] if shown[0].unit.prefix == "$" else []
    words += [word for item in shown for word in _marked_years(item)]
    caption = " · ".join([_caption(years, label), *dict.fromkeys(words)])
    sentence = describe_trend(series, ordered, shared)
    return TrendChart(caption, sentence, tuple(series), ordered, panels, captioned)


def _have_room(years: Sequence[int], gaps: Sequence[Gap], series: Sequence[Series]) -> bool:
    """Tell whether the words of all gaps fit above the drawing, each above its own."""
    scale = Scale(years[0], years[-1], theme.TREND_LEFT, trend_right(series))
    uprights = [(scale((gap.after + gap.before) / 2), gap.word) for gap in gaps if gap.word]
    words = [word for _x, word in uprights]
    return len(theme.words_over([x for x, _word in uprights], words, theme.TREND_WIDTH)) == len(words)


def _series_label(item: Numbers, of: int) -> str:
    return item.variable.short if of > 1 else ""


def _from_top_to_bottom(lines: Sequence[tuple[str, Mark]]) -> str:
    """Name several lines in the order of their last values, which stand at their ends without a name."""
    ordered = sorted(lines, key=lambda line: -(line[1].value or 0.0))
    first, *others = [name for name, _last in ordered]
    if any(name.split()[0] != first.split()[0] for name in others):  # else the word is said once
        others = list(map(first_lower, others))
    return _("{names}, from top to bottom").format(names=listed_once([first, *others]))


def _caption(years: Sequence[int], label: str) -> str:
    start = (
        _("Over time") if not years else _("Over time, {first}–{last}").format(first=years[0], last=years[-1])
    )
    return f"{label}: {first_lower(start)}" if label else start


def _marked_years(item: Numbers) -> Iterable[str]:
    """What must be known of drawn years before the newest, whose marks stand in the row's caution."""
    drawn = [(row, mark) for row, mark in item.overall if mark.value is not None]
    for flag in MARKED:
        years = [mark.year for row, mark in drawn[:-1] if flag in (row.flags or "").split()]
        if years:
            yield f"{shown_as.years(years)}: {first_lower(flag_text(flag))[:-1]}"


def _too_few_years(years: Sequence[int], found: Sequence[Numbers], beside: Sequence[Numbers]) -> str:
    """Why there is no line, and why other years have no value; a year without a physician has no number to draw, but
    it has been published.
    """
    words = [_("One year only ({year}).").format(year=years[0])] if years else []
    marks = [mark for item in found for _row, mark in item.overall]
    told = {mark.year for mark in marks}
    marks += [mark for item in beside for _row, mark in item.overall if mark.year not in told]
    without = {mark.year for mark in marks if mark.value is not None and isinf(mark.value)}
    if without:
        words.append(_("No primary care physician in {years}.").format(years=shown_as.years(without)))
    reasons: dict[str, set[int]] = {}
    for mark in marks:
        if mark.value is None:
            reasons.setdefault(mark.reason, set()).add(mark.year)
    words += [f"{shown_as.years(some)}: {first_lower(reason)}" for reason, some in reasons.items()]
    return " ".join(words) or _("No year with a value.")


def _drawn(item: Numbers) -> list[Dated]:
    return [
        (row, mark)
        for row, mark in item.overall
        if mark.value is not None and isfinite(mark.value) and mark.year
    ]


def _runs(sight: Sight, item: Numbers, dated: Sequence[Dated], gaps: list[Gap]) -> list[list[Dated]]:
    """Cut the years where they must not be joined; every cut is added to `gaps`."""
    runs = [[dated[0]]]
    for before, after in itertools.pairwise(dated):
        gap = gap_between(sight, item, before, after)
        if gap is None:
            runs[-1].append(after)
        else:
            gaps.append(gap)
            runs.append([after])
    return runs


def gap_between(sight: Sight, item: Numbers, first: Dated, second: Dated) -> Gap | None:
    """Return why two years must not be joined: a break of the catalogue, other boundaries, method or publication,
    or a year between them that should have a value and has none; None where they may be joined.
    """
    (a, mark_a), (b, mark_b) = first, second
    start, end = mark_a.year, mark_b.year
    for broken in item.metric.breaks:
        if sight.level in broken.levels and start <= broken.after and broken.before <= end:
            return Gap(start, end, broken.short, broken.reason)
    if _of_another_area(a) != _of_another_area(b):
        if new_area(sight.place.geo_id) is None and sight.place.predecessors:  # on the same ground
            return Gap(start, end, "", _("The place had another code before."))
        return Gap(start, end, _("new boundaries"), _("The boundaries of the place changed."))
    if a.source_release != b.source_release:
        return Gap(start, end, _("new release"), _("The figures come from different publications."))
    if a.method != b.method:
        return Gap(start, end, _("new method"), _("The figures were made in different ways."))
    if end - start < 2:
        return None
    planned = item.edition.years.get(sight.level, ())
    absent = [year for year in planned if start < year < end]
    if absent:
        reason = _("There is no value for {years}.").format(years=shown_as.years(absent))
        return Gap(start, end, "", reason)
    return None


def _of_another_area(row: ResultRow) -> bool:
    """Tell whether a figure is marked as that of other ground than the place's own.

    A code stands for one ground in all years in which it is in force; a newer boundary file alone changes nothing.
    """
    return row.flags is not None and not AREA_FLAGS.isdisjoint(row.flags.split())


def _national(item: Numbers, runs: Sequence[Sequence[Dated]]) -> tuple[tuple[Mark, ...], ...]:
    """The US middle of each year, broken where the place's line is broken."""
    lines = []
    for run in runs:
        marks = [item.middles[row.period] for row, _mark in run if row.period in item.middles]
        if marks:
            lines.append(tuple(marks))
    return tuple(lines)
