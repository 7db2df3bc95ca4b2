"""People, a plan, and browsers of each role, for tests of the workbench."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from workbench_world import PASSWORD, ROLES, World, first_task


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Begin each test in English, whatever the one before visited."""
    translation.activate("en")
    yield
    translation.activate("en")


@pytest.fixture(autouse=True)
def _quiet_cache(request: pytest.FixtureRequest) -> None:
    """Forget counters of tries, and what was remembered of plans, between tests."""
    from upward.web.core.memory import forget_everything

    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        cache.clear()
    caches["memory"].clear()  # numbers of rows come again in each test
    forget_everything()


@pytest.fixture
def no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without data."""
    monkeypatch.setattr("upward.web.core.release.current_release_id", lambda _home: None)


@pytest.fixture
def person(db) -> Callable[..., object]:
    """Make a person with an account; the name stands before the @ of the address."""
    from upward.web.accounts.actions import add_person

    def make(name: str, *, staff: bool = False, language: str = "en"):
        address = f"{name.split()[0].lower()}@example.org"
        return add_person(
            by=None, email=address, name=name, password=PASSWORD, language=language, staff=staff
        )

    return make


@pytest.fixture
def world(person) -> World:
    """A plan of an invented place with one member of each role, a task, an answer, a date and a file."""
    from upward.web.plans.actions import add_date, add_task, change_task, start_plan
    from upward.web.plans.models import Membership, Role
    from upward.web.plans.uploads import add_upload

    people = {role: person(f"{role.title()} Person") for role in ROLES}
    people["outsider"] = person("Outsider Person")
    people["staff"] = person("Staff Person", staff=True)
    plan = start_plan(by=people["owner"], name="Example County", places=[("98001", "Example County")])
    for role in ROLES[1:]:
        Membership.objects.create(plan=plan, user=people[role], role=Role(role))
    made = World(plan, people)
    owner = made.access()
    made.records["own"] = add_task(by=owner, step="approach", title="Call the library")
    made.records["date"] = add_date(
        by=owner,
        title="Coalition meeting",
        day=date.today() + timedelta(days=5),
        time=None,
        place="Library",
        note="",
    )
    made.records["file"] = add_upload(
        by=owner, file=SimpleUploadedFile("minutes.txt", b"We met."), about="Minutes"
    )
    made.records["task"] = change_task(
        by=owner, key=first_task(), version=0, values={"owner": people["contributor"]}
    )
    return made


@pytest.fixture
def sample_data(settings, sample_home: Path) -> Path:
    """Let the workbench read the sample release."""
    import dataclasses

    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, home=sample_home)
    return sample_home
