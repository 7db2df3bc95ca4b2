"""Writing history rows, inside the transaction of the action that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from upward.web.core.models import HistoryEntry


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
