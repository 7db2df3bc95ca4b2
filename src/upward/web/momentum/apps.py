"""The app of momentum."""

from __future__ import annotations

from django.apps import AppConfig


class MomentumConfig(AppConfig):
    """Momentum."""

    name = "upward.web.momentum"
    label = "momentum"
