"""A pair of figures says which of the two the data leave open."""

from __future__ import annotations

import polars as pl
import pytest

from upward.base.messages import use_language
from upward.catalog.statements import load_relations
from upward.insights.candidates import CANDIDATE_COLUMNS, with_strength
from upward.insights.findings import Strength
from upward.insights.rules.relation import find_relations
from upward.insights.wording import Fields, words_in_force

PAIR = load_relations()[0]


def standing(variable: str, estimate: float, p: float) -> dict[str, object]:
    return {
        "geo_level": "county", "geo_id": "29019", "metric": variable, "edition": "2025", "scope": "nation",
        "first_variable": variable, "first_period": "2023", "first_quality": 1, "side": 1,
        "estimate": estimate, "p": p,
    }  # fmt: skip


def relation(first: tuple[float, float], second: tuple[float, float]) -> dict[str, object]:
    rows = [standing(PAIR.first, *first), standing(PAIR.second, *second)]
    found = with_strength(find_relations(pl.DataFrame(rows, schema=CANDIDATE_COLUMNS)))
    (candidate,) = found.iter_rows(named=True)
    return candidate


@pytest.mark.parametrize(
    ("first", "second", "open_half"),
    [
        ((1.0, 0.001), (1.0, 0.4), "second"),
        ((1.0, 0.4), (-1.0, 0.001), "first"),
        ((1.0, 0.4), (1.0, 0.3), None),
        ((1.0, 0.01), (-1.0, 0.02), None),
    ],
)
def test_the_one_figure_that_is_not_told_from_the_middle_is_named(first, second, open_half) -> None:
    found = relation(first, second)
    assert found["open"] == open_half
    assert (found["strength"] == Strength.UNCERTAIN) == (max(first[1], second[1]) > 0.05)


@pytest.mark.parametrize("form", ["agreement", "tension"])
@pytest.mark.parametrize(
    ("language", "of_one", "of_both"),
    [
        ("en", "Preschool: the data cannot tell if it is better", "just one, or none"),
        ("es", "Preschool: los datos no dicen si es mejor", "solo una o ninguna"),
    ],
)
def test_of_a_pair_with_one_open_figure_it_is_not_said_that_both_are_open(
    form: str, language: str, of_one: str, of_both: str
) -> None:
    names = ("thing", "other_thing", "first", "second", "first_year", "second_year", "middle")
    fields = Fields({name: name for name in names} | {"open_short": "Preschool"})
    with use_language(language):
        words = words_in_force()
        one, both = (
            words.statement(form, Strength.UNCERTAIN, 1, fields, one_open=open_half)
            for open_half in (True, False)
        )
        clear = words.statement(form, Strength.CLEAR, 1, fields, one_open=True)
    assert of_one in one
    assert of_both not in one
    assert of_both in both
    assert of_one not in clear
