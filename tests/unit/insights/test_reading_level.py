"""The main sentence of every finding is readable at grade 8, in Spanish at INFLESZ “normal” or easier."""

from __future__ import annotations

from itertools import product

import pytest

from upward.base.messages import use_language
from upward.base.readability import english_syllables, flesch_kincaid_grade, inflesz, spanish_syllables
from upward.catalog.model import Form
from upward.insights.findings import Strength
from upward.insights.wording import words_in_force

GRADE, EASE = 8.0, 55.0


def sentences(words):
    """Yield every wording of every variable, with the longest group names."""
    for variable in words.catalog.variables.values():
        metric = words.catalog.metrics[variable.metric]
        if metric.form is Form.HALF_PAIRS:
            continue
        by_group = metric.form is Form.BY_GROUP
        compared = {
            coverage.group_type
            for coverage in variable.groups
            if not words.catalog.group_types[coverage.group_type].overlapping
        }
        types = compared or {"race-ethnicity"}
        for group_type in sorted(types):
            groups = [group.id for group in words.catalog.group_types[group_type].groups][:2]
            first, second = (words.group(group_type, group, metric.id) for group in groups)
            fields = {
                "thing": words.thing(variable.id),
                "short": words.short(variable.id),
                "other_thing": words.thing("share_employed"),
                "other_short": "",
                "first_group": first,
                "second_group": second,
                "year": "2023",
                "first_year": "2014",
                "second_year": "2023",
                "state": "Missouri",
                "count": "10",
                "first": "56.2%",
                "second": "87.1%",
                "topics": "Employment; Income",
            }
            for kind, middle in product(words.statements.kinds, words.statements.middles.values()):
                if (by_group or not compared) and kind in ("gap", "group-change"):
                    continue  # no groups of it are compared, or its variables are its groups
                for strength in Strength:
                    yield words.statement(kind, strength, 1.0, fields | {"middle": middle}, favorable=True)


def test_english_sentences_need_at_most_grade_eight():
    hard = [text for text in sentences(words_in_force()) if flesch_kincaid_grade(text) > GRADE]
    assert hard == []


def test_spanish_sentences_are_at_least_of_normal_ease():
    with use_language("es"):
        hard = [text for text in sentences(words_in_force()) if inflesz(text) < EASE]
    assert hard == []


def test_every_finding_of_the_sample_is_readable(all_findings):
    hard = {
        item.statement
        for found in all_findings.values()
        for item in found
        if flesch_kincaid_grade(item.statement) > GRADE
    }
    assert hard == set()


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # By the formula, with words and syllables counted by hand.
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 * 6 / 6 - 15.59),
        ("The share of adults with a job rose in ten years.", 0.39 * 11 + 11.8 * 12 / 11 - 15.59),
        (
            "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
            "conceived in Liberty, and dedicated to the proposition that all men are created equal.",
            0.39 * 30 + 11.8 * 48 / 30 - 15.59,
        ),
        (
            "The implementation of interdisciplinary collaboration necessitates institutional accommodation.",
            0.39 * 8 + 11.8 * 33 / 8 - 15.59,
        ),
    ],
)
def test_texts_score_as_counted_by_hand(text, grade):
    assert flesch_kincaid_grade(text) == pytest.approx(grade, abs=0.6)


def test_an_easy_spanish_text_is_easier_than_a_hard_one():
    easy = "La casa es grande. El perro corre por el campo. Hoy hace sol."
    hard = (
        "La implementación de mecanismos interinstitucionales de coordinación administrativa requiere "
        "procedimientos reglamentarios específicamente establecidos por la normatividad correspondiente."
    )
    assert inflesz(easy) > 80
    assert inflesz(hard) < 10


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("employed", 2),
        ("household", 2),
        ("median", 3),
        ("physician", 3),
        ("area", 3),
        ("homeless", 2),
        ("usual", 3),
    ],
)
def test_syllables_of_our_words_are_counted_right(word, count):
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"), [("guerra", 2), ("queso", 2), ("vivienda", 3), ("aérea", 4), ("héroe", 3), ("país", 2)]
)
def test_syllables_of_spanish_words_are_counted_right(word, count):
    assert spanish_syllables(word) == count


def test_an_empty_text_is_no_burden():
    assert flesch_kincaid_grade(" ") == 0.0
    assert inflesz("") == 100.0
