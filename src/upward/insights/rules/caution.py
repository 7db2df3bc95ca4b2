"""Cautions: what a place's numbers cannot say, and why. They are the only findings that rest on Weak numbers.

Crime and arrests stand here and nowhere else: their source asks not to set places side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from upward.catalog.model import Form, Metric, Variable
from upward.engine.comparability import WEAK, first_year_joined
from upward.insights.evidence import DOLLARS
from upward.insights.findings import Finding, Kind, Mark, Strength
from upward.insights.wording import Words, filled
from upward.insights.writer import stable_id
from upward.warehouse.places import Place
from upward.warehouse.read import ResultRow

#: A figure so many years older than the newest of the release is old.
OLD_YEARS = 5
_MARKS = {
    "weak": Mark.WEAK,
    "missing": Mark.MISSING,
    "old": Mark.OLD,
    "not-ranked": Mark.NOT_COMPARED,
    "state-pool": Mark.NOT_COMPARED,
    "broken": Mark.YEARS_NOT_COMPARED,
    "prices": Mark.YEARS_NOT_COMPARED,
    "overlapping": Mark.GROUPS_NOT_COMPARED,
    "half": Mark.HALF,
}
_ORDER = tuple(_MARKS)


def find_cautions(
    words: Words,
    place: Place,
    rows: Sequence[ResultRow],
    *,
    without: Mark | None = None,
    most: int | None = None,
) -> list[Finding]:
    """Return the cautions of a place, one for each metric and reason, the gravest reason first.

    `without` leaves out those of a mark; `most` is how many are wanted, because writing all of them takes longer
    than finding them.
    """
    found = [item for item in _found(words, place, rows) if without is None or _MARKS[item[1]] != without]
    found.sort(key=lambda item: _ORDER.index(item[1]))
    return [_caution(words, place, *item) for item in found[:most]]


def _found(
    words: Words, place: Place, rows: Sequence[ResultRow]
) -> Iterator[tuple[Metric, str, Variable, ResultRow | None]]:
    """Yield (metric, reason, variable, its newest row) of each caution."""
    known = [row for row in rows if row.group_type == "all" and row.value is not None]
    newest = {(row.variable, row.edition): row for row in sorted(known, key=attrgetter("period"))}
    today = max((int(row.period) for row in newest.values()), default=0)
    newest_edition = max(words.catalog.editions)
    for metric in words.catalog.metrics.values():
        reasons: dict[str, tuple[Variable, ResultRow | None]] = {}
        for variable in metric.variables:
            current = variable.editions[-1]
            if place.geo_level not in current.years or variable.unit == "flag":
                continue
            if current.edition != newest_edition:
                continue
            row = newest.get((variable.id, current.edition))
            for reason in _reasons(metric, variable, row, place.geo_level, today):
                reasons.setdefault(reason, (variable, row))
            if metric.comparable and any(
                words.catalog.group_types[coverage.group_type].overlapping for coverage in variable.groups
            ):
                reasons.setdefault("overlapping", (variable, row))
        yield from ((metric, reason, variable, row) for reason, (variable, row) in reasons.items())


def _reasons(
    metric: Metric, variable: Variable, row: ResultRow | None, level: str, today: int
) -> Iterator[str]:
    if not metric.comparable:
        yield "not-ranked"
    if metric.form is Form.HALF_PAIRS:
        yield "half"
        return
    if row is None:
        yield "missing"
        return
    if "state-pool" in (row.flags or "").split():
        yield "state-pool"
    elif row.quality == WEAK:
        yield "weak"
    if today - int(row.period) >= OLD_YEARS:
        yield "old"
    published = [year for edition in variable.editions for year in edition.years.get(level, ())]
    joined = first_year_joined(metric, level, int(row.period))
    if joined == int(row.period) and min(published) < joined:
        yield "broken"
    elif variable.unit == DOLLARS:
        yield "prices"


def _caution(
    words: Words, place: Place, metric: Metric, reason: str, variable: Variable, row: ResultRow | None
) -> Finding:
    wording = words.statements.cautions[reason]
    fields = {
        "thing": words.thing(variable.id),
        "short": words.catalog.metrics[metric.id].short,
        "year": row.period if row else "",
        "first": words.value(variable.id, row.value) if row and row.value is not None else "",
    }
    own = words.catalog.metrics[metric.id]
    detail = own.not_comparable_reason if reason == "not-ranked" else own.suppression if row is None else ""
    if reason == "overlapping":
        kinds = [words.catalog.group_types[coverage.group_type] for coverage in variable.groups]
        detail = " ".join(dict.fromkeys(kind.note for kind in kinds if kind.overlapping))
    if reason == "broken":
        breaks = [item for item in own.breaks if place.geo_level in item.levels]
        detail = breaks[-1].reason if breaks else ""
    return Finding(
        id=stable_id(str(Kind.CAUTION), place.geo_id, metric.id, reason),
        kind=Kind.CAUTION,
        strength=Strength.NOT_USABLE,
        mark=_MARKS[reason],
        metric=metric.id,
        variable=variable.id,
        year=row.period if row else "",
        years=(row.period,) if row else (),
        group_type="all",
        groups=(),
        scope="",
        heading=filled(wording.heading, fields),
        statement=filled(wording.text, fields),
        detail=detail,
        why_first=words.statements.reasons["caution"],
        p=None,
        p_adjusted=None,
        family="",
        family_size=0,
        sides=(),
        comparison=None,
        favorable=None,
        score=-100.0 - _ORDER.index(reason),
        unit=variable.unit,
        numbers=(row,) if row else (),
    )
