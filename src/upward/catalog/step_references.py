"""References of the planning side: every id that a step, question or section names must exist and fit."""

from __future__ import annotations

from collections.abc import Container, Iterator

from upward.catalog import model
from upward.catalog.record_files import record_problems
from upward.catalog.step_files import step_file
from upward.catalog.step_model import AnswerKind, Question, Step, Task

WITH_OPTIONS = (AnswerKind.CHOICE, AnswerKind.CHOICES, AnswerKind.RATING)
FRAMEWORK_OPTIONS = ("dimensions", "pillars", "predictors")
ROLES = "plan-roles"


def planning_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield every reference that leads nowhere, as "file: key path: what is expected"."""
    for step in catalog.steps.values():
        yield from _step_problems(catalog, step)
        for task in step.tasks.values():
            yield from _task_problems(catalog, task, step_file(step))
        for question in step.questions.values():
            yield from _question_problems(catalog, question, step_file(step))
    yield from _circle_problems(catalog)
    for section in catalog.outline.values():
        path = f"sections.{section.id}"
        yield from _known("plan-outline.yaml", f"{path}.step", (section.step,), catalog.steps, "a step")
        yield from _known(
            "plan-outline.yaml",
            f"{path}.records",
            section.records,
            catalog.records,
            "a kind of record",
        )
    yield from record_problems(catalog)
    for item in catalog.checklist.values():
        path = f"checklist.{item.id}.section"
        yield from _known("plan-outline.yaml", path, (item.section,), catalog.outline, "a section")


def _step_problems(catalog: model.Catalog, step: Step) -> Iterator[str]:
    file = step_file(step)
    yield from _known(file, "beside", step.beside, catalog.steps, "a step")
    yield from _known(file, "records", step.records, catalog.records, "a kind of record")
    yield from _known(file, "reading", step.reading, catalog.readings, "a text of readings.yaml")
    for slug in step.uses:
        yield from _known(file, "uses", (slug,), catalog.steps, "a step")
        if slug == step.slug:
            yield f"{file}: uses.{slug}: a step does not use itself."
    for slug in step.beside:
        if slug in catalog.steps and step.slug not in catalog.steps[slug].beside:
            yield f"{file}: beside: step “{slug}” does not name “{step.slug}” beside it."


def _task_problems(catalog: model.Catalog, task: Task, file: str) -> Iterator[str]:
    path = f"tasks.{task.id}"
    yield from _known(file, f"{path}.who", task.who, _roles(catalog), f"a word of {ROLES}")
    yield from _known(file, f"{path}.chapter", (task.chapter,), catalog.chapters, "a chapter of toolkit.yaml")
    yield from _known(file, f"{path}.records", task.records, catalog.records, "a kind of record")
    yield from _known(file, f"{path}.after", tuple(task.after), catalog.tasks, "a task of a step")


def _question_problems(catalog: model.Catalog, question: Question, file: str) -> Iterator[str]:
    path = f"questions.{question.id}"
    step = catalog.steps[question.step]
    yield from _known(file, f"{path}.task", (question.task,), step.tasks, "a task of the same step")
    yield from _known(file, f"{path}.who", question.who, _roles(catalog), f"a word of {ROLES}")
    yield from _known(
        file, f"{path}.chapter", (question.chapter,), catalog.chapters, "a chapter of toolkit.yaml"
    )
    if question.options and question.options_from:
        yield f"{file}: {path}.options: expected either options or options_from."
    if question.kind not in WITH_OPTIONS and (question.options or question.options_from):
        yield f"{file}: {path}.options: a question of kind “{question.kind}” has no options."
    if question.kind in WITH_OPTIONS and not (question.options or question.options_from):
        yield f"{file}: {path}.options: missing; a question of kind “{question.kind}” needs options."
    if question.options_from and question.options_from not in FRAMEWORK_OPTIONS:
        yield from _known(
            file,
            f"{path}.options_from",
            (question.options_from,),
            catalog.vocabularies,
            f"a vocabulary, or one of {', '.join(FRAMEWORK_OPTIONS)}",
        )
    if question.kind is AnswerKind.RATING:
        yield from _rating_problems(catalog, question, file)


def _rating_problems(catalog: model.Catalog, question: Question, file: str) -> Iterator[str]:
    vocabulary = catalog.vocabularies.get(question.options_from)
    names = list(vocabulary.entries if vocabulary else question.options)
    if not all(name.isdecimal() for name in names) or names != sorted(set(names), key=lambda name: int(name)):
        yield (
            f"{file}: questions.{question.id}.options: expected whole numbers in rising order for a rating, "
            f"found {', '.join(names)}."
        )


def _circle_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield each task that waits, directly or through others, for itself."""
    for task in catalog.tasks.values():
        waiting, seen = list(task.after), set()
        while waiting:
            name = waiting.pop()
            if name == task.id:
                yield f"{step_file(catalog.steps[task.step])}: tasks.{task.id}.after: waits for itself."
                break
            if name not in seen and name in catalog.tasks:
                seen.add(name)
                waiting.extend(catalog.tasks[name].after)


def _roles(catalog: model.Catalog) -> Container[str]:
    vocabulary = catalog.vocabularies.get(ROLES)
    return vocabulary.entries if vocabulary else ()


def _known(
    file: str, path: str, names: tuple[str, ...], known: Container[str], expected: str
) -> Iterator[str]:
    for name in names:
        if name and name not in known:
            yield f"{file}: {path}: “{name}” does not exist; expected {expected}."
