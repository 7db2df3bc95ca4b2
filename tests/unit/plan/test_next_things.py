"""The next thing to do follows the rule, gives its reason, and nothing is ever lost from the list."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.plan.cautions import CautionKind, step_cautions, task_cautions
from upward.plan.next_things import (
    ChangedClaim,
    Deadline,
    Gap,
    Kind,
    Missing,
    Promise,
    Situation,
    caught_up_words,
    next_things,
)
from upward.plan.progress import Proof, TaskMark, TaskState, task_state
from upward.plan.ways import tasks_of_chapter

CATALOG = load_catalog()
TODAY = date(2026, 11, 23)
PROVED = TaskMark(done=True, proofs=(Proof("Minutes"),))
ALL_DONE = dict.fromkeys(CATALOG.tasks, PROVED)

days = st.integers(-30, 60).map(lambda number: TODAY + timedelta(days=number))
names = st.text("abc", min_size=1, max_size=3)
proofs = st.builds(Proof, what=names, changed=st.booleans())
task_marks = st.builds(TaskMark, done=st.booleans(), proofs=st.lists(proofs, max_size=2).map(tuple))
marks = st.dictionaries(st.sampled_from(sorted(CATALOG.tasks)), task_marks)
situations = st.builds(
    Situation,
    marks=marks,
    promises=st.lists(
        st.builds(Promise, id=names, waiting=st.integers(1, 20), since=days, due=days),
        max_size=3,
        unique_by=lambda item: item.id,
    ),
    deadlines=st.lists(
        st.builds(Deadline, id=names, title=names, on=days), max_size=3, unique_by=lambda item: item.id
    ),
    changed=st.lists(
        st.builds(ChangedClaim, id=names, claim=names, source=names),
        max_size=2,
        unique_by=lambda item: item.id,
    ),
    gaps=st.lists(
        st.builds(Gap, id=names, name=names, missing=st.sampled_from(Missing)),
        max_size=3,
        unique_by=lambda item: (item.id, item.missing),
    ),
)


def everything(**changes):
    given_situation = {
        "marks": {},
        "promises": [Promise("p", 14, since=date(2026, 11, 11), due=date(2026, 11, 25))],
        "deadlines": [Deadline("d", "Close the rating of actions", on=date(2026, 11, 30), minutes=15)],
        "changed": [ChangedClaim("c", "More pupils are homeless each year.", "data release 2026-11-18")],
        "gaps": [Gap("g", "Run a shuttle for late shifts", Missing.OWNER)],
    }
    return Situation(**{**given_situation, **changes})


def test_the_rule_of_the_house_sets_the_order():
    found = next_things(CATALOG, everything(), today=TODAY)
    assert [thing.kind for thing in found[:5]] == [Kind.PROMISE, Kind.DATE, Kind.CHANGED, Kind.GAP, Kind.TASK]
    assert [(thing.title, thing.reason) for thing in found[:4]] == [
        (
            "Answer 14 contributions from residents",
            "The oldest has waited 12 days. You promised an answer within 14 days.",
        ),
        ("Close the rating of actions", "It is due on November 30, 2026, in 7 days."),
        (
            "Check whether this still holds: “More pupils are homeless each year.”",
            "Its source has changed: data release 2026-11-18.",
        ),
        ("Name an owner for “Run a shuttle for late shifts”", "Nobody has said yes to leading it."),
    ]


def test_a_new_plan_begins_with_the_first_task():
    first = next_things(CATALOG, Situation(marks={}), today=TODAY)[0]
    assert (first.subject, first.title, first.minutes, first.step) == (
        "s01.t01",
        "Read the approach together",
        45,
        "approach",
    )
    assert first.reason.startswith("It is the next open task of Step 1. People who share")


def test_reasons_are_given_in_the_language_in_force():
    with use_language("es"):
        found = next_things(load_catalog("es"), everything(), today=TODAY)
    assert found[0].title == "Responder 14 aportes de residentes"
    assert found[1].reason == "Vence el 30 de noviembre de 2026, en 7 días."
    assert found[4].reason.startswith("Es la próxima tarea abierta del paso 1.")


@pytest.mark.parametrize(("due", "expected"), [(-5, True), (0, True), (3, True), (4, False), (30, False)])
def test_a_promise_comes_up_three_days_before_it_is_broken(due, expected):
    promise = Promise("p", 1, since=TODAY - timedelta(days=10), due=TODAY + timedelta(days=due))
    found = next_things(CATALOG, Situation(marks={}, promises=[promise]), today=TODAY)
    assert (found[0].kind is Kind.PROMISE) is expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-3, "It was due on November 20, 2026, 3 days ago."),
        (0, "It is due today."),
        (1, "It is due on November 24, 2026, in 1 day."),
        (14, "It is due on December 7, 2026, in 14 days."),
        (15, None),
    ],
)
def test_a_date_comes_up_within_two_weeks(left, expected):
    deadline = Deadline("d", "Meet", on=TODAY + timedelta(days=left))
    found = next_things(CATALOG, Situation(marks=ALL_DONE, deadlines=[deadline]), today=TODAY)
    assert [thing.reason for thing in found] == ([expected] if expected else [])


def test_within_a_step_what_waits_for_nothing_comes_first():
    found = [thing.subject for thing in next_things(CATALOG, Situation(marks={}), today=TODAY)]
    assert found[:5] == ["s01.t01", "s01.t02", "s01.t04", "s01.t03", "s01.t05"]


def test_a_task_that_would_be_better_later_says_so():
    found = {thing.subject: thing for thing in next_things(CATALOG, Situation(marks={}), today=TODAY)}
    assert "This works better after “Choose the place the plan is for” in Step 1" in found["s01.t03"].reason


def test_proof_is_asked_for_once_no_needed_task_is_open_and_optional_tasks_come_last():
    found = next_things(
        CATALOG,
        Situation(marks={**ALL_DONE, "s01.t01": TaskMark(done=True), "s02.t08": TaskMark()}),
        today=TODAY,
    )
    assert [(thing.kind, thing.subject) for thing in found] == [
        (Kind.PROOF, "s01.t01"),
        (Kind.OPTIONAL, "s02.t08"),
    ]
    assert "A list of who read it and when." in found[0].reason


def test_a_chapter_of_the_toolkit_can_be_in_focus():
    focus = {task.id for task in tasks_of_chapter(CATALOG, "sustaining")}
    found = next_things(CATALOG, Situation(marks={}), today=TODAY, focus=focus)
    assert found[0].subject == "s08.t08"
    assert len(found) == len(CATALOG.tasks)


def test_nothing_to_do_names_the_next_date():
    later = [Deadline("d", "Meet", on=date(2027, 1, 15)), Deadline("e", "Met", on=date(2026, 1, 1))]
    situation = Situation(marks=ALL_DONE, deadlines=later[:1])
    assert next_things(CATALOG, situation, today=TODAY) == ()
    assert caught_up_words(situation, today=TODAY) == "All caught up. Next date: January 15, 2027."
    assert caught_up_words(Situation(marks=ALL_DONE), today=TODAY) == "All caught up. No date is set."


@given(situations)
def test_kinds_never_stand_in_the_wrong_order_and_keys_are_unique(situation):
    found = next_things(CATALOG, situation, today=TODAY)
    assert [thing.kind for thing in found] == sorted(thing.kind for thing in found)
    assert len({thing.key for thing in found}) == len(found)
    assert all(thing.title and thing.reason for thing in found)


@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(situation, random):
    def mixed(items):
        return random.sample(list(items), len(items))

    other = Situation(
        marks=dict(mixed(situation.marks.items())),
        promises=mixed(situation.promises),
        deadlines=mixed(situation.deadlines),
        changed=mixed(situation.changed),
        gaps=mixed(situation.gaps),
    )
    assert next_things(CATALOG, situation, today=TODAY) == next_things(CATALOG, other, today=TODAY)


@given(situations, st.data())
def test_what_is_put_aside_comes_last_and_is_never_lost(situation, data):
    found = next_things(CATALOG, situation, today=TODAY)
    aside = data.draw(st.sets(st.sampled_from([thing.key for thing in found]))) if found else set()
    after = next_things(CATALOG, situation, today=TODAY, put_aside=aside)
    assert set(after) == set(found)
    flags = [thing.key in aside for thing in after]
    assert flags == sorted(flags)


@given(situations)
def test_every_task_that_is_not_proved_is_on_the_list_once(situation):
    found = [
        thing.subject for thing in next_things(CATALOG, situation, today=TODAY) if thing.kind >= Kind.TASK
    ]
    expected = {
        name
        for name in CATALOG.tasks
        if task_state(situation.marks.get(name, TaskMark())) is not TaskState.PROVED
    }
    assert len(found) == len(set(found))
    assert set(found) == expected


@given(marks)
def test_a_task_warns_of_exactly_the_open_tasks_before_it(found):
    for name, task in CATALOG.tasks.items():
        cautions = task_cautions(CATALOG, name, found, set())
        missing = {item.missing for item in cautions if item.kind is CautionKind.WAITS}
        assert missing == {
            other for other in task.after if task_state(found.get(other, TaskMark())) is TaskState.OPEN
        }
        assert all(item.text.endswith(".") for item in cautions)


def test_a_caution_says_what_is_missing_what_it_may_cost_and_how_to_go_on():
    caution = task_cautions(CATALOG, "s04.t03", {}, set())[0]
    assert caution.text == (
        "This works better after “Decide to go, build first or start smaller” in Step 3, which is still open. "
        "Without a decision by leadership, you may invite people to something that does not come. "
        "You can go on, and write down why."
    )


def test_a_task_marked_as_done_is_told_what_does_not_stand():
    found = {"s06.t03": TaskMark(done=True, proofs=(Proof("Notes", changed=True),))}
    kinds = [item.kind for item in task_cautions(CATALOG, "s06.t03", found, {"s06.q05"})]
    assert kinds == [CautionKind.SOURCE_CHANGED, CautionKind.WAITS, CautionKind.WAITS, CautionKind.UNANSWERED]
    bare = task_cautions(CATALOG, "s01.t01", {"s01.t01": TaskMark(done=True)}, set())
    assert [item.kind for item in bare] == [CautionKind.NO_PROOF]
    assert "A list of who read it and when." in bare[0].text


def test_a_step_reminds_of_open_tasks_in_the_steps_it_builds_on_but_not_beside_it():
    found = [
        item for item in step_cautions(CATALOG, "actions", {}, set()) if item.kind is CautionKind.BUILDS_ON
    ]
    assert [item.missing for item in found] == ["findings", "community", "coalition"]
    assert found[0].what == "Step 5, Findings, has 9 open tasks."
    assert step_cautions(CATALOG, "actions", ALL_DONE, set(CATALOG.questions)) == ()
