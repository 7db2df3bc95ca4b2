"""Answers, each version kept."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.core.history import record_history
from upward.web.core.refusals import Outdated
from upward.web.plans import catalogue
from upward.web.plans.actions.saving import actor_of, save_record
from upward.web.plans.models import Answer, AnswerVersion
from upward.web.plans.policies import Access, Permission, check_may


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
        save_record(
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
