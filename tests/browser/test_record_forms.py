"""Forms of records in a browser: rows of inputs, and the search in long choices, with scripts and without."""

from __future__ import annotations

import pytest
from workbench_visit import Visitor, begin_a_plan

pytestmark = pytest.mark.browser
MANY = 40


def bring_in(ana: Visitor, kind: str, lines: list[str]) -> None:
    """Bring many records in from a table."""
    ana.open(f"/plans/alder/records/{kind}/import/")
    table = {"name": "many.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    ana.page.set_input_files("main input[type=file]", files=[table])
    ana.send()
    ana.page.click("main button[name=confirm]")
    ana.page.wait_for_load_state()
    ana.check()


def rows(ana: Visitor) -> list[list[str]]:
    """What stands in the cells of the small table."""
    return ana.page.evaluate("""[...document.querySelectorAll("main [data-rows=documents] .rows-1")]
        .map(row => [...row.querySelectorAll(".cell input")].map(cell => cell.value))""")


def press(ana: Visitor, name: str, *, until: str) -> None:
    """Press a button that changes the form without saving it, and wait for what it brings."""
    ana.page.click(f"main button[name={name}]")
    ana.page.locator(until).wait_for(state="attached")
    ana.page.wait_for_load_state()
    ana.check()


def remove(ana: Visitor, number: int, *, left: list[str]) -> None:
    """Remove a row; the others stand, and the focus is where it stood."""
    ana.page.click(f"main button[name=less_documents][value='{number}']")
    for _try in range(100):
        if rows(ana) == [[title, "", ""] for title in left]:
            break
        ana.page.wait_for_timeout(100)
    ana.check()
    assert rows(ana) == [[title, "", ""] for title in left]
    assert ana.page.evaluate("document.activeElement.name") == f"documents-{min(number, len(left) - 1)}-title"


def search(ana: Visitor, field: str, words: str, *, options: int, by_button: bool) -> None:
    """Search in a long choice: as typed where scripts run, else by the button; so many options stand then."""
    ana.page.fill(f"main [name=find_{field}]", "")
    ana.page.type(f"main [name=find_{field}]", words)
    if by_button:
        ana.page.click(f"main button[name=narrow_{field}]")
        ana.page.wait_for_load_state()
    found = ana.page.locator(
        f":is(#id_{field}_options, #f-{field}_options) :is(input, option:not([value='']))"
    )
    for _try in range(100):
        if found.count() == options:
            break
        ana.page.wait_for_timeout(100)
    assert found.count() == options
    ana.check()
    assert ana.page.evaluate("document.activeElement.name") == f"find_{field}", "the search keeps the focus"


def test_rows_are_added_and_removed_and_long_choices_searched(visitors: list[Visitor]) -> None:
    ana, _ben = visitors
    scripts = ana.looker is None
    begin_a_plan(ana)
    bring_in(ana, "history-event", ["title,year", *(f"Event {n:02},{1950 + n}" for n in range(MANY))])
    bring_in(
        ana, "decision", ["title,on,made_by", *(f"Decision {n:02},2026-03-01,Board" for n in range(MANY))]
    )
    ana.open("/plans/alder/records/finding/new/")
    ana.fill(statement="Nobody crosses the river on foot")
    # One row more keeps what stands, and the focus is in it.
    ana.fill(**{"documents-0-title": "First", "documents-1-title": "Second"})
    press(ana, "more_documents", until="[name=documents-2-title]")
    assert rows(ana) == [["First", "", ""], ["Second", "", ""], ["", "", ""]]
    assert ana.page.evaluate("document.activeElement.name") == "documents-2-title"
    ana.page.keyboard.type("Third")
    # One row less: the one that was meant, and the focus is where it stood.
    remove(ana, 0, left=["Second", "Third"])
    # The last of all leaves an empty one, with the focus.
    remove(ana, 1, left=["Second"])
    remove(ana, 0, left=[""])
    ana.fill(**{"documents-0-title": "Minutes of 1962"})
    # Of forty, the words find one; what was chosen before stays in sight.
    search(ana, "events", "event 37", options=1, by_button=not scripts)
    ana.page.check("main [name=events]")
    ana.check()
    search(ana, "events", "event 12", options=2, by_button=not scripts)
    ana.page.locator("main [name=events]").nth(1).check()
    search(ana, "decision", "39", options=1, by_button=not scripts)
    ana.page.select_option("main [name=decision]", label="Decision 39")
    ana.check()
    assert ana.page.inner_text("#id_decision_found").startswith("1 ")
    # Nothing fits: it is said, and what was typed elsewhere stands.
    search(ana, "events", "zzz", options=2, by_button=not scripts)
    assert rows(ana) == [["Minutes of 1962", "", ""]]
    assert ana.page.input_value("main [name=statement]") == "Nobody crosses the river on foot"
    # Not saved yet: the form says what is missing and keeps it all; then it is saved.
    ana.send()
    assert ana.page.title().startswith("Error:")
    ana.page.check("main [name=status][value=draft]")
    ana.send()
    told = ana.page.inner_text("main")
    for words in ("Minutes of 1962", "Event 37", "Event 12", "Decision 39"):
        assert words in told


def test_a_list_is_filtered_by_one_of_many_records(visitors: list[Visitor]) -> None:
    ana, _ben = visitors
    scripts = ana.looker is None
    begin_a_plan(ana)
    actions = [f"Action {n:02},policy,not-started" for n in range(MANY)]
    bring_in(ana, "strategic-action", ["title,type,status", *actions])
    bring_in(ana, "milestone", ["title,due,status", "Opening day,2027-03-01,on-track"])
    ana.open("/plans/alder/records/milestone/")
    search(ana, "action", "action 37", options=1, by_button=not scripts)
    ana.page.select_option("main [name=action]", label="Action 37")
    ana.page.click("main form.filters > button.btn")
    ana.page.wait_for_load_state()
    ana.check()
    assert "Action 37" in ana.page.inner_text("main .shown")
    assert ana.page.locator("main table").count() == 0
    search(ana, "action", "action 12", options=2, by_button=not scripts)
