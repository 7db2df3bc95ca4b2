"""The app of shared foundations."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Layout, components, history."""

    name = "upward.web.core"
    label = "core"
