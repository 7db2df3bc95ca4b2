"""Where django-allauth asks us: nobody signs up without an invitation; links in mail begin with our own address."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal.flows.email_authentication import wipe_password
from django.conf import settings
from django.http import HttpRequest

from upward.web.accounts.actions import take_over
from upward.web.accounts.models import normal_address
from upward.web.accounts.sign_in_names import NO_ADDRESS
from upward.web.core.language import speaking, translated_later


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
        if email.endswith(NO_ADDRESS):
            return
        site = urlsplit(settings.OPTIONS.address).hostname or "Upward"
        context = {**context, "current_site": SimpleNamespace(name=site, domain=site)}
        with speaking(getattr(person, "language", "") or "en"):
            super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors, with our words where an address was never shown to be the person's."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "unverified_email": translated_later(
            "First show that the address is yours: sign out, choose “I forgot my password”, and follow the link in the "
            "mail."
        ),
    }


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the county's own provider: for those who were invited, with the address they were invited by.

    Only an address that the provider has verified counts, for a new account as for one that is here.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ARG002
        """Refuse an answer whose two halves speak of different people."""
        self._check_one_person(sociallogin)

    def _check_one_person(self, sociallogin: Any) -> None:
        """Raise the page of a failed sign-in where the token and the user information name different people.

        OpenID Connect Core 1.0, section 5.3.2.
        """
        held = sociallogin.account.extra_data
        about = {part.get("sub") for name in ("userinfo", "id_token") if (part := held.get(name))}
        if len(about) > 1:
            raise ImmediateHttpResponse(render_authentication_error(self.request, sociallogin.provider))

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """Return the person whose address the provider has verified; what others claimed in that name ends."""
        self._check_one_person(sociallogin)
        if not verified_address(sociallogin):
            return None
        found = super().authenticate_by_email(sociallogin)
        if found is not None and found[0].is_active:
            person, email = found
            if not EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists():
                wipe_password(self.request, person, email)
                take_over(person=person)
        return found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Return whether the person behind the provider's address was invited and has not come yet."""
        from django.apps import apps

        email = verified_address(sociallogin)
        return (
            bool(email) and apps.get_model("plans", "Invitation").objects.open().filter(email=email).exists()
        )

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Return the person with the provider's name."""
        person = super().populate_user(request, sociallogin, data)
        names = (data.get("name"), " ".join(filter(None, (data.get("first_name"), data.get("last_name")))))
        person.name = next((name for name in names if name), "")[:120]
        return person


def verified_address(sociallogin: Any) -> str:
    """Return the address that the provider says it has verified, or an empty text; some say so as a text."""
    for address in sociallogin.email_addresses:
        if address.verified is True or address.verified == "true":
            return normal_address(address.email)
    return ""
