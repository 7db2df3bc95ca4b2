"""Comments through the JSON API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from upward.web.api.api import REFUSALS, Page, Slug, Text, person_of
from upward.web.comments.actions import LONGEST, write_comment
from upward.web.comments.models import Comment
from upward.web.comments.queries import comments_of, find_comment, open_questions, state_of
from upward.web.plans.queries import open_plan

router = Router()


class CommentOut(Schema):
    """A comment; the text of a withdrawn one is empty."""

    uid: str
    record: str
    kind: str
    state: str
    text: str
    by: str
    role: str
    at: datetime
    asked_of: str | None
    answers: str | None
    reason: str


class CommentIn(Schema):
    """A new comment beside `record`, a question, or the answer to the question whose uid stands in `answers`."""

    record: Annotated[Text, Field(max_length=120)] = ""
    text: Annotated[Text, Field(max_length=LONGEST)]
    question: bool = False
    answers: Annotated[Text, Field(max_length=12)] = ""


class CommentPage(Page):
    """Which comments."""

    record: Annotated[Text, Field(max_length=120)] = ""
    open: bool = False


def comment_out(comment: Comment) -> dict[str, Any]:
    """Return a comment as the API shows it."""
    state = state_of(comment)
    return {
        "uid": comment.uid,
        "record": comment.record,
        "kind": comment.kind,
        "state": state,
        "text": "" if state == "withdrawn" else comment.text,
        "by": comment.by_name,
        "role": comment.role,
        "at": comment.at,
        "asked_of": comment.asked_of.get_full_name() if comment.asked_of else None,
        "answers": comment.question.uid if comment.question else None,
        "reason": comment.withdrawn_reason or comment.closed_reason,
    }


@router.get("/plans/{slug}/comments", response={200: list[CommentOut], **REFUSALS}, summary="Comments")
def list_comments(request: HttpRequest, slug: Slug, page: Query[CommentPage]) -> list[dict[str, Any]]:
    """Return the comments, oldest first; those beside one record, or the open questions alone, where asked for."""
    access = open_plan(slug, person_of(request))
    found = comments_of(access.plan, record=page.record)
    if page.open:
        found = open_questions(found)
    return [comment_out(comment) for comment in found[page.offset : page.offset + page.limit]]


@router.post("/plans/{slug}/comments", response={200: CommentOut, **REFUSALS}, summary="Write a comment")
def add_comment(request: HttpRequest, slug: Slug, body: CommentIn) -> dict[str, Any]:
    """Write a comment, a question or an answer."""
    access = open_plan(slug, person_of(request))
    answers = find_comment(access.plan, body.answers) if body.answers else None
    comment = write_comment(
        by=access, record=body.record, text=body.text, question=body.question, answers=answers
    )
    return comment_out(find_comment(access.plan, comment.uid))
