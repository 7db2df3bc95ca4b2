"""The app of measurement."""

from __future__ import annotations

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """Measurement."""

    name = "upward.web.measurement"
    label = "measurement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rules of its records."""
        from upward.web.measurement import actions  # noqa: F401
