"""Small tables in forms: real rows, one more at the press of a button, pasted lines, mistakes at their cell."""

from __future__ import annotations

import html5lib
import pytest
from django.urls import reverse
from workbench_world import World

from upward.web.engagement.models import EngagementActivity
from upward.web.plans.models import Draft
from upward.web.records import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


def address(world: World, name: str = "add", **parts) -> str:
    return reverse(
        f"records:{name}", kwargs={"slug": world.plan.slug, "kind": "engagement-activity", **parts}
    )


def needed(world: World) -> dict[str, str]:
    """What the form of an engagement needs, found on the empty form's refusal."""
    from records_world import CATALOG

    from upward.plan.record_values import options_of_field

    found = {"version": "0"}
    for field in CATALOG.records["engagement-activity"].fields.values():
        if field.needed:
            found[field.id] = (
                next(iter(options_of_field(CATALOG, field))) if field.options_from else "2027-03-01"
                if field.kind == "date" else "Data walk"
            )  # fmt: skip
    return found


def tree(answered):
    return html5lib.parse(answered.content, namespaceHTMLElements=False)


def inputs(answered, start: str) -> dict[str, str]:
    return {
        item.get("name"): item.get("value") or ""
        for item in tree(answered).iter("input")
        if (item.get("name") or "").startswith(start)
    }


def test_an_empty_table_shows_blank_rows_whose_cells_have_labels(world):
    answered = world.browser("contributor").get(address(world))
    found = inputs(answered, "votes-")
    assert set(found) == {"votes-0-priority", "votes-0-votes", "votes-1-priority", "votes-1-votes"}
    labels = {item.get("for") for item in tree(answered).iter("label")}
    assert {"id_votes_0_priority", "id_votes_1_votes", "id_votes_lines"} <= labels


def test_rows_typed_are_saved_and_empty_ones_left_out(world):
    typed = {
        "votes-0-priority": "Buses", "votes-0-votes": "12", "votes-1-priority": "", "votes-1-votes": "",
        "votes-2-priority": "Homes | rent", "votes-2-votes": "7.5",
    }  # fmt: skip
    answered = world.browser("contributor").post(address(world), {**needed(world), **typed})
    assert answered.status_code == 302
    assert EngagementActivity.objects.get().votes == [
        {"priority": "Buses", "votes": "12"},
        {"priority": "Homes | rent", "votes": "7.5"},
    ]
    changed = world.browser("contributor").get(
        address(world, "change", uid=EngagementActivity.objects.get().uid)
    )
    assert inputs(changed, "votes-")["votes-1-priority"] == "Homes | rent"
    assert inputs(changed, "votes-")["votes-2-priority"] == "", "one blank row waits"


def test_one_more_row_saves_nothing_and_keeps_everything_typed(world):
    typed = {
        **needed(world),
        "votes-0-priority": "Buses",
        "votes-0-votes": "12",
        "heard": "Much",
        "more_votes": "1",
    }
    answered = world.browser("contributor").post(address(world), typed)
    assert answered.status_code == 200
    assert EngagementActivity.objects.count() == 0
    found = inputs(answered, "votes-")
    assert [found["votes-0-priority"], found["votes-1-priority"]] == ["Buses", ""]
    assert "votes-2-priority" not in found
    focused = [item.get("id") for item in tree(answered).iter("input") if item.get("autofocus") is not None]
    assert focused == ["id_votes_1_priority"]
    assert "Much" in answered.content.decode()
    button = next(item for item in tree(answered).iter("button") if item.get("name") == "more_votes")
    assert button.get("hx-select") == "#id_votes"
    assert any(item.get("id") == "id_votes" for item in tree(answered).iter("fieldset"))


def test_one_row_less(world):
    typed = {
        "votes-0-priority": "Buses", "votes-1-priority": "Homes", "votes-2-priority": "Parks", "less_votes": "1",
    }  # fmt: skip
    answered = world.browser("contributor").post(address(world), {**needed(world), **typed})
    found = inputs(answered, "votes-")
    assert [found[f"votes-{n}-priority"] for n in range(2)] == ["Buses", "Parks"]


