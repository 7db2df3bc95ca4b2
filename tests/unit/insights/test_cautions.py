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
