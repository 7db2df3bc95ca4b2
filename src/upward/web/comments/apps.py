"""The app of comments, and what it adds to plans."""

from __future__ import annotations

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """See the package."""

    name = "upward.web.comments"
    label = "comments"

    def ready(self) -> None:
        """Add comments to the parts that all apps of a plan share."""
        from upward.web.comments.addition import ADDITION
        from upward.web.plans.additions import add

        add(self.label, ADDITION)
