"""Search across a plan: what its team wrote, and the steps, tasks and questions of the guide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup, escape

from upward.base.messages import _
from upward.web.plans import catalogue
from upward.web.plans.additions import additions
from upward.web.plans.models import Answer, Plan, PlanDate, Task, Upload
from upward.web.plans.policies import Access
from upward.web.plans.queries import members_of

MOST = 100
AROUND = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, its name with the words marked, a piece of its text, and its page."""

    kind: str
    title: Markup
    excerpt: Markup
    link: str


def search_plan(access: Access, words: str) -> list[Hit]:
    """Return what holds all the words, the team's own records first; at most 100. Accents and capitals do not count."""
    wanted = [fold(word) for word in words.split()[:8]]
    if not wanted:
        return []
    hits = []
    for kind, title, text, link in _everything(access):
        folded = fold(f"{title} {text}")
        if all(word in folded for word in wanted):
            hits.append(Hit(kind, _marked(title, wanted), _marked(_around(text, wanted), wanted), link))
            if len(hits) == MOST:
                break
    return hits


def fold(text: str) -> str:
    """Return the text without accents and capitals.

    >>> fold("Educación")
    'educacion'
    """
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _everything(access: Access) -> Iterator[tuple[str, str, str, str]]:
    for addition in additions():
        if addition.found is not None:
            yield from addition.found(access)
    yield from _records(access.plan)


def _records(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    def page(name: str, **more: object) -> str:
        return reverse(f"plans:{name}", kwargs={"slug": plan.slug, **more})

    held = catalogue.catalog()
    for answer in Answer.objects.filter(plan=plan):
        question = held.questions.get(answer.question)
        if question:
            yield (
                _("Answer"),
                question.text,
                catalogue.answer_text(answer.value),
                page("question", key=answer.question),
            )
    for row in Task.objects.filter(plan=plan):
        task = held.tasks.get(row.key)
        yield (
            _("Task"),
            task.title if task else row.title,
            f"{row.proof} {row.set_aside}",
            page("task", key=row.key),
        )
    for entry in PlanDate.objects.filter(plan=plan):
        yield _("Date"), entry.title, f"{entry.place} {entry.note}", page("calendar")
    for upload in Upload.objects.filter(plan=plan):
        yield _("File"), upload.name, upload.about, page("files")
    for member in members_of(plan):
        yield _("Person"), member.user.get_full_name(), member.function, page("people")
    yield from _guidance(page)


def _guidance(page: Callable[..., str]) -> Iterator[tuple[str, str, str, str]]:
    for step in catalogue.catalog().steps.values():
        yield _("Step"), step.name, step.purpose, page("step", number=step.number)
        for task in step.tasks.values():
            yield _("Task of the guide"), task.title, task.why, page("task", key=task.id)
        for question in step.questions.values():
            yield _("Question"), question.text, question.help, page("question", key=question.id)
        for passage in step.guidance.values():
            yield _("Guidance"), passage.title, passage.text, page("guide", number=step.number)


def _around(text: str, wanted: list[str]) -> str:
    """Return the piece of a text around the first word found."""
    text = " ".join(text.split())
    at = min((found for word in wanted if (found := fold(text).find(word)) >= 0), default=0)
    start, end = max(0, at - AROUND), at + 2 * AROUND
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _marked(text: str, wanted: list[str]) -> Markup:
    """Return the text, escaped, with the words marked; a text whose folding changes lengths is left unmarked."""
    folded = fold(text)
    if len(folded) != len(text):
        return escape(text)
    pattern = re.compile("|".join(re.escape(word) for word in sorted(wanted, key=len, reverse=True)))
    parts, last = [], 0
    for match in pattern.finditer(folded):
        parts += [
            escape(text[last : match.start()]),
            Markup("<mark>{}</mark>").format(text[match.start() : match.end()]),
        ]
        last = match.end()
    return Markup("").join([*parts, escape(text[last:])])
