"""Versions of a plan, what each of them said, and the plan as it is now in the same form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upward.catalog.record_model import FieldKind
from upward.plan.frozen import FrozenPlan, freeze, frozen_from_data
from upward.web.accounts.models import User
from upward.web.documents.models import KeptVersion, PlanVersion
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.records.content import content_of


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a plan and when what it said was kept; None where it was recorded before that was done."""

    version: PlanVersion
    kept_at: datetime | None


def versions_of(plan: Plan) -> list[VersionLine]:
    """Return the versions that stand, the newest first."""
    kept = dict(KeptVersion.objects.filter(plan=plan).values_list("version", "at"))
    found = PlanVersion.objects.filter(plan=plan, withdrawn_at=None).order_by("-on", "-pk")
    return [VersionLine(version, kept.get(version.uid)) for version in found]


def plan_of_version(plan: Plan, uid: str) -> FrozenPlan:
    """Return what a version said; raises DoesNotExist where that was not kept."""
    held = KeptVersion.objects.get(plan=plan, version=uid)
    return frozen_from_data(catalog(), held.content)


def plan_as_it_is(plan: Plan) -> FrozenPlan:
    """Return the plan as it stands, in the form in which versions are kept."""
    content = content_of(plan)
    fields = {kind: catalog().records[kind].fields for kind in content.records}
    everything: Sequence[str] = [
        str(value)
        for held in (content.records, content.withdrawn)
        for kind, records in held.items()
        for record in records
        for name, value in record.values.items()
        if fields[kind][name].kind is FieldKind.MEMBER
    ]
    people = User.objects.filter(
        pk__in={int(number) for number in everything} | {int(key) for key in content.people}
    )
    return freeze(
        catalog(),
        content,
        places={place.geo_id: place.name for place in plan.places.all()},
        people={str(person.pk): person.get_full_name() for person in people},
        files={
            str(number): name for number, name in Upload.objects.filter(plan=plan).values_list("pk", "name")
        },
    )
