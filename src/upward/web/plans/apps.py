"""The app of plans."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans and what their members do."""

    name = "upward.web.plans"
    label = "plans"