def test_a_mistake_is_named_at_its_cell_and_in_the_summary(world):
    typed = {
        "votes-0-priority": "Buses", "votes-0-votes": "many", "votes-1-votes": "3", "votes-2-priority": "Parks",
    }  # fmt: skip
    answered = world.browser("contributor").post(address(world), {**needed(world), **typed})
    assert answered.status_code == 422
    page = tree(answered)
    wrong = {item.get("id"): item for item in page.iter("input") if item.get("aria-invalid") == "true"}
    assert set(wrong) == {"id_votes_0_votes", "id_votes_1_priority"}
    ids = {item.get("id") for item in page.iter()}
    for item in wrong.values():
        assert set(item.get("aria-describedby").split()) <= ids
    summary = next(item for item in page.iter("div") if item.get("class") == "errsum")
    assert {item.get("href") for item in summary.iter("a")} == {"#id_votes_0_votes", "#id_votes_1_priority"}
    assert wrong["id_votes_0_votes"].get("value") == "many"


@pytest.mark.parametrize("line", ["Homes\t7\nParks\t3", "Homes | 7\n\n Parks | 3"])
def test_many_rows_are_pasted_after_those_typed(world, line):
    typed = {"votes-0-priority": "Buses", "votes-0-votes": "12", "votes-lines": line}
    assert world.browser("contributor").post(address(world), {**needed(world), **typed}).status_code == 302
    assert [row["priority"] for row in EngagementActivity.objects.get().votes] == ["Buses", "Homes", "Parks"]


def test_pasted_lines_with_too_many_parts_are_refused(world):
    typed = {"votes-0-priority": "Buses", "votes-lines": "a | b | c"}
    answered = world.browser("contributor").post(address(world), {**needed(world), **typed})
    assert answered.status_code == 422
    assert "has too many parts" in answered.content.decode()


def test_a_draft_keeps_rows(world):
    typed = {**needed(world), "votes-0-priority": "Buses", "votes-0-votes": "x", "keep_draft": "1"}
    world.browser("contributor").post(address(world), typed)
    assert Draft.objects.count() == 1
    found = inputs(world.browser("contributor").get(address(world)), "votes-")
    assert (found["votes-0-priority"], found["votes-0-votes"]) == ("Buses", "x")


def test_rows_of_two_people_stand_side_by_side_and_either_can_be_kept(world):
    by = world.access()
    first = world.browser("contributor").post(
        address(world), {**needed(world), "votes-0-priority": "Buses", "votes-0-votes": "1"}
    )
    assert first.status_code == 302
    record = EngagementActivity.objects.get()
    actions.change_record(
        by=by, record=record, version=1, values={"votes": ({"priority": "Theirs | here", "votes": 2},)}
    )
    path = address(world, "change", uid=record.uid)
    mine = {**needed(world), "version": "1", "votes-0-priority": "Mine", "votes-0-votes": "3"}
    answered = world.browser("contributor").post(path, mine)
    assert answered.status_code == 409
    text = answered.content.decode()
    assert "Theirs | here" in text
    held = inputs(answered, "theirs_votes")["theirs_votes"]
    sent = {**mine, "version": "2", "choose_votes": "theirs", "theirs_votes": held}
    assert world.browser("contributor").post(path, sent).status_code == 302
    record.refresh_from_db()
    assert record.votes[0]["priority"] == "Theirs | here"
    sent = {**mine, "version": str(record.version), "choose_votes": "mine", "theirs_votes": held}
    assert world.browser("contributor").post(path, sent).status_code == 302
    record.refresh_from_db()
    assert record.votes[0]["priority"] == "Mine"


def test_an_empty_row_can_be_removed_and_the_focus_is_where_it_stood(world):
    typed = {"votes-0-priority": "Buses", "votes-0-votes": "4", "votes-1-priority": "", "votes-1-votes": ""}
    answered = world.browser("contributor").post(address(world), {"version": "0", **typed, "less_votes": "1"})
    assert set(inputs(answered, "votes-")) == {"votes-0-priority", "votes-0-votes"}
    focused = [item.get("name") for item in tree(answered).iter("input") if item.get("autofocus") is not None]
    assert focused == ["votes-0-priority"]
