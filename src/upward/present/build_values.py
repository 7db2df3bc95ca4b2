"""One variable at one place: which rows speak, and what marks they become.

The newest edition that has a value is shown; editions are never mixed. The overall value of a year is the row of
the group type `all`, or the All row of a group file where the catalogue says that it means the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Catalog, Metric, Unit, Variable, VariableEdition
from upward.present.specs import Mark, PlaceViews, Span
from upward.present.wording import flag_text, quality_word, reason_text
from upward.warehouse.places import Place
from upward.warehouse.read import ContextIndex, ContextRow, ResultRow

OVERALL = "all"
NO_PHYSICIAN = "no-physician"
#: Flags that say nothing a reader of the page needs: the value is what the file says.
SILENT_FLAGS = frozenset({"code-padded", "value-without-quality", "code-mapped", "quality-without-value"})
NATION = "US"
AVAILABLE = "_available_"
RowsByVariable = Mapping[str, Sequence[ResultRow]]


@dataclass(frozen=True, slots=True)
class Sight:
    """What every part of the page looks at: the place, the catalogue, the national figures, the present year."""

    place: Place
    catalog: Catalog
    context: ContextIndex
    rows: RowsByVariable
    year: int
    views: PlaceViews = field(default_factory=PlaceViews)

    @property
    def level(self) -> str:
        """Return the level of the place: county or place."""
        return self.place.geo_level


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything known of one variable at the place, in one edition."""

    metric: Metric
    variable: Variable
    unit: Unit
    edition: VariableEdition
    overall: tuple[tuple[ResultRow, Mark], ...]  # by year, missing ones too
    others: tuple[ResultRow, ...]  # rows of groups, every edition
    spans: tuple[Span, ...]  # of the newest value: nation, state, where they are known
    middles: Mapping[str, tuple[float, str]]  # period -> US middle and how it is shown
    latest: tuple[ResultRow, Mark] | None  # the newest year that has a value

    @property
    def missing_latest(self) -> Mark | None:
        """Return the newest year's mark where that year has no value."""
        if not self.overall or self.overall[-1][1].value is not None:
            return None
        return self.overall[-1][1]


def numbers_of(sight: Sight, metric: Metric, variable: Variable) -> Numbers:
    """Return what the release holds of a variable at the place, in the newest edition with a value."""
    unit = sight.catalog.units[variable.unit]
    rows = sight.rows.get(variable.id, ())
    edition = _edition(variable, rows)
    overall = tuple((row, mark_of(row, unit, row.period)) for row in _overall_rows(variable, edition, rows))
    others = tuple(row for row in rows if row.group_type != OVERALL)
    known = [item for item in overall if item[1].value is not None]
    dated = [row for row, _mark in known] if metric.comparable else []
    spans = _spans(sight, dated[-1], unit) if dated else ()
    middles = _middles(sight, dated, unit)
    return Numbers(
        metric, variable, unit, edition, overall, others, spans, middles, known[-1] if known else None
    )


def _edition(variable: Variable, rows: Sequence[ResultRow]) -> VariableEdition:
    """The newest edition with an overall value; without any, the newest edition that has the variable."""
    with_value = {row.edition for row in rows if row.value is not None and row.group == OVERALL}
    ordered = sorted(variable.editions, key=lambda item: item.edition)
    return next((item for item in reversed(ordered) if item.edition in with_value), ordered[-1])


def _overall_rows(variable: Variable, edition: VariableEdition, rows: Sequence[ResultRow]) -> list[ResultRow]:
    by_period = {
        row.period: row for row in rows if row.group_type == OVERALL and row.edition == edition.edition
    }
    same = {
        item.group_type
        for item in variable.groups
        if item.edition == edition.edition and item.all_row_is_overall
    }
    for row in rows:
        if row.group == OVERALL and row.group_type in same and row.edition == edition.edition:
            by_period.setdefault(row.period, row)
    return [by_period[period] for period in sorted(by_period)]


