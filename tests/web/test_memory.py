"""What a process remembers of a plan: shared until something happened, whoever did it, and in whatever order."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from workbench_world import World, first_question, first_task

from upward.web.accounts.models import User
from upward.web.core.history import history_marks
from upward.web.core.memory import Memory
from upward.web.core.models import HistoryEntry
from upward.web.plans import actions
from upward.web.plans.overview import plan_lines
from upward.web.plans.queries import plan_work


def test_only_the_newest_things_are_remembered_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    memory: Memory[int] = Memory(most=2, seconds=10)

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 1, 2, 3, 3, 1):
        assert memory.get(number, lambda number=number: make(number)) == number  # type: ignore[misc]
    assert made == [1, 2, 3, 1]
    now = __import__("time").monotonic()
    monkeypatch.setattr("upward.web.core.memory.time.monotonic", lambda: now + 11)
    assert not memory.holds(1)
    memory.get(1, lambda: make(1))
    assert made[-1] == 1


@pytest.mark.django_db
def test_a_plan_s_work_is_read_once_and_anew_after_each_kind_of_change(
    world: World, django_assert_num_queries
) -> None:
    by, key, question = world.access(), first_task(), first_question()
    plan_work(world.plan)
    with django_assert_num_queries(1):
        plan_work(world.plan)

    def line():
        return next(line for line in plan_work(world.plan)["approach"].tasks if line.key == key)

    actions.change_task(by=by, key=key, version=2, values={"done_on": date.today(), "proof": "Minutes"})
    assert line().state == "done"
    value = {"schema": "upward.answer/1", "question": question, "kind": "long text", "value": "Words"}
    actions.save_answer(by=by, question=question, version=0, value=value)
    assert question in plan_work(world.plan)["approach"].answered
    actions.sign_off_step(by=by, step="approach", note="On we go", open_tasks=3)
    assert plan_work(world.plan)["approach"].signed_off
    own = actions.add_task(by=by, step="approach", title="Another")
    assert any(line.key == own.key for line in plan_work(world.plan)["approach"].tasks)


@pytest.mark.django_db
def test_rows_that_come_in_another_order_than_their_numbers_are_seen(world: World) -> None:
    last = HistoryEntry.objects.filter(plan=world.plan.pk).order_by("-pk")[0].pk
    HistoryEntry.objects.create(pk=last + 5, at=timezone.now(), plan=world.plan.pk, event="task.done")
    before = history_marks([world.plan.pk])[world.plan.pk]
    HistoryEntry.objects.create(pk=last + 2, at=timezone.now(), plan=world.plan.pk, event="task.done")
    assert history_marks([world.plan.pk])[world.plan.pk] != before
    answers = history_marks([world.plan.pk], events=["answer.saved"])
    assert answers == {world.plan.pk: (0, 0)}


@pytest.mark.django_db
def test_plans_at_a_glance_follow_the_language_and_the_changes(world: World) -> None:
    from upward.web.core.language import speaking

    owner: User = world.people["owner"]
    english = plan_lines(owner)[0].standing.next
    with speaking("es"):
        spanish = plan_lines(owner)[0].standing.next
    assert english is not None
    assert spanish is not None
    assert english.title != spanish.title
    actions.remove_date(by=world.access(), entry=world.records["date"])
    after = plan_lines(owner)[0].standing.next
    assert after is not None
    assert after.title != english.title
