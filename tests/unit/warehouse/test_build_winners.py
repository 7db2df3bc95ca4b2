"""One number in several files and publications: which row is kept and which one is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from .published_folder import PublishedFolder

TURNOUT = "year,state,county,election_turnout,election_turnout_quality"
JOINED = "year,state,county,state_name,county_name,share_election_turnout,share_election_turnout_quality"


@pytest.fixture
def published(tmp_path: Path) -> PublishedFolder:
    return PublishedFolder(tmp_path)


def test_a_component_table_beats_a_combined_one(published: PublishedFolder) -> None:
    published.put("a_joined.csv", JOINED, "2023,98,001,Cardinal,Alder,0.6,Strong")
    published.put("b_component.csv", TURNOUT, "2023,98,001,0.7,2")
    row = published.build().row("share_election_turnout")
    assert (row["value"], row["source_file"], row["current"]) == (0.7, "b_component.csv", True)


def test_the_wider_table_beats_one_with_fewer_years_even_without_a_value(published: PublishedFolder) -> None:
    published.put("a.csv", TURNOUT, "2016,98,001,0.6,1")
    published.put("b.csv", TURNOUT, "2016,98,001,NA,NA", "2016,98,003,.5,1", "2020,98,001,.5,1")
    row = published.build().row("share_election_turnout", geo_id="98001", period="2016")
    assert (row["value"], row["source_file"]) == (None, "b.csv")


def test_a_row_with_a_value_beats_one_without(published: PublishedFolder) -> None:
    published.put("a.csv", TURNOUT, "2016,98,001,NA,NA", "2016,98,003,0.5,1")
    published.put("b.csv", TURNOUT, "2016,98,001,0.6,1")
    assert published.build().row("share_election_turnout", geo_id="98001")["value"] == 0.6


def test_the_first_file_name_decides_among_equals(published: PublishedFolder) -> None:
    published.put("b.csv", TURNOUT, "2016,98,001,0.6,1")
    published.put("a.csv", TURNOUT, "2016,98,001,0.6,1")
    built = published.build()
    assert built.row("share_election_turnout")["source_file"] == "a.csv"
    assert built.problems("disagrees") == []


def test_a_row_repeated_in_one_file_is_kept_once(published: PublishedFolder) -> None:
    published.put("a.csv", TURNOUT, "2016,98,001,0.6,1", "2016,98,001,0.6,1")
    built = published.build()
    assert len(built.rows("share_election_turnout")) == 1
    account = built.account("a.csv")
    assert (account.rows_written, account.rows_ignored) == (1, 1)


CRIME_OLD = "year,state,place,state_name,place_name,rate_violent_crime,rate_property_crime,rate_crime_quality"
INCOME = "pctl_income_20,pctl_income_20_quality"


def test_publications_stand_side_by_side_and_the_newest_is_current(published: PublishedFolder) -> None:
    _put_income_twice(published)
    built = published.build()
    rows = built.rows("pctl_income_20", period="2018")
    assert {(row["source_release"], row["current"]) for row in rows} == {
        ("2025.01", True),
        ("2024-09", False),
    }


def test_a_number_that_was_withheld_later_is_not_brought_back(published: PublishedFolder) -> None:
    _put_income_twice(published)
    rows = published.build().rows("pctl_income_20", period="2021")
    assert {(row["source_release"], row["value"], row["status"], row["current"]) for row in rows} == {
        ("2025.01", None, "suppressed", True),
        ("2024-09", 22000, "ok", False),
    }


def test_a_newer_table_that_only_lacks_a_number_leaves_the_older_one_current(
    published: PublishedFolder,
) -> None:
    published.put("new.csv", TURNOUT, "2020,98,001,NA,NA")
    published.put("between.csv", JOINED, "2020,98,001,Cardinal,Alder,0.6,Strong")
    rows = published.build().rows("share_election_turnout")
    assert [row["value"] for row in rows if row["current"]] == [0.6]


def _put_income_twice(published: PublishedFolder) -> None:
    published.put("new.csv", f"year,state,county,{INCOME}", "2018,98,001,21000,1", "2021,98,001,NA,NA")
    published.put(
        "between.csv",
        f"year,state,county,state_name,county_name,{INCOME}",
        "2018,98,001,Cardinal,Alder,20000,Strong",
        "2021,98,001,Cardinal,Alder,22000,Strong",
    )


def test_editions_do_not_compete(published: PublishedFolder) -> None:
    published.put(
        "new.csv", "year,state,county,rate_crime_violent,rate_crime_violent_quality", "2021,97,001,300,1"
    )
    published.put(
        "old.csv",
        "year,state,county,state_name,county_name,rate_violent_crime,rate_property_crime,rate_crime_quality",
        "2021,97,001,Cardinal,Alder,310,900,1",
    )
    rows = published.build().rows("rate_crime_violent")
    assert {(row["edition"], row["value"], row["current"]) for row in rows} == {
        ("2025", 300, True),
        ("2022", 310, True),
    }


def test_one_year_and_five_year_figures_stand_apart(published: PublishedFolder) -> None:
    employed = "share_employed,share_employed_lb,share_employed_ub,share_employed_quality"
    published.put("all.csv", f"year,state,county,{employed}", "2021,98,001,0.80,0.75,0.85,1")
    published.put(
        "gender.csv",
        f"year,state,county,subgroup_type,subgroup,{employed}",
        "2021,98,001,all,All,0.78,0.76,0.80,1",
        "2021,98,001,gender,Female,0.75,0.72,0.78,1",
    )
    built = published.build()
    overall = built.row("share_employed", group_type="all")
    all_row = built.row("share_employed", group_type="gender", group="all")
    assert (overall["value"], overall["method"]) == (0.80, "acs-1yr")
    assert (all_row["value"], all_row["method"]) == (0.78, "acs-5yr")


def test_an_all_row_stands_in_for_a_missing_overall_row_where_the_definition_is_the_same(
    published: PublishedFolder,
) -> None:
    degree = "share_hs_degree,share_hs_degree_lb,share_hs_degree_ub,share_hs_degree_quality"
    published.put(
        "gender.csv",
        f"year,state,county,subgroup_type,subgroup,{degree}",
        "2021,98,001,all,All,0.9,0.85,0.95,1",
        "2021,98,001,gender,Female,0.92,0.87,0.97,1",
    )
    built = published.build()
    overall = built.row("share_hs_degree", group_type="all")
    assert (overall["value"], overall["group"], overall["current"]) == (0.9, "all", True)
    assert "All row" in overall["method"]
    assert built.row("share_hs_degree", group_type="gender", group="all")["value"] == 0.9


def test_the_all_row_of_a_combined_table_stands_under_the_types_that_its_variable_has(
    published: PublishedFolder,
) -> None:
    published.put(
        "combined.csv",
        "year,state,county,subgroup_type,subgroup,share_in_preschool,rate_learning",
        "2018,98,001,income,All,0.5,1.1",
        '2018,98,001,income,"Less than $50,000",0.4,NA',
        "2018,98,001,income,Economically Disadvantaged,NA,0.9",
    )
    built = published.build()
    for variable, own in (("share_in_preschool", "income-50k"), ("rate_learning", "economic-disadvantage")):
        rows = built.rows(variable, group="all")
        assert {row["group_type"] for row in rows} == {"all", own}, variable


def test_standard_errors_come_from_symmetric_bounds_only(published: PublishedFolder) -> None:
    degree = "share_hs_degree,share_hs_degree_lb,share_hs_degree_ub,share_hs_degree_quality"
    published.put(
        "degrees.csv", f"year,state,county,{degree}", "2021,98,001,0.8,0.7,0.9,1", "2021,98,003,0.97,0.9,1,1"
    )
    built = published.build()
    even = built.row("share_hs_degree", geo_id="98001")
    assert even["se"] == pytest.approx(0.2 / 3.92)
    assert even["confidence"] == 0.95
    capped = built.row("share_hs_degree", geo_id="98003")
    assert (capped["se"], capped["confidence"]) == (None, 0.95)


def test_a_published_median_stands_beside_ours(published: PublishedFolder) -> None:
    published.put("medians.csv", "year,group,pctl_income_50,share_hs_degree", "2021,wtd_med,70000,0.91")
    published.put(
        "a.csv", "year,state,county,state_name,county_name,population", "2021,98,001,Cardinal,Alder,1000"
    )
    published.put(
        "degrees.csv",
        "year,state,county,share_hs_degree,share_hs_degree_lb,share_hs_degree_ub,share_hs_degree_quality",
        "2021,98,001,0.8,0.7,0.9,1",
    )
    built = published.build()
    nation = built.row("share_hs_degree", geo_level="nation")
    assert (nation["geo_id"], nation["value"], nation["method"]) == ("US", 0.91, "published-median")
    context = built.tables.context.filter(built.tables.context["scope"] == "US").rows(named=True)
    assert [(row["median"], row["published_median"]) for row in context] == [(0.8, 0.91)]


def test_population_stands_beside_overall_rows_only(published: PublishedFolder) -> None:
    published.put(
        "a.csv", "year,state,county,state_name,county_name,population", "2021,98,001,Cardinal,Alder,1000"
    )
    published.put(
        "gender.csv",
        "year,state,county,subgroup_type,subgroup,rate_juv_arrest,rate_juv_arrest_quality",
        "2021,98,001,gender,Female,100,1",
    )
    published.put("b.csv", "year,state,county,rate_juv_arrest,rate_juv_arrest_quality", "2021,98,001,120,1")
    built = published.build()
    assert built.row("rate_juv_arrest", group_type="all")["population"] == 1000
    assert built.row("rate_juv_arrest", group="female")["population"] is None


def test_the_same_files_give_the_same_tables(published: PublishedFolder) -> None:
    published.put("b.csv", TURNOUT, "2016,98,001,0.6,1", "2016,98,001,0.7,1")
    published.put("a.csv", TURNOUT, "2016,98,001,0.8,1")
    first, second = published.build().tables, published.build().tables
    assert first.results.equals(second.results)
    assert first.problems.equals(second.problems)
    assert first.accounting == second.accounting
