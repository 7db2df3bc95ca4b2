"""Records of a plan by the name that the history and comments use: `task:KEY`, `question:KEY`, `kind:uid`."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from upward.base.errors import NotFoundError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.plans import catalogue
from upward.web.plans.additions import additions
from upward.web.plans.models import Answer, Plan, Task


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record with what it is called, its page, and the people whom a remark about it concerns."""

    reference: str
    title: str
    link: str
    people: tuple[User, ...] = ()


def named_record(plan: Plan, reference: str) -> NamedRecord:
    """Return the record of a plan that a reference names; raises NotFoundError where there is none."""
    kind, _colon, key = reference.partition(":")
    found = {"task": _task, "question": _question}.get(kind, _of_another_app)(plan, reference, key)
    if found is None:
        raise NotFoundError(_("This plan has no record “{name}”.").format(name=reference[:120]))
    return found


def _task(plan: Plan, reference: str, key: str) -> NamedRecord | None:
    task = catalogue.task_called(key)
    row = Task.objects.filter(plan=plan, key=key).select_related("owner").first()
    if task is None and row is None:
        return None
    return NamedRecord(
        reference,
        task.title if task else row.title if row else "",
        reverse("plans:task", kwargs={"slug": plan.slug, "key": key}),
        (row.owner,) if row is not None and row.owner is not None else (),
    )


def _question(plan: Plan, reference: str, key: str) -> NamedRecord | None:
    question = catalogue.catalog().questions.get(key)
    if question is None:
        return None
    answer = Answer.objects.filter(plan=plan, question=key).select_related("by").first()
    return NamedRecord(
        reference,
        question.text,
        reverse("plans:question", kwargs={"slug": plan.slug, "key": key}),
        (answer.by,) if answer is not None and answer.by is not None else (),
    )


def _of_another_app(plan: Plan, reference: str, _key: str) -> NamedRecord | None:
    for addition in additions():
        if addition.named is not None and (found := addition.named(plan, reference)) is not None:
            title, link, people = found
            return NamedRecord(reference, title, link, tuple(people))
    return None
