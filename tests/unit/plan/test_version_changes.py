"""What changed between two states of a plan: frozen without loss, told field by field, word by word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.ids import GeoId
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey
from upward.plan.differences import Piece, count_lines, text_differences, whole_differences
from upward.plan.frozen import FrozenPlan, freeze, frozen_from_data, frozen_to_data
from upward.plan.version_changes import Change, change_words, changes_between, rows_of

CATALOG = load_catalog()
WHEN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def record(kind: str, uid: str, **values) -> RecordContent:
    return RecordContent(RecordKey(kind, uid), values, WHEN, WHEN)


def plan(
    *records: RecordContent, withdrawn: tuple[RecordContent, ...] = (), name: str = "Boone"
) -> FrozenPlan:
    held: dict[str, list[RecordContent]] = {}
    gone: dict[str, list[RecordContent]] = {}
    for one in records:
        held.setdefault(one.kind, []).append(one)
    for one in withdrawn:
        gone.setdefault(one.kind, []).append(one)
    content = PlanContent(
        "boone", name, (GeoId.parse("29019"),), "en", "r1",
        records={kind: tuple(rows) for kind, rows in held.items()},
        withdrawn={kind: tuple(rows) for kind, rows in gone.items()},
    )  # fmt: skip
    return FrozenPlan(content, {"29019": "Boone County"})


def compared(older: FrozenPlan, newer: FrozenPlan):
    with use_language("en"):
        return changes_between(CATALOG, older, newer, language="en")


WORDS = st.text(st.sampled_from("ab \n"), max_size=40)


@given(WORDS | st.text(max_size=60), WORDS | st.text(max_size=60))
def test_the_stretches_of_two_texts_make_up_both_of_them(before: str, after: str) -> None:
    for how in (text_differences, whole_differences):
        found = how(before, after)
        assert "".join(one.text for one in found if one.piece is not Piece.ADDED) == before
        assert "".join(one.text for one in found if one.piece is not Piece.LEFT_OUT) == after


def test_a_changed_word_is_told_alone_and_unlike_texts_as_wholes() -> None:
    found = text_differences("We will build 40 homes by 2030.", "We will build 60 homes by 2030.")
    assert [(one.piece.value, one.text) for one in found] == [
        ("same", "We will build "), ("left out", "40"), ("added", "60"), ("same", " homes by 2030."),
    ]  # fmt: skip
    found = text_differences("We are one two of them here.", "We are three four of them here.")
    assert [one.text for one in found if one.piece is not Piece.SAME] == ["one two", "three four"]
    assert [one.piece for one in text_differences("Homes are scarce", "Buses run late at night")] == [
        Piece.LEFT_OUT,
        Piece.ADDED,
    ]


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_lines_added_less_lines_left_out_is_the_difference_in_length(before: list, after: list) -> None:
    added, left_out = count_lines(before, after)
    assert added - left_out == len(after) - len(before)


def test_records_are_added_changed_withdrawn_brought_back_and_left_out() -> None:
    text = "A long sentence that stays nearly as it was, with 40 homes."
    older = plan(
        record("finding", "aaaa", statement="Homes are scarce", detail=text),
        record("finding", "bbbb", statement="Buses are late"),
        record("finding", "cccc", statement="Shared once"),
        withdrawn=(record("finding", "dddd", statement="Came back"),),
    )
    gone = replace(
        record("finding", "bbbb", statement="Buses are late"),
        withdrawn_at=WHEN,
        withdrawn_reason="Twice there",
    )
    newer = plan(
        record("finding", "aaaa", statement="Homes are scarce", detail=text.replace("40", "60")),
        record("finding", "dddd", statement="Came back"),
        record("finding", "eeee", statement="New", detail="It matters."),
        withdrawn=(gone,),
    )
    (kind,) = compared(older, newer).kinds
    told = {one.title: one for one in kind.records}
    assert {title: one.change for title, one in told.items()} == {
        "Homes are scarce": Change.CHANGED,
        "Buses are late": Change.WITHDRAWN,
        "Shared once": Change.LEFT_OUT,
        "Came back": Change.BROUGHT_BACK,
        "New": Change.ADDED,
    }
    assert told["Buses are late"].reason == "Twice there"
    (field,) = told["Homes are scarce"].fields
    assert [one.text for one in field.stretches if one.piece is not Piece.SAME] == ["40", "60"]
    assert [field.after for field in told["New"].fields] == ["It matters."]


def test_a_plan_compared_with_itself_says_nothing_but_its_sections() -> None:
    held = plan(record("vision", "aaaa", statement="Everyone moves up."))
    found = compared(held, held)
    assert found.nothing
    assert {section.change for section in found.sections} == {None}
    assert list(rows_of(found)) == []


def test_sections_come_and_go_with_what_they_say() -> None:
    older = plan(record("vision", "aaaa", statement="Everyone moves up."))
    newer = plan(record("shared-approach", "bbbb", title="Ours", statement="Together."), name="Boone 2")
    found = compared(older, newer)
    changes = {section.id: section.change for section in found.sections if section.change}
    assert changes["vision"] is Change.LEFT_OUT
    assert changes["approach"] is Change.ADDED
    assert [(fact.before, fact.after) for fact in found.facts] == [("Boone", "Boone 2")]


def test_links_of_several_have_no_order() -> None:
    targets = tuple(record("finding", uid, statement=uid) for uid in ("aaaa", "bbbb"))
    keys = tuple(one.key for one in targets)
    older = plan(*targets, record("cause", "cccc", title="Why", findings=keys))
    newer = plan(*targets, record("cause", "cccc", title="Why", findings=keys[::-1]))
    assert compared(older, newer).kinds == ()


def test_a_frozen_plan_is_read_back_the_same_with_people_and_files_by_name() -> None:
    content = plan(
        record("milestone", "aaaa", title="Open", owner="7"), record("plan-version", "bbbb", title="1", file="3"),
        withdrawn=(replace(record("vision", "cccc", statement="Old"), withdrawn_at=WHEN, withdrawn_reason="x"),),
    ).content  # fmt: skip
    content = replace(content, people={"7": Person("Ana", "Lead")})
    frozen = freeze(CATALOG, content, places={"29019": "Boone"}, people={"7": "Ana"}, files={"3": "map.pdf"})
    assert frozen.content.of("milestone")[0].text("owner") == "Ana"
    assert frozen.content.of("plan-version")[0].text("file") == "map.pdf"
    data = frozen_to_data(frozen)
    again = frozen_from_data(CATALOG, json.loads(json.dumps(data)))
    assert again == frozen
    assert '"7"' not in json.dumps(data)


@pytest.mark.parametrize("wrong", [{}, {"schema": "other"}, {"schema": "upward.frozen-plan/1", "slug": 3}])
def test_what_was_never_frozen_is_refused(wrong) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        frozen_from_data(CATALOG, wrong)


def test_every_change_has_words_in_both_languages() -> None:
    for language in ("en", "es"):
        with use_language(language):
            words = [change_words(change) for change in (None, *Change)]
        assert len(set(words)) == len(words)
