"""Rules of measurement: baselines come from the plan's release, and targets are tested against what others reached."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from upward.base.errors import RefusedError, UpwardError, UsageError
from upward.base.messages import _
from upward.catalog.model import Unit
from upward.insights.analysis import Analysis
from upward.plan.content import RecordKey, Value
from upward.web.core.release import release_for
from upward.web.evidence.actions import plain_number_of, when_data_moves
from upward.web.evidence.numbers import QUALITY, decimal_of, find_row
from upward.web.measurement.models import Measure, Target
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.records.actions import change_record, flag_record, settle_flag
from upward.web.records.kinds import kind_called
from upward.web.records.models import Flag, PlanRecord
from upward.web.records.rules import rule_for
from upward.web.records.values import values_of

CHECKED = (
    "reached_count", "reached_of", "detectable_change", "first_year", "people", "checked_release", "check_notes",
)  # fmt: skip
#: What of a baseline a newer release may say otherwise.
COMPARED = ("baseline", "baseline_lower", "baseline_upper", "baseline_quality")


@rule_for("measure")
def bounds_around_the_baseline(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The lower bound is not above the baseline, nor the upper below it."""
    baseline, lower, upper = (values.get(name) for name in ("baseline", "baseline_lower", "baseline_upper"))
    if isinstance(baseline, Decimal) and (
        (isinstance(lower, Decimal) and lower > baseline) or (isinstance(upper, Decimal) and upper < baseline)
    ):
        raise UsageError(_("The bounds must stand below and above the baseline."))
    return {}


