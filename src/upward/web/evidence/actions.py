"""Rules of evidence, pinning what the numbers say, and moving the plan to newer data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from upward.base.errors import RefusedError, UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.core.history import record_history
from upward.web.core.release import findings_of, release_for
from upward.web.evidence.models import PinnedMetric
from upward.web.evidence.numbers import find_row, pinned_values, values_of_finding
from upward.web.plans.actions import actor_of
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access, Permission, check_may
from upward.web.records.actions import add_record, change_record
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for

NUMBERS = ("value", "lower", "upper", "quality", "status", "national_value")


@rule_for("pinned-metric")
def number_of_the_release(
    by: Access, values: Mapping[str, Value], record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The number, its bounds and its quality are those of the plan's release; nobody types them.

    They are looked up when what is pinned changes; otherwise they stay as they were.
    """
    asked = tuple(values.get(name) for name in ("variable", "place", "group", "year"))
    if record is not None and asked == (
        record.variable, record.place, record.group or None, record.year,  # type: ignore[attr-defined]
    ):  # fmt: skip
        return {}
    analysis = release_for(by.plan.release)
    if analysis is None or ("release" in values and record is None):
        return {}
    variable, place, group, year = asked
    row = find_row(
        analysis, place=str(place), variable=str(variable), group=str(group or ""), year=int(str(year))
    )
    return pinned_values(analysis, catalog(), row)


@transaction.atomic
def pin_finding(*, by: Access, place: str, finding: str) -> PlanRecord:
    """Pin what the numbers of a place say to the plan; raises RefusedError where it is pinned or not found."""
    check_may(by, Permission.WORK)
    analysis = release_for(by.plan.release)
    found = next((item for item in findings_of(by.plan.release, place) if item.id == finding), None)
    if analysis is None or found is None:
        raise RefusedError(_("This finding is not in the plan’s data release."))
    if PinnedMetric.objects.filter(plan=by.plan, insight=finding, place=place, withdrawn_at=None).exists():
        raise RefusedError(_("This is pinned already."))
    values = values_of_finding(analysis, catalog(), found, place=place)
    return add_record(by=by, kind="pinned-metric", values=values)


@transaction.atomic
def move_to_release(*, by: Access, release: str) -> int:
    """Let the plan use another release and return how many readings changed; what stands on them is flagged."""
    check_may(by, Permission.GOVERN)
    analysis = release_for(release)
    if analysis is None or analysis.id != release:
        raise RefusedError(_("There is no release “{id}”.").format(id=release))
    before, changed = by.plan.release, 0
    for reading in PinnedMetric.objects.filter(plan=by.plan, withdrawn_at=None):
        row = find_row(
            analysis, place=reading.place, variable=reading.variable, group=reading.group, year=reading.year
        )
        values = pinned_values(analysis, catalog(), row)
        differs = any(plain_number_of(getattr(reading, name)) != values.get(name) for name in NUMBERS)
        if differs:
            change_record(by=by, record=reading, version=reading.version, values=values)
            changed += 1
        else:  # the same number in a newer release: nothing to look at again
            PinnedMetric.objects.filter(pk=reading.pk).update(
                release=analysis.id, source_release=values.get("source_release") or ""
            )
    Plan.objects.filter(pk=by.plan.pk).update(release=release)
    by.plan.release = release
    record_history(
        "plan.moved",
        by=actor_of(by),
        plan=by.plan.pk,
        record="plan",
        record_name=by.plan.name,
        before={"release": before},
        after={"release": release, "changed": changed},
    )
    return changed


def plain_number_of(value: object) -> object:
    """Return what a column holds as values hold it."""
    return value.normalize() if isinstance(value, Decimal) else value or None


@rule_for("local-value")
def bounds_around_the_value(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The lower bound is not above the value, nor the upper below it."""
    value, lower, upper = (values.get(name) for name in ("value", "lower", "upper"))
    if isinstance(value, Decimal) and (
        (isinstance(lower, Decimal) and lower > value) or (isinstance(upper, Decimal) and upper < value)
    ):
        raise UsageError(_("The bounds must stand below and above the value."))
    return {}
