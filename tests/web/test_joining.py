"""Coming in by an invitation: what each kind of link asks, and that no link tells whether an address has an account."""

from __future__ import annotations

import dataclasses
import re
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client
from django.urls import reverse
from workbench_world import PASSWORD, World, join_with_a_name, name_offered

from upward.web.accounts.models import User
from upward.web.accounts.sign_in_names import NO_ADDRESS
from upward.web.config.options import SingleSignOn
from upward.web.jobs.tasks import send_digests
from upward.web.plans.bundle import bundle_of, import_plan
from upward.web.plans.invitations import invite, mailed_proof, withdraw
from upward.web.plans.models import Membership, Notice

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "outsider@example.org", "stranger@example.org"


@pytest.fixture
def sends_mail(settings) -> None:
    """An installation with a mail server."""
    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, mail={"EMAIL_HOST": "mail.example.org"})


def link_for_several(world: World, **more: object) -> str:
    _made, token = invite(by=world.access(), role="adviser", **{"places": 5, **more})
    return reverse("plans:accept", kwargs={"token": token})


def seen(answered) -> tuple[object, ...]:
    """Return everything that a visitor gets of an answer but what is drawn anew each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answered.content.decode())
    cookies = {name: (held["path"], held["max-age"]) for name, held in answered.cookies.items()}
    headers = {
        name: value for name, value in answered.headers.items() if name != "Expires"
    }  # it holds the second
    return answered.status_code, headers, cookies, text


def links_mailed() -> list[str]:
    return [
        next(word for word in sent.body.split() if "/invitations/mail/" in word).removeprefix(
            "http://testserver"
        )
        for sent in mail.outbox
    ]


# --- nothing is told ---------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("sends_mail")
@pytest.mark.parametrize("language", ["", "/es"])
def test_where_mail_is_sent_a_link_answers_the_same_for_every_address(world: World, language: str) -> None:
    path = language + link_for_several(world)
    answers, mails = [], []
    for email in (KNOWN, UNKNOWN):
        browser = Client()
        first = browser.post(path, {"email": email})
        answers.append((seen(first), seen(browser.get(first.headers["Location"]))))
        sent = mail.outbox.pop()
        assert sent.to == [email]
        mails.append((sent.subject, re.sub(r"/invitations/mail/\S+", "", sent.body)))
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 302
    assert mails[0] == mails[1], "not even a mail's text differs"


@pytest.mark.usefixtures("sends_mail")
def test_where_mail_is_sent_a_link_costs_the_same_for_every_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hashed = []
    monkeypatch.setattr(hashers, "make_password", lambda *_args, **_more: hashed.append(1))
    path = link_for_several(world)
    asked = []
    for email in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            Client().post(path, {"email": email})
        asked.append([re.sub(r"'[^']*'|\d[\d.]*", "", one["sql"]) for one in queries])
        assert not any('"accounts_user"."email" =' in sql for sql in asked[-1]), "no account is looked for"
    assert len(asked[0]) == len(asked[1]) > 0
    assert hashed == []


@pytest.mark.usefixtures("sends_mail")
def test_where_mail_is_sent_a_personal_link_that_was_passed_on_answers_the_same_for_every_address(
    world: World,
) -> None:
    answers = []
    for email in (KNOWN, UNKNOWN):
        path = link_for_several(world, email=email)
        browser = Client()
        shown = browser.get(path)
        sent = browser.post(path, {"name": "Claimer", "email": email, "password": PASSWORD})
        token = path.split("/")[2]
        answers.append(repr((seen(shown), seen(sent))).replace(email, "").replace(token, ""))
        assert mail.outbox.pop().to == [email]
    assert answers[0] == answers[1]
    assert not User.objects.filter(email=UNKNOWN).exists()


def test_where_no_mail_is_sent_a_link_for_several_asks_for_no_address(world: World) -> None:
    path = link_for_several(world)
    text = Client().get(path).content.decode()
    assert 'name="email"' not in text
    for email in (KNOWN, UNKNOWN):
        join_with_a_name(Client(), path, "Claimer", email=email, login=email)
    assert not User.objects.filter(email=UNKNOWN).exists()
    assert User.objects.filter(name="Claimer", email__endswith=NO_ADDRESS).count() == 2


@pytest.mark.parametrize("offered", [KNOWN, UNKNOWN, "outsider", "mango-1234", ""])
def test_a_sign_in_name_of_one_s_own_making_is_refused_whatever_it_is(world: World, offered: str) -> None:
    path = link_for_several(world)
    answered = join_with_a_name(Client(), path, "Claimer", sign_in_name=offered)
    assert answered.status_code == 422
    assert "Here is another name" in answered.content.decode()
    assert not User.objects.filter(name="Claimer").exists()


# --- coming in -----------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("sends_mail")
def test_who_is_new_makes_an_account_from_the_mail_and_its_address_is_shown_to_be_theirs(
    world: World,
) -> None:
    path = link_for_several(world)
    browser = Client()
    assert browser.post(path, {"email": " New@Example.org "}, follow=True).status_code == 200
    [link] = links_mailed()
    assert "Make my account" in browser.get(link).content.decode()
    come = browser.post(link, {"name": "New Person", "password": PASSWORD, "email": KNOWN}, follow=True)
    assert come.redirect_chain[-1][0] == f"/plans/{world.plan.slug}/"
    made = User.objects.get(name="New Person")
    assert made.email == "new@example.org"
    assert EmailAddress.objects.get(user=made).verified
    assert Membership.objects.get(user=made).role == "adviser"
    assert world.plan.invitations.get().places_left == 4


@pytest.mark.usefixtures("sends_mail")
def test_who_has_an_account_is_told_so_by_the_mail_s_link_alone_and_signs_in_to_accept(world: World) -> None:
    browser = Client()
    browser.post(link_for_several(world), {"email": KNOWN})
    [link] = links_mailed()
    shown = browser.get(link).content.decode()
    assert f"You have an account for {KNOWN}" in shown
    browser.post(link, {"name": "Claimer", "password": "seven slow clouds drift"})
    assert world.people["outsider"].check_password(PASSWORD)
    come = browser.post(
        reverse("account_login"), {"login": KNOWN, "password": PASSWORD, "next": link}, follow=True
    )
    assert come.redirect_chain[-1][0] == link
    browser.post(link)
    assert Membership.objects.filter(plan=world.plan, user=world.people["outsider"]).exists()


@pytest.mark.usefixtures("sends_mail")
def test_a_personal_invitation_by_mail_still_leads_straight_in(world: World) -> None:
    sent = world.browser("owner").post(
        reverse("plans:invite", args=[world.plan.slug]), {"email": "new@example.org", "role": "editor"}
    )
    assert "A mail is on its way to new@example.org" in sent.content.decode()
    [link] = links_mailed()
    browser = Client()
    browser.post(link, {"name": "New Person", "password": PASSWORD})
    assert Membership.objects.get(user__email="new@example.org").role == "editor"
    assert Client().get(link).status_code == 404, "it works once"


def test_a_link_of_a_mail_that_was_changed_or_whose_invitation_was_withdrawn_opens_nothing(
    world: World,
) -> None:
    made, _token = invite(by=world.access(), role="viewer", places=2)
    proof = mailed_proof(made, UNKNOWN)
    path = reverse("plans:accept_by_mail", kwargs={"proof": proof})
    assert Client().get(path).status_code == 200
    for wrong in (proof[:-1] + ("a" if proof[-1] != "a" else "b"), proof[1:], "x", "~~"):
        assert Client().get(reverse("plans:accept_by_mail", kwargs={"proof": wrong})).status_code == 404, (
            wrong
        )
    withdraw(by=world.access(), invitation=made)
    assert Client().get(path).status_code == 404


def test_where_no_mail_is_sent_people_come_in_with_a_name_and_sign_in_with_it_again(world: World) -> None:
    browser = Client()
    come = join_with_a_name(browser, link_for_several(world), "Rosa Vega", follow=True)
    person = User.objects.get(name="Rosa Vega")
    assert f"You sign in with {person.sign_in_name}" in come.content.decode()
    assert re.fullmatch(r"[a-z]+-\d{4}", person.sign_in_name)
    assert Membership.objects.get(user=person).role == "adviser"
    account = browser.get(reverse("accounts:account")).content.decode()
    assert f"You sign in with {person.sign_in_name}." in account
    assert "digest" not in account, "nothing is asked about mail that cannot come"
    browser.post(reverse("accounts:account"), {"name": "Rosa V."})
    assert User.objects.get(pk=person.pk).name == "Rosa V."
    for typed in (person.sign_in_name, f" {person.sign_in_name.title()} "):
        again = Client()
        again.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
        assert "_auth_user_id" in again.session, typed
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "First show" not in browser.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    listed = world.browser("owner").get(reverse("plans:people", args=[world.plan.slug])).content.decode()
    assert person.sign_in_name in listed, "an owner can tell it to who forgot it"
    assert NO_ADDRESS not in listed + account


def test_a_form_that_is_sent_twice_makes_one_account_and_says_which_name_it_has(world: World) -> None:
    path = link_for_several(world)
    browser = Client()
    offered = name_offered(browser.get(path).content.decode())
    fields = {"name": "Rosa", "password": PASSWORD, **offered}
    assert Client().post(path, fields).status_code == 302
    again = Client().post(path, fields)
    assert again.status_code == 422
    assert "sign in with that one" in again.content.decode()
    assert User.objects.filter(name="Rosa").count() == 1
    assert name_offered(again.content.decode()).items().isdisjoint(offered.items())


def test_the_sign_in_form_tells_nothing_about_names(world: World) -> None:
    join_with_a_name(Client(), link_for_several(world), "Rosa")
    person = User.objects.get(name="Rosa")
    texts = []
    for name in (person.sign_in_name, "x" * len(person.sign_in_name)):
        answered = Client().post(reverse("account_login"), {"login": name, "password": "a wrong password"})
        texts.append(repr(seen(answered)).replace(name, ""))
    assert texts[0] == texts[1]


def test_where_no_mail_is_sent_a_forgotten_password_leads_to_a_person_not_to_a_mail(
    world: World, settings
) -> None:
    path = reverse("account_reset_password")
    text = Client().get(path).content.decode()
    assert "The person who looks after it can give you a new password" in text
    assert 'name="email"' not in text
    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, mail={"EMAIL_HOST": "mail.example.org"})
    assert 'name="email"' in Client().get(path).content.decode()


def test_no_mail_goes_to_someone_without_an_address(world: World) -> None:
    join_with_a_name(Client(), link_for_several(world), "Rosa")
    person = User.objects.get(name="Rosa")
    Notice.objects.create(user=person, plan=world.plan, kind="joined", path="/")
    Notice.objects.exclude(user=person).delete()
    mail.outbox.clear()
    assert send_digests.call() == 0
    Client().post(reverse("account_reset_password"), {"email": person.email})
    assert mail.outbox == []


# --- what can go wrong ---------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("sends_mail")
def test_a_mail_server_that_does_not_answer_is_said_and_one_that_refuses_an_address_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem: Exception = SMTPServerDisconnected()

    def fails(*_args: object) -> None:
        raise problem

    monkeypatch.setattr("upward.web.core.mail.send_mail", fails)
    path = link_for_several(world)
    answered = Client().post(path, {"email": KNOWN})
    assert answered.status_code == 422
    assert "No mail can be sent at the moment" in answered.content.decode()
    owner = world.browser("owner").post(
        reverse("plans:invite", args=[world.plan.slug]), {"email": "new@example.org", "role": "editor"}
    )
    assert "No mail can be sent at the moment" in owner.content.decode()
    assert "invitation-link" in owner.content.decode()
    problem = SMTPRecipientsRefused({})
    assert Client().post(path, {"email": KNOWN}).status_code == 302


@pytest.mark.usefixtures("sends_mail")
def test_a_link_floods_no_one_s_mail(world: World) -> None:
    path = link_for_several(world)
    answers = {repr(seen(Client().post(path, {"email": UNKNOWN}))) for _try in range(8)}
    assert len(answers) == 1
    assert len(mail.outbox) == 5


def test_a_personal_link_that_was_passed_on_proves_no_address_where_a_provider_can(
    world: World, settings
) -> None:
    named = SingleSignOn("County sign-on", "https://id.example.org", "a", "b")
    for single_sign_on, verified in ((named, False), (None, True)):
        settings.OPTIONS = dataclasses.replace(settings.OPTIONS, single_sign_on=single_sign_on)
        email = f"mayor{verified}@example.org".lower()
        Client().post(link_for_several(world, email=email), {"name": "Mayor", "password": PASSWORD})
        assert EmailAddress.objects.get(email=email).verified is verified


def test_a_plan_brought_elsewhere_takes_no_one_else_s_sign_in_name(world: World) -> None:
    join_with_a_name(Client(), link_for_several(world), "Rosa")
    rosa = User.objects.get(name="Rosa")
    packed = bundle_of(world.plan)
    restored = import_plan(packed, by=None)
    assert Membership.objects.filter(plan=restored, user=rosa).exists(), "the same person here"
    User.objects.filter(pk=rosa.pk).update(name="Someone else")
    restored = import_plan(packed, by=None)
    assert not Membership.objects.filter(plan=restored, user=rosa).exists()
    other = Membership.objects.get(plan=restored, user__name="Rosa").user
    assert not other.has_address
    assert other.sign_in_name != rosa.sign_in_name


def test_the_history_names_a_link_for_several_in_the_reader_s_language(world: World) -> None:
    link_for_several(world)
    for prefix, words in (
        ("", "invited several people, by a link"),
        ("/es", "invitó a varias personas, con un enlace"),
    ):
        path = prefix + reverse("plans:history", args=[world.plan.slug])
        assert words in world.browser("owner").get(path).content.decode()
