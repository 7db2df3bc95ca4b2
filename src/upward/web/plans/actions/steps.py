"""Signing a step off, and opening it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.core.history import record_history
from upward.web.plans import catalogue
from upward.web.plans.actions.saving import actor_of
from upward.web.plans.models import Role, StepRecord
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_may


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
