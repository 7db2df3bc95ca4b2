"""One variable at one place: which rows speak, and what marks they become.

The newest edition that has a value is shown; editions are never mixed. The overall value of a year is the row of
the group type `all`, or the All row of a group file where the catalogue says that it means the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf
from typing import Final

from upward.base.messages import _, current_language
from upward.catalog import format as shown_as
from upward.catalog.model import Catalog, Metric, Unit, Variable, VariableEdition
from upward.present.build_definitions import COUNTY
from upward.present.build_scopes import Scopes, year_of
from upward.present.specs import Mark, PlaceViews, Span
from upward.present.wording import flag_text, quality_word, reason_text
from upward.warehouse.codes import FORMER_OR_FEW, REASONS
from upward.warehouse.places import Place
from upward.warehouse.read import ResultRow

OVERALL: Final = "all"
NO_PHYSICIAN: Final = "no-physician"
#: Flags that say nothing a reader of the page needs: the value is what the file says.
SILENT_FLAGS: Final = frozenset(
    {"code-padded", "value-without-quality", "code-mapped", "quality-without-value", "no-imputation"}
)
#: Flags that say of which area a value is.
AREA_FLAGS: Final = frozenset({"former-area", "other-boundary"})
AVAILABLE: Final = "_available_"
FORMER_DOUBT: Final = REASONS[FORMER_OR_FEW]
#: Rows of one variable by group type.
RowsByType = Mapping[str, Sequence[ResultRow]]


@dataclass(frozen=True)
class Sight:
    """What every part of the page looks at: the place, the catalogue, the national figures, the present year."""

    place: Place
    catalog: Catalog
    scopes: Scopes
    rows: Mapping[str, RowsByType]  # by variable
    year: int
    views: PlaceViews = field(default_factory=PlaceViews)
    #: In the largest of the known years; None where no year is known.
    most_residents: float | None = None
    #: Peers' marks made so far, by number: a chart and a table show the same.
    beside: dict[tuple[str, ...], tuple[Mark, ...]] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """Return the level of the place: county or place."""
        return self.place.geo_level


def rows_by_variable(rows: Iterable[ResultRow]) -> dict[str, dict[str, list[ResultRow]]]:
    """Return rows by variable and group type, each in the order given."""
    found: dict[str, dict[str, list[ResultRow]]] = {}
    variable = group_type = ""
    run: list[ResultRow] = []
    for row in rows:
        if row.group_type != group_type or row.variable != variable:  # rows of one kind follow each other
            variable, group_type = row.variable, row.group_type
            run = found.setdefault(variable, {}).setdefault(group_type, [])
        run.append(row)
    return found


class Numbers:
    """Everything known of one variable at the place, in one edition. Nothing changes one."""

    def __init__(
        self,
        metric: Metric,
        variable: Variable,
        unit: Unit,
        edition: VariableEdition,
        overall: tuple[tuple[ResultRow, Mark], ...],
        rows: RowsByType,
        spans: tuple[Span, ...],
        middles: Mapping[str, Mark],
        latest: tuple[ResultRow, Mark] | None,
    ) -> None:
        """Keep what was found: `overall` by year, missing ones too; `rows` of every edition; `spans` of the newest
        value: nation and state, where they are known; `middles` of the US by period; `latest`, the newest year that
        has a value.
        """
        self.metric, self.variable, self.unit, self.edition = metric, variable, unit, edition
        self.overall, self.rows, self.spans, self.middles, self.latest = overall, rows, spans, middles, latest

    def with_overall(self, overall: tuple[tuple[ResultRow, Mark], ...]) -> Numbers:
        """Return the same numbers with other marks of years that have no value."""
        return Numbers(
            self.metric, self.variable, self.unit, self.edition, overall, self.rows, self.spans, self.middles,
            self.latest,
        )  # fmt: skip

    @property
    def missing_latest(self) -> Mark | None:
        """Return the newest year's mark where that year has no value."""
        if not self.overall or self.overall[-1][1].value is not None:
            return None
        return self.overall[-1][1]


def numbers_of(sight: Sight, metric: Metric, variable: Variable) -> Numbers:
    """Return what the release holds of a variable at the place, in the newest edition with a value."""
    unit = sight.catalog.units[variable.unit]
    rows = sight.rows.get(variable.id, {})
    edition = _edition(variable, rows)
    overall = tuple([(row, mark_of(row, unit, row.period)) for row in _overall_rows(variable, edition, rows)])
    known = [item for item in overall if item[1].value is not None]
    spans: tuple[Span, ...] = ()
    middles: dict[str, Mark] = {}
    if known and metric.comparable:
        spans = sight.scopes.spans(known[-1][0], unit, sight.place)
        middles = {row.period: mark for row, _own in known if (mark := sight.scopes.middle(row, unit))}
    return Numbers(
        metric, variable, unit, edition, overall, rows, spans, middles, known[-1] if known else None
    )


def of_this_area(found: Sequence[Numbers]) -> list[Numbers]:
    """Return the numbers of a metric; their missing years do not say that the source may still have counted the former
    area where any of them has a value of this very area in the same year or before.
    """
    if not any(row.reason == FORMER_DOUBT for item in found for row, _mark in item.overall):
        return [*found]
    since = first_own_year(found)
    return [
        item.with_overall(
            tuple(
                [
                    (row, replace(mark, reason=here) if (here := reason_here(row, since)) else mark)
                    for row, mark in item.overall
                ]
            )
        )
        for item in found
    ]


