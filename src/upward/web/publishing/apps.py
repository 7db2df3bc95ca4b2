"""The app of publishing, and what it adds to plans."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """See the package."""

    name = "upward.web.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Add what is public to the parts that all apps of a plan share."""
        from upward.web.plans.additions import add
        from upward.web.publishing.addition import ADDITION

        add(self.label, ADDITION)
