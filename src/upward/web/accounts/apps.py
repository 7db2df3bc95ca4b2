"""The app of people."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, tokens, the owner link."""

    name = "upward.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
