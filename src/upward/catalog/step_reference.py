"""Reference pages of the steps and of the words, records and sections they use."""

from __future__ import annotations

from upward.catalog import model
from upward.catalog.markdown import MADE, code, table
from upward.catalog.step_model import Question, Step, Task

#: The keys of a step file: key, what is expected, what it means.
STEP_KEYS = (
    ("number", "whole number", "as in the name of the file"),
    ("slug", "id", "as in the name of the file; the step's address"),
    ("name", "text", "verb first"),
    ("word", "text", "one word for the strip of ten"),
    ("purpose", "text", "one sentence"),
    ("coverage", "text", "how much of the guide's page was read"),
    ("pace", "text", "how long it took others, or what to plan for"),
    ("beside", "list of ids", "steps worked on at the same time"),
    ("guidance", "mapping", "passages: title, text, marker (may be left out), basis"),
    ("examples", "mapping", "what communities did: place, text, basis"),
    ("tasks", "mapping", "title, why, minutes, who, evidence, needed, chapter, records, after"),
    ("questions", "mapping", "text, help, kind, task, options or options_from, who, chapter, basis"),
    ("uses", "mapping", "what it takes from earlier steps: what, reason"),
    ("good", "list of texts", "what good looks like"),
    ("pitfalls", "mapping", "what often goes wrong: name, instead"),
    ("records", "list of ids", "the kinds of record it fills, of the folder records"),
    ("reading", "list of ids", "texts to read on, of readings.yaml"),
)
MARKS = (
    ("seen", "read in a source"),
    ("opening", "read in the first part of a page; the rest of the page was not read"),
    ("practice", "from another tool or standard in common use, not from the guide"),
    ("inferred", "our own conclusion; no source says this in so many words"),
)


def steps_page(catalog: model.Catalog) -> str:
    """Return the page of the ten steps and of the toolkit's chapters."""
    minutes = sum(task.minutes for task in catalog.tasks.values())
    parts = [
        f"# The ten steps\n\n{MADE}",
        f"{len(catalog.steps)} steps with {len(catalog.tasks)} tasks and {len(catalog.questions)} questions, in our "
        f"own words; about {minutes // 60} hours at the desk and table in all, spread over many people and months. "
        "Steps warn and never lock. Ids are kept with people's answers and never change.\n",
        "How far a text rests on the guide is marked:\n",
        table(("mark", "meaning"), MARKS),
        *(_step_section(catalog, step) for step in catalog.steps.values()),
        "## A second way in: the toolkit's chapters\n",
        *(_chapter_section(catalog, name) for name in catalog.chapters),
    ]
    return "\n".join(parts)


def _step_section(catalog: model.Catalog, step: Step) -> str:
    lines = [
        f"## Step {step.number}. {step.name}\n",
        f"{step.purpose}\n",
        f"Id {code(step.slug)}. {step.pace} *{step.coverage}*\n",
        "### Guidance\n",
    ]
    for passage in step.guidance.values():
        marker = f"{passage.marker.value.capitalize()}: " if passage.marker else ""
        text = passage.text.replace("\n", "\n\n  ")
        lines.append(f"- **{marker}{passage.title}.** {text} ({passage.basis})")
    lines += ["", "### What others did\n"]
    lines += [f"- **{item.place}.** {item.text} ({item.basis})" for item in step.examples.values()]
    lines += ["", "### Tasks\n"]
    lines.append(
        table(
            ("id", "task", "why", "minutes", "who", "proof"),
            (_task_row(catalog, task) for task in step.tasks.values()),
        )
    )
    lines += [
        f"- {code(task.id)} works better after {code(other)}: {cost}"
        for task in step.tasks.values()
        for other, cost in task.after.items()
    ]
    lines += ["", "### Questions\n"]
    lines.append(
        table(
            ("id", "question", "answer", "who may answer", "basis"),
            (_question_row(catalog, question) for question in step.questions.values()),
        )
    )
    if step.uses:
        lines.append("### What it uses\n")
        lines += [
            f"- {use.what} (Step {catalog.steps[use.source].number}). {use.reason}"
            for use in step.uses.values()
        ]
        lines.append("")
    lines += ["### What good looks like\n", *(f"- {text}" for text in step.good), ""]
    lines += ["### What often goes wrong\n"]
    lines += [f"- {pitfall.name}. *Instead:* {pitfall.instead}" for pitfall in step.pitfalls.values()]
    records = ", ".join(catalog.records[name].plural for name in step.records)
    reading = "; ".join(catalog.readings[name].title for name in step.reading)
    lines += ["", f"Records: {records}.\n", f"Read on: {reading}.\n"]
    return "\n".join(lines)


