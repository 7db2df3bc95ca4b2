"""The app of library."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """See the package."""

    name = "upward.web.library"
    label = "upward_library"
