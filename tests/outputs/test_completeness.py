"""Completeness of a plan: each section and each item of the checklist is there or says what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from invented_plans import empty_plan, filled_plan, key, plan_of, record, told_plan

from upward.catalog.load import load_catalog
from upward.plan.completeness import State, check_items, check_sections

CATALOG = load_catalog("en")
TODAY = date(2027, 7, 1)


def test_an_empty_plan_is_empty_in_every_needed_section_with_the_reason() -> None:
    states = check_sections(CATALOG, empty_plan())
    assert [state.section.id for state in states] == list(CATALOG.outline)
    for state in states:
        if state.section.needed:
            assert (state.state, state.lacks) == (State.EMPTY, (state.section.missing,))


def test_a_told_plan_names_where_its_thread_is_broken() -> None:
    states = {state.section.id: state for state in check_sections(CATALOG, told_plan())}
    actions = states["strategic-actions"]
    assert actions.state is State.BEGUN
    assert actions.records == 3
    assert any("Run later buses" in lack for lack in actions.lacks)
    assert any("Care places after 5:30 pm" in lack for lack in states["measurement-plan"].lacks)
    assert states["vision"].state is State.WRITTEN


def test_a_text_that_is_not_final_keeps_its_section_open() -> None:
    draft = plan_of(record("plan-section", "s", section="short-version", text="Words", status="draft"))
    state = next(item for item in check_sections(CATALOG, draft) if item.section.id == "short-version")
    assert state.state is State.BEGUN
    assert "1 text is not final yet." in state.lacks


def test_nothing_of_the_checklist_is_found_in_an_empty_plan_but_its_place() -> None:
    found = {state.item.id for state in check_items(CATALOG, empty_plan(), today=TODAY) if state.found}
    assert found == {"jurisdiction"}


def test_every_item_has_a_rule_and_a_reason() -> None:
    states = check_items(CATALOG, filled_plan(CATALOG), today=TODAY)
    assert [state.item.id for state in states] == list(CATALOG.checklist)
    assert all(state.reason for state in states)
    assert all("{" not in state.reason for state in states)


@pytest.mark.parametrize(
    ("item", "found"),
    [("dated", True), ("three-dimensions", False), ("process", True),
     ("partners-listed", True), ("priorities-how", False), ("priorities-why", True), ("causes", True),
     ("policy-changes", True), ("responsibility-accepted", False),
     ("outcomes-measurable", True), ("community-themes", True), ("alignment", False)],
)  # fmt: skip
def test_the_checklist_reads_the_records(item: str, found: bool) -> None:
    state = next(state for state in check_items(CATALOG, told_plan(), today=TODAY) if state.item.id == item)
    assert state.found is found, state.reason


def test_a_plan_older_than_five_years_is_not_dated_anew() -> None:
    late = check_items(CATALOG, told_plan(), today=date(2032, 6, 30))
    assert not next(state for state in late if state.item.id == "dated").found


def test_what_a_person_noted_stands_beside_what_the_records_show() -> None:
    noted = plan_of(
        record(
            "completeness-note", "n", item="causes", found="found", page="page 12", note="See the appendix."
        )
    )
    state = next(state for state in check_items(CATALOG, noted, today=TODAY) if state.item.id == "causes")
    assert (state.found, state.note, state.where) == (False, "See the appendix.", "page 12")


def test_withdrawn_records_count_for_nothing() -> None:
    told = told_plan()
    gone = replace(told, records={}, withdrawn=told.records)
    assert check_items(CATALOG, gone, today=TODAY) == check_items(CATALOG, empty_plan(), today=TODAY)
    assert key("measure", "m") in {item.key for item in gone.withdrawn["measure"]}
