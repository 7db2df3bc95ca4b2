"""The permission matrix: every address, for every kind of visitor, with the plan open and closed.

A new route without a row here fails the suite. `get` and `post` name who is let through; everyone else gets the answer
that the kind of visitor gets: a way to sign in, nothing (as if the plan were not there), or a refusal in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from workbench_world import ROLES, VISITORS, World, first_question, first_task

pytestmark = pytest.mark.django_db

EVERYONE = frozenset(VISITORS)
SIGNED_IN = EVERYONE - {"anonymous"}
STAFF = frozenset({"staff"})
MEMBERS = frozenset(ROLES)
ANSWER = frozenset({"owner", "editor", "contributor", "adviser"})
COMMENT = frozenset({"owner", "editor", "contributor", "adviser", "assistant"})
TENDS = frozenset({"owner", "editor", "contributor"})  # the comment of the matrix is the contributor's own
WORK = frozenset({"owner", "editor", "contributor"})
ASSIGN = frozenset({"owner", "editor"})
GOVERN = frozenset({"owner"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """Who is let through, and what a closed plan stops."""

    get: frozenset[str]
    post: frozenset[str] = NOBODY
    takes_post: bool = True
    takes_get: bool = True
    closed_stops_get: bool = False
    closed_stops_post: bool = True
    outside: str = (
        "hidden"  # what someone gets who is signed in and has no part in it: hidden, refused, or page
    )


def read(who: frozenset[str] = MEMBERS, **more) -> Row:
    return Row(get=who, takes_post=False, **more)


PLAN_ROUTES: dict[str, Row] = {
    "plans:home": read(),
    "plans:waiting": read(),
    "plans:postpone": Row(NOBODY, MEMBERS, takes_get=False, closed_stops_post=False),
    "plans:facts": Row(MEMBERS, ASSIGN),
    "plans:state": Row(GOVERN, GOVERN, closed_stops_post=False),
    "plans:history": read(),
    "plans:history_csv": read(),
    "plans:undo": Row(NOBODY, ASSIGN, takes_get=False),
    "plans:search": read(),
    "plans:export": Row(ASSIGN, ASSIGN, closed_stops_post=False),
    "plans:steps": read(),
    "plans:step": read(),
    "plans:guide": read(),
    "plans:sign_off": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "plans:add_task": Row(NOBODY, ASSIGN, takes_get=False),
    "plans:chapter": read(),
    "plans:question": Row(MEMBERS, ANSWER),
    "plans:drafts": Row(NOBODY, ANSWER, takes_get=False),
    "plans:tasks": read(),
    "plans:task": Row(MEMBERS, WORK),
    "plans:take": Row(NOBODY, WORK, takes_get=False),
    "plans:remove_task": Row(ASSIGN, ASSIGN),
    "plans:people": read(),
    "plans:invite": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "plans:member": Row(GOVERN, GOVERN),
    "plans:leave": Row(
        frozenset({"owner", "viewer"}), frozenset({"owner", "viewer"}), closed_stops_post=False
    ),
    "plans:withdraw": Row(NOBODY, ASSIGN, takes_get=False),
    "plans:calendar": read(),
    "plans:add_date": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "plans:date": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "plans:remove_date": Row(ASSIGN, ASSIGN),
    "plans:files": Row(MEMBERS, WORK),
    "plans:file": read(),
    "plans:remove_file": Row(ASSIGN, ASSIGN),
    "publishing:choose": read(),
    "publishing:review": Row(GOVERN, GOVERN, closed_stops_post=False),
    "publishing:withdraw": Row(GOVERN, GOVERN, closed_stops_post=False),
    "comments:list": read(),
    "comments:thread": Row(MEMBERS, COMMENT),
    "comments:answer": Row(COMMENT, COMMENT, closed_stops_get=True),
    "comments:close": Row(TENDS, TENDS, closed_stops_get=True),
    "comments:reopen": Row(NOBODY, TENDS, takes_get=False),
    "comments:withdraw": Row(TENDS, TENDS, closed_stops_get=True),
    "comments:bring_back": Row(NOBODY, TENDS, takes_get=False),
    "records:index": read(),
    "records:thread": read(),
    "records:list": read(),
    "records:add": Row(WORK, WORK, closed_stops_get=True),
    "records:csv": read(),
    "records:xlsx": read(),
    "records:bring_in": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "records:record": read(),
    "records:change": Row(WORK, WORK, closed_stops_get=True),
    "records:withdraw": Row(WORK, WORK, closed_stops_get=True),
    "records:restore": Row(NOBODY, WORK, takes_get=False),
    "records:merge": Row(ASSIGN, ASSIGN, closed_stops_get=True),
    "records:settle": Row(NOBODY, WORK, takes_get=False),
    "evidence:findings": Row(MEMBERS, WORK),
    "evidence:data": Row(MEMBERS, GOVERN),
    "readiness:overview": Row(MEMBERS, WORK),
    "strategy:model": read(),
    "evidence:compare": Row(NOBODY, WORK, takes_get=False),
    "measurement:coverage": read(),
    "measurement:baseline": Row(NOBODY, WORK, takes_get=False),
    "measurement:check": Row(NOBODY, WORK, takes_get=False),
    "documents:overview": Row(MEMBERS, WORK),
    "documents:look": read(),
    "documents:file": read(),
    "documents:changes": read(),
    "documents:changes_csv": read(),
}
SITE_ROUTES: dict[str, Row] = {
    "core:start": read(EVERYONE),
    "core:help": read(EVERYONE),
    "core:accessibility": read(EVERYONE),
    "core:privacy": read(EVERYONE),
    "core:gallery": read(STAFF, outside="refused"),
    "healthz": read(EVERYONE),
    "robots": read(EVERYONE),
    "publishing:public_list": read(EVERYONE),
    "icon": Row(EVERYONE, EVERYONE),
    "library:places": read(EVERYONE),
    "library:framework": read(EVERYONE),
    "accounts:account": Row(SIGNED_IN, SIGNED_IN),
    "accounts:new_address": Row(SIGNED_IN, SIGNED_IN),
    "accounts:new_address_sent": read(SIGNED_IN),
    "accounts:renew_calendar": Row(NOBODY, SIGNED_IN, takes_get=False),
    "accounts:tokens": Row(SIGNED_IN, SIGNED_IN),
    "jobs:list": read(STAFF, outside="refused"),
    "plans:list": read(SIGNED_IN),
    "plans:overview": read(SIGNED_IN),
    "plans:overview_csv": read(SIGNED_IN),
    "plans:new": Row(SIGNED_IN, SIGNED_IN),
    "plans:bring_in": Row(STAFF, STAFF, outside="refused"),
    "plans:notices": Row(SIGNED_IN, SIGNED_IN),
}
#: Addresses whose answer depends on a secret or on the steps of signing in; each has its own tests.
OWN_TESTS = {
    "accounts:first_visit", "accounts:confirm_address", "accounts:remove_token", "plans:accept",
    "plans:accept_sent", "plans:accept_by_mail", "plans:feed", "library:place",
    "publishing:public",
    "account_login", "account_logout", "account_signup", "account_inactive", "account_reauthenticate",
    "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_index", "mfa_authenticate",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "socialaccount_login_cancelled",
    "socialaccount_login_error", "socialaccount_signup", "socialaccount_connections", "openid_connect_login",
    "openid_connect_callback",
}  # fmt: skip


def route_names(patterns: list, prefix: str = "") -> Iterator[str]:
    """Every named route of the site; the API's are looked at in test_api."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from route_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_route_has_a_row() -> None:
    names = {name for name in route_names(get_resolver().url_patterns) if not name.startswith("api:")}
    assert names == PLAN_ROUTES.keys() | SITE_ROUTES.keys() | OWN_TESTS


