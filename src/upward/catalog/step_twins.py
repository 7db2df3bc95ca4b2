"""The planning side in another language: the texts of the twins laid over steps, chapters, words and sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from upward.catalog import model
from upward.catalog.reading import Fields
from upward.catalog.record_files import record_file
from upward.catalog.record_model import Field, RecordKind
from upward.catalog.step_files import PLANNING_FILES, step_file
from upward.catalog.step_model import Question, Step, Task
from upward.catalog.twins import Twins

STEP_TEXT = ("name", "word", "purpose", "coverage", "pace")


def planning_texts(twins: Twins, catalog: model.Catalog) -> dict[str, Any]:
    """Return the planning fields of a `Catalog` with their texts translated."""
    steps = {slug: _step(twins, step) for slug, step in catalog.steps.items()}
    toolkit, readings, vocabularies, outline = (twins.open(name) for name in PLANNING_FILES)
    translated = {
        "steps": steps,
        "tasks": {name: task for step in steps.values() for name, task in step.tasks.items()},
        "questions": {name: item for step in steps.values() for name, item in step.questions.items()},
        "chapters": twins.each(toolkit, "chapters", catalog.chapters, ("name", "purpose", "start")),
        "records": _records(twins, catalog),
        "readings": twins.each(readings, "readings", catalog.readings, ("note",)),
        "vocabularies": _vocabularies(twins, vocabularies, catalog),
        "outline": twins.each(outline, "sections", catalog.outline, ("name", "purpose", "missing")),
        "checklist": twins.each(outline, "checklist", catalog.checklist, ("text",)),
    }
    for top in (toolkit, readings, vocabularies, outline):
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


def _records(twins: Twins, catalog: model.Catalog) -> dict[str, RecordKind]:
    translated: dict[str, RecordKind] = dict(catalog.records)
    for step in dict.fromkeys(kind.step for kind in catalog.records.values()):
        top = twins.open(record_file(step).removesuffix(".yaml"))
        inner = top.mapping("records")
        for name, kind in catalog.records.items():
            if kind.step != step:
                continue
            fields = inner.mapping(name)
            translated[name] = replace(
                twins.item(kind, fields, ("name", "plural", "meaning")),
                fields=_record_fields(twins, fields, "fields", kind.fields),
            )
            fields.done()
        inner.done()
        top.done()
    return translated


def _record_fields(twins: Twins, top: Fields, key: str, known: Mapping[str, Field]) -> dict[str, Field]:
    inner = top.mapping(key)
    translated = {}
    for name, field in known.items():
        fields = inner.mapping(name)
        item = twins.item(field, fields, ("label", "help"))
        if field.columns:
            item = replace(item, columns=_record_fields(twins, fields, "columns", field.columns))
        translated[name] = item
        fields.done()
    inner.done()
    return translated
