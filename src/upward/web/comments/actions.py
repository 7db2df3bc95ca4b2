"""Everything that is written about comments; each act is one transaction with its row of history and its notices."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from upward.base.errors import DataError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.comments.models import Comment
from upward.web.comments.policies import (
    check_may_answer,
    check_may_restore,
    check_may_tend,
    check_may_write,
)
from upward.web.comments.queries import open_questions, people_to_ask
from upward.web.core.history import record_history
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import StateForbids
from upward.web.plans.actions import actor_of
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access
from upward.web.plans.records import named_record

LONGEST = 5_000
EVENTS = {
    Comment.Kind.NOTE: "comment.added",
    Comment.Kind.QUESTION: "comment.asked",
    Comment.Kind.ANSWER: "comment.answered",
}


@transaction.atomic
def write_comment(
    *,
    by: Access,
    record: str,
    text: str,
    question: bool = False,
    asked_of: User | None = None,
    answers: Comment | None = None,
) -> Comment:
    """Return a new comment beside a record: a remark, a question (to someone, if named), or an answer to one.

    Raises NotFoundError where the plan has no such record, DataError where the text is empty or too long.
    """
    if answers is None:
        check_may_write(by)
    else:
        check_may_answer(by, answers)
    beside = named_record(by.plan, answers.record if answers else record)
    if asked_of is not None and not people_to_ask(by.plan).filter(pk=asked_of.pk).exists():
        raise DataError(_("Only members of this plan who can answer can be asked."))
    kind = Comment.Kind.ANSWER if answers else Comment.Kind.QUESTION if question else Comment.Kind.NOTE
    comment = Comment.objects.create(
        plan=by.plan,
        record=beside.reference,
        kind=kind,
        question=answers,
        asked_of=asked_of if question else None,
        text=_checked(text),
        by=by.person,
        by_name=actor_of(by).get_full_name(),
        role=by.membership.role if by.membership else "",
    )
    _tell_history(by, comment, EVENTS[kind], after={"text": comment.text})
    _tell_people(by, comment)
    return comment


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DataError(_("Write something first."))
    if len(text) > LONGEST:
        raise DataError(_("Write {limit} characters or fewer.").format(limit=LONGEST))
    return text


@transaction.atomic
def close_question(*, by: Access, comment: Comment, reason: str) -> None:
    """Close an open question without an answer; the reason is kept."""
    check_may_tend(by, comment)
    reason = _checked(reason)
    closed = open_questions().filter(pk=comment.pk)
    values = {
        "closed_at": timezone.now(),
        "closed_by_name": actor_of(by).get_full_name(),
        "closed_reason": reason,
    }
    if not Comment.objects.filter(pk__in=closed.values("pk")).update(**values):
        raise StateForbids(_("This question is not open any more."))
    _tell_history(by, comment, "comment.closed", after={"reason": reason})
    _tell(by, comment.by, comment, "question_closed")


@transaction.atomic
def reopen_question(*, by: Access, comment: Comment) -> None:
    """Open a question again that was closed without an answer."""
    check_may_tend(by, comment)
    before = {"reason": comment.closed_reason}
    reopened = {"closed_at": None, "closed_by_name": "", "closed_reason": ""}
    if Comment.objects.filter(pk=comment.pk).exclude(closed_at=None).update(**reopened):
        _tell_history(by, comment, "comment.reopened", before=before)


@transaction.atomic
def withdraw_comment(*, by: Access, comment: Comment, reason: str) -> None:
    """Take a comment off the page; the history keeps its text. It can be brought back for 30 days."""
    check_may_tend(by, comment)
    reason = _checked(reason)
    values = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by_name": actor_of(by).get_full_name(),
        "withdrawn_reason": reason,
    }
    if Comment.objects.filter(pk=comment.pk, withdrawn_at=None).update(**values):
        _tell_history(
            by, comment, "comment.withdrawn", before={"text": comment.text}, after={"reason": reason}
        )


@transaction.atomic
def restore_comment(*, by: Access, comment: Comment) -> None:
    """Bring a withdrawn comment back."""
    check_may_restore(by, comment)
    restored = {"withdrawn_at": None, "withdrawn_by_name": "", "withdrawn_reason": ""}
    if Comment.objects.filter(pk=comment.pk).exclude(withdrawn_at=None).update(**restored):
        _tell_history(by, comment, "comment.restored", after={"text": comment.text})


def undo_event(by: Access, entry: HistoryEntry) -> None:
    """Take a row of history about a comment back."""
    comment = Comment.objects.get(plan=by.plan, uid=entry.record.removeprefix("comment:"))
    if entry.event == "comment.closed":
        reopen_question(by=by, comment=comment)
    elif entry.event == "comment.withdrawn":
        restore_comment(by=by, comment=comment)
    else:
        withdraw_comment(by=by, comment=comment, reason=_("Taken back from the history."))


def _tell_history(
    by: Access,
    comment: Comment,
    event: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    record_history(
        event,
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"comment:{comment.uid}",
        record_name=named_record(by.plan, comment.record).title,
        before=before,
        after={**(after or {}), "beside": comment.record},
    )


def _tell_people(by: Access, comment: Comment) -> None:
    """Tell whom it concerns, each once: who was asked, who asked, whose record it is, who wrote there before."""
    told = {by.person.pk if by.person else None}
    kind = "answered_question" if comment.kind == Comment.Kind.ANSWER else "commented"
    first = comment.question.by if comment.question else comment.asked_of
    if first is not None and first.pk not in told:
        _tell(by, first, comment, "asked" if comment.kind == Comment.Kind.QUESTION else kind)
        told.add(first.pk)
    wrote = User.objects.filter(
        pk__in=Comment.objects.filter(plan=by.plan, record=comment.record).values("by"),
        memberships__plan=by.plan,
        is_active=True,
    )
    for person in [*named_record(by.plan, comment.record).people, *wrote]:
        if person.pk not in told:
            _tell(by, person, comment, "commented")
            told.add(person.pk)


def _tell(by: Access, person: User | None, comment: Comment, kind: str) -> None:
    if person is None or person == by.person:
        return
    name = named_record(by.plan, comment.record).title
    notify(
        person, by.plan, kind, path=("comments:thread", {"record": comment.record}), by=by.person, name=name
    )
