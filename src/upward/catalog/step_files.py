"""Steps, toolkit chapters, vocabularies and the outline of the plan, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from upward.catalog.reading import Fields, Problems, read_yaml
from upward.catalog.record_files import read_records
from upward.catalog.step_model import (
    AnswerKind,
    Basis,
    Chapter,
    ChecklistItem,
    Entry,
    Example,
    Marker,
    Passage,
    Pitfall,
    Question,
    Reading,
    Section,
    Step,
    Task,
    Use,
    Vocabulary,
)

Item = TypeVar("Item")
PLANNING_FILES = ("toolkit", "readings", "vocabularies", "plan-outline")
FILE_NAME = re.compile(r"(\d\d)-([a-z0-9-]+)")


def read_planning(folder: Path, problems: Problems) -> dict[str, Any]:
    """Return the planning fields of a `Catalog`; whatever is wrong is added to `problems`."""
    steps = read_steps(folder / "steps", problems)
    toolkit, readings, vocabularies, outline = (
        read_yaml(folder / f"{name}.yaml", f"{name}.yaml", problems) for name in PLANNING_FILES
    )
    return {
        "steps": steps,
        "tasks": _index(steps, "tasks", "t", problems),
        "questions": _index(steps, "questions", "q", problems),
        "chapters": _read_chapters(toolkit),
        "records": read_records(folder, steps, problems),
        "readings": _read_readings(readings),
        "vocabularies": _read_vocabularies(vocabularies),
        **_read_outline(outline),
    }


def is_planning_file(name: str) -> bool:
    """Tell whether a path below the catalogue's folder, or its twin's, belongs to the planning side."""
    path = re.sub(r"^locale/[a-z]+/", "", name)
    return path.startswith(("steps/", "records/")) or path in {f"{file}.yaml" for file in PLANNING_FILES}


def read_steps(folder: Path, problems: Problems) -> dict[str, Step]:
    """Return the steps of a folder by slug, in the order of the numbers in their file names."""
    steps = {}
    for path in sorted(folder.glob("*.yaml")):
        step = read_step(path, problems)
        if step.slug in steps:
            problems.add(step_file(step), "slug", f"another file has the slug “{step.slug}”.")
        steps[step.slug] = step
    return steps


def step_file(step: Step) -> str:
    """Return the name of a step's file, as messages show it."""
    return f"steps/{step.number:02d}-{step.slug}.yaml"


def read_step(path: Path, problems: Problems) -> Step:
    """Return the step of a file named `NN-slug.yaml`."""
    fields = read_yaml(path, f"steps/{path.name}", problems)
    match = FILE_NAME.fullmatch(path.stem)
    if match is None:
        problems.add(f"steps/{path.name}", "", "expected a name like 01-approach.yaml.")
    number, slug = (int(match[1]), match[2]) if match else (0, path.stem)
    _same(fields, "number", fields.whole("number"), number)
    _same(fields, "slug", fields.identifier("slug"), slug)
    step = Step(
        number=number,
        slug=slug,
        name=fields.text("name"),
        word=fields.text("word"),
        purpose=fields.text("purpose"),
        coverage=fields.text("coverage"),
        pace=fields.text("pace"),
        beside=fields.identifiers("beside"),
        guidance={name: _read_passage(name, inner) for name, inner in fields.each("guidance")},
        examples={name: _read_example(name, inner) for name, inner in fields.each("examples")},
        tasks={name: _read_task(name, slug, inner) for name, inner in fields.each("tasks")},
        questions={name: _read_question(name, slug, inner) for name, inner in fields.each("questions")},
        uses={name: _read_use(name, slug, inner) for name, inner in fields.each("uses", required=False)},
        good=fields.texts("good"),
        pitfalls={name: _read_pitfall(name, inner) for name, inner in fields.each("pitfalls")},
        records=fields.identifiers("records"),
        reading=fields.identifiers("reading"),
    )
    fields.done()
    return step


def _same(fields: Fields, key: str, found: object, expected: object) -> None:
    if found and found != expected:
        fields.problem(key, f"expected “{expected}” as in the name of the file, found “{found}”.")


def _read_passage(name: str, fields: Fields) -> Passage:
    passage = Passage(
        id=name,
        title=fields.text("title"),
        text=fields.text("text"),
        marker=fields.choice("marker", Marker) if fields.has("marker") else None,
        basis=fields.choice("basis", Basis),
    )
    fields.done()
    return passage


def _read_example(name: str, fields: Fields) -> Example:
    example = Example(
        id=name,
        place=fields.text("place"),
        text=fields.text("text"),
        basis=fields.choice("basis", Basis),
    )
    fields.done()
    return example


