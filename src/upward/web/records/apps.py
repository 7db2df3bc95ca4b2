"""The app of records."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records of all kinds: lists, pages, forms, files, flags."""

    name = "upward.web.records"
    label = "records"

    def ready(self) -> None:
        """Tell the app of plans what records add to its pages and files."""
        from upward.web.plans.additions import add
        from upward.web.records.joining import ADDITION

        add(self.label, ADDITION)
