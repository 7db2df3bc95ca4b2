"""Taking an event back where that is safe: nothing else has changed the record since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from django.db import transaction

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.core.history import record_history
from upward.web.core.models import HistoryEntry
from upward.web.plans import actions
from upward.web.plans.additions import additions
from upward.web.plans.models import Answer, Plan, PlanDate, Task
from upward.web.plans.policies import Access, Permission, check_may

Undo = Callable[[Access, HistoryEntry], None]


def can_undo(entry: HistoryEntry, plan: Plan) -> bool:
    """Return whether this kind of event can be taken back; whether it is still safe shows when it is tried."""
    return _undo_of(entry.event) is not None and entry.undone_by is None and entry.plan == plan.pk


def _undo_of(event: str) -> Undo | None:
    return UNDOS.get(event) or next((one.undos[event] for one in additions() if event in one.undos), None)


@transaction.atomic
def undo(*, by: Access, entry: HistoryEntry) -> None:
    """Take an event back through the same actions; raises RefusedError where the record has moved on since."""
    check_may(by, Permission.ASSIGN)
    if not can_undo(entry, by.plan):
        raise RefusedError(_("This cannot be taken back."))
    later = HistoryEntry.objects.filter(plan=entry.plan, record=entry.record, pk__gt=entry.pk, undone_by=None)
    if later.exclude(event="undone").exists():
        raise RefusedError(
            _("The record has changed again since then."), advice=_("Take the newer change back first.")
        )
    act = _undo_of(entry.event)
    assert act is not None
    act(by, entry)
    made = record_history(
        "undone",
        by=actions.actor_of(by),
        plan=by.plan.pk,
        record=entry.record,
        record_name=entry.record_name,
        after={"event": entry.event},
    )
    # What the action wrote on the way belongs to this undoing.
    HistoryEntry.objects.filter(
        plan=entry.plan, record=entry.record, pk__gte=entry.pk, pk__lt=made.pk
    ).update(undone_by=made.pk)


def _undo_task(by: Access, entry: HistoryEntry) -> None:
    row = Task.objects.filter(plan=by.plan, key=entry.record.removeprefix("task:")).first()
    if row is None:
        raise RefusedError(_("This cannot be taken back."))
    values: dict[str, Any] = {
        name: value for name, value in entry.before.items() if name in actions.TASK_FIELDS
    }
    if "owner" in values:
        values["owner"] = User.objects.filter(pk=values["owner"], memberships__plan=by.plan).first()
    for name in ("due", "done_on"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    actions.change_task(by=by, key=row.key, version=row.version, values=values)


def _undo_answer(by: Access, entry: HistoryEntry) -> None:
    row = Answer.objects.filter(plan=by.plan, question=entry.record.removeprefix("question:")).first()
    if row is None or entry.before.get("value") is None:
        raise RefusedError(_("A first answer cannot be taken back; answer anew instead."))
    actions.save_answer(by=by, question=row.question, version=row.version, value=entry.before["value"])


def _date_values(held: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: held[name] for name in ("title", "day", "time", "place", "note") if name in held}
    values["day"] = date.fromisoformat(values["day"])
    values["time"] = time.fromisoformat(values["time"]) if values.get("time") else None
    return values


def _undo_date(by: Access, entry: HistoryEntry) -> None:
    found = PlanDate.objects.filter(plan=by.plan, pk=entry.record.removeprefix("date:")).first()
    if found is None:
        raise RefusedError(_("This cannot be taken back."))
    actions.change_date(by=by, entry=found, version=found.version, **_date_values(entry.before))


def _undo_removed_date(by: Access, entry: HistoryEntry) -> None:
    actions.add_date(by=by, **_date_values(entry.before))


UNDOS: Mapping[str, Undo] = {
    **dict.fromkeys(
        (
            "task.changed",
            "task.assigned",
            "task.released",
            "task.done",
            "task.reopened",
            "task.set_aside",
            "task.taken_up",
        ),
        _undo_task,
    ),
    "answer.saved": _undo_answer,
    "date.changed": _undo_date,
    "date.removed": _undo_removed_date,
}
