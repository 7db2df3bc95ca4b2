"""Tasks: whose they are, by when, whether they are done and what proves it; tasks of the team's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.core.history import record_history
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import Outdated
from upward.web.plans import catalogue
from upward.web.plans.actions.saving import actor_of, plain_values, save_record
from upward.web.plans.models import Plan, Task
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_may
from upward.web.plans.queries import OWN

TASK_FIELDS = ("owner", "due", "done_on", "proof", "proof_link", "set_aside", "title")


@transaction.atomic
def change_task(*, by: Access, key: str, version: int, values: Mapping[str, Any]) -> Task:
    """Change a task: whose it is, by when, whether it is done and what proves it; version 0 where nobody touched it.

    Contributors take tasks, report on their own and on those of nobody; giving a task to someone else, or a date,
    is for owners and editors.
    """
    check_may(by, Permission.WORK)
    row = _task_row(by.plan, key, version)
    assigned = "owner" in values and values["owner"] != row.owner and values["owner"] not in (None, by.person)
    others = row.owner is not None and (by.person is None or row.owner_id != by.person.pk)
    if assigned or others or ("due" in values and values["due"] != row.due) or "title" in values:
        check_may(by, Permission.ASSIGN)
    before = save_record(row, version=row.version if version == 0 else version, values=values)
    _record_task(by, row, before, values)
    if row.owner is not None and before.get("owner") != row.owner and row.owner != by.person:
        name = task_title(row)
        notify(row.owner, by.plan, "assigned", path=("plans:task", {"key": key}), by=by.person, task=name)
    return row


def _task_row(plan: Plan, key: str, version: int) -> Task:
    """Return the row of a task, made where nobody touched the task yet."""
    row = Task.objects.filter(plan=plan, key=key).select_related("owner").first()
    if row is not None:
        if version == 0:
            raise Outdated(_("Someone else saved this while you had it open."), current=row)
        return row
    task = catalogue.task_called(key)
    if task is None or version != 0:
        raise RefusedError(_("There is no such task in this plan."))
    try:
        with transaction.atomic():
            return Task.objects.create(plan=plan, key=key, step=task.step, version=1)
    except IntegrityError:
        row = Task.objects.get(plan=plan, key=key)
        raise Outdated(_("Someone else saved this while you had it open."), current=row) from None


def task_title(row: Task) -> str:
    """Return what a task is called, in the language in force."""
    task = catalogue.task_called(row.key)
    return task.title if task else row.title


def _record_task(by: Access, row: Task, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    changed = {name for name in values if before[name] != values[name]}
    if not changed:
        return
    event = "task.changed"
    if "done_on" in changed:
        event = "task.done" if values["done_on"] else "task.reopened"
    elif "set_aside" in changed:
        event = "task.set_aside" if values["set_aside"] else "task.taken_up"
    elif "owner" in changed:
        event = "task.assigned" if values["owner"] else "task.released"
    old = {name: before[name] for name in sorted(changed)}
    new = {name: values[name] for name in sorted(changed)}
    if "owner" in changed:
        old["owner_name"] = before["owner"].get_full_name() if before["owner"] else ""
        new["owner_name"] = values["owner"].get_full_name() if values["owner"] else ""
    record_history(
        event,
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"task:{row.key}",
        record_name=task_title(row),
        before=plain_values(old),
        after=plain_values(new),
    )


@transaction.atomic
def add_task(*, by: Access, step: str, title: str) -> Task:
    """Add a task of the team's own to a step."""
    check_may(by, Permission.ASSIGN)
    numbers = [int(key.removeprefix(OWN)) for key in _own_keys(by.plan)]
    row = Task.objects.create(plan=by.plan, key=f"{OWN}{max(numbers, default=0) + 1}", step=step, title=title)
    record_history(
        "task.added",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"task:{row.key}",
        record_name=title,
        after={"title": title, "step": step},
    )
    return row


def _own_keys(plan: Plan) -> list[str]:
    keys = Task.objects.filter(plan=plan, key__startswith=OWN).values_list("key", flat=True)
    entries = HistoryEntry.objects.filter(plan=plan.pk, event="task.removed").values_list("record", flat=True)
    return [*keys, *(entry.removeprefix("task:") for entry in entries)]  # a number is never used again


@transaction.atomic
def remove_task(*, by: Access, row: Task) -> None:
    """Delete a task of the team's own; its history stays."""
    check_may(by, Permission.ASSIGN)
    if not row.key.startswith(OWN):
        raise RefusedError(_("A task of the guide can be set aside with a reason, not deleted."))
    record_history(
        "task.removed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"task:{row.key}",
        record_name=row.title,
        before={"title": row.title, "step": row.step},
    )
    row.delete()
