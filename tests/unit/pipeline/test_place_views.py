"""The words above what stands out at a place say what was tested, and what came of it."""

from __future__ import annotations

import polars as pl
import pytest

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis
from upward.pipeline.place_views import Survey, ViewMaker, survey_places
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
        ((0, 1, 1), "1 comparison was tested, and it does not hold."),
        ((0, 12, 12), "12 comparisons were tested; none holds"),
        ((1, 2, 3), "1 finding, worded only"),
        ((1_200, 300, 1_500), "1,200 findings, each worded only"),
    ],
)
def test_what_was_tested_and_found_is_said(sample_release: Release, counts, begins: str) -> None:
    assert lead(sample_release, *counts).startswith(begins)


def test_it_is_said_in_spanish(sample_release: Release) -> None:
    assert lead(sample_release, 0, 0, 0, "es").startswith("No se pudo probar ninguna comparación")
    assert lead(sample_release, 0, 4, 4, "es").startswith("Se probaron 4 comparaciones; ninguna")
