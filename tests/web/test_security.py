"""Attacks that must fail: on forms, accounts, uploads, addresses and mail."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from workbench_world import PASSWORD, World, first_question, first_task, join_with_a_name

from upward.base.errors import DataError
from upward.web.accounts.models import User
from upward.web.comments.actions import close_question, write_comment
from upward.web.core.models import HistoryEntry
from upward.web.plans import actions
from upward.web.plans.invitations import invite
from upward.web.plans.models import Membership, Upload
from upward.web.plans.uploads import check_content

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}</textarea>"


def page(world: World, name: str, **parts: object) -> str:
    return reverse(f"plans:{name}", kwargs={"slug": world.plan.slug, **parts})


def sign_in(browser: Client, email: str, password: str, **more):
    return browser.post(reverse("account_login"), {"login": email, "password": password, **more})


def test_a_form_without_its_token_is_refused(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["owner"])
    sent = browser.post(page(world, "postpone"), {"thing": "x"})
    assert sent.status_code == 403
    assert "was not sent" in sent.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example/x",
        "javascript:alert(1)",
        "/\\evil.example",
        "https:evil.example",
    ],
)
def test_signing_in_leads_to_pages_of_this_site_only(world: World, target: str) -> None:
    answered = sign_in(Client(), "owner@example.org", PASSWORD, next=target)
    assert answered.status_code == 302
    assert answered.headers["Location"] == "/plans/"


@pytest.mark.parametrize(
    "name", ["account_logout", "account_reauthenticate", "account_change_password", "mfa_index"]
)
@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example/x", "/\\evil.example"])
def test_no_page_of_the_account_leads_elsewhere(world: World, name: str, target: str) -> None:
    browser = world.browser("owner")
    for answered in (
        browser.get(reverse(name), {"next": target}),
        browser.post(f"{reverse(name)}?next={target}", {"next": target, "password": PASSWORD}),
    ):
        assert "evil.example" not in answered.headers.get("Location", "")


def test_an_address_with_two_slashes_leads_nowhere_else(world: World) -> None:
    for path in ("//evil.example/plans", "//evil.example", "/es//evil.example/x"):
        answered = world.browser("owner").get(path)
        assert not answered.headers.get("Location", "/").startswith(("//", "http")), path


def test_a_link_that_would_run_or_lead_to_a_file_is_no_proof(world: World) -> None:
    for link in (
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//x",
    ):
        sent = world.browser("owner").post(
            page(world, "task", key=first_task()), {"proof_link": link, "version": 2, "done": "on"}
        )
        assert sent.status_code == 422, link


@pytest.mark.parametrize("action", ["plans:facts", "plans:invite", "records:add", "comments:thread"])
def test_every_kind_of_form_needs_its_token(world: World, action: str) -> None:
    parts = {"records:add": {"kind": "finding"}, "comments:thread": {"record": f"task:{first_task()}"}}
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["owner"])
    path = reverse(action, kwargs={"slug": world.plan.slug, **parts.get(action, {})})
    before = HistoryEntry.objects.count()
    assert browser.post(path, {"statement": "x", "text": "x", "name": "x"}).status_code == 403
    crossed = {"Origin": "https://evil.example", "Cookie": "csrftoken=a"}
    assert browser.post(path, {"csrfmiddlewaretoken": "a"}, headers=crossed).status_code == 403
    assert HistoryEntry.objects.count() == before


def test_no_view_is_let_off_its_token_but_the_api(world: World) -> None:
    from django.urls import URLResolver, get_resolver

    def views(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from views(pattern.url_patterns, f"{prefix}{pattern.namespace or ''}:")
            else:
                yield f"{prefix}{pattern.name}", pattern.callback

    let_off = {
        name for name, view in views(get_resolver().url_patterns) if getattr(view, "csrf_exempt", False)
    }
    assert {name for name in let_off if not name.startswith("api:")} == set()


def test_what_people_type_never_becomes_part_of_a_page(world: World) -> None:
    owner = world.access()
    User.objects.filter(pk=world.people["editor"].pk).update(name=ATTACK)
    Membership.objects.filter(plan=world.plan, role="editor").update(function=ATTACK)
    actions.change_plan(
        by=owner,
        version=owner.plan.version,
        places=[("98001", ATTACK)],
        name=ATTACK[:120],
        led_by=ATTACK,
        about=ATTACK,
    )
    actions.add_date(
        by=world.access(), title=ATTACK, day=world.records["date"].day, time=None, place=ATTACK, note=ATTACK
    )
    task = actions.add_task(by=world.access(), step="approach", title=ATTACK)
    actions.change_task(
        by=world.access(), key=task.key, version=1, values={"proof": ATTACK, "set_aside": ATTACK}
    )
    question = first_question()
    browser = world.browser("owner")
    browser.post(page(world, "question", key=question), {"answer": ATTACK, "version": 0})
    browser.post(page(world, "question", key=question), {"answer": ATTACK + "!", "version": 0})
    browser.post(page(world, "drafts", form=f"question:{question}"), {"answer": ATTACK})
    asked = write_comment(by=world.access(), record=f"task:{task.key}", text=ATTACK, question=True)
    close_question(by=world.access(), comment=asked, reason=ATTACK)
    write_comment(by=world.access("editor"), record=f"task:{task.key}", text=ATTACK)
    actions.sign_off_step(by=world.access(), step="approach", note=ATTACK, open_tasks=3)
    paths = [reverse("comments:list", args=[world.plan.slug])]
    paths += [reverse("comments:thread", args=[world.plan.slug, f"task:{task.key}"])]
    names = ("home", "steps", "tasks", "people", "calendar", "files", "history", "facts", "waiting")
    paths += [page(world, name) for name in names]
    paths += [
        page(world, "step", number=1),
        page(world, "task", key=task.key),
        page(world, "question", key=question),
    ]
    paths += [page(world, "sign_off", number=1), page(world, "search") + "?q=script", reverse("plans:list")]
    paths += [
        page(world, "history") + "?person=<script>&record=<script>",
        "/places/?q=<script>alert(1)</script>",
    ]
    for path in paths:
        text = browser.get(path).content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert ">49<" not in text, path


def test_json_of_the_api_carries_text_as_text(world: World) -> None:
    from upward.web.accounts.actions import make_api_token

    actions.add_date(
        by=world.access(), title=ATTACK, day=world.records["date"].day, time=None, place="", note=""
    )
    token = make_api_token(by=world.people["owner"], name="t", may_write=False)
    answered = Client().get(
        f"/api/v1/plans/{world.plan.slug}/dates", headers={"Authorization": f"Bearer {token}"}
    )
    assert answered.headers["Content-Type"].startswith("application/json")
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert ATTACK in {entry["title"] for entry in json.loads(answered.content)}


def test_every_page_forbids_scripts_and_styles_within_it(world: World) -> None:
    for path in ("/help/", page(world, "home"), page(world, "step", number=1), "/healthz", "/nothing-here/"):
        answered = world.browser("owner").get(path)
        policy = answered.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        text = answered.content.decode()
        assert "<script>" not in text
        assert " style=" not in text
        assert "onclick" not in text
        assert answered.headers["X-Frame-Options"] == "DENY"
        assert answered.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "localhost.evil.example"])
def test_a_wrong_host_is_not_answered_and_never_stands_in_a_mail(world: World, host: str) -> None:
    answered = Client().post(
        reverse("account_reset_password"), {"email": "owner@example.org"}, headers={"Host": host}
    )
    assert answered.status_code == 400
    assert mail.outbox == []


def test_a_reset_mail_leads_to_the_installation_s_own_address(world: World) -> None:
    Client().post(
        reverse("account_reset_password"), {"email": "owner@example.org"}, headers={"Host": "localhost"}
    )
    assert "http://testserver/account/password/reset/key/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_nobody_learns_from_the_reset_form_who_has_an_account(world: World) -> None:
    known = Client().post(reverse("account_reset_password"), {"email": "owner@example.org"}, follow=True)
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    assert [sent.to for sent in mail.outbox] == [["owner@example.org"]]


def test_nobody_learns_from_the_sign_in_form_who_has_an_account(world: World) -> None:
    texts = []
    for email in ("owner@example.org", "nobody@example.org"):
        answered = sign_in(Client(), email, "a wrong password")
        texts.append(answered.content.decode().replace(email, "").split("csrfmiddlewaretoken")[0])
        assert answered.status_code == 200
    assert texts[0] == texts[1]


def test_nobody_signs_up_without_an_invitation_and_the_form_tells_nothing(world: World) -> None:
    texts = set()
    for email in ("owner@example.org", "nobody@example.org"):
        answered = Client().post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
        texts.add((answered.status_code, answered.content.decode().split("csrfmiddlewaretoken")[0]))
    assert len(texts) == 1
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_an_invitation_tells_nobody_whether_its_address_has_an_account(world: World) -> None:
    shown = set()
    for email in ("outsider@example.org", "nobody@example.org"):
        _made, token = invite(by=world.access(), role="viewer", email=email)
        path = reverse("plans:accept", kwargs={"token": token})
        shown.add(
            Client()
            .get(path)
            .content.decode()
            .replace(email, "")
            .replace(token, "")
            .split("csrfmiddlewaretoken")[0]
        )
    listed = world.browser("owner").get(page(world, "people")).content.decode()
    assert "outsider@example.org" in listed
    assert "Outsider Person" not in listed, "an invited person's name is not looked up"


def test_too_many_tries_lock_an_account_for_a_while_also_for_the_right_password(world: World) -> None:
    browser = Client()
    for _try in range(6):
        sign_in(browser, "owner@example.org", "a wrong password")
    sign_in(browser, "owner@example.org", PASSWORD)
    assert "_auth_user_id" not in browser.session
    other = Client()
    sign_in(other, "editor@example.org", PASSWORD)
    assert "_auth_user_id" in other.session


def test_a_session_handed_in_before_signing_in_is_not_the_one_after(world: World) -> None:
    browser = Client()
    browser.post(page(world, "question", key=first_question()), {"answer": "typed", "version": 0})
    before = browser.session.session_key
    sign_in(browser, "owner@example.org", PASSWORD)
    assert before
    assert browser.session.session_key != before


def test_a_second_factor_is_asked_for_where_it_is_set_up(world: World) -> None:
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = generate_totp_secret()
    TOTP.activate(world.people["owner"], secret)
    browser = Client()
    answered = sign_in(browser, "owner@example.org", PASSWORD)
    assert answered.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in browser.session
    assert browser.get(reverse("mfa_authenticate")).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in browser.session


def test_pages_of_the_own_account_are_there(world: World) -> None:
    browser = world.browser("owner")
    for name in ("account_change_password", "mfa_index", "socialaccount_connections", "account_logout"):
        assert browser.get(reverse(name)).status_code == 200, name
    for name in ("account_login", "account_signup", "account_reset_password", "account_reset_password_done"):
        assert Client().get(reverse(name)).status_code == 200, name
    assert Client().get(reverse("account_reset_password_from_key_done")).status_code == 200
    assert Client().get(reverse("account_inactive")).status_code == 200
    browser = Client()
    sign_in(browser, "editor@example.org", PASSWORD)
    asked = browser.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert browser.get(asked.headers["Location"]).status_code == 200
    shown = browser.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    assert "Use an app for codes" in shown.content.decode()


def test_a_password_is_reset_through_the_mail_s_link(world: World) -> None:
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": "owner@example.org"})
    link = next(line for line in mail.outbox[0].body.split() if "/password/reset/key/" in line)
    form = browser.get(link.removeprefix("http://testserver"), follow=True)
    new = "seven slow clouds drift"
    done = browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    sign_in(browser, "owner@example.org", new)
    assert "_auth_user_id" in browser.session


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("program.exe", b"MZ"),
        ("no-ending", b"text"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("paper.pdf", PNG),
        ("table.csv", b"\x00\x01\x02"),
        ("empty.txt", b""),
        ("letter.docx", office("xl/workbook.xml", "[Content_Types].xml")),
        ("macro.docx", office("word/document.xml", "[Content_Types].xml", "word/vbaProject.bin")),
        ("broken.xlsx", b"PK\x03\x04 broken"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_taken(world: World, name: str, content: bytes) -> None:
    with pytest.raises(DataError):
        check_content(name, content)
    sent = world.browser("owner").post(page(world, "files"), {"file": SimpleUploadedFile(name, content)})
    assert sent.status_code == 422
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", PNG),
        ("b.PDF", b"%PDF-1.7 x"),
        ("c.docx", office("word/document.xml", "[Content_Types].xml")),
    ],
)
def test_an_honest_file_is_given_out_as_an_attachment_that_cannot_run(
    world: World, name: str, content: bytes
) -> None:
    world.browser("owner").post(page(world, "files"), {"file": SimpleUploadedFile(f"../../{name}", content)})
    upload = Upload.objects.latest("pk")
    given = world.browser("viewer").get(page(world, "file", number=upload.pk))
    assert b"".join(given.streaming_content) == content
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert "/" not in upload.name
    assert name not in upload.file.name


def test_a_file_of_another_plan_is_not_given_out(world: World) -> None:
    other = actions.start_plan(by=world.people["outsider"], name="Other", places=[("98003", "Other")])
    path = reverse("plans:file", kwargs={"slug": other.slug, "number": world.records["file"].pk})
    assert world.browser("outsider").get(path).status_code == 404


def test_an_invitation_works_once_for_its_address_and_no_other(world: World) -> None:
    _made, token = invite(by=world.access(), role="editor", email="New@Example.org")
    path = reverse("plans:accept", kwargs={"token": token})
    assert world.browser("outsider").post(path).status_code == 422
    browser = Client()
    assert browser.get(path).status_code == 200
    browser.post(path, {"name": "New Person", "email": "other@example.org", "password": PASSWORD})
    person = User.objects.get(email="new@example.org")
    assert Membership.objects.get(plan=world.plan, user=person).role == "editor"
    assert Client().get(path).status_code == 404
    assert HistoryEntry.objects.filter(event="member.joined", by=person.pk).exists()


def test_a_link_for_several_never_makes_owners_and_ends_after_its_places(world: World) -> None:
    from upward.base.errors import RefusedError

    with pytest.raises(RefusedError):
        invite(by=world.access(), role="owner")
    _made, token = invite(by=world.access(), role="viewer", places=2)
    path = reverse("plans:accept", kwargs={"token": token})
    for number in range(3):
        join_with_a_name(Client(), path, f"P{number}")
    assert sorted(User.objects.filter(name__startswith="P").values_list("name", flat=True)) == ["P0", "P1"]


def test_an_editor_cannot_make_an_owner(world: World) -> None:
    sent = world.browser("editor").post(page(world, "invite"), {"email": "x@example.org", "role": "owner"})
    assert sent.status_code == 422
    assert not world.plan.invitations.exists()


def test_a_mail_cannot_be_given_more_lines_by_a_name(world: World) -> None:
    actions.change_plan(
        by=world.access(), version=1, places=[("98001", "x")], name="Plan\nBcc: victim@example.org"
    )
    world.browser("owner").post(page(world, "invite"), {"email": "x@example.org", "role": "viewer"})
    assert mail.outbox[-1].recipients() == ["x@example.org"]
    assert "\n" not in mail.outbox[-1].subject


def test_the_owner_link_works_once_and_only_while_nobody_has_an_account(db) -> None:
    from upward.web.accounts.actions import make_owner_link

    token = make_owner_link()
    path = reverse("accounts:first_visit", kwargs={"token": token})
    assert Client().get(reverse("accounts:first_visit", kwargs={"token": "wrong"})).status_code == 404
    browser = Client()
    browser.post(path, {"name": "Ana", "email": "ana@example.org", "password": PASSWORD})
    assert User.objects.get().is_staff
    assert Client().get(path).status_code == 404
    assert browser.get(reverse("plans:new")).status_code == 200


def test_a_weak_password_is_not_taken(db) -> None:
    from upward.web.accounts.actions import make_owner_link

    path = reverse("accounts:first_visit", kwargs={"token": make_owner_link()})
    for weak in ("short", "password1234", "123456789012", "ana@example.org"):
        Client().post(path, {"name": "Ana", "email": "ana@example.org", "password": weak})
    assert not User.objects.exists()


def test_tokens_and_links_are_kept_as_hashes_only(world: World) -> None:
    from upward.web.accounts.actions import make_api_token
    from upward.web.accounts.models import ApiToken

    token = make_api_token(by=world.people["owner"], name="t", may_write=False)
    made, secret = invite(by=world.access(), role="viewer", email="z@example.org")
    assert token not in str(ApiToken.objects.values())
    assert secret not in str(vars(made))
    assert secret not in str(list(HistoryEntry.objects.values()))


def test_text_with_characters_that_a_database_refuses_is_an_error_of_the_form(world: World) -> None:
    sent = world.browser("owner").post(
        page(world, "task", key=first_task()), {"proof": "a\x00b", "version": 2}
    )
    assert sent.status_code == 422
