"""The app of evidence and findings."""

from __future__ import annotations

from django.apps import AppConfig

from upward.base.messages import to_translate

#: Pages beside the lists of its records.
PAGES = (
    ("pinned-metric", "evidence:findings", to_translate("What the numbers say")),
    ("pinned-metric", "evidence:data", to_translate("Data of this plan")),
)


class EvidenceConfig(AppConfig):
    """Evidence and findings."""

    name = "upward.web.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Register the rules and pages of its records."""
        from upward.web.evidence import actions  # noqa: F401
        from upward.web.evidence.queries import beside_reading
        from upward.web.plans.additions import Addition, add

        add(self.label, Addition(pages=PAGES, beside=beside_reading))
