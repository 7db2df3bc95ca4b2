"""The app of sections and release."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Sections and release."""

    name = "upward.web.documents"
    label = "documents"

    def ready(self) -> None:
        """Register what follows a new version, and what the document adds to plans."""
        from upward.web.documents import actions  # noqa: F401
        from upward.web.documents.addition import ADDITION
        from upward.web.plans.additions import add

        add(self.label, ADDITION)
