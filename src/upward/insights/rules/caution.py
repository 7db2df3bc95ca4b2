"""Cautions: what a place's numbers cannot say, and why. They are the only findings that rest on Weak numbers.

Crime and arrests stand here and nowhere else: their source asks not to set places side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
#: A variable with its newest row.
Held = tuple[Variable, ResultRow | None]


def find_cautions(words: Words, place: Place, rows: Sequence[ResultRow]) -> list[Finding]:
    """Return the cautions of a place, one for each metric and reason, the gravest reason first."""
    found = sorted(_found(words, place, rows), key=lambda item: _ORDER.index(item[1]))
    return [_caution(words, place, metric, reason, *held[0]) for metric, reason, held, _known in found]


@dataclass(frozen=True)
class JointCaution:
    """One reason for care, with every metric that it holds for: nothing that is left out can be taken for sound."""

    id: str
    mark: Mark
    text: str
    metric: str  # where it is of one alone; the text names several


def joint_cautions(
    words: Words, place: Place, rows: Sequence[ResultRow], *, without: Mark, most: int
) -> list[JointCaution]:
    """Return the cautions of a place, one for each reason, the gravest first; `without` leaves out a mark."""
    by_reason: dict[str, list[tuple[Metric, list[Held], int]]] = {}
    for metric, reason, held, known in _found(words, place, rows):
        if _MARKS[reason] is not without:
            by_reason.setdefault(reason, []).append((metric, held, known))
    reasons = sorted(by_reason, key=_ORDER.index)[:most]
    return [_joint(words, place, reason, by_reason[reason]) for reason in reasons]


def _joint(
    words: Words, place: Place, reason: str, found: Sequence[tuple[Metric, list[Held], int]]
) -> JointCaution:
    wording = words.statements.cautions[reason]
    first, held, _known = found[0]
    if len(found) == 1 == len(held):
        text = filled(wording.text, _fields(words, first, *held[0]))
    else:
        names = [_topic(words, reason, *item) for item in found]
        text = filled(wording.several, {"topics": "; ".join(names)})
    # The id of its first metric alone: links to it hold whatever joins it.
    id_ = stable_id(str(Kind.CAUTION), place.geo_id, first.id, reason)
    return JointCaution(id_, _MARKS[reason], text, first.id if len(found) == 1 else "")


def _topic(words: Words, reason: str, metric: Metric, held: Sequence[Held], known: int) -> str:
    """Return the name of a metric where a reason holds for all that is known of it, else of the variables it holds
    for.
    """
    if len(held) < known:
        name = "; ".join(words.short(variable.id) for variable, _row in held)
    else:
        name = words.catalog.metrics[metric.id].short
    row = held[0][1]
    return f"{name} ({row.period})" if reason == "old" and row else name


def _found(
    words: Words, place: Place, rows: Sequence[ResultRow]
) -> Iterator[tuple[Metric, str, list[Held], int]]:
    """Yield (metric, reason, the variables that it holds for, how many of the metric are known) of each caution."""
    place_has = _known(words, rows)
    today = max((int(row.period) for row in place_has.newest.values()), default=0)
    newest_edition = max(words.catalog.editions)
    for metric in words.catalog.metrics.values():
        reasons: dict[str, list[Held]] = {}
        measured = 0
        for variable in metric.variables:
            current = variable.editions[-1]
            if place.geo_level not in current.years or variable.unit == "flag":
                continue
            if current.edition != newest_edition:
                continue
            row = place_has.newest.get((variable.id, current.edition))
            shown = row or place_has.whichever.get(variable.id)
            measured += shown is not None
            several_years = row is not None and place_has.oldest[variable.id] < row.period
            for reason in _reasons(metric, variable, row, place.geo_level, today, several_years):
                reasons.setdefault(reason, []).append((variable, row))
            if row is None and shown is not None and "missing" in reasons:
                for reason in _age_and_grade(shown, today):
                    reasons.setdefault(reason, []).append((variable, shown))
            if shown is not None and not metric.comparable:
                reasons.setdefault("not-ranked", []).append((variable, shown))
            if metric.comparable and variable.id in place_has.overlapping:
                reasons.setdefault("overlapping", []).append((variable, row))
        yield from ((metric, reason, held, measured) for reason, held in reasons.items())


@dataclass(frozen=True)
class _Known:
    """What a place has figures for."""

    newest: dict[tuple[str, str], ResultRow]  # the newest overall figure, by variable and edition
    # By variable, in whichever edition is newest: where the newest edition has no figure, pages show that of an older
    # one, which is weak or old as any other.
    whichever: dict[str, ResultRow]
    oldest: dict[str, str]  # the first year with an overall figure, by variable
    overlapping: set[str]  # variables with figures of groups that share people


def _known(words: Words, rows: Sequence[ResultRow]) -> _Known:
    sharing = {kind.id for kind in words.catalog.group_types.values() if kind.overlapping}
    found = _Known({}, {}, {}, set())
    for row in rows:
        if row.value is None:
            continue
        if row.group_type != "all":
            if row.group_type in sharing:
                found.overlapping.add(row.variable)
            continue
        if row.period < found.oldest.get(row.variable, "9999"):
            found.oldest[row.variable] = row.period
        before = found.newest.get((row.variable, row.edition))
        if before is None or before.period <= row.period:
            found.newest[row.variable, row.edition] = row
            last = found.whichever.get(row.variable)
            if last is None or (last.edition, last.period) <= (row.edition, row.period):
                found.whichever[row.variable] = row
    return found


def _reasons(
    metric: Metric, variable: Variable, row: ResultRow | None, level: str, today: int, several_years: bool
) -> Iterator[str]:
    if row is None:
        yield "missing"
        return
    if metric.form is Form.HALF_PAIRS:
        yield "half"
        return
    yield from _age_and_grade(row, today)
    if not several_years:
        return  # nothing that a year could be set beside
    published = [year for edition in variable.editions for year in edition.years.get(level, ())]
    joined = first_year_joined(metric, level, int(row.period))
    if joined == int(row.period) and min(published) < joined:
        yield "broken"
    elif variable.unit == DOLLARS:
        yield "prices"


def _age_and_grade(row: ResultRow, today: int) -> Iterator[str]:
    if "state-pool" in (row.flags or "").split():
        yield "state-pool"
    if row.quality == WEAK:
        yield "weak"
    if today - int(row.period) >= OLD_YEARS:
        yield "old"


def _fields(words: Words, metric: Metric, variable: Variable, row: ResultRow | None) -> dict[str, str]:
    return {
        "thing": words.thing(variable.id),
        "short": words.catalog.metrics[metric.id].short,
        "year": row.period if row else "",
        "first": words.value(variable.id, row.value) if row and row.value is not None else "",
    }


def _caution(
    words: Words, place: Place, metric: Metric, reason: str, variable: Variable, row: ResultRow | None
) -> Finding:
    wording = words.statements.cautions[reason]
    fields = _fields(words, metric, variable, row)
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
