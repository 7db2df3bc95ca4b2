"""Ways through the steps: by chapter of the toolkit, by what one step gives another, and a question's options."""

from __future__ import annotations

from collections.abc import Mapping

from upward.catalog.model import Catalog
from upward.catalog.step_model import Question, Task, Use


def tasks_of_chapter(catalog: Catalog, chapter: str) -> tuple[Task, ...]:
    """Return the tasks of a toolkit chapter, in the order of the steps."""
    return tuple(task for task in catalog.tasks.values() if task.chapter == chapter)


def questions_of_chapter(catalog: Catalog, chapter: str) -> tuple[Question, ...]:
    """Return the questions of a toolkit chapter, in the order of the steps."""
    return tuple(question for question in catalog.questions.values() if question.chapter == chapter)


def questions_of_task(catalog: Catalog, task: str) -> tuple[Question, ...]:
    """Return the questions that help with a task."""
    step = catalog.steps[catalog.tasks[task].step]
    return tuple(question for question in step.questions.values() if question.task == task)


def gives(catalog: Catalog, slug: str) -> tuple[Use, ...]:
    """Return what a step gives to others: their uses of it, in the order of the steps that use it."""
    return tuple(step.uses[slug] for step in catalog.steps.values() if slug in step.uses)


def waiting_for(catalog: Catalog, task: str) -> tuple[Task, ...]:
    """Return the tasks that name this one as their prerequisite."""
    return tuple(other for other in catalog.tasks.values() if task in other.after)


def options_of(catalog: Catalog, question: Question) -> Mapping[str, str]:
    """Return a question's options, id to label in the catalogue's language; empty for a question without any."""
    if not question.options_from:
        return question.options
    if question.options_from in catalog.vocabularies:
        entries = catalog.vocabularies[question.options_from].entries
        return {name: entry.name for name, entry in entries.items()}
    framework: Mapping[str, str] = {
        item.id: item.name for item in getattr(catalog, question.options_from).values()
    }
    return framework
