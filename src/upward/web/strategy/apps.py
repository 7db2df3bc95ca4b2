"""The app of strategy."""

from __future__ import annotations

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Strategy."""

    name = "upward.web.strategy"
    label = "strategy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rules of its records."""
        from upward.web.strategy import actions  # noqa: F401