def address(name: str, world: World) -> str:
    from upward.web.core.models import HistoryEntry
    from upward.web.plans.invitations import invite

    parts: dict[str, object] = {
        "step": {"number": 1},
        "guide": {"number": 1},
        "sign_off": {"number": 1},
        "add_task": {"number": 1},
        "task": {"key": first_task()},
        "take": {"key": first_task()},
        "member": {"number": world.plan.members.get(role="viewer").pk},
        "leave": {"number": world.plan.members.get(role="viewer").pk},
        "date": {"number": world.records["date"].pk},
        "remove_date": {"number": world.records["date"].pk},
        "file": {"number": world.records["file"].pk},
        "remove_file": {"number": world.records["file"].pk},
        "remove_task": {"key": world.records["own"].key},
        "question": {"key": first_question()},
        "drafts": {"form": f"question:{first_question()}"},
        "chapter": {"key": "data"},
        "undo": {"number": HistoryEntry.objects.get(plan=world.plan.pk, event="task.assigned").pk},
    }
    if name.startswith("records:"):
        return _record_address(name, world)
    if name in NUMBERS_LOOKED_UP:
        return reverse(name, kwargs={"slug": world.plan.slug, "uid": _record_with_numbers(name, world)})
    if name == "documents:file":
        return reverse(name, kwargs={"slug": world.plan.slug, "ending": "pdf"})
    short = name.removeprefix("plans:")
    if name.startswith("comments:"):
        return reverse(name, kwargs={"slug": world.plan.slug, **comment_parts(name, world)})
    if short == "withdraw":
        waiting = world.plan.invitations.first()
        if waiting is None:
            waiting, _token = invite(by=world.access(), role="viewer", email="new@example.org")
        parts[short] = {"number": waiting.pk}
    return reverse(name, kwargs={"slug": world.plan.slug, **parts.get(short, {})})


def comment_parts(name: str, world: World) -> dict[str, object]:
    """The contributor's question, withdrawn where the route brings it back."""
    from upward.web.comments.actions import withdraw_comment, write_comment
    from upward.web.comments.models import Comment

    if name == "comments:list":
        return {}
    record = f"task:{first_task()}"
    if name == "comments:thread":
        return {"record": record}
    asked = Comment.objects.first() or write_comment(
        by=world.access("contributor"), record=record, text="Who?", question=True
    )
    if name == "comments:bring_back" and asked.withdrawn_at is None:
        withdraw_comment(by=world.access("contributor"), comment=asked, reason="x")
    return {"uid": asked.uid}


