"""The sign-in form of django-allauth: for an address, or a name in its place; one link to the forgotten password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms

from upward.web.accounts.sign_in_names import typed_account
from upward.web.core.language import translated_later


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password; the page itself has the link for a forgotten password, after the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"] = forms.CharField(
            label=translated_later("E-mail address, or your sign-in name"),
            max_length=254,
            widget=forms.TextInput({
                "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email",
            }),
        )  # fmt: skip
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """Return what the account holds for what was typed."""
        return typed_account(self.cleaned_data["login"])
