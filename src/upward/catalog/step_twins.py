"""The planning side in another language: the texts of the twins laid over steps, chapters, words and sections."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from upward.catalog import model
from upward.catalog.reading import Fields
from upward.catalog.step_files import PLANNING_FILES, step_file
from upward.catalog.step_model import Question, Step, Task
from upward.catalog.twins import Twins

STEP_TEXT = ("name", "word", "purpose", "coverage", "pace")


def planning_texts(twins: Twins, catalog: model.Catalog) -> dict[str, Any]:
    """Return the planning fields of a `Catalog` with their texts translated."""
    steps = {slug: _step(twins, step) for slug, step in catalog.steps.items()}
    toolkit, records, readings, vocabularies, outline = (twins.open(name) for name in PLANNING_FILES)
    translated = {
        "steps": steps,
        "tasks": {name: task for step in steps.values() for name, task in step.tasks.items()},
        "questions": {name: item for step in steps.values() for name, item in step.questions.items()},
        "chapters": twins.each(toolkit, "chapters", catalog.chapters, ("name", "purpose", "start")),
        "records": twins.each(records, "records", catalog.records, ("name", "plural", "meaning")),
        "readings": twins.each(readings, "readings", catalog.readings, ("note",)),
        "vocabularies": _vocabularies(twins, vocabularies, catalog),
        "outline": twins.each(outline, "sections", catalog.outline, ("name", "purpose", "missing")),
        "checklist": twins.each(outline, "checklist", catalog.checklist, ("text",)),
    }
    for top in (toolkit, records, readings, vocabularies, outline):
        top.done()
    return translated


def _step(twins: Twins, step: Step) -> Step:
    fields = twins.open(step_file(step).removesuffix(".yaml"))
    translated = replace(
        twins.item(step, fields, STEP_TEXT),
        guidance=twins.each(fields, "guidance", step.guidance, ("title", "text")),
        examples=twins.each(fields, "examples", step.examples, ("place", "text")),
        tasks=_tasks(twins, fields, step),
        questions=_questions(twins, fields, step),
        uses=twins.each(fields, "uses", step.uses, ("what", "reason")),
        good=twins.texts(fields, "good", step.good),
        pitfalls=twins.each(fields, "pitfalls", step.pitfalls, ("name", "instead")),
    )
    fields.done()
    return translated


def _tasks(twins: Twins, top: Fields, step: Step) -> dict[str, Task]:
    inner = top.mapping("tasks")
    translated = {}
    for name, task in step.tasks.items():
        fields = inner.mapping(name)
        translated[name] = replace(
            twins.item(task, fields, ("title", "why", "evidence")),
            after=twins.by_key(fields, "after", task.after),
        )
        fields.done()
    inner.done()
    return translated


def _questions(twins: Twins, top: Fields, step: Step) -> dict[str, Question]:
    inner = top.mapping("questions")
    translated = {}
    for name, question in step.questions.items():
        fields = inner.mapping(name)
        translated[name] = replace(
            twins.item(question, fields, ("text", "help")),
            options=twins.by_key(fields, "options", question.options),
        )
        fields.done()
    inner.done()
    return translated


def _vocabularies(twins: Twins, top: Fields, catalog: model.Catalog) -> dict[str, Any]:
    inner = top.mapping("vocabularies")
    translated = {}
    for name, vocabulary in catalog.vocabularies.items():
        fields = inner.mapping(name)
        translated[name] = replace(
            twins.item(vocabulary, fields, ("name", "use")),
            entries=twins.each(fields, "entries", vocabulary.entries, ("name", "meaning")),
        )
        fields.done()
    inner.done()
    return translated
