"""The sample release: built by the ordinary build, complete, and showing every kind of number there is."""

from __future__ import annotations

import polars as pl

from upward.warehouse.read import Release
from upward.warehouse.sample_places import STATE_ABBREVIATION, STATE_CODE, STATE_NAME
from upward.warehouse.schema import FLAGS, STATUSES

NEWEST = "2025"


def _all_rows(release: Release) -> pl.DataFrame:
    return pl.read_parquet(release.folder / "results.parquet")


def test_it_is_marked_as_a_sample_and_holds_the_invented_state_only(sample_release: Release) -> None:
    assert sample_release.sample
    assert sample_release.manifest["sample"] is True
    places = sample_release.all_places(current=False)
    assert {place.state for place in places} == {STATE_CODE}
    assert {place.state_name for place in places} == {STATE_NAME}
    assert {place.state_abbreviation for place in places} == {STATE_ABBREVIATION}
    assert sample_release.place("Castaño County, CD").geo_id == "98009"


def test_it_has_forty_counties_and_six_cities_and_the_former_counties(sample_release: Release) -> None:
    assert len(sample_release.all_places("county")) == 40
    assert len(sample_release.all_places("place")) == 6
    former = {
        place.geo_id for place in sample_release.all_places("county", current=False) if not place.current
    }
    assert former == {"98061", "98113"}
    assert sample_release.place("98061").successors == "98062 98064"


def test_every_variable_has_values_in_every_year_of_the_newest_edition(sample_release: Release) -> None:
    rows = _all_rows(sample_release).filter(
        pl.col("group") == "all", pl.col("edition") == NEWEST, pl.col("value").is_not_null()
    )
    stands_for_all = {
        (variable.id, coverage.group_type)
        for variable in sample_release.catalog.variables.values()
        for coverage in variable.groups
        if coverage.all_row_is_overall and coverage.edition == NEWEST
    }
    held = {
        (variable, level, period)
        for variable, level, period, group_type in rows.select(
            "variable", "geo_level", "period", "group_type"
        ).iter_rows()
        if group_type == "all" or (variable, group_type) in stands_for_all
    }
    wanted = {
        (variable.id, level, str(year))
        for variable in sample_release.catalog.variables.values()
        for edition in variable.editions
        if edition.edition == NEWEST
        for level, years in edition.years.items()
        for year in years
    }
    assert len(wanted) > 300
    assert wanted <= held, sorted(wanted - held)


def test_every_published_group_has_values_in_every_year(sample_release: Release) -> None:
    rows = _all_rows(sample_release).filter(pl.col("value").is_not_null())
    held = set(
        rows.select("variable", "edition", "geo_level", "period", "group_type", "group").unique().iter_rows()
    )
    wanted = {
        (variable.id, coverage.edition, level, str(year), coverage.group_type, group)
        for variable in sample_release.catalog.variables.values()
        for coverage in variable.groups
        for level, years in coverage.years.items()
        for year in years
        for group in coverage.groups
    }
    assert len(wanted) > 1000
    assert wanted <= held, sorted(wanted - held)[:40]


def test_every_quality_level_status_and_flag_appears(sample_release: Release) -> None:
    rows = _all_rows(sample_release)
    assert set(rows["quality"].unique()) == {1, 2, 3, None}
    assert set(rows["status"].unique()) >= set(STATUSES) - {"not_computed"}
    flags = set(" ".join(rows["flags"].drop_nulls().unique()).split())
    assert flags == set(FLAGS) - {"code-mapped"}  # codes of a former area are kept, never moved to another


def test_every_row_of_every_file_is_accounted_for(sample_release: Release) -> None:
    accounts = sample_release.manifest["accounting"]
    assert len(accounts) > 130
    for account in accounts:
        parts = account["rows_written"] + account["rows_rejected"] + account["rows_ignored"]
        assert parts == account["rows_read"] > 0, account["file"]


def test_values_lie_within_the_limits_of_the_catalogue(sample_release: Release) -> None:
    rows = _all_rows(sample_release).filter(pl.col("value").is_not_null())
    for variable in sample_release.catalog.variables.values():
        values = rows.filter(pl.col("variable") == variable.id)["value"]
        assert variable.minimum is None or values.is_empty() or values.min() >= variable.minimum, variable.id
        assert variable.maximum is None or values.is_empty() or values.max() <= variable.maximum, variable.id


def test_planted_faults_are_reported(sample_release: Release) -> None:
    problems = sample_release.problems()
    assert problems.filter(pl.col("value") == "2023 (preliminary)").height == 1
    assert set(problems["kind"].unique()) >= {"rejected", "doubtful", "ignored", "repaired"}


def test_context_speaks_of_the_invented_places_alone(sample_release: Release) -> None:
    context = pl.read_parquet(sample_release.folder / "context.parquet")
    assert set(context["scope"].unique()) == {"US", STATE_CODE}
    assert context["published_median"].null_count() == context.height
    assert context["places_total"].max() <= 46
