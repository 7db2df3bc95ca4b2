"""What is computed from all records of a plan, kept until the plan's history tells of a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

from django.utils import timezone

from upward.base.messages import current_language
from upward.web.core.history import history_marks
from upward.web.core.memory import Memory
from upward.web.plans.models import Plan

#: What lets the records be read anew: all but answers, tasks and words beside them.
RECORD_EVENTS = (
    *(f"record.{what}" for what in ("added", "changed", "withdrawn", "restored", "merged", "took_in", "settled")),
    *(f"member.{what}" for what in ("joined", "changed", "removed")),
    *(f"plan.{what}" for what in ("changed", "moved", "imported", "closed", "opened")),
    "undone",
)  # fmt: skip
_KEPT: Memory[Any] = Memory(most=200, seconds=3600)
#: One at a time reads a whole plan: those who ask meanwhile find what the first has made.
_READING = Lock()
Made = TypeVar("Made")


def kept(plan: Plan, name: str, make: Callable[[], Made], *, events: Sequence[str] = ()) -> Made:
    """Return what `make` gives, made once after each change of the plan, for a day, a language and a process.

    Each change of a plan writes a row of history; `events` leaves out the changes that what is kept does not depend
    on. `name` tells it apart from everything else of the plan.
    """
    mark = history_marks([plan.pk], events=events)[plan.pk]
    key = (name, plan.pk, plan.slug, mark, timezone.localdate(), current_language())
    if _KEPT.holds(key):
        return _KEPT.get(key, make)
    with _READING:
        return _KEPT.get(key, make)
