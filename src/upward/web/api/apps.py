"""The app of api."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "upward.web.api"
    label = "upward_api"
