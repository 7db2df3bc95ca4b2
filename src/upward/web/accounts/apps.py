"""The app of people."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, tokens, the owner link."""

    name = "upward.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Learn from a password reset that the mail reached its person."""
        from allauth.account.signals import password_reset

        password_reset.connect(_keep_that_mail_arrived, dispatch_uid="upward.accounts.password_reset")


def _keep_that_mail_arrived(**said: Any) -> None:
    from upward.web.accounts.actions import verify_address

    verify_address(person=said["user"])
