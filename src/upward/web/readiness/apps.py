"""The app of readiness."""

from __future__ import annotations

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    """Readiness."""

    name = "upward.web.readiness"
    label = "readiness"
    default_auto_field = "django.db.models.BigAutoField"
