"""The words above what stands out at a place say what was tested, and what came of it."""

from __future__ import annotations

import polars as pl
import pytest

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis
from upward.pipeline.place_views import Survey, ViewMaker, _lead, survey_places
from upward.warehouse.read import Release


def lead(release: Release, found: int, unclear: int, tested: int, language: str = "en") -> str:
    analysis = Analysis.of(release)
    place = analysis.all_places("county")[0]
    survey = survey_places(analysis, [place])
    counts = pl.DataFrame(
        {
            "geo_level": place.geo_level,
            "geo_id": place.geo_id,
            "found": found,
            "unclear": unclear,
            "tested": tested,
        }
    )
    maker = ViewMaker(analysis, Survey(survey.chosen.clear(), counts, survey.positions))
    with use_language(language):
        views = maker.views_of(place, analysis.place_rows(place), load_catalog(language))
    assert views.findings is not None
    return views.findings.lead


@pytest.mark.parametrize(
    ("counts", "begins"),
    [
        ((0, 0, 0), "No comparison of this place could be tested"),
        ((0, 1, 1), "1 comparison was tested, and it cannot be told from chance."),
        ((0, 12, 12), "12 comparisons were tested, and none can be told from chance."),
        ((1, 0, 1), "1 comparison was tested, and it can be told from chance."),
        ((7, 0, 7), "7 comparisons were tested, and all can be told from chance."),
        ((1, 2, 3), "3 comparisons were tested: 1 can be told from chance, 2 cannot."),
        ((1_200, 300, 1_500), "1,500 comparisons were tested: 1,200 can be told from chance, 300 cannot."),
    ],
)
def test_what_was_tested_and_found_is_said(sample_release: Release, counts, begins: str) -> None:
    assert lead(sample_release, *counts).startswith(begins)


def test_it_is_said_in_spanish(sample_release: Release) -> None:
    assert lead(sample_release, 0, 0, 0, "es").startswith("No se pudo probar ninguna comparación")
    assert lead(sample_release, 0, 4, 4, "es").startswith("Se probaron 4 comparaciones, y ninguna")
    assert lead(sample_release, 1, 3, 4, "es").startswith("Se probaron 4 comparaciones: en 1 se ve más")


@pytest.mark.parametrize(
    ("found", "shown", "says"),
    [
        (30, 11, "The 11 that weigh most stand here."),
        (2, 1, "The 1 that weighs most stands here."),
        (11, 11, ""),
        (3, 0, ""),
    ],
)
def test_it_is_said_how_many_stand_on_the_page_where_not_all_do(found: int, shown: int, says: str) -> None:
    text = _lead(found, 35, found + 35, shown)
    assert says in text
    assert says or "weigh" not in text


def test_clear_is_explained_only_where_there_is_a_finding() -> None:
    assert "“Clear” means" in _lead(1, 0, 1, 1)
    assert "“Clear” means" not in _lead(0, 1, 1, 0)