def first_own_year(found: Sequence[Numbers]) -> int | None:
    """Return the first year in which any of the numbers has a value that is not of another area."""
    return min(
        [
            mark.year
            for item in found
            for row, mark in item.overall
            if mark.value is not None and AREA_FLAGS.isdisjoint((row.flags or "").split())
        ],
        default=None,
    )


def reason_here(row: ResultRow, since: int | None) -> str:
    """Return what is left of the doubt whether a source still counted the former area, where it had counted this one
    `since` a year; empty for other reasons and earlier years.
    """
    if row.reason != FORMER_DOUBT or since is None or year_of(row) < since:
        return ""
    return _("Too few cases here, or not given.")


def _edition(variable: Variable, rows: RowsByType) -> VariableEdition:
    """The newest edition with an overall value; without any, the newest edition that has the variable."""
    if len(variable.editions) == 1:
        return variable.editions[0]
    ordered = sorted(variable.editions, key=lambda item: item.edition)
    for edition in reversed(ordered):
        if any(_has_overall(some, edition.edition) for some in rows.values()):
            return edition
    return ordered[-1]


def _has_overall(rows: Sequence[ResultRow], edition: str) -> bool:
    """Tell whether one of the rows is an overall value of an edition."""
    return any(row.edition == edition and row.value is not None and row.group == OVERALL for row in rows)


def _overall_rows(variable: Variable, edition: VariableEdition, rows: RowsByType) -> list[ResultRow]:
    """The rows of an edition by year. Where a newer one has no value at all, its rows say why its years have none."""
    wanted = edition.edition
    by_period = {row.period: row for row in rows.get(OVERALL, ()) if row.edition == wanted}
    for item in variable.groups:
        if item.edition == wanted and item.all_row_is_overall:
            for row in rows.get(item.group_type, ()):
                if row.group == OVERALL and row.edition == wanted:
                    by_period.setdefault(row.period, row)
    if edition is not variable.editions[-1]:
        for row in rows.get(OVERALL, ()):
            if row.edition > wanted and row.value is None:
                by_period.setdefault(row.period, row)
    return [by_period[period] for period in sorted(by_period)]


def mark_of(row: ResultRow, unit: Unit, label: str) -> Mark:
    """Return the mark of a result row; a missing value carries its reason."""
    note = published = ""
    if row.flags:
        note = _note(row.flags, current_language())
        if NO_PHYSICIAN in row.flags.split():
            return Mark(
                label, inf, _("no physician"), quality=row.quality, note=note, year=year_of(row)
            )  # the note names the published 0
    if row.published_value is not None or row.published_quality is not None:
        published = _published(row)
    value, lower, upper = row.value, row.lower, row.upper
    if value is None:
        short, reason = _reason(row.status, row.reason, current_language())
        if row.flags:  # of no value it cannot be said whose it is
            flags = " ".join([flag for flag in row.flags.split() if flag not in AREA_FLAGS])
            note = _note(flags, current_language())
        if row.published_value is None:  # a grade alone is of nothing that could be seen
            published = ""
        return Mark(label, None, short, None, None, "", None, reason, note, published, None, year_of(row))
    pair = None
    if row.numerator is not None and row.denominator is not None:
        pair = (percent(row.numerator), percent(row.denominator))
    bounds = ""
    if lower is not None and upper is not None and lower != upper:
        bounds = shown_as.interval(lower, upper, unit)
    text = shown_as.shown(value, unit)
    return Mark(
        label, value, text, lower, upper, bounds, row.quality, "", note, published, pair, year_of(row)
    )


@lru_cache(maxsize=256)
def _note(flags: str, _language: str) -> str:
    return " ".join(flag_text(flag) for flag in flags.split() if flag not in SILENT_FLAGS)


@lru_cache(maxsize=256)
def _reason(status: str, reason: str | None, _language: str) -> tuple[str, str]:
    return reason_text(status, reason)


def percent(share: float) -> str:
    """Return a share as percent with one decimal."""
    return f"{shown_as.number(share * 100, 1)}%"


def _published(row: ResultRow) -> str:
    """What the file said, where the row shows something else, as a sentence."""
    parts = []
    if row.published_value is not None:
        parts.append(_("Published value: {value}.").format(value=row.published_value))
    if row.published_quality is not None:
        parts.append(_("Published grade: {quality}.").format(quality=quality_word(row.published_quality)))
    return " ".join(parts)


def nation_of(spans: Sequence[Span]) -> Span | None:
    """Return the nation's percentiles, where they are among the spans."""
    return spans[0] if spans and spans[0].national else None


def gone_reason(level: str, item: Numbers) -> str:
    """Return why a variable has no value here: its newest row's reason, or that places of this level have none."""
    mark = item.missing_latest
    if mark is not None:
        return mark.reason
    if any(edition.years.get(level) for edition in item.variable.editions):
        return _("The release has no value.")
    return other_level(level)


def other_level(level: str) -> str:
    """Return that only places of the other level have figures."""
    if level == COUNTY:
        return _("The release has such figures for cities only.")
    return _("The release has such figures for counties only.")


def clusters(found: Sequence[Numbers]) -> list[list[Numbers]]:
    """Return variables that belong on one axis: homes that are also available stand apart from all affordable ones."""
    apart = [item for item in found if AVAILABLE in item.variable.id]
    rest = [item for item in found if AVAILABLE not in item.variable.id]
    return [cluster for cluster in (apart, rest) if cluster]
