"""Writing history rows, inside the transaction of the action that they tell of; and telling that there is a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from upward.web.core.models import HistoryEntry

Mark = tuple[int, int]
NOTHING_YET: Mark = (0, 0)


def history_marks(plans: Sequence[int], *, events: Sequence[str] = ()) -> dict[int, Mark]:
    """Return a mark of each plan's history that differs after every change: how many rows, and the number of the last.

    The last number alone would not do: rows of two transactions may come in another order than their numbers.
    `events` leaves out all other events. One query for all plans.
    """
    found = HistoryEntry.objects.filter(plan__in=plans)
    if events:
        found = found.filter(event__in=events)
    counted = found.order_by().values_list("plan").annotate(Count("pk"), Max("pk"))
    marks = {plan: (count, last) for plan, count, last in counted}
    return {plan: marks.get(plan, NOTHING_YET) for plan in plans}


class Actor(Protocol):
    """Who acts: a person with an account."""

    pk: int

    def get_full_name(self) -> str:
        """Return the name that people know."""


def record_history(
    event: str,
    *,
    by: Actor | None,
    plan: int | None,
    record: str = "",
    record_name: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> HistoryEntry:
    """Write one row and return it; raises RuntimeError outside a transaction, where it could stand alone."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"history of {event} must be written in the transaction of its action")
    return HistoryEntry.objects.create(
        at=timezone.now(),
        by=by.pk if by else None,
        by_name=by.get_full_name() if by else "",
        plan=plan,
        event=event,
        record=record,
        record_name=record_name[:300],
        before=dict(before or {}),
        after=dict(after or {}),
    )
