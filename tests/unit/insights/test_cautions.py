"""Cautions that a page shows together name every metric that they hold for."""

from __future__ import annotations

import pytest

from upward.base.messages import use_language
from upward.insights.findings import Mark
from upward.insights.rules.caution import find_cautions, joint_cautions
from upward.insights.wording import words_in_force


@pytest.fixture
def county(analysis):
    place = analysis.all_places("county")[0]
    return place, analysis.place_rows(place)


def joint(place, rows, most=20):
    return {
        item.mark: item
        for item in joint_cautions(words_in_force(), place, rows, without=Mark.MISSING, most=most)
    }


def weak(rows, variables):
    """The rows with only these variables graded Weak."""
    return [row._replace(quality=3 if row.variable in variables else 1, flags=None) for row in rows]


def test_every_weak_metric_is_named_in_one_caution(county) -> None:
    place, rows = county
    catalog = words_in_force().catalog
    variables = {row.variable for row in rows if row.value is not None and row.group_type == "all"}
    found = joint(place, weak(rows, variables))[Mark.WEAK]
    singly = {item.metric for item in find_cautions(words_in_force(), place, weak(rows, variables))}
    metrics = {
        catalog.variables[variable].metric
        for variable in variables
        if catalog.variables[variable].unit != "flag"
    }
    assert singly >= metrics - {"representation"}
    for metric in metrics - {"representation"}:
        assert catalog.metrics[metric].short in found.text
    assert found.metric == ""


def test_of_a_metric_that_is_weak_in_part_the_weak_part_is_named(county) -> None:
    place, rows = county
    found = joint(place, weak(rows, {"pctl_income_20", "index_air_hazard"}))[Mark.WEAK]
    assert "Household income (20th percentile)" in found.text
    assert "(50th" not in found.text
    whole = joint(place, weak(rows, {"pctl_income_20", "pctl_income_50", "pctl_income_80"}))[Mark.WEAK]
    assert whole.text == "Graded Weak: Household income. Do not act on these alone."
    assert whole.metric == "income"


def test_one_figure_alone_has_its_own_sentence(county) -> None:
    place, rows = county
    found = joint(place, weak(rows, {"index_air_hazard"}))[Mark.WEAK]
    assert (found.text, found.metric) == (
        "The index of clean air is graded Weak. Do not act on it alone.",
        "air_quality",
    )


def test_weak_figures_do_not_hide_what_else_cannot_be_said(county) -> None:
    place, rows = county
    variables = {row.variable for row in rows}
    marks = [
        item.mark
        for item in joint_cautions(
            words_in_force(), place, weak(rows, variables), without=Mark.MISSING, most=4
        )
    ]
    assert marks[0] is Mark.WEAK
    assert Mark.NOT_COMPARED in marks


def test_an_older_figure_that_a_page_shows_is_named_where_it_is_weak(county) -> None:
    place, rows = county
    row = next(item for item in rows if item.variable == "index_air_hazard" and item.value is not None)
    older = row._replace(edition="2022", quality=3)
    others = [item for item in rows if item.variable != row.variable]
    newer = row._replace(value=None, lower=None, upper=None, quality=None)
    found = joint(place, [*weak(others, ()), older, newer])
    assert "The index of clean air" in found[Mark.WEAK].text


def test_it_is_said_in_spanish(county) -> None:
    place, rows = county
    with use_language("es"):
        assert "No se comparan con otros lugares: " in joint(place, rows)[Mark.NOT_COMPARED].text


def test_what_the_place_has_no_figure_of_is_not_said_to_be_left_uncompared(county) -> None:
    place, rows = county
    assert "Reported crime" in joint(place, rows)[Mark.NOT_COMPARED].text
    without = [row for row in rows if row.metric != "crime"]
    assert "Reported crime" not in joint(place, without)[Mark.NOT_COMPARED].text
    neither = [row for row in without if row.metric != "juvenile_arrests"]
    assert Mark.NOT_COMPARED not in joint(place, neither)


def test_years_are_said_not_to_be_compared_only_where_the_place_has_several(county) -> None:
    place, rows = county
    several = joint(place, rows)[Mark.YEARS_NOT_COMPARED].text
    assert "Household income" in several
    newest = max(row.period for row in rows if row.metric == "income" and row.group_type == "all")
    one = [row for row in rows if row.metric != "income" or row.period == newest]
    found = joint(place, one).get(Mark.YEARS_NOT_COMPARED)
    assert found is None or "Household income" not in found.text


def test_groups_are_said_to_share_people_only_where_the_place_has_figures_for_them(county) -> None:
    place, rows = county
    assert Mark.GROUPS_NOT_COMPARED in joint(place, rows)
    assert Mark.GROUPS_NOT_COMPARED not in joint(place, [row for row in rows if row.group_type == "all"])


def test_a_joint_figure_of_small_counties_that_is_graded_weak_is_named_among_the_weak(county) -> None:
    place, rows = county
    pooled = [row._replace(flags="state-pool") for row in weak(rows, {"rate_low_birth_weight"})
              if row.variable == "rate_low_birth_weight"]  # fmt: skip
    marks = joint(place, pooled)
    assert "graded Weak" in marks[Mark.WEAK].text
    assert "joint figure" in marks[Mark.NOT_COMPARED].text


def test_the_name_of_a_part_has_a_small_letter_in_spanish_brackets_and_its_own_in_english() -> None:
    with use_language("es"):
        assert words_in_force().short("pctl_income_20") == "Ingreso del hogar (percentil 20)"
    assert words_in_force().short("share_black_nh_exposure") == "Racial exposure (Black, non-Hispanic)"