#: The kind of record whose number each of these routes looks up.
NUMBERS_LOOKED_UP = {
    "evidence:compare": "pinned-metric", "measurement:baseline": "measure", "measurement:check": "target",
}  # fmt: skip


def _record_with_numbers(name: str, world: World) -> str:
    """A reading, a measure or a target, made when it is first asked for."""
    from records_world import one_of_each

    from upward.web.records.kinds import models_by_kind

    found = models_by_kind()[NUMBERS_LOOKED_UP[name]].objects.filter(plan=world.plan).first()
    if found is None:
        found = one_of_each(world.access())[NUMBERS_LOOKED_UP[name]]
    return found.uid


def _record_address(name: str, world: World) -> str:
    """A page of a record: one finding, with a flag, made when it is first asked for."""
    from upward.web.records.actions import add_record
    from upward.web.records.models import Flag

    short = name.removeprefix("records:")
    parts: dict[str, object] = {"slug": world.plan.slug}
    if short not in {"index", "thread"}:
        parts["kind"] = "finding"
    if short in {"record", "change", "withdraw", "restore", "merge", "settle"}:
        from upward.web.evidence.models import Finding

        record = Finding.objects.filter(plan=world.plan).first()
        if record is None:
            record = add_record(
                by=world.access(), kind="finding", values={"statement": "Homes are scarce", "status": "draft"}
            )
            Flag.objects.create(plan=world.plan, record=record.key, source="cause:gone", what="It changed")
        parts["uid"] = record.uid
    return reverse(name, kwargs=parts)


def close(world: World) -> None:
    from upward.web.plans.models import Plan

    Plan.objects.filter(pk=world.plan.pk).update(state="closed")


def outcome(status: int, location: str = "") -> str:
    if status == 302 and "/account/sign-in/" in location:
        return "sign in"
    return {404: "hidden", 403: "refused", 409: "closed", 405: "no such method"}.get(
        status, "through" if status in {200, 301, 302, 422} else f"status {status}"
    )


def expected(row: Row, who: str, method: str, *, closed: bool, in_plan: bool) -> str:
    takes, allowed, stops = (
        (row.takes_get, row.get, row.closed_stops_get)
        if method == "get"
        else (row.takes_post, row.post, row.closed_stops_post)
    )
    if who == "anonymous" and who not in (row.get | row.post):
        return "sign in"
    outsider = in_plan and who in {"outsider", "staff"}
    if outsider:
        return "hidden"
    if not takes:
        # A page that only some may see refuses before it looks at the method.
        everyone = row.get | row.post
        return (
            "no such method"
            if who in everyone or (row.outside == "hidden" and not in_plan)
            else "no such method or refused"
        )
    if who not in allowed:
        return "refused" if in_plan else row.outside
    return "closed" if closed and stops else "through"


def check(world: World, name: str, row: Row, who: str, *, closed: bool, in_plan: bool) -> list[str]:
    wrong = []
    for method in ("get", "post"):
        browser = world.browser(who)
        path = address(name, world) if in_plan else reverse(name)
        found = outcome(*_answer(browser, method, path))
        wanted = expected(row, who, method, closed=closed, in_plan=in_plan)
        if found not in wanted.split(" or "):
            wrong.append(f"{method} {name} as {who}{' (closed)' if closed else ''}: {found}, not {wanted}")
    return wrong


def _answer(browser, method: str, path: str) -> tuple[int, str]:
    answered = getattr(browser, method)(path)
    if answered.streaming:
        assert b"".join(answered.streaming_content)
    return answered.status_code, answered.headers.get("Location", "")


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("name", PLAN_ROUTES)
def test_a_page_of_a_plan_lets_through_whom_it_should(world: World, name: str, closed: bool) -> None:
    wrong = []
    for who in VISITORS:
        from django.db import transaction

        with transaction.atomic():  # each visitor meets the plan as it was
            if closed:
                address(name, world)
                close(world)
            wrong += check(world, name, PLAN_ROUTES[name], who, closed=closed, in_plan=True)
            transaction.set_rollback(True)
    assert wrong == []


@pytest.mark.parametrize("name", SITE_ROUTES)
def test_a_page_of_the_site_lets_through_whom_it_should(world: World, name: str) -> None:
    wrong = []
    for who in VISITORS:
        wrong += check(world, name, SITE_ROUTES[name], who, closed=False, in_plan=False)
    assert wrong == []


@pytest.mark.parametrize("name", PLAN_ROUTES)
def test_pages_speak_spanish_at_their_own_address(world: World, name: str) -> None:
    if not PLAN_ROUTES[name].takes_get or name in {
        "plans:file",
        "plans:history_csv",
        "records:csv",
        "records:xlsx",
        "documents:file",
        "documents:look",
        "documents:changes_csv",
    }:
        return
    answered = world.browser("owner").get("/es" + address(name, world))
    assert answered.status_code == 200
    assert b'<html lang="es">' in answered.content
    assert answered.headers["Content-Language"] == "es"
