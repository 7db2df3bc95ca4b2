"""The app of readiness."""

from __future__ import annotations

from django.apps import AppConfig

from upward.base.messages import to_translate

#: Pages beside the lists of its records.
PAGES = (
    ("readiness-rating", "readiness:overview", to_translate("Readiness")),
    ("readiness-condition", "readiness:overview", to_translate("Readiness")),
    ("readiness-decision", "readiness:overview", to_translate("Readiness")),
)


class ReadinessConfig(AppConfig):
    """Readiness."""

    name = "upward.web.readiness"
    label = "readiness"

    def ready(self) -> None:
        """Register the rules and pages of its records."""
        from upward.web.plans.additions import Addition, add
        from upward.web.readiness import actions  # noqa: F401

        add(self.label, Addition(pages=PAGES))
