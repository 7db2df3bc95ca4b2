"""Are the steps whole? What stops them from loading at all is found by `step_files.py` and `step_references.py`."""

from __future__ import annotations

from collections.abc import Iterator

from upward.catalog import model
from upward.catalog.record_files import record_file
from upward.catalog.step_files import step_file
from upward.catalog.step_model import Marker, Step

STEPS = 10
CHAPTERS = 7
LONGEST_WORD = 12  # letters that fit into the strip of ten


def step_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield what is missing in steps, chapters, records and readings."""
    numbers = [step.number for step in catalog.steps.values()]
    if numbers != list(range(1, STEPS + 1)):
        yield f"steps: expected files numbered 1 to {STEPS}, found {numbers}."
    for step in catalog.steps.values():
        yield from _one_step_problems(catalog, step)
    chapters = [chapter.number for chapter in catalog.chapters.values()]
    if chapters != list(range(1, CHAPTERS + 1)):
        yield f"toolkit.yaml: chapters: expected numbers 1 to {CHAPTERS}, found {chapters}."
    for name in catalog.chapters:
        for kind, items in (("task", catalog.tasks), ("question", catalog.questions)):
            if not any(item.chapter == name for item in items.values()):
                yield f"toolkit.yaml: chapters.{name}: no {kind} belongs to it."
    filled = {record for step in catalog.steps.values() for record in step.records}
    for name in catalog.records.keys() - filled:
        yield f"{record_file(catalog.records[name].step)}: records.{name}: no step fills it."
    for file in sorted({kind.step for kind in catalog.records.values()} - catalog.steps.keys()):
        yield f"{record_file(file)}: is not named like a step."
    read = {text for step in catalog.steps.values() for text in step.reading}
    for name in catalog.readings.keys() - read:
        yield f"readings.yaml: readings.{name}: no step names it."


def _one_step_problems(catalog: model.Catalog, step: Step) -> Iterator[str]:
    file = step_file(step)
    if len(step.word) > LONGEST_WORD or " " in step.word:
        yield f"{file}: word: expected one word of at most {LONGEST_WORD} letters."
    for marker in Marker:
        if not any(passage.marker is marker for passage in step.guidance.values()):
            yield f"{file}: guidance: no passage carries the marker “{marker}”."
    if not any("residents" in question.who for question in step.questions.values()):
        yield f"{file}: questions: none may be answered by residents."
    if not any("residents" in task.who for task in step.tasks.values()):
        yield f"{file}: tasks: none is done with residents."
    if not step.good:
        yield f"{file}: good: expected what good looks like."
    for slug in step.uses:
        if catalog.steps[slug].number > step.number and slug not in step.beside:
            yield f"{file}: uses.{slug}: comes later and is not worked on beside this step."
