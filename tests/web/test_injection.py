"""Script injection: every text field of every form, and every text of the API, is given an attack; no page runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from records_world import one_of_each
from test_permissions import PLAN_ROUTES, SITE_ROUTES, address
from workbench_world import World, first_question, first_task

from upward.web.records.kinds import models_by_kind

pytestmark = pytest.mark.django_db
ATTACK = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}</textarea></title><svg onload=alert(3)>"
)
#: Kinds of input that take words; a browser gives every other kind a value of its own.
WRITTEN = {None, "text", "search", "email", "url", "date", "time", "number", "hidden"}
#: Sending these ends the plan, the membership or the session; their texts are sent elsewhere in this file.
ENDING = {"plans:state", "plans:leave", "plans:remove_task", "plans:remove_date", "plans:remove_file"}


def faults(content: bytes) -> list[str]:
    """What in a page a browser would run or load although nobody of us wrote it."""
    found = []
    for item in html5lib.parse(content, namespaceHTMLElements=False).iter():
        if not isinstance(item.tag, str):
            continue
        if item.tag == "script" and not (item.get("src") or "").startswith("/static/"):
            found.append("script")
        found += [
            f"{item.tag.rpartition('}')[2]} {name}" for name in item.attrib if str(name).startswith("on")
        ]
        for name in ("src", "href", "action", "formaction"):
            target = (item.get(name) or "").strip().lower()
            if target == "x" or target.startswith(("javascript:", "data:text", "vbscript:")):
                found.append(f"{item.tag} {name}={target[:30]}")
    return found


def sendable(content: bytes) -> Iterator[tuple[str, dict[str, list[str]], list[str]]]:
    """Each form of a page that is posted: where to, what it would send as it stands, and its fields for words."""
    for form in html5lib.parse(content, namespaceHTMLElements=False).iter("form"):
        if (form.get("method") or "").lower() != "post":
            continue
        data: dict[str, list[str]] = {}
        words = []
        for item in form.iter():
            name = item.get("name")
            if not name or name in {"csrfmiddlewaretoken", "keep_draft", "drop"}:
                continue
            value, written = _value(item)
            data.setdefault(name, []).extend(value)
            if written and name != "version":
                words.append(name)
        yield form.get("action") or "", data, words


def _value(item: Element) -> tuple[list[str], bool]:
    """What a field would send, and whether people write words into it."""
    if item.tag == "textarea":
        return [item.text or ""], True
    if item.tag == "select":
        options = [option.get("value") or "" for option in item.iter("option")]
        chosen = [
            option.get("value") or "" for option in item.iter("option") if option.get("selected") is not None
        ]
        return (chosen or options[-1:]), False
    if item.tag == "input" and item.get("type") in {"radio", "checkbox"}:
        return [item.get("value") or "on"], False
    return [item.get("value") or ""], item.tag == "input" and item.get("type") in WRITTEN


def test_the_look_at_pages_finds_an_attack_that_worked() -> None:
    assert faults(f"<p>{ATTACK}</p>".encode()) == ["script", "img onerror", "img src=x", "svg onload"]
    assert faults(b"<a href=' JavaScript:alert(1)'>x</a>") == ["a href=javascript:alert(1)"]
    assert faults(b'<script src="/static/upward.js"></script><p>&lt;script&gt;</p>') == []


@pytest.fixture
def attacked(world: World) -> list[str]:
    """The pages of a plan with a record of every kind, after each form was sent with the attack in its fields."""
    made = one_of_each(world.access())
    paths = [
        address(name, world)
        for name, row in PLAN_ROUTES.items()
        if row.takes_get and not name.endswith(("csv", "xlsx", ":file"))
    ]
    paths += [
        reverse(name) for name, row in SITE_ROUTES.items() if row.takes_get and name != "plans:overview_csv"
    ]
    for kind, record in made.items():
        where = {"slug": world.plan.slug, "kind": kind}
        paths += [reverse(f"records:{part}", kwargs=where) for part in ("list", "add")]
        where["uid"] = record.uid
        paths += [
            reverse(f"records:{part}", kwargs=where) for part in ("record", "change", "withdraw", "merge")
        ]
    paths += [reverse("comments:thread", kwargs={"slug": world.plan.slug, "record": f"task:{first_task()}"})]
    ending = {address(name, world) for name in ENDING}
    sent = 0
    for path in paths:
        browser = world.browser("staff" if path in {"/plans/import/", "/jobs/", "/gallery/"} else "owner")
        for target, data, words in sendable(browser.get(path).content):
            if (target or path) in ending or "/account/sign-out/" in target:
                continue
            for attack in ({name: [ATTACK] for name in words}, _one_by_one(data, words)):
                answered = browser.post(target or path, {**data, **attack})
                if answered.headers["Content-Type"].startswith("text/html"):
                    assert faults(answered.content) == [], (path, target)
                else:  # a file, whose packed bytes may look like anything: no browser reads it as a page
                    assert answered.headers["Content-Disposition"].startswith("attachment"), (path, target)
                    assert answered.headers["X-Content-Type-Options"] == "nosniff", (path, target)
                sent += len(words)
    assert sent > 500, "forms were found and sent"
    return paths


def _one_by_one(data: dict[str, list[str]], words: list[str]) -> dict[str, list[str]]:
    """The attack in those fields alone that took words before, so that the form is kept and not refused."""
    kept = {}
    for name in words:
        before = "".join(data[name])
        kept[name] = (
            [ATTACK]
            if before and not before.replace("-", "").replace(".", "").isdigit() and "://" not in before
            else data[name]
        )
    return kept


@pytest.mark.usefixtures("no_release")
def test_no_page_runs_what_people_typed_into_any_field(world: World, attacked: list[str]) -> None:
    carried = 0
    for prefix in ("", "/es"):
        for path in attacked:
            answered = world.browser("owner").get(prefix + path)
            assert faults(answered.content) == [], path
            if not path.endswith("/document/look/"):  # its style is named by its hash
                assert b"<style" not in answered.content, path
                assert b" style=" not in answered.content, path
            carried += b"&lt;script&gt;alert(1)" in answered.content
    assert carried > 100, "the attack was kept as text and stands on pages"
    records = [
        str(record.__dict__) for model in models_by_kind().values() for record in model._default_manager.all()
    ]
    assert sum("<script>" in text for text in records) > 40, "nearly every kind of record keeps it"


@pytest.mark.usefixtures("no_release")
def test_no_page_runs_what_programs_wrote(world: World) -> None:
    from upward.web.accounts.actions import make_api_token

    headers = {
        "Authorization": "Bearer "
        + make_api_token(by=world.people["owner"], name=ATTACK[:60], may_write=True)
    }
    root = f"/api/v1/plans/{world.plan.slug}"

    def send(method: str, path: str, body: dict) -> dict:
        answered = getattr(Client(), method)(
            root + path, json.dumps(body), content_type="application/json", headers=headers
        )
        assert answered.status_code in {200, 201}, answered.content
        assert answered.headers["Content-Type"].startswith("application/json")
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        return answered.json()

    assert send("put", f"/answers/{first_question()}", {"version": 0, "value": ATTACK})["value"] == ATTACK
    send("patch", f"/tasks/{first_task()}", {"version": 2, "done": True, "proof": ATTACK})
    made = send("post", "/records/finding", {"values": {"statement": ATTACK, "status": "draft"}})
    asked = send("post", "/comments", {"record": f"task:{first_task()}", "text": ATTACK, "question": True})
    assert asked["text"] == ATTACK
    slug = {"slug": world.plan.slug}
    for path in (
        reverse("plans:question", kwargs={**slug, "key": first_question()}),
        reverse("plans:task", kwargs={**slug, "key": first_task()}),
        reverse("records:record", kwargs={**slug, "kind": "finding", "uid": made["uid"]}),
        reverse("comments:list", kwargs=slug),
        reverse("plans:history", kwargs=slug),
        reverse("accounts:tokens"),
    ):
        answered = world.browser("owner").get(path)
        assert faults(answered.content) == [], path
        assert b"&lt;script&gt;" in answered.content, path
    found = world.browser("owner").get(reverse("plans:search", kwargs=slug) + "?q=script").content
    assert faults(found) == []
    assert b"<mark>script</mark>" in found
