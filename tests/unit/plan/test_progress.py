"""Progress counts tasks in three states; a finished mark does not stand on a changed source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.plan.progress import (
    Progress,
    Proof,
    TaskMark,
    TaskState,
    progress_by_step,
    progress_of_step,
    progress_of_tasks,
    progress_words,
    task_state,
)
from upward.plan.ways import gives, options_of, questions_of_chapter, tasks_of_chapter, waiting_for

CATALOG = load_catalog()
APPROACH = CATALOG.steps["approach"]
PROVED = TaskMark(done=True, proofs=(Proof("Minutes"),))

proofs = st.builds(Proof, what=st.text(max_size=5), changed=st.booleans())
task_marks = st.builds(TaskMark, done=st.booleans(), proofs=st.lists(proofs, max_size=3).map(tuple))
marks = st.dictionaries(st.sampled_from(sorted(CATALOG.tasks)), task_marks)
answered = st.sets(st.sampled_from(sorted(CATALOG.questions)))


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (TaskMark(), TaskState.OPEN),
        (TaskMark(proofs=(Proof("Minutes"),)), TaskState.OPEN),
        (TaskMark(done=True), TaskState.SAID),
        (PROVED, TaskState.PROVED),
        (TaskMark(done=True, proofs=(Proof("Minutes"), Proof("Number", changed=True))), TaskState.SAID),
    ],
)
def test_the_state_of_a_task(mark, expected):
    assert task_state(mark) is expected


def test_a_step_is_counted():
    found = {"s01.t01": PROVED, "s01.t02": TaskMark(done=True), "s02.t01": PROVED}
    progress = progress_of_step(APPROACH, found, {"s01.q01", "s02.q01"})
    assert (progress.proved, progress.said, progress.open, progress.total) == (1, 1, 3, 5)
    assert progress.minutes_left == 60 + 90 + 60
    assert (progress.answered, progress.questions) == (1, 7)
    assert progress.needed_left == 4
    assert not progress.finished


def test_optional_tasks_do_not_keep_a_step_from_being_finished():
    step = CATALOG.steps["metrics"]
    found = {task.id: PROVED for task in step.tasks.values() if task.needed}
    progress = progress_of_step(step, found, set())
    assert progress.finished
    assert progress.open == 1


@given(marks, answered)
def test_the_steps_and_the_chapters_count_the_same_tasks(found, given_answers):
    by_step = progress_by_step(CATALOG, found, given_answers)
    whole = sum(by_step.values(), Progress())
    by_chapter = sum(
        (progress_of_tasks(tasks_of_chapter(CATALOG, name), found) for name in CATALOG.chapters), Progress()
    )
    assert whole.total == by_chapter.total == len(CATALOG.tasks)
    assert (whole.proved, whole.said, whole.open) == (by_chapter.proved, by_chapter.said, by_chapter.open)
    assert whole.answered == len(given_answers)
    assert whole.questions == len(CATALOG.questions)


@given(marks, st.sampled_from(sorted(CATALOG.tasks)))
def test_proving_one_more_task_never_takes_progress_away(found, task):
    step = CATALOG.steps[CATALOG.tasks[task].step]
    before = progress_of_step(step, found, set())
    after = progress_of_step(step, {**found, task: PROVED}, set())
    assert after.proved in (before.proved, before.proved + 1)
    assert after.total == before.total
    assert after.needed_left <= before.needed_left
    assert after.minutes_left <= before.minutes_left


@given(marks, st.sampled_from(sorted(CATALOG.tasks)))
def test_a_changed_source_takes_the_proof_from_its_task_alone(found, task):
    changed = TaskMark(done=True, proofs=(Proof("Number", changed=True),))
    before = progress_by_step(CATALOG, {**found, task: PROVED}, set())
    after = progress_by_step(CATALOG, {**found, task: changed}, set())
    slug = CATALOG.tasks[task].step
    assert after[slug].proved == before[slug].proved - 1
    assert after[slug].said == before[slug].said + 1
    assert {name: item for name, item in after.items() if name != slug} == {
        name: item for name, item in before.items() if name != slug
    }


@pytest.mark.parametrize(
    ("progress", "english", "spanish"),
    [
        (
            Progress(proved=3, said=1, open=5),
            "3 of 9 tasks done with proof. 1 is said to be done, without proof that stands. 5 are open.",
            "3 de 9 tareas hechas con prueba. 1 se da por hecha, sin una prueba que la respalde. 5 están abiertas.",
        ),
        (
            Progress(open=1),
            "0 of 1 task done with proof. 1 is open.",
            "0 de 1 tarea hecha con prueba. 1 está abierta.",
        ),
        (Progress(proved=9), "All 9 tasks are done with proof.", "Las 9 tareas están hechas, con prueba."),
        (Progress(), "No tasks.", "No hay tareas."),
    ],
)
def test_counts_in_words(progress, english, spanish):
    assert progress_words(progress) == english
    with use_language("es"):
        assert progress_words(progress) == spanish


def test_what_a_step_gives_is_what_others_use():
    for slug in CATALOG.steps:
        for use in gives(CATALOG, slug):
            assert CATALOG.steps[use.step].uses[slug] == use
    assert {use.step for use in gives(CATALOG, "coalition")} >= {"findings", "community", "actions"}


def test_every_question_and_task_is_reached_by_chapter():
    chapters = list(CATALOG.chapters)
    assert sum(len(questions_of_chapter(CATALOG, name)) for name in chapters) == len(CATALOG.questions)
    assert [task.id for task in waiting_for(CATALOG, "s03.t06")] == ["s04.t03", "s09.t06"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_options_come_from_the_question_a_vocabulary_or_the_framework(language):
    catalog = load_catalog(language)
    assert list(options_of(catalog, catalog.questions["s01.q03"])) == ["2025", "2022", "older"]
    assert list(options_of(catalog, catalog.questions["s03.q01"])) == ["1", "2", "3", "4"]
    assert options_of(catalog, catalog.questions["s02.q08"]).keys() == catalog.predictors.keys()
    assert options_of(catalog, catalog.questions["s01.q01"]) == {}
