"""Single sign-on against a provider that runs beside the tests: who comes in, who is linked, what is refused."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from identity_provider import CLIENT, SECRET, IdentityProvider
from workbench_world import PASSWORD, World

from upward.web.accounts.actions import add_person, make_api_token
from upward.web.accounts.models import ApiToken, User
from upward.web.config.options import SingleSignOn
from upward.web.config.single_sign_on import PROVIDER, provider_settings
from upward.web.plans.invitations import invite
from upward.web.plans.models import Membership

pytestmark = pytest.mark.django_db
START = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER})


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    """The county's provider, set up as `UPWARD_OIDC_…` sets it up."""
    made = IdentityProvider()
    named = SingleSignOn("County sign-on", made.issuer, CLIENT, SECRET)
    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, single_sign_on=named)
    settings.SOCIALACCOUNT_PROVIDERS = provider_settings(named)
    yield made
    made.stop()


def person(name: str, *, verified: object = True) -> dict[str, object]:
    address = f"{name.split()[0].lower()}@example.org"
    return {"sub": f"id-{address}", "email": address, "email_verified": verified, "name": name}


def start(browser: Client, **form: str) -> str:
    """Begin at our button; return the address of the provider that the browser is sent to."""
    sent = browser.post(START, form)
    assert sent.status_code == 302
    return sent.headers["Location"]


def come_in(provider: IdentityProvider, browser: Client, claims: dict[str, object], **form: str):
    provider.claims = claims
    back = provider.authorize(start(browser, **form))
    assert back.startswith(f"http://testserver/account/single-sign-on/{PROVIDER}/back/?")
    return browser.get(back.removeprefix("http://testserver"), follow=True)


def who(browser: Client) -> str:
    number = browser.session.get("_auth_user_id")
    return User.objects.get(pk=number).email if number else ""


def test_the_sign_in_page_offers_it_and_only_a_form_begins_it(
    provider: IdentityProvider, world: World
) -> None:
    answered = Client().get(reverse("account_login"), {"next": "/plans/example-county/"})
    text = answered.content.decode()
    assert "Sign in with County sign-on" in text
    assert text.count('name="next" value="/plans/example-county/"') == 2
    assert f"form-action 'self' {provider.issuer}" in answered.headers["Content-Security-Policy"]
    assert provider.asked == []
    Client().get(START)
    assert provider.asked == [], "a link from elsewhere begins nothing"


def test_an_invited_person_comes_in_and_becomes_a_member(provider: IdentityProvider, world: World) -> None:
    _made, token = invite(by=world.access(), role="editor", email="New@example.org")
    accept = reverse("plans:accept", kwargs={"token": token})
    browser = Client()
    assert "Come in with County sign-on" in browser.get(accept).content.decode()
    shown = come_in(provider, browser, person("New Person"), next=accept)
    assert shown.redirect_chain[-1][0] == accept, "back to the invitation"
    assert who(browser) == "new@example.org"
    made = User.objects.get(email="new@example.org")
    assert made.name == "New Person"
    assert not made.has_usable_password()
    assert not made.is_staff
    browser.post(accept)
    assert Membership.objects.get(user=made).role == "editor"
    again = Client()
    come_in(provider, again, {**person("New Person"), "email": "renamed@example.org"})
    assert who(again) == "new@example.org", "the provider's own number for the person counts from now on"


def test_a_stranger_gets_no_account(provider: IdentityProvider, world: World) -> None:
    browser = Client()
    before = User.objects.count()
    shown = come_in(provider, browser, person("Stranger Person"))
    assert "invitation" in shown.content.decode()
    assert (who(browser), User.objects.count()) == ("", before)


def test_a_known_person_is_linked_by_the_address_that_the_provider_verified(
    provider: IdentityProvider, world: World
) -> None:
    browser = Client()
    come_in(provider, browser, person("Owner Person"))
    assert who(browser) == "owner@example.org"
    assert SocialAccount.objects.get().user == world.people["owner"]
    assert world.people["owner"].check_password(PASSWORD), "the password still works"
    text = browser.get(reverse("socialaccount_connections")).content.decode()
    assert "owner@example.org" in text or "Owner Person" in text


@pytest.mark.parametrize("verified", [False, None, "false", "", 0], ids=str)
def test_an_address_that_the_provider_did_not_verify_opens_nothing(
    provider: IdentityProvider, world: World, verified: object
) -> None:
    invite(by=world.access(), role="viewer", email="new@example.org")
    for name in ("Owner Person", "New Person"):
        browser = Client()
        come_in(provider, browser, person(name, verified=verified))
        assert who(browser) == "", name
    assert not SocialAccount.objects.exists()
    assert not User.objects.filter(email="new@example.org").exists()


