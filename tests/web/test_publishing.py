"""Going public is a step of its own: chosen by owners, seen before, read by anyone, taken back at once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from workbench_world import ROLES, VISITORS, World, first_question

from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import NotAllowed, Outdated
from upward.web.plans import actions as plan_actions
from upward.web.plans.models import Notice, Plan
from upward.web.publishing import actions
from upward.web.publishing.models import Publication
from upward.web.publishing.parts import PARTS

pytestmark = pytest.mark.django_db
SECRET = "Only members read this"


def page(world: World, name: str) -> str:
    return reverse(f"publishing:{name}", kwargs={"slug": world.plan.slug})


@pytest.fixture
def filled(world: World) -> World:
    """A plan with something to show, and much that must stay with its members."""
    plan_actions.change_plan(
        by=world.access(), version=1, places=[("98001", "Example County")], name="Example County",
        led_by="The county library", about="A plan for <b>all</b>.", first_year=2027, last_year=2032,
    )  # fmt: skip
    owner = world.access()
    value = {"schema": "upward.answer/1", "question": first_question(), "kind": "long text", "value": SECRET}
    plan_actions.save_answer(by=owner, question=first_question(), version=0, value=value)
    plan_actions.change_task(
        by=owner, key="s02.t01", version=0, values={"done_on": date.today(), "proof": SECRET}
    )
    world.records["hidden"] = plan_actions.add_date(
        by=owner, title=f"{SECRET} in May", day=date.today() + timedelta(days=9), time=None, place="", note=""
    )
    plan_actions.change_date(
        by=owner, entry=world.records["date"], version=1, title="Open house", note=SECRET,
        day=date.today() + timedelta(days=5), time=None, place="Library",
    )  # fmt: skip
    return world


def go_public(world: World, *, parts=tuple(PARTS), dates: bool = True) -> Publication:
    held = Publication.objects.filter(plan=world.plan).first()
    return actions.publish(
        by=world.access(),
        version=held.version if held else 0,
        parts=list(parts),
        dates=[world.records["date"]] if dates else [],
    )


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_public_page_is_there_for_everyone_only_while_it_is_public(
    filled: World, closed: bool, prefix: str
) -> None:
    if closed:
        Plan.objects.update(state="closed")
    address = prefix + page(filled, "public")

    def answers() -> set[int]:
        return {filled.browser(who).get(address).status_code for who in VISITORS}

    assert answers() == {404}
    go_public(filled)
    assert answers() == {200}
    assert Client().post(address).status_code == 405
    actions.withdraw(by=filled.access())
    assert answers() == {404}


def test_it_shows_what_was_chosen_and_nothing_of_the_members(filled: World) -> None:
    go_public(filled)
    text = Client().get(page(filled, "public")).content.decode()
    assert 'href="/places/98001/"' in text
    for word in (
        "Example County",
        "2027–2032",
        "The county library",
        "A plan for &lt;b&gt;all",
        "Open house",
    ):
        assert word in text
    assert re.search(r"2\. .+?</dt><dd>1 of \d+ tasks done", text)
    assert SECRET not in text
    for who in ROLES:
        assert filled.people[who].get_full_name() not in text
        assert filled.people[who].email not in text


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_that_was_not_chosen_is_not_there(filled: World, part: str) -> None:
    go_public(filled, parts=[part], dates=False)
    text = Client().get(page(filled, "public")).content.decode()
    shown = {"led_by": "The county library", "about": "A plan for", "progress": "tasks done"}
    assert {key for key, words in shown.items() if words in text} == {part}
    assert "Open house" not in text


def test_a_plan_without_anything_to_show_still_has_a_page(world: World) -> None:
    actions.publish(by=world.access(), version=0, parts=["led_by", "about"], dates=[])
    assert "Example County" in Client().get(page(world, "public")).content.decode()


def test_an_owner_sees_before_what_anyone_will_read(filled: World) -> None:
    browser = filled.browser("owner")
    choice = browser.get(page(filled, "choose")).content.decode()
    assert "Nobody but the members can read this plan" in choice
    query = f"?version=0&parts=led_by&dates={filled.records['date'].pk}"
    before = browser.get(page(filled, "review") + query).content.decode()
    assert "The county library" in before
    assert "Open house" in before
    assert "tasks done" not in before
    assert SECRET not in before
    assert not Publication.objects.exists(), "looking makes nothing public"
    browser.post(
        page(filled, "review"), {"version": 0, "parts": ["led_by"], "dates": [filled.records["date"].pk]}
    )
    text = Client().get(page(filled, "public")).content.decode()
    assert "Open house" in text
    assert "A plan for" not in text


def test_only_owners_go_public_and_back(filled: World) -> None:
    for who in ("editor", "contributor", "viewer", "adviser", "assistant"):
        with pytest.raises(NotAllowed):
            actions.publish(by=filled.access(who), version=0, parts=[], dates=[])
    go_public(filled)
    with pytest.raises(NotAllowed):
        actions.withdraw(by=filled.access("editor"))
    assert "Only owners decide" in filled.browser("editor").get(page(filled, "choose")).content.decode()


def test_two_owners_who_choose_at_once_do_not_undo_each_other(filled: World) -> None:
    go_public(filled, parts=["led_by"])
    with pytest.raises(Outdated):
        actions.publish(by=filled.access(), version=0, parts=["about"], dates=[])
    late = filled.browser("owner").post(page(filled, "review"), {"version": 0, "parts": ["about"]})
    assert late.status_code == 409
    assert Publication.objects.get().parts == ["led_by"]


def test_a_date_of_another_plan_or_a_part_that_is_none_is_not_taken(filled: World) -> None:
    other = plan_actions.start_plan(by=filled.people["outsider"], name="Other", places=[("98003", "O")])
    foreign = plan_actions.add_date(
        by=filled.__class__(other, filled.people).access("outsider"),
        title="Foreign", day=date.today() + timedelta(days=3), time=None, place="", note="",
    )  # fmt: skip
    browser = filled.browser("owner")
    for data in ({"dates": [foreign.pk]}, {"parts": ["members"]}, {"version": "x"}):
        sent = browser.post(page(filled, "review"), {"version": 0, **data})
        assert sent.status_code == 302
        assert not Publication.objects.exists()


def test_a_date_that_is_over_leaves_the_page(filled: World) -> None:
    go_public(filled)
    type(filled.records["date"]).objects.update(day=date.today() - timedelta(days=1))
    assert "Open house" not in Client().get(page(filled, "public")).content.decode()


def test_the_history_and_the_other_owners_are_told(filled: World) -> None:
    filled.plan.members.filter(role="editor").update(role="owner")
    go_public(filled)
    entry = HistoryEntry.objects.get(event="plan.published")
    assert entry.after["visible"] == ["Who leads", "About this plan", "How far we are", "Open house"]
    assert Notice.objects.get(kind="published").user == filled.people["editor"]
    history = reverse("plans:history", args=[filled.plan.slug])
    assert "Quién dirige" in filled.browser("viewer").get("/es" + history).content.decode()
    actions.withdraw(by=filled.access())
    actions.withdraw(by=filled.access())
    assert HistoryEntry.objects.filter(event="plan.unpublished").count() == 1


def test_the_home_page_says_who_can_read_the_plan(filled: World) -> None:
    home = reverse("plans:home", args=[filled.plan.slug])
    assert "None. Members only." in filled.browser("viewer").get(home).content.decode()
    go_public(filled)
    assert "Anyone can read it" in filled.browser("viewer").get(home).content.decode()


def test_a_plan_that_is_brought_in_elsewhere_is_not_public_there(filled: World) -> None:
    from upward.web.plans.bundle import bundle_of, import_plan

    go_public(filled, parts=["led_by"])
    copy = import_plan(bundle_of(filled.plan), by=None)
    carried = Publication.objects.get(plan=copy)
    assert carried.published_at is None
    assert carried.parts == ["led_by"]
    assert carried.dates.get().title == "Open house"
    assert carried.dates.get().plan == copy
    assert Client().get(reverse("publishing:public", args=[copy.slug])).status_code == 404


def test_search_engines_may_list_public_pages_alone(filled: World) -> None:
    go_public(filled)
    for address in (page(filled, "public"), "/p/", "/", "/places/", "/framework/"):
        assert "X-Robots-Tag" not in Client().get(address).headers, address
    closed = (reverse("account_login"), "/p/none/", "/healthz", "/invitations/x/")
    for address in (reverse("plans:home", args=[filled.plan.slug]), *closed):
        assert Client().get(address).headers["X-Robots-Tag"] == "noindex", address
    said = Client().get("/robots.txt").content.decode()
    assert "Disallow: /plans/" in said
    assert "Disallow: /es/plans/" in said
    assert "/p/" not in said


def test_the_public_page_keeps_the_strict_policy_and_is_never_kept_by_caches(filled: World) -> None:
    go_public(filled)
    answered = Client().get(page(filled, "public"))
    assert "script-src 'self';" in answered.headers["Content-Security-Policy"]
    assert answered.headers["Cache-Control"] == "no-cache"
    assert "sessionid" not in answered.cookies
    assert 'href="/p/example-county/"' in Client().get("/p/").content.decode()


def test_it_takes_a_bounded_number_of_queries(filled: World, django_assert_max_num_queries) -> None:
    go_public(filled)
    browser = Client()
    with django_assert_max_num_queries(9):
        browser.get(page(filled, "public"))