@rule_for("measure")
def baseline_of_the_release(
    by: Access, values: Mapping[str, Value], record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """A measure that is a published number takes its baseline, bounds, year and quality from the plan's release.

    It does so where no baseline is given, or where variable, place or group change.
    """
    variable, place = values.get("variable"), values.get("place")
    if not isinstance(variable, str):
        return {"baseline_source": None, "baseline_release": None}
    asked = (variable, place or None, values.get("group"))
    same = record is not None and asked == tuple(
        getattr(record, name) or None for name in ("variable", "place", "group")
    )
    if same and "baseline" in values:
        return {}
    if "baseline" in values and record is None:
        return {}
    places = [one.geo_id for one in by.plan.places.all()]
    analysis = release_for(by.plan.release)
    if analysis is None or not (place or places):
        return {}
    found = baseline_from(
        analysis, place=str(place or places[0]), variable=variable, group=str(values.get("group") or "")
    )
    return found or {"unit": catalog().variables[variable].unit}


def baseline_from(
    analysis: Analysis, *, place: str, variable: str, group: str = "", year: int | None = None
) -> dict[str, Value | None]:
    """Return a baseline with bounds, year, quality and releases, of a year or the newest; empty without a number."""
    row = find_row(analysis, place=place, variable=variable, group=group, year=year)
    if row is None or row.value is None:
        return {}
    unit = catalog().units[catalog().variables[variable].unit]
    return {
        "unit": unit.id,
        "place": row.geo_id,
        "baseline": in_unit(row.value, unit),
        "baseline_lower": in_unit(row.lower, unit),
        "baseline_upper": in_unit(row.upper, unit),
        "baseline_year": int(row.period[-4:]),
        "baseline_quality": QUALITY.get(row.quality or 0, "unknown"),
        "baseline_source": row.source_release,
        "baseline_release": analysis.id,
    }


def in_unit(number: float | None, unit: Unit) -> Decimal | None:
    """Return a number of a release in the unit that people see: 0.415 of a share is 41.5."""
    return None if number is None else decimal_of(number * unit.scale)


@rule_for("target")
def tested_target(
    by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """A target for a published number is tested as `upward target` does; what cannot be tested says why."""
    given: dict[str, Value | None] = dict.fromkeys(CHECKED)
    key = values.get("measure")
    measure = (
        Measure.objects.filter(plan=by.plan, uid=key.uid).first() if isinstance(key, RecordKey) else None
    )
    analysis = release_for(by.plan.release)
    if measure is None or not measure.variable or analysis is None:
        return given
    unit = catalog().units[catalog().variables[measure.variable].unit]
    group = str(values.get("group") or measure.group or "").partition("/")[2] or None
    to, year = values.get("value"), values.get("year")
    given["checked_release"] = analysis.id
    try:
        test = analysis.target(
            measure.place, measure.variable, to=float(str(to)) / unit.scale, by=int(str(year)), group=group
        )
    except UpwardError as problem:
        given["check_notes"] = f"{problem.message} {problem.advice or ''}".strip()
        return given
    notes = " ".join(test.notes)
    return {
        **given,
        "reached_count": Decimal(test.reached.count) if test.reached else None,
        "reached_of": Decimal(test.reached.of) if test.reached else None,
        "detectable_change": in_unit(test.detectable_change, unit),
        "first_year": test.first_detectable_year,
        "people": None if test.people is None else Decimal(round(test.people)),
        "check_notes": notes or None,
    }


# --- newer data ------------------------------------------------------------------------------------------------------
def newer_baselines(measure: Measure, analysis: Analysis) -> list[dict[str, Value | None]]:
    """Return what another release says in place of a measure's baseline: the same year revised, and a newer year.

    Empty where the baseline is not of a release, or where the release says the same and knows no newer year.
    """
    if not (measure.variable and measure.baseline_release) or measure.baseline_release == analysis.id:
        return []
    asked = {"place": measure.place, "variable": measure.variable, "group": measure.group}
    same = baseline_from(analysis, year=measure.baseline_year, **asked)
    newest = baseline_from(analysis, **asked)
    held = {name: plain_number_of(getattr(measure, name)) for name in COMPARED}
    found = [same] if same and any(same[name] != held[name] for name in COMPARED) else []
    return [*found, *([newest] if _year(newest) > (measure.baseline_year or 0) else [])]


def _year(values: Mapping[str, Value | None]) -> int:
    year = values.get("baseline_year")
    return year if isinstance(year, int) else 0


@when_data_moves
def flag_old_baselines(by: Access, analysis: Analysis) -> int:
    """Keep every baseline when a plan moves to another release, and flag those of which it says something else."""
    flagged = 0
    for measure in Measure.objects.filter(plan=by.plan, withdrawn_at=None).exclude(baseline_release=""):
        newer = newer_baselines(measure, analysis)
        if newer:
            flagged += 1
            flag_record(
                by.plan, measure, source=f"release:{analysis.id}", what=_change_words(measure, newer[-1])
            )
    return flagged


def _change_words(measure: Measure, newer: Mapping[str, Value | None]) -> str:
    unit = catalog().units.get(measure.unit)

    def words(value: object, year: object) -> str:
        number = f"{round(float(str(value)), unit.decimals):g}{unit.suffix}" if unit else str(value)
        return f"{unit.prefix if unit else ''}{number} ({year})"

    return _("baseline {old} is of release {release}; the newer data say {new}").format(
        old=words(measure.baseline, measure.baseline_year),
        release=measure.baseline_release,
        new=words(newer["baseline"], newer["baseline_year"]),
    )


@transaction.atomic
def take_baseline(*, by: Access, measure: Measure, year: int) -> int:
    """Give a measure the baseline that the plan's release has for a year; test its targets again, return how many.

    Raises RefusedError where the release has no such number.
    """
    analysis = release_for(by.plan.release)
    found = (
        baseline_from(
            analysis, place=measure.place, variable=measure.variable, group=measure.group, year=year
        )
        if analysis is not None and measure.variable
        else {}
    )
    if not found:
        raise RefusedError(_("The plan’s data have no number for this year."))
    change_record(by=by, record=measure, version=measure.version, values=found)
    for flag in Flag.objects.filter(
        plan=by.plan, record=measure.key, source__startswith="release:", settled_at=None
    ):
        settle_flag(by=by, flag=flag, record=measure, note=_("The newer number was taken."))
    targets = list(Target.objects.filter(plan=by.plan, measure=measure, withdrawn_at=None))
    for target in targets:
        check_again(by=by, target=target)
    return len(targets)


@transaction.atomic
def check_again(*, by: Access, target: Target) -> bool:
    """Test a target against the plan's release as it is now; return whether the answer differs."""
    before = target.version
    values = tested_target(by, values_of(target, kind_called(target.KIND)), target)
    change_record(by=by, record=target, version=before, values=values)
    return target.version != before
