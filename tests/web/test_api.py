"""The JSON API: tokens, rights, versions, rates, and generated requests against its own description."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from workbench_world import ROLES, VISITORS, World, first_question, first_task

from upward.web.accounts.actions import make_api_token, remove_api_token
from upward.web.accounts.models import ApiToken

pytestmark = pytest.mark.django_db


class Caller:
    """A program with a token."""

    def __init__(self, world: World, who: str = "owner", *, may_write: bool = True) -> None:
        self.headers = {
            "Authorization": "Bearer " + make_api_token(by=world.people[who], name="t", may_write=may_write)
        }
        self.root = f"/api/v1/plans/{world.plan.slug}"

    def get(self, path: str):
        return Client().get(self.root + path, headers=self.headers)

    def send(self, method: str, path: str, body: dict):
        return getattr(Client(), method)(
            self.root + path, json.dumps(body), content_type="application/json", headers=self.headers
        )


def operations() -> list[tuple[str, str]]:
    description = Client().get("/api/v1/openapi.json").json()
    return [(method, path) for path, methods in description["paths"].items() for method in methods]


def test_the_description_covers_every_route_of_the_api(db) -> None:
    described = {path for _method, path in operations()}
    routes = {
        "/api/v1/" + str(pattern.pattern).replace("<", "{").replace(">", "}")
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "api"
        for pattern in resolver.url_patterns
        if pattern.name not in {"openapi-json", "api-root"}
    }
    assert described == routes


def test_every_route_refuses_whoever_has_no_token(world: World) -> None:
    for method, path in operations():
        filled = (
            path.replace("{slug}", world.plan.slug)
            .replace("{key}", first_task())
            .replace("{kind}", "finding")
            .replace("{uid}", "abcd1234")
        )
        for headers in ({}, {"Authorization": "Bearer upw_wrong"}, {"Authorization": "Basic x"}):
            answered = getattr(Client(), method)(filled, headers=headers)
            assert answered.status_code == 401, (method, path)
    signed_in = world.browser("owner")
    assert signed_in.get("/api/v1/plans").status_code == 401, "a session of a browser is no token"


def test_every_route_hides_a_plan_from_whoever_is_no_member(world: World) -> None:
    outsider = Caller(world, "outsider")
    for method, path in operations():
        if "{slug}" not in path:
            continue
        rest = path.split("{slug}")[1].replace("{key}", first_task() if "tasks" in path else first_question())
        rest = rest.replace("{kind}", "finding").replace("{uid}", "abcd1234")
        answered = (
            outsider.get(rest)
            if method == "get"
            else outsider.send(method, rest, {"version": 1, "value": "x", "text": "x", "values": {}})
        )
        assert answered.status_code == 404, (method, path)
    assert Client().get("/api/v1/plans", headers=outsider.headers).json() == []


@pytest.mark.parametrize(
    ("who", "answer", "task"),
    [
        ("owner", 200, 200), ("editor", 200, 200), ("contributor", 200, 200),
        ("adviser", 200, 403), ("viewer", 403, 403), ("assistant", 403, 403),
    ],
)  # fmt: skip
def test_a_token_writes_what_its_person_may_write(world: World, who: str, answer: int, task: int) -> None:
    caller = Caller(world, who)
    sent = caller.send("put", f"/answers/{first_question()}", {"version": 0, "value": "From a program"})
    assert sent.status_code == answer
    sent = caller.send("patch", f"/tasks/{first_task()}", {"version": 2, "done": True, "proof": "Minutes"})
    assert sent.status_code == task
    if task == 200:
        assert sent.json()["state"] == "done"


MEMBERS = frozenset(ROLES)
WORK = frozenset({"owner", "editor", "contributor"})
#: Each operation of a plan: who may, whether a closed plan stops it, and a body that is right.
OPERATIONS: dict[tuple[str, str], tuple[frozenset[str], bool, dict | None]] = {
    ("get", "/api/v1/plans/{slug}"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/steps"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/tasks"): (MEMBERS, False, None),
    ("patch", "/api/v1/plans/{slug}/tasks/{key}"): (WORK, True, {"version": 2, "done": True, "proof": "Minutes"}),
    ("get", "/api/v1/plans/{slug}/answers"): (MEMBERS, False, None),
    ("put", "/api/v1/plans/{slug}/answers/{key}"): (WORK | {"adviser"}, True, {"version": 0, "value": "Words"}),
    ("get", "/api/v1/plans/{slug}/dates"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/members"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/history"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/comments"): (MEMBERS, False, None),
    ("post", "/api/v1/plans/{slug}/comments"): (MEMBERS - {"viewer"}, True, {"record": "task:s01.t01", "text": "Who?"}),
    ("get", "/api/v1/plans/{slug}/records"): (MEMBERS, False, None),
    ("get", "/api/v1/plans/{slug}/records/{kind}"): (MEMBERS, False, None),
    ("post", "/api/v1/plans/{slug}/records/{kind}"): (
        WORK, True, {"values": {"statement": "Homes are scarce", "status": "draft"}},
    ),
    ("get", "/api/v1/plans/{slug}/records/{kind}/{uid}"): (MEMBERS, False, None),
    ("patch", "/api/v1/plans/{slug}/records/{kind}/{uid}"): (
        WORK, True, {"version": 1, "values": {"statement": "Homes are few"}},
    ),
}  # fmt: skip


def test_every_operation_of_a_plan_has_a_row(db) -> None:
    assert {(method, path) for method, path in operations() if "{slug}" in path} == OPERATIONS.keys()


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_an_operation_answers_whom_it_should(world: World, operation: tuple[str, str], closed: bool) -> None:
    from django.db import transaction

    from upward.web.plans.models import Plan
    from upward.web.records.actions import add_record

    method, path = operation
    allowed, closing_stops, body = OPERATIONS[operation]
    finding = add_record(by=world.access(), kind="finding", values={"statement": "Homes", "status": "draft"})
    if closed:
        Plan.objects.filter(pk=world.plan.pk).update(state="closed")
    key = first_task() if "tasks" in path else first_question()
    rest = (
        path.split("{slug}")[1]
        .replace("{key}", key)
        .replace("{kind}", "finding")
        .replace("{uid}", finding.uid)
    )
    wrong = []
    for who in VISITORS:
        if who == "anonymous":  # has no token: test_every_route_refuses_whoever_has_no_token
            continue
        with transaction.atomic():  # each meets the plan as it was
            caller = Caller(world, who)
            status = (caller.get(rest) if body is None else caller.send(method, rest, body)).status_code
            transaction.set_rollback(True)
        wanted = {200, 201}
        if who in {"outsider", "staff"}:
            wanted = {404}
        elif who not in allowed:
            wanted = {403}
        elif closed and closing_stops:
            wanted = {409}
        if status not in wanted:
            wrong.append(f"{who}: {status}, not {wanted}")
    assert wrong == []


def test_a_reading_token_writes_nothing(world: World) -> None:
    caller = Caller(world, may_write=False)
    assert caller.get("/tasks").status_code == 200
    assert caller.send("put", f"/answers/{first_question()}", {"version": 0, "value": "x"}).status_code == 403


def test_a_change_of_an_old_version_is_refused_with_the_new_one(world: World) -> None:
    caller = Caller(world)
    path = f"/answers/{first_question()}"
    assert caller.send("put", path, {"version": 0, "value": "one"}).json()["version"] == 1
    late = caller.send("put", path, {"version": 0, "value": "two"})
    assert (late.status_code, late.json()["version"]) == (409, 1)


def test_addresses_of_people_are_not_given_out(world: World) -> None:
    caller = Caller(world)
    for path in ("/members", "/history", "/tasks", "/answers", ""):
        assert "@example.org" not in caller.get(path).content.decode()


def test_long_lists_come_in_pages(world: World) -> None:
    caller = Caller(world)
    tasks = caller.get("/tasks?limit=500").json()
    assert caller.get("/tasks?offset=3&limit=2").json() == tasks[3:5]
    assert caller.get("/tasks?limit=501").status_code == 422


def test_a_token_ends_with_its_day_its_removal_and_its_account(world: World) -> None:
    from django.utils import timezone

    caller = Caller(world)
    token = ApiToken.objects.get()
    ApiToken.objects.update(expires_at=timezone.now())
    assert caller.get("/tasks").status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() + timezone.timedelta(days=1))
    world.people["owner"].is_active = False
    world.people["owner"].save()
    assert caller.get("/tasks").status_code == 401
    remove_api_token(by=world.people["owner"], token=token)
    assert not ApiToken.objects.exists()


def test_whoever_asks_too_often_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upward.web.api.api.MOST_PER_MINUTE", 5)

    caller = Caller(world)
    answers = [caller.get("").status_code for _try in range(9)]
    assert 429 in answers
    assert answers[:3] == [200, 200, 200]


@pytest.mark.usefixtures("_one_connection")
def test_generated_requests_find_no_error_of_the_server(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from upward.web.config.wsgi import application
    from upward.web.records.actions import add_record

    monkeypatch.setattr("upward.web.api.api.MOST_PER_MINUTE", 10**9)
    caller = Caller(world)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    finding = add_record(by=world.access(), kind="finding", values={"statement": "Homes", "status": "draft"})
    real = {"slug": world.plan.slug, "kind": "finding", "uid": finding.uid}
    answered_with: dict[str, set[int]] = {}
    for operation in schema.get_all_operations():
        asked = operation.ok()
        _try_out(asked, caller, real, answered_with.setdefault(f"{asked.method} {asked.path}", set()))
    assert answered_with.keys() == {f"{method} {path}" for method, path in operations()}
    missed = {name for name, statuses in answered_with.items() if not statuses & {200, 201, 409, 422}}
    assert missed == set(), "every operation was reached behind its address and its token"


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the test's connection open through calls of the bare application, as Django's own client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def _try_out(asked, caller: Caller, real: dict[str, str], statuses: set[int]) -> None:
    """Send generated requests to an operation, right and wrong ones, with invented names and real ones."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    cases = asked.as_strategy()
    if asked.path_parameters or asked.query or asked.body:
        cases |= asked.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    names = real | {"key": first_task() if "tasks" in asked.path else first_question()}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=cases, known=st.booleans())
    def generated(case, known: bool) -> None:
        if known and isinstance(case.path_parameters, dict):
            case.path_parameters = {
                name: names.get(name, value) for name, value in case.path_parameters.items()
            }
        answered = case.call(headers={**caller.headers, "Host": "testserver"})
        statuses.add(answered.status_code)
        case.validate_response(answered, checks=checks)

    generated()