def _read_task(name: str, step: str, fields: Fields) -> Task:
    task = Task(
        id=name,
        step=step,
        title=fields.text("title"),
        why=fields.text("why"),
        minutes=fields.whole("minutes"),
        who=fields.identifiers("who"),
        evidence=fields.text("evidence"),
        needed=fields.flag("needed", default=True),
        chapter=fields.identifier("chapter"),
        records=fields.identifiers("records"),
        after=fields.texts_by_id("after"),
    )
    if not task.who:
        fields.problem("who", "expected at least one role.")
    if task.minutes < 1:
        fields.problem("minutes", "expected one minute or more.")
    fields.done()
    return task


def _read_question(name: str, step: str, fields: Fields) -> Question:
    question = Question(
        id=name,
        step=step,
        task=fields.identifier("task"),
        text=fields.text("text"),
        help=fields.text("help"),
        kind=fields.choice("kind", AnswerKind),
        options=fields.texts_by_id("options"),
        options_from=fields.identifier("options_from", default=""),
        who=fields.identifiers("who"),
        chapter=fields.identifier("chapter"),
        basis=fields.choice("basis", Basis),
    )
    if not question.who:
        fields.problem("who", "expected at least one role.")
    fields.done()
    return question


def _read_use(name: str, step: str, fields: Fields) -> Use:
    use = Use(source=name, step=step, what=fields.text("what"), reason=fields.text("reason"))
    fields.done()
    return use


def _read_pitfall(name: str, fields: Fields) -> Pitfall:
    pitfall = Pitfall(id=name, name=fields.text("name"), instead=fields.text("instead"))
    fields.done()
    return pitfall


def _index(steps: Mapping[str, Step], key: str, letter: str, problems: Problems) -> dict[str, Any]:
    """Return the items of all steps by id, noting an id that is used twice or belongs to another step."""
    found: dict[str, Any] = {}
    for step in steps.values():
        pattern = re.compile(rf"s{step.number:02d}\.{letter}\d\d")
        for name, item in getattr(step, key).items():
            path = f"{key}.{name}"
            if not pattern.fullmatch(name):
                expected = f"an id like s{step.number:02d}.{letter}01"
                problems.add(step_file(step), path, f"expected {expected}.")
            if name in found:
                problems.add(step_file(step), path, f"is also in step “{found[name].step}”.")
            found[name] = item
    return found


def _read_chapters(top: Fields) -> dict[str, Chapter]:
    chapters = {}
    for name, fields in top.each("chapters"):
        chapters[name] = Chapter(
            id=name,
            number=fields.whole("number"),
            name=fields.text("name"),
            purpose=fields.text("purpose"),
            start=fields.text("start"),
            basis=fields.choice("basis", Basis),
        )
        fields.done()
    top.done()
    return chapters


def _read_readings(top: Fields) -> dict[str, Reading]:
    readings = {}
    for name, fields in top.each("readings"):
        readings[name] = Reading(
            id=name,
            title=fields.text("title"),
            publisher=fields.text("publisher"),
            address=fields.text("address", default=""),
            note=fields.text("note"),
            basis=fields.choice("basis", Basis),
        )
        fields.done()
    top.done()
    return readings


def _read_vocabularies(top: Fields) -> dict[str, Vocabulary]:
    vocabularies = {}
    for name, fields in top.each("vocabularies"):
        basis = fields.choice("basis", Basis)
        entries = {}
        for word, inner in fields.each("entries"):
            entries[word] = Entry(
                id=word,
                name=inner.text("name"),
                meaning=inner.text("meaning"),
                basis=inner.choice("basis", Basis) if inner.has("basis") else basis,
            )
            inner.done()
        vocabularies[name] = Vocabulary(
            id=name, name=fields.text("name"), use=fields.text("use"), entries=entries
        )
        fields.done()
    top.done()
    return vocabularies


def _read_outline(top: Fields) -> dict[str, Any]:
    sections, checklist = {}, {}
    for name, fields in top.each("sections"):
        sections[name] = Section(
            id=name,
            name=fields.text("name"),
            purpose=fields.text("purpose"),
            missing=fields.text("missing"),
            step=fields.identifier("step"),
            records=fields.identifiers("records"),
            needed=fields.flag("needed", default=True),
            basis=fields.choice("basis", Basis),
        )
        fields.done()
    for name, fields in top.each("checklist"):
        checklist[name] = ChecklistItem(
            id=name,
            text=fields.text("text"),
            section=fields.identifier("section"),
            basis=fields.choice("basis", Basis),
        )
        fields.done()
    top.done()
    return {"outline": sections, "checklist": checklist}
