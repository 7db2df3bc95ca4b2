"""Pages for what goes wrong: they need no session and no database, speak the address's language, and say what to do."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from workbench_world import World

pytestmark = pytest.mark.django_db


def failing(problem: Exception):
    def fail(*_arguments: object, **_names: object) -> None:
        raise problem

    return fail


@pytest.mark.parametrize(
    ("problem", "status", "english", "spanish"),
    [
        (
            OperationalError("connection refused"),
            503,
            "The workbench is away",
            "El taller no está disponible",
        ),
        (
            InterfaceError("connection is closed"),
            503,
            "The workbench is away",
            "El taller no está disponible",
        ),
        (RuntimeError("a <secret> detail"), 500, "Something went wrong", "Algo salió mal"),
    ],
    ids=["database refuses", "database lost", "bug"],
)
def test_a_page_that_fails_says_so_in_its_language_and_tells_nothing_inner(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, english: str, spanish: str
) -> None:
    monkeypatch.setattr("upward.web.core.views.render", failing(problem))
    browser = Client(raise_request_exception=False)
    for path, language, words in (("/", "en", english), ("/es/", "es", spanish)):
        answered = browser.get(path)
        text = answered.content.decode()
        assert answered.status_code == status
        assert answered.headers.get("Retry-After") == ("60" if status == 503 else None)
        assert f'<html lang="{language}">' in text
        assert words in text
        assert "UTC" in text, "the time leads to the line in the log"
        assert "secret" not in text
        assert "refused" not in text
        assert "script-src 'self'" in answered.headers["Content-Security-Policy"]


def test_a_wrong_name_of_the_site_says_what_the_installer_can_do() -> None:
    answered = Client().get("/es/plans/", headers={"Host": "evil.example"})
    text = answered.content.decode()
    assert answered.status_code == 400
    assert "Este sitio no responde a ese nombre" in text
    assert "UPWARD_ADDRESS" in text
    assert "evil.example" not in text


def test_a_pause_after_too_many_tries_is_a_page_in_its_language(world: World) -> None:
    for path, words in (("/invitations/x/", "makes a pause"), ("/es/invitations/x/", "una pausa")):
        for _try in range(21):
            answered = Client().post(path)
        assert answered.status_code == 429
        assert words in answered.content.decode()


def test_the_address_of_a_button_says_to_press_it_again(world: World) -> None:
    path = f"/plans/{world.plan.slug}/later/"
    answered = world.browser("owner").get(path)
    text = answered.content.decode()
    assert answered.status_code == 405
    assert answered.headers["Allow"] == "POST"
    assert "Press the button again" in text
    assert f'href="/plans/{world.plan.slug}/">Back to the plan' in text
    assert "Pulse el botón otra vez" in world.browser("owner").get(f"/es{path}").content.decode()


def test_a_refusal_within_a_plan_leads_back_to_it(world: World) -> None:
    answered = world.browser("viewer").get(f"/plans/{world.plan.slug}/state/")
    assert answered.status_code == 403
    assert f'href="/plans/{world.plan.slug}/">Back to the plan' in answered.content.decode()
    assert "Back to the plan" not in world.browser("viewer").get("/jobs/").content.decode()


def test_a_wrong_name_of_the_site_does_not_lead_back_to_itself() -> None:
    answered = Client().get("/", headers={"Host": "evil.example"})
    assert "Go to the start" not in answered.content.decode()


def test_an_address_that_leads_nowhere_and_a_plan_of_others_look_the_same(world: World) -> None:
    texts = {
        world.browser("outsider").get(path).content.decode().replace(path, "")
        for path in (f"/plans/{world.plan.slug}/", "/plans/no-such-plan/")
    }
    assert len(texts) == 1


def test_health_says_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/healthz").json()["status"] == "ok"
    monkeypatch.setattr("upward.web.core.views.connection.cursor", failing(OperationalError("gone")))
    answered = Client().get("/healthz")
    assert (answered.status_code, answered.json()) == (503, {"status": "database unreachable"})
