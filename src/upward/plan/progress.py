"""How far a plan has come: tasks counted in three states, never as a percentage.

A task is done with proof, said to be done without proof, or open. A finished mark does not stand on a source that
has changed since: such a task counts as said to be done until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.catalog.step_model import Step, Task


class TaskState(StrEnum):
    """The three states of a task."""

    PROVED = "done with proof"
    SAID = "said done"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that a task is done; `changed`: its source is no longer what it was when the task was marked."""

    what: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TaskMark:
    """What a team has noted about a task; a task without a mark is open."""

    done: bool = False
    proofs: tuple[Proof, ...] = ()


Marks = Mapping[str, TaskMark]  # by task id
OPEN_MARK = TaskMark()


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of tasks and questions; `+` adds the counts of several steps."""

    proved: int = 0
    said: int = 0
    open: int = 0
    needed_left: int = 0  # needed tasks that are not done with proof
    minutes_left: int = 0  # of open tasks
    answered: int = 0
    questions: int = 0

    @property
    def total(self) -> int:
        """Return the number of tasks."""
        return self.proved + self.said + self.open

    @property
    def finished(self) -> bool:
        """Tell whether every needed task is done with proof."""
        return self.total > 0 and self.needed_left == 0

    def __add__(self, other: Progress) -> Progress:
        """Return the counts of both."""
        return Progress(
            proved=self.proved + other.proved,
            said=self.said + other.said,
            open=self.open + other.open,
            needed_left=self.needed_left + other.needed_left,
            minutes_left=self.minutes_left + other.minutes_left,
            answered=self.answered + other.answered,
            questions=self.questions + other.questions,
        )


def task_state(mark: TaskMark) -> TaskState:
    """Return the state of a task: proof counts only while none of its sources has changed."""
    if not mark.done:
        return TaskState.OPEN
    if mark.proofs and not any(proof.changed for proof in mark.proofs):
        return TaskState.PROVED
    return TaskState.SAID


def progress_of_tasks(tasks: Iterable[Task], marks: Marks) -> Progress:
    """Return the counts of tasks, as for a chapter of the toolkit or one person's list."""
    counted = Progress()
    for task in tasks:
        state = task_state(marks.get(task.id, OPEN_MARK))
        counted += Progress(
            proved=state is TaskState.PROVED,
            said=state is TaskState.SAID,
            open=state is TaskState.OPEN,
            needed_left=task.needed and state is not TaskState.PROVED,
            minutes_left=task.minutes if state is TaskState.OPEN else 0,
        )
    return counted


def progress_of_step(step: Step, marks: Marks, answered: Set[str]) -> Progress:
    """Return the counts of a step; `answered` are the ids of the questions with at least one answer."""
    questions = Progress(answered=len(step.questions.keys() & answered), questions=len(step.questions))
    return progress_of_tasks(step.tasks.values(), marks) + questions


def progress_by_step(catalog: Catalog, marks: Marks, answered: Set[str]) -> dict[str, Progress]:
    """Return the counts of every step, by slug."""
    return {slug: progress_of_step(step, marks, answered) for slug, step in catalog.steps.items()}


def progress_words(progress: Progress) -> str:
    """Return the counts in words: "3 of 9 tasks done with proof. 1 has no proof yet. 5 are open."."""
    if not progress.total:
        return _("No tasks.")
    if progress.proved == progress.total:
        return ngettext(
            "{n} task, done with proof.", "All {n} tasks are done with proof.", progress.total
        ).format(n=progress.total)
    parts = [
        ngettext(
            "{done} of {n} task done with proof.", "{done} of {n} tasks done with proof.", progress.total
        ).format(done=progress.proved, n=progress.total)
    ]
    if progress.said:
        parts.append(
            ngettext(
                "{n} is said to be done, without proof that stands.",
                "{n} are said to be done, without proof that stands.",
                progress.said,
            ).format(n=progress.said)
        )
    if progress.open:
        parts.append(ngettext("{n} is open.", "{n} are open.", progress.open).format(n=progress.open))
    return " ".join(parts)
