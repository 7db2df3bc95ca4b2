"""Everything that is written about a plan and its steps.

Each function takes the standing of the person who acts as `by`, checks role and state, and is one transaction with its
history row inside. A record that two people may have open is saved with the version it was opened from; where it has
moved on, `Outdated` is raised and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.warehouse.release import current_release_id
from upward.web.accounts.models import User
from upward.web.core.history import Actor, record_history
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import Outdated
from upward.web.plans import catalogue
from upward.web.plans.models import (
    Answer,
    AnswerVersion,
    Draft,
    Membership,
    Plan,
    PlanDate,
    PlanPlace,
    Postponement,
    Role,
    StepRecord,
    Task,
    Versioned,
)
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_keeps_an_owner, check_may, check_permission
from upward.web.plans.queries import OWN

Record = TypeVar("Record", bound=Versioned)
POSTPONED_FOR = timedelta(days=1)


class Operator:
    """Whoever runs commands on the machine itself."""

    pk = None

    def get_full_name(self) -> str:
        """Return what the history says."""
        return _("Command line")


def actor_of(by: Access) -> Actor:
    """Return who stands in the history."""
    return by.person if by.person is not None else Operator()  # type: ignore[return-value]


def _save(record: Record, *, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a record if it is still at the version, and return what was before; raises Outdated otherwise."""
    before = {name: getattr(record, name) for name in values}
    changed = (
        type(record)
        .objects.filter(pk=record.pk, version=version)
        .update(  # type: ignore[attr-defined]
            **values, version=version + 1, changed_at=timezone.now()
        )
    )
    if not changed:
        record.refresh_from_db()
        raise Outdated(_("Someone else saved this while you had it open."), current=record)
    for name, value in values.items():
        setattr(record, name, value)
    record.version = version + 1
    return before


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the history keeps them: dates as text, people by number."""
    return {
        name: value.isoformat()
        if isinstance(value, date | time)
        else value.pk
        if isinstance(value, User)
        else value
        for name, value in values.items()
    }


# --- the plan ----------------------------------------------------------------------------------------------------
@transaction.atomic
def start_plan(
    *, by: User | None, name: str, places: Sequence[tuple[str, str]], slug: str = "", **facts: Any
) -> Plan:
    """Return a new plan for places, given as (code, name); the person who starts it owns it."""
    facts.setdefault("release", current_release_id(settings.OPTIONS.home) or "")
    plan = Plan.objects.create(slug=free_slug(slug or name), name=name, **facts)
    for position, (geo_id, place_name) in enumerate(places):
        PlanPlace.objects.create(plan=plan, geo_id=geo_id, name=place_name, position=position)
    if by is not None:
        Membership.objects.create(plan=plan, user=by, role=Role.OWNER)
    record_history(
        "plan.started",
        by=by or Operator(),  # type: ignore[arg-type]
        plan=plan.pk,
        record="plan",
        record_name=name,
        after={"name": name, "places": [name for _code, name in places]},
    )
    return plan


def free_slug(text: str) -> str:
    """Return a part of an address that no plan has yet."""
    wanted = slugify(text)[:50].strip("-") or "plan"
    taken = set(Plan.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@transaction.atomic
def change_plan(*, by: Access, version: int, places: Sequence[tuple[str, str]], **facts: Any) -> None:
    """Change the plan's own facts and places."""
    check_may(by, Permission.EDIT)
    old_places = [place.name for place in by.plan.places.all()]
    before = _save(by.plan, version=version, values=facts)
    by.plan.places.all().delete()
    for position, (geo_id, name) in enumerate(places):
        PlanPlace.objects.create(plan=by.plan, geo_id=geo_id, name=name, position=position)
    new_places = [name for _code, name in places]
    record_history(
        "plan.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record="plan",
        record_name=by.plan.name,
        before={**before, "places": old_places},
        after={**facts, "places": new_places},
    )


@transaction.atomic
def set_plan_state(*, by: Access, state: str) -> None:
    """Close the plan, or open it again."""
    check_permission(by, Permission.GOVERN)
    before = by.plan.state
    if before == state:
        return
    Plan.objects.filter(pk=by.plan.pk).update(state=state, changed_at=timezone.now())
    by.plan.state = state
    event = "plan.closed" if state == Plan.State.CLOSED else "plan.opened"
    record_history(event, by=actor_of(by), plan=by.plan.pk, record="plan", record_name=by.plan.name)


# --- members -----------------------------------------------------------------------------------------------------
@transaction.atomic
def change_member(*, by: Access, member: Membership, role: str, function: str) -> None:
    """Give a member another role or function."""
    check_may(by, Permission.GOVERN)
    if member.role == Role.OWNER and role != Role.OWNER:
        check_keeps_an_owner(by.plan, member)
    before = {"role": member.role, "function": member.function}
    member.role, member.function = role, function
    member.save(update_fields=["role", "function"])
    record_history(
        "member.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"member:{member.user_id}",
        record_name=member.user.get_full_name(),
        before=before,
        after={"role": role, "function": function},
    )
    if before["role"] != role:
        notify(member.user, by.plan, "role", path=("plans:home", {}), by=by.person, role=role)


