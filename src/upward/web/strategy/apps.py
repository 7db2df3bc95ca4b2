"""The app of strategy."""

from __future__ import annotations

from django.apps import AppConfig

from upward.base.messages import to_translate

#: Pages beside the lists of its records.
PAGES = (
    ("logic-model-element", "strategy:model", to_translate("Logic model")),
    ("logic-model-link", "strategy:model", to_translate("Logic model")),
    ("strategic-action", "strategy:model", to_translate("Logic model")),
)


class StrategyConfig(AppConfig):
    """Strategy."""

    name = "upward.web.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Register the rules and pages of its records."""
        from upward.web.plans.additions import Addition, add
        from upward.web.strategy import actions  # noqa: F401

        add(self.label, Addition(pages=PAGES))
