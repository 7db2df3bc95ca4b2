"""The app of sections and release."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Sections and release."""

    name = "upward.web.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
