"""What all records of a plan share, and the flags that a change leaves on what stands on it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from upward.web.plans.models import Plan, Versioned


def new_uid() -> str:
    """Return a name for a record that no other record has, here or elsewhere."""
    return uuid.uuid4().hex[:16]


class PlanRecord(Versioned):
    """A record of a plan. `KIND` is its id in the catalogue, whose fields are the model's columns."""

    KIND: ClassVar[str] = ""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=32, default=new_uid)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True, default="")

    class Meta:
        """A name stands in a plan once; records stand in the order in which they were made."""

        abstract = True
        ordering = ("pk",)
        constraints: ClassVar[Any] = (
            models.UniqueConstraint(fields=["plan", "uid"], name="%(app_label)s_%(class)s_uid"),
        )

    @property
    def key(self) -> str:
        """Return the name of the record in histories, comments and files: "kind:uid"."""
        return f"{self.KIND}:{self.uid}"

    def __str__(self) -> str:
        """Return its key."""
        return self.key


class Flag(models.Model):
    """That something a record stands on has changed since; it stays until somebody has looked.

    Both ends are named by their keys, so that one table serves all kinds; a source may also be "release:ID".
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="flags")
    record = models.CharField(max_length=100)
    source = models.CharField(max_length=100)
    what = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        """Newest first; found by record."""

        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["plan", "record"], name="flag_of_record"),)

    def __str__(self) -> str:
        """Return what is flagged."""
        return f"{self.record} since {self.source}"