def _task_row(catalog: model.Catalog, task: Task) -> tuple[str, ...]:
    title = task.title if task.needed else f"{task.title} (optional)"
    return (code(task.id), title, task.why, str(task.minutes), _roles(catalog, task.who), task.evidence)


def _question_row(catalog: model.Catalog, question: Question) -> tuple[str, ...]:
    answer = question.kind.value
    if question.options_from:
        answer += f" from {code(question.options_from)}"
    elif question.options:
        answer += ": " + "; ".join(question.options.values())
    return (
        code(question.id),
        f"{question.text} {question.help}",
        answer,
        _roles(catalog, question.who),
        question.basis.value,
    )


def _roles(catalog: model.Catalog, names: tuple[str, ...]) -> str:
    roles = catalog.vocabularies["plan-roles"].entries
    return ", ".join(roles[name].name for name in names)


def _chapter_section(catalog: model.Catalog, name: str) -> str:
    chapter = catalog.chapters[name]
    tasks = ", ".join(code(task.id) for task in catalog.tasks.values() if task.chapter == name)
    questions = ", ".join(code(item.id) for item in catalog.questions.values() if item.chapter == name)
    return (
        f"### {chapter.number}. {chapter.name}\n\n{chapter.purpose} {chapter.start} ({chapter.basis})\n\n"
        f"- Tasks: {tasks}\n- Questions: {questions}\n"
    )


def planning_page(catalog: model.Catalog) -> str:
    """Return the page of records, vocabularies, the plan's outline, readings, and the keys of a step file."""
    parts = [
        f"# Words and records of planning\n\n{MADE}",
        "What the [ten steps](steps.md) fill and choose from.\n",
        "## Records\n",
        table(
            ("record", "id", "meaning", "steps"),
            (
                (record.name, code(record.id), record.meaning, _filled_by(catalog, record.id))
                for record in catalog.records.values()
            ),
        ),
        "## The plan's outline\n",
        table(
            ("section", "id", "purpose", "step", "needed", "basis"),
            (
                (
                    section.name,
                    code(section.id),
                    section.purpose,
                    str(catalog.steps[section.step].number),
                    "yes" if section.needed else "no",
                    section.basis.value,
                )
                for section in catalog.outline.values()
            ),
        ),
        "## What a reader looks for\n",
        table(
            ("item", "id", "section", "basis"),
            (
                (item.text, code(item.id), catalog.outline[item.section].name, item.basis.value)
                for item in catalog.checklist.values()
            ),
        ),
        "## Vocabularies\n",
    ]
    for vocabulary in catalog.vocabularies.values():
        parts += [
            f"### {vocabulary.name}\n",
            f"Id {code(vocabulary.id)}. {vocabulary.use}\n",
            table(
                ("word", "id", "meaning", "basis"),
                (
                    (entry.name, code(entry.id), entry.meaning, entry.basis.value)
                    for entry in vocabulary.entries.values()
                ),
            ),
        ]
    parts.append("## Reading on\n")
    for text in catalog.readings.values():
        address = f" <{text.address}>." if text.address else ""
        parts.append(f"- **{text.title}.** {text.publisher}.{address} {text.note} ({text.basis})")
    parts += [
        "\n## Keys of a step file\n",
        table(("key", "expected", "meaning"), ((code(key), kind, text) for key, kind, text in STEP_KEYS)),
    ]
    return "\n".join(parts)


def _filled_by(catalog: model.Catalog, record: str) -> str:
    return ", ".join(str(step.number) for step in catalog.steps.values() if record in step.records)
