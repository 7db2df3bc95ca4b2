"""Another address for an account: shown by a mailed link, told to the one before; no other account is told of."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from workbench_world import PASSWORD, World, join_with_a_name

from upward.base.errors import RefusedError
from upward.web.accounts.actions import change_address
from upward.web.accounts.address_change import PROOF_LIFE
from upward.web.accounts.models import User
from upward.web.core.models import HistoryEntry
from upward.web.plans.invitations import invite

pytestmark = pytest.mark.django_db
NEW, TAKEN = "new@example.org", "outsider@example.org"


@pytest.fixture
def sends_mail(settings) -> None:
    """An installation with a mail server."""
    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, mail={"EMAIL_HOST": "mail.example.org"})


def signed_in(email: str = "editor@example.org") -> Client:
    """Return a browser in which a person has just signed in and confirmed it."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    browser.get(reverse("accounts:account"))  # has read what a page says once after signing in
    assert "_auth_user_id" in browser.session
    return browser


def ask(browser: Client, email: str = NEW, *, language: str = ""):
    return browser.post(language + reverse("accounts:new_address"), {"email": email})


def link_mailed() -> str:
    [link] = re.findall(
        r"http://testserver(\S+/account/address/\S+|/account/address/\S+)", mail.outbox[-1].body
    )
    return link


