"""Answers to the steps' questions: read from what people typed, stored as JSON, shown in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from upward.base.errors import DataError, UsageError
from upward.base.messages import _, current_language
from upward.catalog.model import Catalog
from upward.catalog.step_model import AnswerKind, Question
from upward.plan.ways import options_of

Answer = str | tuple[str, ...] | date | Decimal

SCHEMA = "upward.answer/1"
TEXT_LIMIT = 300
LONG_TEXT_LIMIT = 20_000
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read_answer(catalog: Catalog, question: Question, typed: Sequence[str]) -> Answer | None:
    """Return the answer that a person typed or chose, or None for none; raise UsageError saying what to do.

    `typed` holds the values of the form's fields: one text, the ids chosen (a rating is the id of its step), or for
    a date either one text 2027-03-01 or year, month and day.
    """
    values = [value.strip() for value in typed]
    if not any(values):
        return None
    if question.kind is AnswerKind.DATE:
        return read_date(values)
    if question.kind is AnswerKind.CHOICES:
        return _chosen(catalog, question, [value for value in values if value])
    if len(values) != 1:
        raise UsageError(_("Give one answer."))
    value = values[0]
    if question.kind is AnswerKind.NUMBER:
        return read_number(value)
    if question.kind in (AnswerKind.CHOICE, AnswerKind.RATING):
        return _chosen(catalog, question, [value])[0]
    return read_text(value, LONG_TEXT_LIMIT if question.kind is AnswerKind.LONG_TEXT else TEXT_LIMIT)


def stored_answer(question: Question, answer: Answer) -> dict[str, Any]:
    """Return the answer as JSON can hold it, with the name and version of its schema."""
    value: Any = list(answer) if isinstance(answer, tuple) else str(answer)
    return {"schema": SCHEMA, "question": question.id, "kind": question.kind.value, "value": value}


def answer_from_stored(catalog: Catalog, stored: Mapping[str, Any]) -> tuple[Question, Answer]:
    """Return question and answer of what `stored_answer` made; raise DataError for anything else."""
    if stored.get("schema") != SCHEMA:
        raise DataError(_("This answer has a form that this version does not know."))
    question = catalog.questions.get(str(stored.get("question")))
    value = stored.get("value")
    if question is None or stored.get("kind") != question.kind.value:
        raise DataError(_("This answer belongs to a question that this version does not know."))
    typed = [value] if isinstance(value, str) else value
    if not isinstance(typed, list) or not all(isinstance(item, str) for item in typed):
        raise DataError(_("This answer is damaged."))
    try:
        answer = read_answer(catalog, question, typed)
    except UsageError as error:
        raise DataError(str(error)) from error
    if answer is None:
        raise DataError(_("This answer is damaged."))
    return question, answer


def answer_words(catalog: Catalog, question: Question, answer: Answer) -> str:
    """Return the answer as pages show it, in the language in force and of the catalogue."""
    if isinstance(answer, date):
        return str(format_date(answer, format="long", locale=current_language()))
    if isinstance(answer, Decimal):
        return str(format_decimal(answer, locale="es_US" if current_language() == "es" else "en_US"))
    options = options_of(catalog, catalog.questions[question.id])
    if isinstance(answer, tuple):
        return "; ".join(options[item] for item in answer)
    return options.get(answer, answer)


def read_text(value: str, limit: int) -> str:
    """Return a text with plain line ends; raise UsageError where it is too long or holds what cannot be seen."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(value):
        raise UsageError(_("Take out characters that cannot be seen, then save again."))
    if len(value) > limit:
        raise UsageError(
            _("Use {limit} characters or fewer; there are {found} now.").format(limit=limit, found=len(value))
        )
    return value


def read_number(value: str) -> Decimal:
    """Return a number written as people write it: "1,250", "$3,000.50"; raise UsageError for anything else."""
    plain = value.replace(",", "").replace("$", "").replace(" ", "").replace("\u00a0", "")
    if not _NUMBER.fullmatch(plain):
        raise UsageError(_("Give a number in figures, such as 1,250 or 0.5."))
    return Decimal(plain)


def read_date(values: Sequence[str]) -> date:
    """Return the day of one text "2027-03-01" or of year, month and day; raise UsageError for anything else."""
    parts: Sequence[str] = values[0].split("-") if len(values) == 1 else values
    try:
        if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
            raise ValueError
        found = date(*(int(part) for part in parts))
    except ValueError as error:
        raise UsageError(_("Give year, month and day in figures, such as 2027 3 1.")) from error
    if not 1900 <= found.year <= 2200:
        raise UsageError(_("Give the year in four figures, such as 2027."))
    return found


def _chosen(catalog: Catalog, question: Question, values: list[str]) -> tuple[str, ...]:
    """Return the ids chosen, each once, in the order of the options."""
    options = options_of(catalog, question)
    if any(value not in options for value in values):
        raise UsageError(_("Choose from the options shown."))
    return tuple(name for name in options if name in values)
