"""That a plan is public, and what of it."""

from __future__ import annotations

from typing import Any

from django.db import models

from upward.web.plans.models import Plan, PlanDate, Versioned


class Publication(Versioned):
    """What the owners chose to show of a plan; it is public while `published_at` is set."""

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="publication")
    parts: Any = models.JSONField(default=list)
    dates = models.ManyToManyField(PlanDate, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        """Return whether it is public."""
        return f"{self.plan} ({'public' if self.published_at else 'members only'})"
