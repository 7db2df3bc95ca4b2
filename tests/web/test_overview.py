"""Many plans at a glance: progress, next thing, what is late, who asks; filtered, ordered, and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from workbench_world import World, first_task

from upward.web.comments.actions import write_comment
from upward.web.core.models import HistoryEntry
from upward.web.plans import actions
from upward.web.plans.models import Membership, Plan
from upward.web.plans.overview import plan_lines
from upward.web.plans.queries import access_to, plan_work

pytestmark = pytest.mark.django_db
OVERVIEW = "/plans/overview/"


@pytest.fixture
def many(world: World) -> World:
    """The assistant in three plans: one with late work, one with a question, one quiet for long."""
    owner = world.people["owner"]
    for name in ("Late County", "Asking County", "Quiet County"):
        plan = actions.start_plan(by=owner, name=name, places=[("98003", f"{name}, EX")])
        Membership.objects.create(plan=plan, user=world.people["assistant"], role="assistant")
        world.records[name] = plan
    late = access_to(world.records["Late County"], owner)
    actions.change_task(
        by=late, key=first_task(), version=0, values={"due": date.today() - timedelta(days=4)}
    )
    asking = access_to(world.records["Asking County"], owner)
    write_comment(
        by=asking,
        record=f"task:{first_task()}",
        text="How did others begin?",
        question=True,
        asked_of=world.people["assistant"],
    )
    long_ago = timezone.now() - timedelta(days=45)
    HistoryEntry.objects.filter(plan=world.records["Quiet County"].pk).update(at=long_ago)
    return world


def names(text: str) -> list[str]:
    found = ("Example County", "Late County", "Asking County", "Quiet County")
    shown = [(text.find(f'/">{name}</a>'), name) for name in found]
    return [name for at, name in sorted(shown) if at >= 0]


def test_an_assistant_sees_what_each_plan_needs(many: World) -> None:
    text = many.browser("assistant").get(OVERVIEW).content.decode()
    assert "4 of 4 plans" in text
    assert names(text) == ["Asking County", "Example County", "Late County", "Quiet County"]
    assert "1 open question<" in text
    assert "quiet for 30 days or more" in text
    assert text.count("10 not started") >= 1
    assert "Prepare for “Coalition meeting”" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("needs=late", ["Late County"]),
        ("needs=asked", ["Asking County"]),
        ("needs=quiet", ["Quiet County"]),
        ("order=late", ["Late County", "Asking County", "Example County", "Quiet County"]),
        ("role=owner", []),
        (
            "needs=%00&order=<script>&role=king&page=x",
            ["Asking County", "Example County", "Late County", "Quiet County"],
        ),
    ],
)
def test_plans_are_chosen_and_ordered_by_what_they_need(many: World, query: str, expected: list[str]) -> None:
    text = many.browser("assistant").get(f"{OVERVIEW}?{query}").content.decode()
    assert names(text) == expected
    assert "<script>" not in text


def test_the_longest_quiet_stands_first_where_asked_for(many: World) -> None:
    assert (
        names(many.browser("assistant").get(f"{OVERVIEW}?order=quiet").content.decode())[0] == "Quiet County"
    )


def test_the_list_of_plans_shows_the_same_facts(many: World) -> None:
    text = many.browser("assistant").get("/plans/").content.decode()
    assert "1 task</a>" in text
    assert '?show=mine">1</a>' in text
    assert OVERVIEW in text
    assert OVERVIEW not in many.browser("viewer").get("/plans/").content.decode(), "one plan needs no glance"


def test_the_table_for_a_spreadsheet_holds_every_plan_and_runs_no_formula(many: World) -> None:
    Plan.objects.filter(name="Late County").update(name="=HYPERLINK(1)")
    given = many.browser("assistant").get("/plans/overview.csv?needs=late")
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert given.headers["Content-Disposition"] == 'attachment; filename="plans.csv"'
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)"]
    assert len(rows[0]) == len(rows[1]) == 24
    held = dict(zip(rows[0], rows[1], strict=True))
    assert held["Late tasks"] == "1"
    assert held["Late since"] == (date.today() - timedelta(days=4)).isoformat()
    spanish = many.browser("assistant").get("/es/plans/overview.csv").content.decode("utf-8-sig")
    assert spanish.startswith("Plan,Dirección")


def test_a_person_sees_no_plan_of_others(many: World) -> None:
    text = many.browser("outsider").get(OVERVIEW).content.decode()
    assert names(text) == []
    assert len(many.browser("outsider").get("/plans/overview.csv").content.decode().splitlines()) == 1


def test_a_closed_plan_has_no_next_thing(many: World) -> None:
    Plan.objects.filter(name="Late County").update(state="closed")
    line = next(line for line in plan_lines(many.people["assistant"]) if line.plan.name == "Late County")
    assert line.next is None


def test_the_counts_are_those_of_the_plan_itself(many: World) -> None:
    actions.change_task(
        by=many.access(), key="s02.t01", version=0, values={"done_on": date.today(), "proof": "Minutes"}
    )
    actions.sign_off_step(by=many.access(), step="approach", note="On we go", open_tasks=9)
    for line in plan_lines(many.people["assistant"]):
        work = plan_work(line.plan)
        assert line.standing.done == sum(step.done for step in work.values())
        assert line.standing.total == sum(len(step.states) for step in work.values())
    example = next(line for line in plan_lines(many.people["assistant"]) if line.plan == many.plan)
    assert example.standing.step_states[:2] == ("done", "said")


def test_many_plans_take_no_more_queries_than_few(many: World, django_assert_max_num_queries) -> None:
    for number in range(30):
        plan = actions.start_plan(by=None, name=f"Plan {number}", places=[("98003", "X")])
        Membership.objects.create(plan=plan, user=many.people["assistant"], role="assistant")
    browser = many.browser("assistant")
    for path in (OVERVIEW, "/plans/", "/plans/overview.csv", reverse("plans:overview") + "?needs=late"):
        with django_assert_max_num_queries(16):
            browser.get(path)


def test_many_plans_stand_on_pages_in_the_same_order(many: World) -> None:
    for number in range(20):
        plan = actions.start_plan(by=None, name=f"Plan {number:02}", places=[("98003", "X")])
        Membership.objects.create(plan=plan, user=many.people["assistant"], role="assistant")
    browser = many.browser("assistant")
    shown = [browser.get(f"{OVERVIEW}?page={page}").content.decode() for page in (1, 2, 3)]
    assert ["24 of 24 plans" in text for text in shown] == [True, True, True]
    assert [text.count("Plan 0") > 0 for text in shown] == [True, True, False]
    assert "Quiet County" in shown[2]