@transaction.atomic
def remove_member(*, by: Access, member: Membership) -> None:
    """End a membership: by an owner, or by the person who leaves. What the person wrote stays."""
    if by.person is None or member.user_id != by.person.pk:
        check_permission(by, Permission.GOVERN)
    check_keeps_an_owner(by.plan, member)
    Task.objects.filter(plan=by.plan, owner_id=member.user_id).update(owner=None)
    record_history(
        "member.removed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"member:{member.user_id}",
        record_name=member.user.get_full_name(),
        before={"role": member.role, "function": member.function},
    )
    member.delete()


# --- tasks -------------------------------------------------------------------------------------------------------
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
    before = _save(row, version=row.version if version == 0 else version, values=values)
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
        before=_plain(old),
        after=_plain(new),
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


# --- answers -----------------------------------------------------------------------------------------------------
@transaction.atomic
def save_answer(*, by: Access, question: str, version: int, value: object) -> Answer:
    """Save an answer as its next version; version 0 where there is none yet. An answer that says the same is kept."""
    check_may(by, Permission.ANSWER)
    asked = catalogue.question_called(question)
    row = Answer.objects.filter(plan=by.plan, question=question).first()
    before = row.value if row else None
    person = actor_of(by)
    if row is None:
        row = _first_answer(by, question, version, value)
    elif version == row.version and row.value == value:
        return row
    else:
        _save(
            row, version=version, values={"value": value, "by": by.person, "by_name": person.get_full_name()}
        )
    AnswerVersion.objects.create(answer=row, number=row.version, value=value, by_name=person.get_full_name())
    record_history(
        "answer.saved",
        by=person,
        plan=by.plan.pk,
        record=f"question:{question}",
        record_name=asked.text,
        before={"value": before, "version": row.version - 1},
        after={"value": value, "version": row.version},
    )
    return row


def _first_answer(by: Access, question: str, version: int, value: object) -> Answer:
    if version != 0:
        raise RefusedError(_("There is no earlier version of this answer."))
    name = actor_of(by).get_full_name()
    try:
        with transaction.atomic():
            return Answer.objects.create(
                plan=by.plan, question=question, value=value, by=by.person, by_name=name
            )
    except IntegrityError:
        row = Answer.objects.get(plan=by.plan, question=question)
        raise Outdated(_("Someone else saved this while you had it open."), current=row) from None


# --- steps -------------------------------------------------------------------------------------------------------
@transaction.atomic
def sign_off_step(*, by: Access, step: str, note: str, open_tasks: int) -> None:
    """Sign a step off; open tasks do not stop it, they ask for a note that is kept."""
    check_may(by, Permission.ASSIGN)
    if open_tasks and not note.strip():
        raise RefusedError(_("Some tasks are open. Write why the step can be signed off all the same."))
    name = catalogue.step_called(step).name
    StepRecord.objects.update_or_create(
        plan=by.plan,
        step=step,
        defaults={
            "signed_off_at": timezone.now(),
            "signed_off_by": actor_of(by).get_full_name(),
            "note": note.strip(),
            "changed_at": timezone.now(),
        },
    )
    record_history(
        "step.signed_off",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"step:{step}",
        record_name=name,
        after={"note": note.strip(), "open_tasks": open_tasks},
    )
    number = catalogue.step_called(step).number
    for owner in User.objects.filter(memberships__plan=by.plan, memberships__role=Role.OWNER):
        if owner != by.person:
            notify(
                owner, by.plan, "signed_off", path=("plans:step", {"number": number}), by=by.person, step=name
            )


@transaction.atomic
def reopen_step(*, by: Access, step: str) -> None:
    """Take the sign-off of a step back; its note stays in the history."""
    check_may(by, Permission.ASSIGN)
    record = StepRecord.objects.filter(plan=by.plan, step=step).exclude(signed_off_at=None).first()
    if record is None:
        return
    before = {"note": record.note, "signed_off_by": record.signed_off_by}
    record.signed_off_at, record.signed_off_by, record.note = None, "", ""
    record.save()
    record_history(
        "step.reopened",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"step:{step}",
        record_name=catalogue.step_called(step).name,
        before=before,
    )


# --- dates -------------------------------------------------------------------------------------------------------
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
        after=_plain(values),
    )
    return entry


@transaction.atomic
def change_date(*, by: Access, entry: PlanDate, version: int, **values: Any) -> None:
    """Change a meeting or deadline."""
    check_may(by, Permission.ASSIGN)
    before = _save(entry, version=version, values=values)
    record_history(
        "date.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"date:{entry.pk}",
        record_name=entry.title,
        before=_plain(before),
        after=_plain(values),
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
        before=_plain(values),
    )
    entry.delete()


# --- a person's own ----------------------------------------------------------------------------------------------
@transaction.atomic
def keep_draft(*, by: Access, form: str, fields: Mapping[str, str]) -> None:
    """Keep what a person typed and has not saved; nobody else sees it, so it makes no history."""
    check_may(by, Permission.ANSWER)
    Draft.objects.update_or_create(
        user=by.person, plan=by.plan, form=form, defaults={"fields": dict(fields), "saved_at": timezone.now()}
    )


@transaction.atomic
def drop_draft(*, by: Access, form: str) -> None:
    """Forget a draft."""
    Draft.objects.filter(user=by.person, plan=by.plan, form=form).delete()


@transaction.atomic
def postpone(*, by: Access, thing: str) -> None:
    """Put a next thing off until tomorrow, for this person."""
    check_permission(by, Permission.READ)
    Postponement.objects.update_or_create(
        user=by.person, plan=by.plan, thing=thing[:80], defaults={"until": timezone.now() + POSTPONED_FOR}
    )
