"""What a team should know before it goes on. A caution warns and never locks.

Each says what is missing, what it may cost, and how to go on.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.catalog.step_model import Task
from upward.plan.progress import OPEN_MARK, Marks, TaskState, progress_of_step, task_state
from upward.plan.ways import questions_of_task


class CautionKind(StrEnum):
    """Why there is a caution."""

    SOURCE_CHANGED = "source changed"  # a proof rests on something that is no longer the same
    WAITS = "waits"  # a task before this one is open
    NO_PROOF = "no proof"  # marked as done, nothing shows it
    UNANSWERED = "unanswered"  # marked as done, its questions have no answer
    BUILDS_ON = "builds on"  # a step before this one has open tasks


@dataclass(frozen=True, slots=True)
class Caution:
    """One caution; `missing` names the task, proof or step that is not there."""

    kind: CautionKind
    subject: str  # task id or slug of a step
    missing: str
    what: str
    cost: str
    onward: str

    @property
    def text(self) -> str:
        """Return the caution in full."""
        return " ".join(part for part in (self.what, self.cost, self.onward) if part)


def task_cautions(catalog: Catalog, task: str, marks: Marks, answered: Set[str]) -> tuple[Caution, ...]:
    """Return the cautions of a task, the gravest first; raise KeyError for an id that does not exist."""
    item = catalog.tasks[task]
    mark = marks.get(task, OPEN_MARK)
    found = [
        Caution(
            kind=CautionKind.SOURCE_CHANGED,
            subject=task,
            missing=proof.what,
            what=_("The source of “{proof}” has changed since this was marked as done.").format(
                proof=proof.what
            ),
            cost=_("What rests on it may no longer be true."),
            onward=_("Look at it again and mark the task anew, or write why it still holds."),
        )
        for proof in mark.proofs
        if mark.done and proof.changed
    ]
    found += [
        _waits(catalog, item, other, done=mark.done)
        for other in item.after
        if task_state(marks.get(other, OPEN_MARK)) is TaskState.OPEN
    ]
    if mark.done and not mark.proofs:
        found.append(
            Caution(
                kind=CautionKind.NO_PROOF,
                subject=task,
                missing=task,
                what=_("Nothing shows yet that this is done."),
                cost=_("Proof would be: {evidence}").format(evidence=item.evidence),
                onward=_("Add a file or a link, or leave it as said done."),
            )
        )
    empty = [question.id for question in questions_of_task(catalog, task) if question.id not in answered]
    if mark.done and empty:
        found.append(_unanswered(task, empty))
    return tuple(found)


def step_cautions(catalog: Catalog, slug: str, marks: Marks, answered: Set[str]) -> tuple[Caution, ...]:
    """Return the cautions of a step: the steps it builds on that have open tasks, then those of its tasks."""
    found = []
    for use in catalog.steps[slug].uses.values():
        source = catalog.steps[use.source]
        if source.slug in catalog.steps[slug].beside:
            continue  # worked on at the same time: open tasks are no surprise
        left = progress_of_step(source, marks, answered).open
        if left:
            found.append(
                Caution(
                    kind=CautionKind.BUILDS_ON,
                    subject=slug,
                    missing=source.slug,
                    what=ngettext(
                        "Step {number}, {step}, has {n} open task.",
                        "Step {number}, {step}, has {n} open tasks.",
                        left,
                    ).format(number=source.number, step=source.word, n=left),
                    cost=_("This step uses from it: {what}.").format(what=use.what),
                    onward=_("You can go on; this page will remind you."),
                )
            )
    for task in catalog.steps[slug].tasks:
        found += task_cautions(catalog, task, marks, answered)
    return tuple(found)


def works_better_after(title: str, number: int) -> str:
    """Return the sentence that names an open task, by title and number of its step, which should come first."""
    return _("This works better after “{task}” in Step {number}, which is still open.").format(
        task=title, number=number
    )


def _waits(catalog: Catalog, task: Task, other: str, *, done: bool) -> Caution:
    before = catalog.tasks[other]
    number = catalog.steps[before.step].number
    if done:
        what = _("“{task}” in Step {number} is still open, though this is marked as done.").format(
            task=before.title, number=number
        )
    else:
        what = works_better_after(before.title, number)
    return Caution(
        kind=CautionKind.WAITS,
        subject=task.id,
        missing=other,
        what=what,
        cost=task.after[other],
        onward=_("You can go on, and write down why."),
    )


def _unanswered(task: str, questions: list[str]) -> Caution:
    return Caution(
        kind=CautionKind.UNANSWERED,
        subject=task,
        missing=questions[0],
        what=ngettext(
            "{n} question of this task has no answer yet.",
            "{n} questions of this task have no answer yet.",
            len(questions),
        ).format(n=len(questions)),
        cost=_("Those who come later will not know what you thought."),
        onward=_("Answer now, or leave it for later."),
    )
