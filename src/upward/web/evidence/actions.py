"""Rules of evidence, pinning what the numbers say, and moving the plan to newer data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.db import transaction

from upward.base.errors import RefusedError, UsageError
from upward.base.messages import _
from upward.insights.analysis import Analysis
from upward.plan.content import RecordKey, Value
from upward.web.core.history import record_history
from upward.web.core.release import findings_of, release_for
from upward.web.evidence.models import PeerGroup, PinnedMetric
from upward.web.evidence.numbers import find_row, pinned_values, values_of_finding
from upward.web.plans.actions import actor_of
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access, Permission, check_may
from upward.web.records.actions import add_record, change_record, settle_flag
from upward.web.records.kinds import kind_called
from upward.web.records.models import Flag, PlanRecord
from upward.web.records.rules import rule_for
from upward.web.records.values import values_of

NUMBERS = ("value", "lower", "upper", "quality", "status", "national_value", "peer_value")


#: Told (who acts, the release that the plan now uses) by `move_to_release`; returns how many records it flagged.
Moved = Callable[[Access, Analysis], int]
WHEN_MOVED: list[Moved] = []


def when_data_moves(told: Moved) -> Moved:
    """Register what other apps do when a plan moves to another release."""
    WHEN_MOVED.append(told)
    return told


@rule_for("pinned-metric")
def number_of_the_release(
    by: Access, values: Mapping[str, Value], record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The number, its bounds, its quality and its peers are those of the plan's release; nobody types them.

    They are looked up when what is pinned or whom it is compared with changes; otherwise they stay as they were.
    """
    asked = tuple(values.get(name) for name in ("variable", "place", "group", "year"))
    group = values.get("peers")
    if isinstance(record, PinnedMetric) and (*asked, group.uid if isinstance(group, RecordKey) else None) == (
        record.variable, record.place, record.group or None, record.year, record.peers.uid if record.peers else None,
    ):  # fmt: skip
        return {}
    analysis = release_for(by.plan.release)
    if analysis is None or ("release" in values and record is None):
        return {}
    return _looked_up(analysis, by.plan, values)


def _looked_up(analysis: Analysis, plan: Plan, values: Mapping[str, Value]) -> dict[str, Value | None]:
    """Return what a release says of a reading, with the peers that its group names."""
    group = values.get("peers")
    chosen = (
        PeerGroup.objects.filter(plan=plan, uid=group.uid).first() if isinstance(group, RecordKey) else None
    )
    row = find_row(
        analysis,
        place=str(values.get("place")),
        variable=str(values.get("variable")),
        group=str(values.get("group") or ""),
        year=int(str(values.get("year"))),
    )
    return pinned_values(analysis, catalog(), row, peers=chosen.places if chosen else ())


@transaction.atomic
def compare_again(*, by: Access, reading: PinnedMetric) -> bool:
    """Look a reading's number and peers up anew in the plan's release; return whether anything changed."""
    analysis = release_for(by.plan.release)
    if analysis is None:
        raise RefusedError(_("There is no data here to look it up in."))
    before = reading.version
    values = _looked_up(analysis, by.plan, values_of(reading, kind_called(reading.KIND)))
    change_record(by=by, record=reading, version=before, values=values)
    for flag in Flag.objects.filter(
        plan=by.plan, record=reading.key, source__startswith="peer-group:", settled_at=None
    ):
        settle_flag(by=by, flag=flag, record=reading, note=_("Compared again."))
    return reading.version != before


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
    """Let the plan use another release and return how many readings changed; what stands on them is flagged.

    Other apps are told (`when_data_moves`): measures keep their baselines and are flagged.
    """
    check_may(by, Permission.GOVERN)
    analysis = release_for(release)
    if analysis is None or analysis.id != release:
        raise RefusedError(_("There is no release “{id}”.").format(id=release))
    before, changed = by.plan.release, 0
    for reading in PinnedMetric.objects.filter(plan=by.plan, withdrawn_at=None):
        values = _looked_up(analysis, by.plan, values_of(reading, kind_called(reading.KIND)))
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
    flagged = sum(told(by, analysis) for told in WHEN_MOVED)
    record_history(
        "plan.moved",
        by=actor_of(by),
        plan=by.plan.pk,
        record="plan",
        record_name=by.plan.name,
        before={"release": before},
        after={"release": release, "changed": changed, "flagged": flagged},
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
