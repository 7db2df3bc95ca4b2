"""Reading comments: beside one record, over a plan, and the questions that wait for someone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from upward.web.accounts.models import User
from upward.web.comments.models import Comment
from upward.web.comments.policies import can_restore, can_tend, can_write
from upward.web.plans.models import Plan
from upward.web.plans.policies import ROLES, Access, Permission

ANSWERED = Exists(Comment.objects.filter(question=OuterRef("pk"), withdrawn_at=None).order_by())


@dataclass(frozen=True, slots=True)
class Line:
    """A comment with its state and what the person looking may do with it.

    `state` is open, answered or closed for a question; withdrawn for anything withdrawn; else empty.
    """

    comment: Comment
    state: str
    role: str
    may_answer: bool
    may_close: bool
    may_withdraw: bool
    may_restore: bool


def comments_of(plan: Plan, *, record: str = "") -> QuerySet[Comment]:
    """Return the comments of a plan, or of one record of it, oldest first."""
    found = Comment.objects.filter(plan=plan)
    if record:
        found = found.filter(record=record)
    return found.select_related("question", "asked_of").annotate(is_answered=ANSWERED)


def open_questions(found: QuerySet[Comment] | None = None) -> QuerySet[Comment]:
    """Return the questions that are neither answered nor closed nor withdrawn."""
    asked = Comment.objects.all() if found is None else found
    return asked.filter(~ANSWERED, kind=Comment.Kind.QUESTION, closed_at=None, withdrawn_at=None)


def questions_to(access: Access) -> list[Comment]:
    """Return the open questions of a plan that were put to the person, the oldest first."""
    if access.person is None:
        return []
    return list(open_questions().filter(plan=access.plan, asked_of=access.person))


def count_questions_to(person: User, plans: Sequence[int]) -> Mapping[int, int]:
    """Return how many open questions wait for a person, by plan; one query."""
    found = open_questions().filter(plan__in=plans, asked_of=person).order_by()
    return dict(found.values_list("plan").annotate(Count("pk")).values_list("plan", "pk__count"))


def find_comment(plan: Plan, uid: str) -> Comment:
    """Return a comment of a plan; Http404 where there is none."""
    found = comments_of(plan).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def state_of(comment: Comment) -> str:
    """Return the state of a comment that `comments_of` found."""
    if comment.withdrawn_at is not None:
        return "withdrawn"
    if comment.kind != Comment.Kind.QUESTION:
        return ""
    if comment.is_answered:  # type: ignore[attr-defined]
        return "answered"
    return "closed" if comment.closed_at is not None else "open"


def lines_of(access: Access, comments: Iterable[Comment]) -> list[Line]:
    """Return comments with what the person may do with each; no query."""
    writes = can_write(access)
    lines = []
    for comment in comments:
        state = state_of(comment)
        tends = writes and can_tend(access, comment)
        rule = ROLES.get(comment.role)
        lines.append(
            Line(
                comment=comment,
                state=state,
                role=rule.name if rule else "",
                may_answer=writes and comment.kind == Comment.Kind.QUESTION and state != "withdrawn",
                may_close=tends and state == "open",
                may_withdraw=tends and state != "withdrawn",
                may_restore=can_restore(access, comment) if state == "withdrawn" else False,
            )
        )
    return lines


def people_to_ask(plan: Plan) -> QuerySet[User]:
    """Return the members who can answer a question, by name."""
    roles = [role for role, rule in ROLES.items() if Permission.COMMENT in rule.permissions]
    return User.objects.filter(memberships__plan=plan, memberships__role__in=roles, is_active=True).order_by(
        "name", "pk"
    )