def mark_of(row: ResultRow, unit: Unit, label: str) -> Mark:
    """Return the mark of a result row; a missing value carries its reason."""
    flags = row.flags.split() if row.flags else ()
    note = " ".join(flag_text(flag) for flag in flags if flag not in SILENT_FLAGS) if flags else ""
    published = _published(row)
    year = int(row.period) if row.period.isdigit() else 0
    if NO_PHYSICIAN in flags:
        return Mark(
            label, inf, _("no physician"), quality=row.quality, note=note, published=published, year=year
        )
    if row.value is None:
        short, reason = reason_text(row.status, row.reason)
        return Mark(label, text=short, reason=reason, note=note, published=published, year=year)
    pair = None
    if row.numerator is not None and row.denominator is not None:
        pair = (percent(row.numerator), percent(row.denominator))
    bounds = ""
    if row.lower is not None and row.upper is not None and row.lower != row.upper:
        bounds = shown_as.interval(row.lower, row.upper, unit)
    return Mark(
        label,
        row.value,
        shown_as.shown(row.value, unit),
        row.lower,
        row.upper,
        bounds,
        row.quality,
        note=note,
        published=published,
        pair=pair,
        year=year,
    )


def percent(share: float) -> str:
    """Return a share as percent with one decimal."""
    return f"{shown_as.number(share * 100, 1)}%"


def _published(row: ResultRow) -> str:
    """What the file said, where the row shows something else."""
    parts = []
    if row.published_value is not None:
        parts.append(_("published value: {value}").format(value=row.published_value))
    if row.published_quality is not None:
        parts.append(_("published quality: {quality}").format(quality=quality_word(row.published_quality)))
    return ", ".join(parts)


def _middles(sight: Sight, rows: Sequence[ResultRow], unit: Unit) -> dict[str, tuple[float, str]]:
    """The US middle of every year that has a usable one."""
    middles = {}
    for row in rows:
        found = context_of(sight, row, NATION)
        if found and found.usable and found.median is not None:
            middles[row.period] = (found.median, shown_as.shown(found.median, unit))
    return middles


def _spans(sight: Sight, row: ResultRow, unit: Unit) -> tuple[Span, ...]:
    place = sight.place
    nation = span_of(sight, row, unit, NATION, _("US"), _("United States"))
    state = span_of(sight, row, unit, place.state, place.state_abbreviation, place.state_name)
    return tuple(span for span in (nation, state) if span)


def context_of(sight: Sight, row: ResultRow, scope: str) -> ContextRow | None:
    """Return the summary of a scope for exactly this number, or None."""
    return sight.context.get(
        row.variable,
        row.edition,
        row.source_release,
        row.period,
        row.group_type,
        row.group,
        row.geo_level,
        scope,
    )


def span_of(sight: Sight, row: ResultRow, unit: Unit, scope: str, short: str, name: str) -> Span | None:
    """Return the percentiles of a scope for exactly this number, or None where they are unknown or not usable."""
    found = context_of(sight, row, scope)
    if found is None or not found.usable or found.median is None or found.p05 is None or found.p95 is None:
        return None
    if scope != NATION and found.places < 5:
        return None  # percentiles of a handful of places would be those places
    low, middle, high = found.p05, found.median, found.p95
    published = "" if found.published_median is None else shown_as.shown(found.published_median, unit)
    low_text, middle_text, high_text = (shown_as.shown(value, unit) for value in (low, middle, high))
    national = scope == NATION
    return Span(short, name, low, middle, high, low_text, middle_text, high_text, published, national)


def nation_of(spans: Sequence[Span]) -> Span | None:
    """Return the nation's percentiles, where they are among the spans."""
    return spans[0] if spans and spans[0].national else None


def clusters(found: Sequence[Numbers]) -> list[list[Numbers]]:
    """Return variables that belong on one axis: homes that are also available stand apart from all affordable ones."""
    apart = [item for item in found if AVAILABLE in item.variable.id]
    rest = [item for item in found if AVAILABLE not in item.variable.id]
    return [cluster for cluster in (apart, rest) if cluster]
