"""Where records lead on: to what can stand on them, to pages that come of them, back to what was typed before."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from records_world import one_of_each
from workbench_world import World, first_task

from upward.plan.content import RecordKey
from upward.web.plans.models import Draft
from upward.web.records import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


def page(world: World, name: str, record=None, kind: str = "") -> str:
    parts = {"kind": record.KIND, "uid": record.uid} if record is not None else {"kind": kind}
    return reverse(f"records:{name}", kwargs={"slug": world.plan.slug, **parts})


def drafts(world: World, name: str) -> str:
    return reverse("plans:drafts", kwargs={"slug": world.plan.slug, "form": name})


def finding(world: World, statement: str = "Homes are scarce"):
    return actions.add_record(
        by=world.access(), kind="finding", values={"statement": statement, "status": "draft"}
    )


# --- on from a record ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "next_kind"),
    [("finding", "cause"), ("milestone", "update"), ("priority", "strategic-action"), ("measure", "target")],
)
def test_a_record_leads_on_to_a_form_that_already_names_it(world: World, kind: str, next_kind: str) -> None:
    record = one_of_each(world.access())[kind]
    browser = world.browser("editor")
    text = browser.get(page(world, "record", record)).content.decode()
    found = re.search(f'href="({page(world, "add", kind=next_kind)}[?][^"]+)"', text)
    assert found
    form = browser.get(found.group(1)).content.decode()
    assert re.search(rf'value="{record.uid}"[^>]*(?:selected|checked)', form)


def test_only_who_may_add_is_led_on_and_nobody_from_what_was_withdrawn(world: World) -> None:
    record = finding(world)
    assert "Go on from here" in world.browser("editor").get(page(world, "record", record)).content.decode()
    assert (
        "Go on from here" not in world.browser("viewer").get(page(world, "record", record)).content.decode()
    )
    actions.withdraw_record(by=world.access(), record=record, version=record.version, reason="Not so")
    assert (
        "Go on from here" not in world.browser("editor").get(page(world, "record", record)).content.decode()
    )


@pytest.mark.parametrize(
    ("number", "route"),
    [
        (2, "evidence:findings"),
        (3, "readiness:overview"),
        (7, "strategy:model"),
        (8, "measurement:coverage"),
        (9, "documents:overview"),
    ],
)
def test_a_step_leads_to_the_pages_that_come_of_its_records(world: World, number: int, route: str) -> None:
    step = reverse("plans:step", kwargs={"slug": world.plan.slug, "number": number})
    text = world.browser("viewer").get(step).content.decode()
    assert f'href="{reverse(route, kwargs={"slug": world.plan.slug})}"' in text


@pytest.mark.parametrize("name", ["plans:home", "records:index"])
def test_the_document_is_one_link_away_from_where_people_begin(world: World, name: str) -> None:
    text = world.browser("viewer").get(reverse(name, kwargs={"slug": world.plan.slug})).content.decode()
    assert f'href="{reverse("documents:overview", kwargs={"slug": world.plan.slug})}"' in text


def test_a_record_shows_what_a_value_was_before_it_changed(world: World) -> None:
    record = finding(world)
    theirs = {"statement": "Homes are dear"}
    actions.change_record(by=world.access(), record=record, version=record.version, values=theirs)
    text = world.browser("viewer").get(page(world, "record", record)).content.decode()
    assert "Homes are scarce → Homes are dear" in text


# --- on without somebody -------------------------------------------------------------------------------------------
def test_before_a_membership_ends_its_duties_are_listed_and_afterwards_the_plan_misses_them(
    world: World,
) -> None:
    person = world.people["contributor"]
    action = one_of_each(world.access())["strategic-action"]
    values = {
        "title": "Open the contract",
        "status": "on-track",
        "owner": str(person.pk),
        "action": RecordKey("strategic-action", action.uid),
        "due": date(2027, 5, 1),
    }
    milestone = actions.add_record(by=world.access(), kind="milestone", values=values)
    member = world.plan.members.get(user=person)
    browser = world.browser("owner")
    leave = reverse("plans:leave", kwargs={"slug": world.plan.slug, "number": member.pk})
    text = browser.get(leave).content.decode()
    assert "What then needs somebody else" in text
    assert "Milestone: Open the contract" in text
    assert page(world, "record", milestone) in text
    assert reverse("plans:task", kwargs={"slug": world.plan.slug, "key": first_task()}) in text
    thread = reverse("records:thread", kwargs={"slug": world.plan.slug})
    assert page(world, "record", milestone) not in browser.get(thread).content.decode()
    browser.post(leave)
    assert page(world, "record", milestone) in browser.get(thread).content.decode()


def test_who_has_no_duties_leaves_without_a_list(world: World) -> None:
    member = world.plan.members.get(user=world.people["viewer"])
    leave = reverse("plans:leave", kwargs={"slug": world.plan.slug, "number": member.pk})
    assert "What then needs" not in world.browser("viewer").get(leave).content.decode()


# --- lists -----------------------------------------------------------------------------------------------------------
def test_many_filters_fold_and_stand_open_where_one_is_used(world: World) -> None:
    actions.add_record(by=world.access(), kind="partner", values={"name": "Library", "status": "joined"})
    path = page(world, "list", kind="partner")
    browser = world.browser("viewer")
    assert "<details><summary>4 more filters" in browser.get(path).content.decode()
    assert "<details open><summary>" in browser.get(path, {"status": "joined"}).content.decode()
    assert "more filter" not in browser.get(page(world, "list", kind="milestone")).content.decode()


# --- drafts ----------------------------------------------------------------------------------------------------------
def test_a_form_of_a_record_keeps_itself_as_a_draft_that_waits_on_any_device(world: World) -> None:
    path = page(world, "add", kind="finding")
    sends = re.search(
        r'<form [^>]*data-draft hx-post="([^"]+)"', world.browser("editor").get(path).content.decode()
    )
    world.browser("editor").post(sends.group(1), {"statement": "Half a thought", "version": 0})
    elsewhere = world.browser("editor").get(path).content.decode()
    assert "Half a thought" in elsewhere
    assert "This is your draft" in elsewhere
    assert "Half a thought" not in world.browser("owner").get(path).content.decode()


def test_a_draft_of_a_record_is_dropped_by_its_button(world: World) -> None:
    path = page(world, "add", kind="finding")
    browser = world.browser("editor")
    browser.post(drafts(world, "record:finding"), {"statement": "Half a thought", "version": 0})
    gone = browser.post(path, {"statement": "Half a thought", "version": 0, "drop_draft": "1"}, follow=True)
    assert "Your draft is gone." in gone.content.decode()
    assert "Half a thought" not in gone.content.decode()
    assert not Draft.objects.exists()


def test_a_draft_of_a_record_does_not_overwrite_what_another_changed_since(world: World) -> None:
    record = finding(world)
    path = page(world, "change", record)
    browser = world.browser("editor")
    typed = {"statement": "Homes cost too much", "status": "draft", "version": record.version}
    browser.post(drafts(world, f"record:{record.key}"), typed)
    theirs = {"statement": "The owner's words"}
    actions.change_record(by=world.access(), record=record, version=typed["version"], values=theirs)
    form = browser.get(path).content.decode()
    assert "Homes cost too much" in form
    version = re.search(r'name="version" value="(\d+)"', form).group(1)
    assert browser.post(path, {**typed, "version": version}).status_code == 409
    record.refresh_from_db()
    assert record.statement == "The owner's words"


def test_the_record_that_a_link_names_goes_before_a_draft(world: World) -> None:
    first, second = finding(world, "First"), finding(world, "Second")
    browser = world.browser("editor")
    browser.post(
        drafts(world, "record:cause"), {"statement": "A rule", "findings": [first.uid], "version": 0}
    )
    form = browser.get(page(world, "add", kind="cause"), {"findings": second.uid}).content.decode()
    assert re.search(rf'value="{second.uid}"[^>]*checked', form)
    assert "This is your draft" in form
