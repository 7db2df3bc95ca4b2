"""The app of engagement and causes."""

from __future__ import annotations

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Engagement and causes."""

    name = "upward.web.engagement"
    label = "engagement"

    def ready(self) -> None:
        """Register the rules of its records."""
        from upward.web.engagement import actions  # noqa: F401
