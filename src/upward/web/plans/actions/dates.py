"""Meetings and deadlines."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from upward.web.core.history import record_history
from upward.web.plans.actions.saving import actor_of, plain_values, save_record
from upward.web.plans.models import PlanDate
from upward.web.plans.policies import Access, Permission, check_may


@transaction.atomic
def add_date(*, by: Access, **values: Any) -> PlanDate:
    """Add a meeting or deadline."""
    check_may(by, Permission.ASSIGN)
    entry = PlanDate.objects.create(plan=by.plan, **values)
    record_history(
        "date.added",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"date:{entry.pk}",
        record_name=entry.title,
        after=plain_values(values),
    )
    return entry


@transaction.atomic
def change_date(*, by: Access, entry: PlanDate, version: int, **values: Any) -> None:
    """Change a meeting or deadline."""
    check_may(by, Permission.ASSIGN)
    before = save_record(entry, version=version, values=values)
    record_history(
        "date.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"date:{entry.pk}",
        record_name=entry.title,
        before=plain_values(before),
        after=plain_values(values),
    )


@transaction.atomic
def remove_date(*, by: Access, entry: PlanDate) -> None:
    """Delete a meeting or deadline; the history keeps what it was and can bring it back."""
    check_may(by, Permission.ASSIGN)
    values = {name: getattr(entry, name) for name in ("title", "day", "time", "place", "note")}
    record_history(
        "date.removed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"date:{entry.pk}",
        record_name=entry.title,
        before=plain_values(values),
    )
    entry.delete()
