"""The app of measurement."""

from __future__ import annotations

from django.apps import AppConfig

from upward.base.messages import to_translate

#: Pages beside the lists of its records.
PAGES = (
    ("measure", "measurement:coverage", to_translate("Which parts are measured")),
    ("logic-model-element", "measurement:coverage", to_translate("Which parts are measured")),
)


class MeasurementConfig(AppConfig):
    """Measurement."""

    name = "upward.web.measurement"
    label = "measurement"

    def ready(self) -> None:
        """Register the rules and pages of its records."""
        from upward.web.measurement.queries import newer_data_beside
        from upward.web.plans.additions import Addition, add

        add(self.label, Addition(pages=PAGES, beside=newer_data_beside))
