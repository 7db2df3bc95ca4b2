"""The words above what stands out at a place say what was tested, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl
import pytest

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis
from upward.insights.findings import Kind
from upward.pipeline.place_views import (
    Survey,
    ViewMaker,
    _further,
    _lead,
    _sound,
    finding_view,
    survey_places,
)
from upward.present.specs import FindingView
from upward.warehouse.read import Release, ResultRow


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
    assert "1 se distingue del azar, 3 no" in lead(sample_release, 1, 3, 4, "es")
    assert "2 se distinguen del azar, 3 no" in lead(sample_release, 2, 3, 5, "es")


def drawn(*metrics: str) -> list[FindingView]:
    return [
        FindingView(str(at), "clear", "", "", "", "", ((metric, metric),), None, None)
        for at, metric in enumerate(metrics)
    ]


@pytest.mark.parametrize(
    ("found", "metrics", "says"),
    [
        (30, "abcdef", "The 6 that weigh most, one for each metric, stand here."),
        (30, "aabcde", "The 6 that weigh most stand here."),
        (2, "a", "The 1 that weighs most stands here."),
        (6, "abcdef", ""),
        (3, "", ""),
    ],
)
def test_it_is_said_how_many_stand_with_a_drawing_where_not_all_do(
    found: int, metrics: str, says: str
) -> None:
    text = _lead(found, 35, found + 35, drawn(*metrics))
    assert says in text
    assert says or "weigh" not in text


@pytest.mark.parametrize(
    ("listed", "others", "says"),
    [
        (5, 46, "5 of 46 more findings"),
        (5, 5, "5 more findings"),
        (1, 1, "1 more finding"),
        (5, 1_200, "5 of 1,200 more findings"),
    ],
)
def test_it_is_said_how_many_of_the_further_findings_are_listed(listed: int, others: int, says: str) -> None:
    assert _further(listed, others) == says


def test_clear_is_explained_only_where_there_is_a_finding() -> None:
    assert "“Clear” means" in _lead(1, 0, 1, drawn("a"))
    assert "“Clear” means" not in _lead(0, 1, 1, [])


def graded(rows: Sequence[ResultRow], strong: Collection[str]) -> list[ResultRow]:
    return [row._replace(quality=1 if row.metric in strong else 3) for row in rows]


def test_the_few_sound_metrics_are_named_where_nothing_could_be_told(sample_release: Release) -> None:
    catalog = load_catalog("en")
    rows = Analysis.of(sample_release).place_rows(sample_release.all_places("county")[0])
    # Reports are never set beside other places, and half a metric says nothing alone.
    said = _sound(graded(rows, ["air_quality", "crime", "representation"]), catalog)
    assert said == "Of the figures that can be compared, only Air quality is graded Strong."
    assert _sound(graded(rows, ["air_quality", "turnout"]), catalog).endswith("are graded Strong.")
    assert _sound(graded(rows, []), catalog) == "No figure that can be compared is graded Strong."
    assert _sound(graded(rows, list(catalog.metrics)), catalog) == ""
    assert _lead(0, 0, 0, [], said).endswith(said)


def test_a_finding_on_two_metrics_leads_to_both(sample_release: Release) -> None:
    analysis, catalog = Analysis.of(sample_release), load_catalog("en")
    found = [item for place in analysis.all_places("county") for item in analysis.findings(place)]
    joined = [item for item in found if item.kind is Kind.RELATION]
    for item in joined:
        linked = {metric for metric, _name in finding_view(item, catalog, drawn=False).rows}
        assert linked == {row.metric for row in item.numbers}
    assert any(len({row.metric for row in item.numbers}) > 1 for item in joined)


def test_a_middle_is_called_one_in_the_drawing_and_in_the_table_and_peers_stand_in_the_metrics_table(
    sample_release: Release,
) -> None:
    analysis, catalog = Analysis.of(sample_release), load_catalog("en")
    seen = set()
    for place in analysis.all_places("county"):
        maker = ViewMaker(analysis, survey_places(analysis, [place]))
        views = maker.views_of(place, analysis.place_rows(place), catalog)
        assert views.findings is not None
        for finding in views.findings.found:
            assert finding.chart is not None
            assert finding.table is not None
            if finding.chart.reference:
                assert "iddle" in finding.table.groups[0].rows[1][0]
                seen.add("middle")
            if "of peers" in finding.heading:
                assert "The table of this metric names the peers." in finding.detail
                assert "Peers: " not in finding.detail
                seen.add("peers")
    assert seen == {"middle", "peers"}
