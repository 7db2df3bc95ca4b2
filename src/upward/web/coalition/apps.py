"""The app of the coalition."""

from __future__ import annotations

from django.apps import AppConfig


class CoalitionConfig(AppConfig):
    """The coalition."""

    name = "upward.web.coalition"
    label = "coalition"
