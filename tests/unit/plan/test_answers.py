"""Answers are read with a plain word about what to do, and come back from storage as they went in."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import DataError, UsageError
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.catalog.step_model import AnswerKind
from upward.plan.answers import TEXT_LIMIT, answer_from_stored, answer_words, read_answer, stored_answer
from upward.plan.ways import options_of

CATALOG = load_catalog()
BY_KIND = {question.kind: question for question in CATALOG.questions.values()}
EDITION = CATALOG.questions["s01.q03"]
visible = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=TEXT_LIMIT).map(
    str.strip
)


def read(kind, *typed):
    return read_answer(CATALOG, BY_KIND[kind], typed)


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_an_empty_field_is_no_answer(kind):
    assert read(kind, "") is None
    assert read(kind, "  ") is None
    assert read(kind) is None


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (AnswerKind.TEXT, [" A county "], "A county"),
        (AnswerKind.LONG_TEXT, ["One\r\ntwo"], "One\ntwo"),
        (AnswerKind.NUMBER, ["$1,250.50"], Decimal("1250.50")),
        (AnswerKind.NUMBER, ["-3"], Decimal(-3)),
        (AnswerKind.DATE, ["2027-03-01"], date(2027, 3, 1)),
        (AnswerKind.DATE, ["2027", "3", "1"], date(2027, 3, 1)),
        (AnswerKind.RATING, ["3"], "3"),
    ],
)
def test_what_people_type_is_read(kind, typed, expected):
    assert read(kind, *typed) == expected


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (AnswerKind.TEXT, ["a" * 301], "Use 300 characters or fewer; there are 301 now."),
        (AnswerKind.TEXT, ["a\x00b"], "Take out characters that cannot be seen"),
        (AnswerKind.TEXT, ["a", "b"], "Give one answer."),
        (AnswerKind.NUMBER, ["a lot"], "Give a number in figures"),
        (AnswerKind.NUMBER, ["1e9"], "Give a number in figures"),
        (AnswerKind.NUMBER, ["٣"], "Give a number in figures"),
        (AnswerKind.DATE, ["2027", "13", "1"], "Give year, month and day"),
        (AnswerKind.DATE, ["2027", "2"], "Give year, month and day"),
        (AnswerKind.DATE, ["27", "2", "1"], "Give the year in four figures"),
        (AnswerKind.CHOICE, ["nonsense"], "Choose from the options shown."),
        (AnswerKind.CHOICES, ["nonsense"], "Choose from the options shown."),
        (AnswerKind.RATING, ["9"], "Choose from the options shown."),
    ],
)
def test_what_cannot_be_read_says_what_to_do(kind, typed, expected):
    with pytest.raises(UsageError, match=expected.replace(".", r"\.")):
        read(kind, *typed)


def test_choices_are_kept_once_and_in_the_order_of_the_options():
    question = CATALOG.questions["s01.q04"]
    chosen = read_answer(CATALOG, question, ["dignity-and-belonging", "economic-success", "economic-success"])
    assert chosen == ("economic-success", "dignity-and-belonging")


def answers(question):
    if question.kind is AnswerKind.NUMBER:
        return st.decimals(-(10**12), 10**12, places=2)
    if question.kind is AnswerKind.DATE:
        return st.dates(date(1900, 1, 1), date(2200, 12, 31))
    options = list(options_of(CATALOG, question))
    if question.kind is AnswerKind.CHOICES:
        return st.sets(st.sampled_from(options), min_size=1).map(
            lambda chosen: tuple(name for name in options if name in chosen)
        )
    if options:
        return st.sampled_from(options)
    return visible.filter(bool)


@given(st.data())
def test_an_answer_comes_back_from_json_as_it_went_in(data):
    question = data.draw(st.sampled_from(list(CATALOG.questions.values())))
    answer = data.draw(answers(question))
    stored = json.loads(json.dumps(stored_answer(question, answer)))
    assert answer_from_stored(CATALOG, stored) == (question, answer)
    assert answer_words(CATALOG, question, answer)


@given(st.data(), st.lists(st.text(max_size=30), max_size=4))
def test_whatever_is_typed_is_an_answer_none_or_a_plain_refusal(data, typed):
    question = data.draw(st.sampled_from(list(CATALOG.questions.values())))
    try:
        answer = read_answer(CATALOG, question, typed)
    except UsageError:
        return
    assert answer is None or answer_from_stored(CATALOG, stored_answer(question, answer)) == (
        question,
        answer,
    )


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"schema": "upward.answer/2", "question": "s01.q03", "kind": "choice", "value": "2025"},
        {"schema": "upward.answer/1", "question": "s99.q01", "kind": "choice", "value": "2025"},
        {"schema": "upward.answer/1", "question": "s01.q03", "kind": "text", "value": "2025"},
        {"schema": "upward.answer/1", "question": "s01.q03", "kind": "choice", "value": 2025},
        {"schema": "upward.answer/1", "question": "s01.q03", "kind": "choice", "value": [1]},
        {"schema": "upward.answer/1", "question": "s01.q03", "kind": "choice", "value": "gone"},
        {"schema": "upward.answer/1", "question": "s01.q03", "kind": "choice", "value": ""},
    ],
)
def test_a_stored_answer_of_another_form_is_refused(stored):
    with pytest.raises(DataError):
        answer_from_stored(CATALOG, stored)


def test_answers_are_shown_in_words_of_the_language():
    spanish = load_catalog("es")
    with use_language("es"):
        assert answer_words(spanish, EDITION, "2025") == "La edición de 2025"
        assert answer_words(spanish, BY_KIND[AnswerKind.DATE], date(2027, 3, 1)) == "1 de marzo de 2027"
        assert answer_words(spanish, BY_KIND[AnswerKind.NUMBER], Decimal("1250.5")) == "1,250.5"
        chosen = ("economic-success", "dignity-and-belonging")
        words = answer_words(spanish, spanish.questions["s01.q04"], chosen)
        assert words == "Éxito económico; Dignidad y pertenencia"
