"""Findings of the eight cohort counties: what is known of them is found, and nothing is said that may not be."""

from __future__ import annotations

from datetime import date
from statistics import median

import polars as pl
import pytest

from upward.engine.compare import Estimate, compare_difference, standard_error
from upward.insights.analysis import Analysis
from upward.insights.findings import Finding, Kind, Mark, Role, Strength
from upward.pipeline.place_views import views_of_place
from upward.present.build import page_of_release
from upward.present.build_peers import is_drawn

pytestmark = pytest.mark.real

COUNTIES = ("06001", "29019", "42101", "27123", "06065", "12111", "39153", "11001")


@pytest.fixture(scope="module")
def analysis(real_release) -> Analysis:
    return Analysis.of(real_release)


@pytest.fixture(scope="module")
def cohort(analysis: Analysis) -> dict[str, list[Finding]]:
    return {code: analysis.findings(code) for code in COUNTIES}


def one(found: list[Finding], kind: Kind, variable: str, **wanted) -> Finding:
    (item,) = [
        item
        for item in found
        if item.kind is kind
        and item.variable == variable
        and all(getattr(item, name) == value for name, value in wanted.items())
    ]
    return item


def test_what_is_known_of_boone_county_is_found_at_its_strength(cohort) -> None:
    """The figures were read from the published files by hand."""
    boone = cohort["29019"]
    disability = one(boone, Kind.GAP, "share_employed", group_type="disability")
    assert disability.strength is Strength.CLEAR
    assert [side.shown for side in disability.sides] == ["56.2%", "87.1%"]
    friends = one(boone, Kind.STANDING, "share_economic_connectedness", scope="nation")
    assert friends.strength is Strength.CLEAR
    assert [side.shown for side in friends.sides] == ["47.0%", "39.3%"]
    assert friends.favorable
    preschool = one(boone, Kind.STANDING, "share_in_preschool", scope="nation")
    assert preschool.strength is Strength.UNCERTAIN
    assert "cannot tell" in preschool.statement
    births = one(boone, Kind.GAP, "rate_low_birth_weight", groups=("less-than-high-school", "college"))
    assert births.strength is Strength.LIKELY
    assert "Marginal" in births.why_first
    need = one(boone, Kind.STANDING, "share_poverty_exposure", scope="nation")
    assert need.mark is Mark.NO_MARGIN
    assert need.p is None


def test_a_clear_gap_is_that_of_a_plain_test_on_the_published_bounds(analysis, cohort) -> None:
    gap = one(cohort["29019"], Kind.GAP, "share_employed", group_type="disability")
    rows = gap.numbers
    first, second = (
        Estimate(row.value, standard_error(row.value, row.lower, row.upper, minimum=0, maximum=1))
        for row in rows
    )
    plain = compare_difference(first, second)
    assert gap.comparison.estimate == pytest.approx(plain.estimate)
    assert gap.p == pytest.approx(plain.p)
    assert gap.p_adjusted >= gap.p
    tested = [item for item in cohort["29019"] if item.kind is Kind.GAP and item.p is not None]
    assert gap.family_size == len(tested)


@pytest.mark.parametrize("county", COUNTIES)
def test_nothing_is_said_more_strongly_than_the_numbers_carry(county: str, cohort) -> None:
    found = cohort[county]
    assert len([item for item in found if item.strength is Strength.CLEAR]) >= 3
    for item in found:
        assert ("clearly" in item.statement) == (item.strength is Strength.CLEAR)
        if item.strength in (Strength.CLEAR, Strength.LIKELY):
            assert item.p <= 0.05
            assert all(side.quality in (1, 2, None) for side in item.sides)
        if item.strength is Strength.CLEAR:
            assert item.p_adjusted <= 0.05
            assert all(side.quality in (1, None) for side in item.sides)
        if item.kind is not Kind.CAUTION:
            assert item.metric not in ("crime", "juvenile_arrests", "representation")
            assert 3 not in [side.quality for side in item.sides]
            assert item.numbers


@pytest.mark.parametrize("county", COUNTIES)
def test_what_cannot_be_compared_is_a_caution(county: str, cohort) -> None:
    cautions = {(item.metric, item.mark) for item in cohort[county] if item.kind is Kind.CAUTION}
    # Miami-Dade has no figure of either: that is what is said of them, nothing else.
    mark = Mark.MISSING if county == "12111" else Mark.NOT_COMPARED
    for metric in ("crime", "juvenile_arrests"):
        assert {found for name, found in cautions if name == metric} >= {mark}
        assert ((metric, Mark.NOT_COMPARED) in cautions) == (mark is Mark.NOT_COMPARED)
    assert ("representation", Mark.HALF) in cautions
    dollars = [item for item in cohort[county] if item.kind is Kind.CHANGE and item.metric == "income"]
    assert dollars == []


def test_no_finding_of_any_place_ranks_crime_or_rests_on_weak_numbers(analysis) -> None:
    table = analysis.findings_table()
    assert table.select("geo_level", "geo_id").n_unique() > 3600
    assert set(table["metric"].unique()).isdisjoint({"crime", "juvenile_arrests", "representation"})
    for side in ("first", "second"):
        assert 3 not in table[f"{side}_quality"].unique().to_list()
    clear = table.filter(table["strength"] == "clear")
    assert clear["p_adjusted"].max() <= 0.05
    assert set(clear["first_quality"].unique()) == {1}


def test_peers_of_a_place_never_come_from_another_level(analysis) -> None:
    for code in (*COUNTIES, "4260000"):
        place = analysis.place(code)
        assert {peer.place.geo_level for peer in analysis.peers(place)} == {place.geo_level}
        beside = [
            item
            for item in analysis.findings(place)
            if item.kind is Kind.STANDING and item.scope == Role.PEERS
        ]
        for item in beside:
            assert {row.geo_level for row in item.numbers} == {place.geo_level}


def test_no_place_has_a_position_that_contradicts_the_side_it_stands_on(analysis) -> None:
    nation = analysis.findings_table().filter(
        pl.col("kind") == "standing", pl.col("scope") == "nation", pl.col("side") != 0
    )
    better = (pl.col("first_value") - pl.col("second_value")) * pl.col("side")
    assert len(nation) > 50_000
    assert nation.filter(better > 0, pl.col("percentile") < 0.5 - 1e-6).is_empty()
    assert nation.filter(better < 0, pl.col("percentile") > 0.5 + 1e-6).is_empty()


@pytest.mark.parametrize("code", ["29019", "11001", "42101", "09110"])
def test_the_peers_of_income_that_a_page_draws_are_those_of_its_finding(analysis, code) -> None:
    views = views_of_place(analysis, analysis.place(code), "en")
    page = page_of_release(analysis, analysis.place(code), today=date(2026, 11, 1), views=views)
    (row,) = [row for pillar in page.pillars for row in pillar.rows if row.id == "income"]
    (chart,) = row.standing
    middles = {
        lane.mark.label: median(mark.value for mark in lane.peers if is_drawn(mark)) for lane in chart.lanes
    }
    found = [item for item in analysis.findings(code) if item.metric == "income" and item.scope == "peers"]
    assert found
    for item in found:
        short = analysis.catalog.variables[item.variable].short
        assert item.sides[1].value == pytest.approx(middles[short])


def test_a_county_unlike_all_others_is_not_set_beside_areas_of_which_little_is_known(analysis) -> None:
    codes = {peer.place.geo_id for peer in analysis.peers("48301")}
    assert not {code for code in codes if code.startswith("09")}
    assert not {"02063", "02066"} & codes
