"""Every page of a plan with 1,700 findings, actions, parts of logic models and measures stands, in few queries."""

from __future__ import annotations

import pytest
from large_plan import ACTIONS, ELEMENTS, FINDINGS, MEASURES, fill_large_plan
from workbench_world import World

from upward.web.records.kinds import model_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


@pytest.fixture
def large(world: World) -> World:
    """The plan of the world, filled."""
    fill_large_plan(world.plan, world.people["owner"])
    return world


#: Page of the plan -> the most queries that it may take, however large the plan is.
PAGES = {
    "": 20, "steps/5/": 20, "records/": 12, "thread/": 40, "document/": 12, "coverage/": 30, "logic-model/": 30,
    "calendar/": 20, "search/?q=finding": 60, "readiness/": 20,
    **{f"records/{kind}/": 25 for kind in ("finding", "strategic-action", "logic-model-element", "measure")},
    "records/finding/?q=county&status=agreed&page=3": 25,
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_large_plan_takes_a_bounded_number_of_queries(
    large: World, django_assert_max_num_queries, path: str
) -> None:
    browser = large.browser("owner")
    browser.get(f"/plans/{large.plan.slug}/{path}")
    with django_assert_max_num_queries(PAGES[path]):
        answer = browser.get(f"/plans/{large.plan.slug}/{path}")
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["finding", "strategic-action", "logic-model-element", "measure", "cause"])
def test_a_record_of_a_large_plan_and_its_form_take_a_bounded_number_of_queries(
    large: World, django_assert_max_num_queries, kind: str
) -> None:
    browser = large.browser("owner")
    record = model_of(kind).objects.filter(plan=large.plan)[5]
    page = f"/plans/{large.plan.slug}/records/{kind}/{record.uid}/"
    browser.get(page)
    for path, most in ((page, 30), (f"{page}change/", 35)):
        with django_assert_max_num_queries(most):
            answer = browser.get(path)
        assert answer.status_code == 200


def test_the_plan_is_as_large_as_it_says(large: World) -> None:
    kinds = ("finding", "strategic-action", "logic-model-element", "measure")
    found = [model_of(kind).objects.filter(plan=large.plan).count() for kind in kinds]
    assert found == [FINDINGS, ACTIONS, ELEMENTS, MEASURES]
