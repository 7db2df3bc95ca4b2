"""The ten steps as the workbench asks for them: in the language in force, by number, by id."""

from __future__ import annotations

from functools import lru_cache

from upward.base.errors import NotFoundError
from upward.base.messages import _, current_language
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.catalog.step_model import Question, Step, Task


@lru_cache(maxsize=4)
def _in_language(language: str) -> Catalog:
    return load_catalog(language)


def catalog() -> Catalog:
    """Return the catalogue in the language in force."""
    return _in_language(current_language())


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


def options_of(question: Question) -> dict[str, str]:
    """Return the choices of a question: its own, or those of the vocabulary or framework that it names."""
    if question.options:
        return dict(question.options)
    held = catalog()
    if question.options_from in held.vocabularies:
        return {key: entry.name for key, entry in held.vocabularies[question.options_from].entries.items()}
    framework = {
        "dimensions": getattr(held, "dimensions", {}),
        "pillars": held.pillars,
        "predictors": held.predictors,
    }.get(question.options_from, {})
    return {key: getattr(item, "name", str(item)) for key, item in framework.items()}