def test_whoever_only_claimed_an_address_is_out_when_its_owner_comes(
    provider: IdentityProvider, world: World
) -> None:
    _made, token = invite(by=world.access(), role="viewer", email="mayor@example.org")
    claimer = Client()
    fields = {"name": "Claimed", "password": PASSWORD}
    claimer.post(reverse("plans:accept", kwargs={"token": token}), fields)
    claimed = User.objects.get(email="mayor@example.org")
    assert not EmailAddress.objects.get(user=claimed).verified
    make_api_token(by=claimed, name="t", may_write=True)
    owner = Client()
    come_in(provider, owner, person("Mayor Person"))
    assert who(owner) == "mayor@example.org"
    assert not ApiToken.objects.exists()
    assert claimer.get(reverse("accounts:account")).status_code == 302, "the session has ended"
    again = Client()
    again.post(reverse("account_login"), {"login": "mayor@example.org", "password": PASSWORD})
    assert who(again) == ""
    assert EmailAddress.objects.get(user=claimed).verified


def test_an_address_that_was_only_claimed_opens_no_second_factor_until_a_mail_arrived(world: World) -> None:
    from django.core import mail

    claimed = add_person(by=None, email="typed@example.org", name="Typed", password=PASSWORD, verified=False)
    browser = Client()
    browser.force_login(claimed)
    refused = browser.get(reverse("mfa_activate_totp"), follow=True)
    assert "First show that the address is yours" in refused.content.decode()
    Client().post(reverse("account_reset_password"), {"email": "typed@example.org"})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    other = Client()
    form = other.get(link.removeprefix("http://testserver"), follow=True)
    new = "seven slow clouds drift"
    other.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert EmailAddress.objects.get(email="typed@example.org").verified


def test_a_closed_account_stays_closed(provider: IdentityProvider, world: World) -> None:
    User.objects.filter(email="owner@example.org").update(is_active=False)
    browser = Client()
    come_in(provider, browser, person("Owner Person"))
    assert who(browser) == ""


def test_a_second_factor_is_still_asked_for(provider: IdentityProvider, world: World) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(world.people["owner"], generate_totp_secret())
    browser = Client()
    shown = come_in(provider, browser, person("Owner Person"))
    assert who(browser) == ""
    assert "Enter your code" in shown.content.decode()


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    provider: IdentityProvider, world: World
) -> None:
    provider.claims = person("Owner Person")
    asked = Client()
    back = provider.authorize(start(asked)).removeprefix("http://testserver")
    other = Client()
    refused = other.get(back)
    assert "did not work" in refused.content.decode()
    start(other)
    assert "did not work" in other.get(back).content.decode(), "a state of one's own does not help"
    assert who(other) == ""
    state = parse_qs(urlsplit(back).query)["state"][0]
    wrong = asked.get(back.replace(state, state[::-1]))
    assert "did not work" in wrong.content.decode()
    assert who(asked) == ""


def test_a_code_is_worth_nothing_in_another_sign_in(provider: IdentityProvider, world: World) -> None:
    provider.claims = person("Owner Person")
    stolen = parse_qs(urlsplit(provider.authorize(start(Client()))).query)["code"][0]
    thief = Client()
    back = provider.authorize(start(thief)).removeprefix("http://testserver")
    own = parse_qs(urlsplit(back).query)["code"][0]
    refused = thief.get(back.replace(own, stolen))
    assert "did not work" in refused.content.decode()
    assert who(thief) == "", "PKCE: the code belongs to the browser that asked for it"


def test_an_answer_works_once(provider: IdentityProvider, world: World) -> None:
    provider.claims = person("Owner Person")
    browser = Client()
    back = provider.authorize(start(browser)).removeprefix("http://testserver")
    browser.get(back)
    assert who(browser) == "owner@example.org"
    browser.logout()
    assert "did not work" in browser.get(back).content.decode()
    assert who(browser) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another client"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 60},
        {"sub": "someone else"},
    ],
    ids=["audience", "issuer", "expired", "subject"],
)
def test_a_token_for_someone_or_something_else_is_refused(
    provider: IdentityProvider, world: World, wrong: dict[str, object]
) -> None:
    provider.token_claims = wrong
    browser = Client()
    shown = come_in(provider, browser, person("Owner Person"))
    assert "did not work" in shown.content.decode()
    assert who(browser) == ""
    assert not SocialAccount.objects.exists()


def test_someone_who_stops_at_the_provider_comes_back_to_a_page_that_says_so(
    provider: IdentityProvider, world: World
) -> None:
    browser = Client()
    state = parse_qs(urlsplit(start(browser)).query)["state"][0]
    back = reverse("openid_connect_callback", kwargs={"provider_id": PROVIDER})
    shown = browser.get(back, {"error": "access_denied", "state": state}, follow=True)
    assert "You stopped signing in" in shown.content.decode()


def test_a_provider_that_does_not_answer_is_said_so(provider: IdentityProvider, world: World) -> None:
    browser = Client()
    back = provider.authorize(start(browser)).removeprefix("http://testserver")
    provider.stop()
    assert "did not work" in browser.get(back).content.decode()
    shown = browser.post(START, follow=True)
    assert shown.status_code == 502
    assert "did not work" in shown.content.decode()


def test_the_way_back_leads_to_pages_of_this_site_only(provider: IdentityProvider, world: World) -> None:
    shown = come_in(provider, Client(), person("Owner Person"), next="https://evil.example/")
    assert all("evil" not in address for address, _status in shown.redirect_chain)


def test_without_a_provider_there_is_no_way_to_one(world: World) -> None:
    assert Client().post(START).status_code == 404
    assert "single-sign-on" not in Client().get(reverse("account_login")).content.decode()
