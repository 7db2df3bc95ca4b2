"""Where django-allauth asks us: nobody signs up without an invitation; links in mail begin with our own address."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from upward.web.core.language import speaking


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with an address and a password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return that the public form is closed: people come by invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail, on the address of this installation whatever the request claims."""
        link = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.OPTIONS.address}{link.path}" if settings.OPTIONS.address else link.geturl()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language of the person, not of the page, in the name of this installation."""
        person = context.get("user")
        site = urlsplit(settings.OPTIONS.address).hostname or "Upward"
        context = {**context, "current_site": SimpleNamespace(name=site, domain=site)}
        with speaking(getattr(person, "language", "") or "en"):
            super().send_mail(template_prefix, email, context)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the county's own provider: for those who were invited, with the address they were invited by."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Return whether the person behind the provider's address was invited and has not come yet."""
        from django.apps import apps

        invitations = apps.get_model("plans", "Invitation").objects.open()
        return (
            bool(sociallogin.user.email)
            and invitations.filter(email=sociallogin.user.email.casefold()).exists()
        )

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Return the person with the provider's name."""
        person = super().populate_user(request, sociallogin, data)
        names = (data.get("name"), " ".join(filter(None, (data.get("first_name"), data.get("last_name")))))
        person.name = next((name for name in names if name), "")[:120]
        return person
