"""A comment beside a record of a plan."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from upward.web.plans.models import Plan

PERSON = settings.AUTH_USER_MODEL


def new_uid() -> str:
    """Return a name for a comment that stays the same on every installation."""
    return secrets.token_hex(6)


class Comment(models.Model):
    """Something said, asked or answered beside a record, as plain text; withdrawn at most, never deleted.

    `record` is the record's name as the history writes it: `task:KEY`, `question:KEY`, or `kind:uid` of another app.
    """

    class Kind(models.TextChoices):
        """A remark, a question, or the answer to one."""

        NOTE = "note"
        QUESTION = "question"
        ANSWER = "answer"

    uid = models.CharField(max_length=12, default=new_uid)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    record = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTE)
    question = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    asked_of = models.ForeignKey(PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    closed_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        """Oldest first, as a talk is read."""

        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=["plan", "uid"], name="comment_once"),)
        indexes = (
            models.Index(fields=["plan", "record"], name="comments_of_record"),
            models.Index(fields=["asked_of", "closed_at"], name="questions_to_person"),
        )

    def __str__(self) -> str:
        """Return where it stands."""
        return f"{self.kind} beside {self.record}"
