"""Choosing one of many records: a search that narrows the options, without scripts too."""

from __future__ import annotations

from datetime import date

import html5lib
import pytest
from django.urls import reverse
from workbench_world import World

from upward.web.engagement.models import Cause
from upward.web.evidence.models import Finding
from upward.web.momentum.models import Milestone
from upward.web.records.actions import add_record
from upward.web.strategy.models import StrategicAction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


@pytest.fixture
def many(world: World) -> World:
    """A plan with more findings than a page offers at once."""
    Finding.objects.bulk_create(
        Finding(plan=world.plan, uid=f"finding{n:04}", statement=f"Finding {n}", status="draft")
        for n in range(120)
    )
    return world


def address(world: World, kind: str) -> str:
    return reverse("records:add", kwargs={"slug": world.plan.slug, "kind": kind})


def offered(answered, name: str) -> dict[str, bool]:
    """Which options a field shows, and whether they are chosen."""
    tree = html5lib.parse(answered.content, namespaceHTMLElements=False)
    boxes = [
        item for item in tree.iter("input") if item.get("name") == name and item.get("type") == "checkbox"
    ]
    selects = [item for item in tree.iter("select") if item.get("name") == name]
    options = [option for item in selects for option in item.iter("option") if option.get("value")]
    return {
        **{item.get("value"): item.get("checked") is not None for item in boxes},
        **{item.get("value"): item.get("selected") is not None for item in options},
    }


def test_of_many_only_some_are_shown_and_words_narrow_them(many):
    browser = many.browser("contributor")
    first = browser.get(address(many, "cause"))
    assert len(offered(first, "findings")) == 30
    assert "120 of 120 fit" in first.content.decode()
    typed = {"version": "0", "statement": "Kept", "findings": ["finding0003"], "find_findings": "finding 11"}
    narrowed = browser.post(address(many, "cause"), {**typed, "narrow_findings": "1"})
    assert narrowed.status_code == 200
    assert Cause.objects.count() == 0
    shown = offered(narrowed, "findings")
    assert shown.pop("finding0003") is True, "what is chosen stays in sight"
    assert set(shown) == {"finding0011", *(f"finding{n:04}" for n in range(110, 120))}
    assert "Kept" in narrowed.content.decode()


def test_the_enter_key_searches_where_words_are_typed_and_saves_otherwise(many):
    browser = many.browser("contributor")
    form = html5lib.parse(browser.get(address(many, "cause")).content, namespaceHTMLElements=False)
    first = next(item for item in form.iter("button") if item.get("type") == "submit")
    assert first.get("name") == "enter"
    typed = {"version": "0", "statement": "Kept", "level": "symptom", "enter": "1"}
    assert browser.post(address(many, "cause"), {**typed, "find_findings": "finding 11"}).status_code == 200
    assert Cause.objects.count() == 0
    assert browser.post(address(many, "cause"), {**typed, "find_findings": ""}).status_code == 302
    assert Cause.objects.get().statement == "Kept"


def test_what_is_not_in_sight_can_still_be_saved_and_only_what_is_offered(many):
    browser = many.browser("contributor")
    typed = {"version": "0", "statement": "Zoning", "level": "symptom", "findings": ["finding0090"]}
    assert browser.post(address(many, "cause"), typed).status_code == 302
    assert [one.uid for one in Cause.objects.get().findings.all()] == ["finding0090"]
    changed = browser.get(
        reverse(
            "records:change", kwargs={"slug": many.plan.slug, "kind": "cause", "uid": Cause.objects.get().uid}
        )
    )
    assert offered(changed, "findings")["finding0090"] is True
    refused = browser.post(address(many, "cause"), {**typed, "findings": ["finding9999"]})
    assert refused.status_code == 422
    assert "Choose from the options shown." in refused.content.decode()


def test_a_list_of_one_is_searched_too(many):
    answered = many.browser("contributor").post(
        address(many, "contribution"), {"version": "0", "find_about": "119", "narrow_about": "1"}
    )
    assert list(offered(answered, "about")) == ["finding0119"]
    text = answered.content.decode()
    assert 'for="id_about_find"' in text
    assert "1 of 120 fit" in text


def test_few_options_have_no_search(world):
    add_record(by=world.access(), kind="finding", values={"statement": "Only", "status": "draft"})
    assert "find_findings" not in world.browser("contributor").get(address(world, "cause")).content.decode()


def test_the_record_to_merge_is_searched_among_many(many):
    path = reverse("records:merge", kwargs={"slug": many.plan.slug, "kind": "finding", "uid": "finding0000"})
    browser = many.browser("editor")
    assert len(offered(browser.get(path), "gone")) == 30
    assert list(offered(browser.get(f"{path}?find=117"), "gone")) == ["finding0117"]
    browser.post(path, {"gone": "finding0117"})
    assert Finding.objects.get(uid="finding0117").withdrawn_at is not None


@pytest.fixture
def many_actions(world: World) -> World:
    """A plan whose milestones belong to more actions than a filter shows at once."""
    actions = StrategicAction.objects.bulk_create(
        StrategicAction(plan=world.plan, uid=f"action{n:04}", title=f"Action {n}", status="draft")
        for n in range(75)
    )
    Milestone.objects.bulk_create(
        Milestone(
            plan=world.plan,
            uid=f"milestone{n:04}",
            title=f"Milestone {n}",
            action=action,
            due=date(2027, 3, 1),
        )
        for n, action in enumerate(actions)
    )
    return world


def test_a_list_is_filtered_by_any_record_however_many_there_are(many_actions):
    browser = many_actions.browser("viewer")
    path = reverse("records:list", kwargs={"slug": many_actions.plan.slug, "kind": "milestone"})
    first = browser.get(path)
    assert len(offered(first, "action")) == 30
    text = first.content.decode()
    assert "75 of 75 fit" in text
    assert 'hx-include="closest form"' in text
    searched = browser.get(path, {"find_action": "action 74", "narrow_action": "1"})
    assert offered(searched, "action") == {"action0074": False}
    assert "75 of 75 shown" in searched.content.decode(), "nothing is filtered before something is chosen"
    found = browser.get(path, {"action": "action0074", "find_action": "action 74"}).content.decode()
    assert "1 of 75 shown" in found
    assert "Milestone 74" in found
    later = browser.get(path, {"action": "action0074", "find_action": "action 3", "narrow_action": "1"})
    assert offered(later, "action").pop("action0074") is True, "what is chosen stays in sight"


def test_few_records_to_filter_by_have_no_search(world):
    action = StrategicAction.objects.create(plan=world.plan, uid="only", title="Only")
    Milestone.objects.create(plan=world.plan, uid="one", title="One", action=action, due=date(2027, 3, 1))
    path = reverse("records:list", kwargs={"slug": world.plan.slug, "kind": "milestone"})
    text = world.browser("viewer").get(path).content.decode()
    assert "find_action" not in text
    assert '<option value="only">Only</option>' in text
