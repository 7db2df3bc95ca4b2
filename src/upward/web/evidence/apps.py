"""The app of evidence and findings."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence and findings."""

    name = "upward.web.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rules of its records."""
        from upward.web.evidence import actions  # noqa: F401
