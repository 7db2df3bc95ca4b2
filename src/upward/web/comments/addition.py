"""What comments add to plans: sentences, notices, undo, search, the bundle, what waits, the part beside a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from upward.base.errors import NotFoundError
from upward.base.messages import _, to_translate
from upward.web.comments import actions
from upward.web.comments.models import Comment
from upward.web.comments.queries import comments_of, count_questions_to, questions_to
from upward.web.core.models import HistoryEntry
from upward.web.plans.additions import Addition, Section, Waiting
from upward.web.plans.models import Plan, Role
from upward.web.plans.policies import Access
from upward.web.plans.records import named_record

Numbers = Mapping[str, Mapping[int, int]]
TEXTS = (
    "uid",
    "record",
    "kind",
    "text",
    "by_name",
    "role",
    "closed_by_name",
    "closed_reason",
    "withdrawn_by_name",
    "withdrawn_reason",
)
TIMES = ("at", "closed_at", "withdrawn_at")


def _write(plan: Plan, numbers: Numbers) -> list[dict[str, Any]]:
    people = numbers["member"]
    return [
        {
            **{name: getattr(comment, name) for name in TEXTS},
            **{name: _iso(getattr(comment, name)) for name in TIMES},
            "by": people.get(comment.by_id),
            "asked_of": people.get(comment.asked_of_id),
            "question": comment.question.uid if comment.question else None,
        }
        for comment in comments_of(plan)
    ]


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _read(plan: Plan, entries: list[Any], numbers: Numbers) -> None:
    people, made = numbers["member"], {}
    for entry in entries:
        if entry["kind"] not in Comment.Kind.values or entry["role"] not in ("", *Role.values):
            raise ValueError("comment")
        times = {name: datetime.fromisoformat(entry[name]) if entry[name] else None for name in TIMES}
        made[entry["uid"]] = Comment.objects.create(
            plan=plan,
            by_id=people.get(entry["by"]),
            asked_of_id=people.get(entry["asked_of"]),
            question=made[entry["question"]] if entry["question"] else None,
            **{name: entry[name] for name in TEXTS},
            **times,
        )


def _people(plan: Plan) -> Iterable[int | None]:
    return [
        number
        for pair in Comment.objects.filter(plan=plan).values_list("by_id", "asked_of_id")
        for number in pair
    ]


def _found(access: Access) -> Iterator[tuple[str, str, str, str]]:
    plan = access.plan
    for comment in comments_of(plan).filter(withdrawn_at=None):
        try:
            record = named_record(plan, comment.record)
        except NotFoundError:
            continue
        kind = _("Question of a member") if comment.kind == Comment.Kind.QUESTION else _("Comment")
        yield kind, record.title, comment.text, f"{_thread(plan, comment.record)}#c-{comment.uid}"


def _thread(plan: Plan, record: str) -> str:
    return reverse("comments:thread", kwargs={"slug": plan.slug, "record": record})


def _link(entry: HistoryEntry, plan: Plan) -> str:
    if not entry.record.startswith("comment:"):
        return ""
    record = entry.after.get("beside", "")
    uid = entry.record.removeprefix("comment:")
    return f"{_thread(plan, record)}#c-{uid}" if record else ""


def _waits(access: Access) -> list[Waiting]:
    return [
        Waiting(
            title=" ".join(comment.text.split())[:120],
            link=reverse("comments:answer", kwargs={"slug": access.plan.slug, "uid": comment.uid}),
            note=_("{name} asks you.").format(name=comment.by_name),
            since=comment.at,
        )
        for comment in questions_to(access)
    ]


def _beside(request: HttpRequest, access: Access, record: str) -> str:
    from upward.web.comments.views import beside

    return beside(request, access, record)


def _moved(plan: Plan, was: str, stays: str) -> None:
    """Comments follow a record into the one that takes its place."""
    Comment.objects.filter(plan=plan, record=was).update(record=stays)


ADDITION = Addition(
    sentences={
        "comment.added": to_translate("{by} commented on “{name}”"),
        "comment.asked": to_translate("{by} asked a question about “{name}”"),
        "comment.answered": to_translate("{by} answered a question about “{name}”"),
        "comment.closed": to_translate("{by} closed a question about “{name}” without an answer"),
        "comment.reopened": to_translate("{by} opened a question about “{name}” again"),
        "comment.withdrawn": to_translate("{by} withdrew a comment on “{name}”"),
        "comment.restored": to_translate("{by} brought back a comment on “{name}”"),
    },
    notices={
        "commented": to_translate("{by} commented on “{name}”."),
        "asked": to_translate("{by} asks you about “{name}”."),
        "answered_question": to_translate("{by} answered your question about “{name}”."),
        "question_closed": to_translate("{by} closed your question about “{name}”."),
    },
    undos=dict.fromkeys(
        ("comment.added", "comment.asked", "comment.answered", "comment.closed", "comment.withdrawn"),
        actions.undo_event,
    ),
    sections={"comments": Section(write=_write, read=_read, people=_people)},
    found=_found,
    link=_link,
    beside=_beside,
    moved=_moved,
    waits=_waits,
    waiting_notices=frozenset({"asked"}),
    count_waits=count_questions_to,
)
