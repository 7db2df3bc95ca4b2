"""History: who did what, when, with what was before and after. Rows hold no foreign keys, so nothing blocks them."""

from __future__ import annotations

from typing import Any

from django.db import models


class HistoryEntry(models.Model):
    """One thing that someone did, kept as it was said at the time.

    `plan`, `by` and `record` are plain numbers and texts: deleting a plan, a person or a record changes no history.
    """

    at = models.DateTimeField(db_index=True)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    plan = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60)
    record = models.CharField(max_length=120, blank=True)
    record_name = models.CharField(max_length=300, blank=True)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        """Newest first, found by plan and by record."""

        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=["plan", "-at", "-id"], name="history_of_plan"),
            models.Index(fields=["plan", "record"], name="history_of_record"),
            models.Index(fields=["plan", "event", "id"], name="history_of_event"),
        )

    def __str__(self) -> str:
        """Return a line for developers."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name}: {self.event} {self.record}"


class JobRun(models.Model):
    """When a recurring job last ran, so that several workers do not run it twice."""

    name = models.CharField(max_length=60, unique=True)
    last = models.DateTimeField()

    def __str__(self) -> str:
        """Return a line for developers."""
        return f"{self.name} {self.last:%Y-%m-%d %H:%M}"
