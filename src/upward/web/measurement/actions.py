"""Rules of measurement: baselines come from the plan's release, and targets are tested against what others reached."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from upward.base.errors import UpwardError, UsageError
from upward.base.messages import _
from upward.catalog.model import Unit
from upward.plan.content import RecordKey, Value
from upward.web.core.release import release_for
from upward.web.evidence.numbers import QUALITY, decimal_of, find_row
from upward.web.measurement.models import Measure
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for

CHECKED = (
    "reached_count", "reached_of", "detectable_change", "first_year", "people", "checked_release", "check_notes",
)  # fmt: skip


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
    row = find_row(
        analysis, place=str(place or places[0]), variable=variable, group=str(values.get("group") or "")
    )
    unit = catalog().units[catalog().variables[variable].unit]
    if row is None or row.value is None:
        return {"unit": unit.id}
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