def seen(answered) -> tuple[object, ...]:
    """Return everything that a visitor gets of an answer but what is drawn anew each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answered.content.decode())
    return answered.status_code, answered.headers.get("Location"), text


# --- with mail -----------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("sends_mail")
@pytest.mark.parametrize("language", ["", "/es"])
def test_the_address_changes_by_the_mail_s_link_and_the_one_before_is_told(
    world: World, language: str
) -> None:
    browser, person = signed_in(), world.people["editor"]
    assert ask(browser, " New@Example.org ", language=language).status_code == 302
    assert mail.outbox[-1].to == [NEW]
    link = link_mailed()
    assert link.startswith(f"{language}/account/address/")
    assert NEW in browser.get(link).content.decode()
    person.refresh_from_db()
    assert person.email == "editor@example.org", "to look at the page changes nothing"
    done = browser.post(link, follow=True)
    assert NEW in done.content.decode()
    person.refresh_from_db()
    assert person.email == NEW
    [kept] = EmailAddress.objects.filter(user=person)
    assert (kept.email, kept.verified, kept.primary) == (NEW, True, True)
    told = mail.outbox[-1]
    assert told.to == ["editor@example.org"]
    assert NEW not in told.body + told.subject, "the new one may be private"
    row = HistoryEntry.objects.get(event="person.address")
    assert (row.by, row.before, row.after) == (person.pk, {"email": "editor@example.org"}, {"email": NEW})
    assert browser.get(reverse("plans:list")).status_code == 200, "the session goes on"
    signed_in(NEW)
    stale = Client()
    stale.post(reverse("account_login"), {"login": "editor@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in stale.session


@pytest.mark.usefixtures("sends_mail")
def test_who_came_with_a_sign_in_name_gets_an_address_in_its_place(world: World, settings) -> None:
    with_mail = settings.OPTIONS
    settings.OPTIONS = dataclasses.replace(with_mail, mail={})
    _made, token = invite(by=world.access(), role="adviser", places=5)
    browser = Client()
    join_with_a_name(browser, reverse("plans:accept", kwargs={"token": token}), "Rosa")
    settings.OPTIONS = with_mail
    person = User.objects.get(name="Rosa")
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = browser.get(reverse("accounts:new_address")).content.decode()
    assert "Add your address" in shown
    assert person.sign_in_name in shown
    ask(browser)
    browser.post(link_mailed())
    person.refresh_from_db()
    assert (person.email, person.has_address) == (NEW, True)
    assert [sent.to for sent in mail.outbox] == [[NEW]], "there was no address to tell"
    assert "Mail about what waits" in browser.get(reverse("accounts:account")).content.decode()


@pytest.mark.usefixtures("sends_mail")
def test_nothing_tells_whether_the_new_address_has_an_account(world: World) -> None:
    browser, answers, mails = signed_in(), [], []
    for email in (TAKEN, NEW):
        sent = ask(browser, email)
        answers.append((seen(sent), seen(browser.get(sent.headers["Location"]))))
        written = mail.outbox.pop()
        assert written.to == [email]
        mails.append((written.subject, re.sub(r"/account/address/\S+", "", written.body)))
    assert answers[0] == answers[1]
    assert mails[0] == mails[1]


@pytest.mark.usefixtures("sends_mail")
def test_asking_costs_the_same_for_every_address(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, asked = signed_in(), []
    for email in (TAKEN, NEW):
        with CaptureQueriesContext(connection) as queries:
            ask(browser, email)
        asked.append([re.sub(r"'[^']*'|\d[\d.]*", "", one["sql"]) for one in queries])
        assert not any('"accounts_user"."email" =' in sql for sql in asked[-1]), "no account is looked for"
    assert len(asked[0]) == len(asked[1]) > 0


@pytest.mark.usefixtures("sends_mail")
def test_who_reads_the_mail_of_a_taken_address_is_told_so_and_nothing_changes(world: World) -> None:
    browser = signed_in()
    ask(browser, TAKEN)
    answered = browser.post(link_mailed())
    assert answered.status_code == 422
    assert "has an account already" in answered.content.decode()
    world.people["editor"].refresh_from_db()
    assert world.people["editor"].email == "editor@example.org"
    assert not HistoryEntry.objects.filter(event="person.address").exists()


@pytest.mark.usefixtures("sends_mail")
def test_a_link_is_for_the_account_that_asked_and_works_once_for_three_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(days=3) == PROOF_LIFE
    browser = signed_in()
    ask(browser)
    link = link_mailed()
    assert world.browser("owner").post(link).status_code == 404
    assert Client().post(link).headers["Location"].startswith(reverse("account_login"))
    assert browser.post(link[:-3] + "xx/").status_code == 404
    with monkeypatch.context() as later:
        later.setattr("upward.web.accounts.address_change.PROOF_LIFE", timedelta(seconds=-1))
        assert browser.post(link).status_code == 404
    assert browser.post(link).status_code == 302
    assert browser.post(link).status_code == 404


@pytest.mark.usefixtures("sends_mail")
def test_the_form_asks_to_confirm_who_one_is_and_refuses_what_is_no_new_address(world: World) -> None:
    first = world.browser("editor").get(reverse("accounts:new_address"))
    assert first.headers["Location"].startswith(reverse("account_reauthenticate"))
    for email, words in (
        ("editor@example.org", "has now"), ("mango-1234@no-address.invalid", "No mail can reach"), ("x", "valid"),
    ):  # fmt: skip
        answered = ask(signed_in(), email)
        assert answered.status_code == 422
        assert words in answered.content.decode()
    assert mail.outbox == []


@pytest.mark.usefixtures("sends_mail")
def test_asking_floods_no_one_s_mail(world: World) -> None:
    browser = signed_in()
    answers = {repr(seen(ask(browser))) for _try in range(8)}
    assert len(answers) == 1
    assert len(mail.outbox) == 5


@pytest.mark.usefixtures("sends_mail")
def test_a_mail_server_that_does_not_answer_is_said_and_undoes_no_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in()
    ask(browser)
    link = link_mailed()

    def fails(*_args: object) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("upward.web.core.mail.send_mail", fails)
    answered = ask(browser, "other@example.org")
    assert answered.status_code == 422
    assert "No mail can be sent at the moment" in answered.content.decode()
    assert browser.post(link).status_code == 302


@pytest.mark.usefixtures("sends_mail")
def test_a_link_for_a_new_password_that_went_to_the_former_address_ends(world: World) -> None:
    Client().post(reverse("account_reset_password"), {"email": "editor@example.org"})
    reset = next(line for line in mail.outbox[-1].body.split() if "/password/reset/key/" in line)
    change_address(by=None, person=world.people["editor"], email=NEW)
    shown = Client().get(reset.removeprefix("http://testserver"), follow=True).content.decode()
    assert 'name="password1"' not in shown


@pytest.mark.usefixtures("sends_mail")
def test_a_second_factor_stays_and_is_asked_for_with_the_new_address(world: World) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = world.people["editor"]
    TOTP.activate(person, generate_totp_secret())
    change_address(by=None, person=person, email=NEW)
    assert Authenticator.objects.filter(user=person).count() == 1
    answered = Client().post(reverse("account_login"), {"login": NEW, "password": PASSWORD})
    assert answered.headers["Location"].startswith(reverse("mfa_authenticate"))


# --- without mail ------------------------------------------------------------------------------------------------
def test_where_no_mail_is_sent_the_page_says_who_can_set_the_address(world: World) -> None:
    browser = signed_in()
    for answered in (browser.get(reverse("accounts:new_address")), ask(browser), ask(browser, TAKEN)):
        text = answered.content.decode()
        assert "The person who looks after it can set your address" in text
        assert 'name="email"' not in text
    assert mail.outbox == []


def test_from_the_shell_an_address_is_set_and_kept_in_the_history(world: World) -> None:
    person = world.people["editor"]
    change_address(by=None, person=person, email="New@Example.org")
    row = HistoryEntry.objects.get(event="person.address")
    assert (row.by, row.record) == (None, f"person:{person.pk}")
    assert mail.outbox[-1].to == ["editor@example.org"]
    for email in (TAKEN, "mango-1234@no-address.invalid"):
        with pytest.raises(RefusedError):
            change_address(by=None, person=person, email=email)
    assert User.objects.get(pk=person.pk).email == NEW
