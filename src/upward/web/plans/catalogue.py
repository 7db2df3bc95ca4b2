"""The ten steps as the workbench asks for them: in the language in force, by number, by id."""

from __future__ import annotations

from upward.base.errors import DataError, NotFoundError
from upward.base.messages import _, current_language
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.catalog.step_model import Question, Step, Task
from upward.plan.answers import answer_from_stored, answer_words


def catalog() -> Catalog:
    """Return the catalogue in the language in force."""
    return load_catalog(current_language())


def step_numbered(number: int) -> Step:
    """Return a step by its number; raises NotFoundError where there is none."""
    for step in catalog().steps.values():
        if step.number == number:
            return step
    raise NotFoundError(_("There is no step {number}.").format(number=number))


def step_called(slug: str) -> Step:
    """Return a step by its slug; raises NotFoundError where there is none."""
    try:
        return catalog().steps[slug]
    except KeyError:
        raise NotFoundError(_("There is no step “{slug}”.").format(slug=slug)) from None


def question_called(key: str) -> Question:
    """Return a question by its id; raises NotFoundError where there is none."""
    try:
        return catalog().questions[key]
    except KeyError:
        raise NotFoundError(_("There is no question “{key}”.").format(key=key)) from None


def task_called(key: str) -> Task | None:
    """Return a task of the catalogue, or None where the id is a team's own."""
    return catalog().tasks.get(key)


def answer_text(stored: object) -> str:
    """Return a stored answer in the words of the language in force; what this version cannot read, as it stands."""
    if not isinstance(stored, dict):
        return "" if stored is None else str(stored)
    try:
        question, answer = answer_from_stored(catalog(), stored)
    except DataError:
        value = stored.get("value", "")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return answer_words(catalog(), question, answer)
