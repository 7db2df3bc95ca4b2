"""Each fault of the published files (A1 to A43), in the files themselves: what the release says of it."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from plain_reading import rows_of

from upward.catalog.load import load_catalog
from upward.catalog.model import Direction
from upward.catalog.published import load_published
from upward.warehouse.problems import ProblemLog
from upward.warehouse.read import Release
from upward.warehouse.sources.crosswalk import read_city_quality
from upward.warehouse.sources.tables import read_table
from upward.warehouse.sources.text import clean, read_plain

pytestmark = pytest.mark.real

CROSSWALK = "mobility-from-poverty/geographic-crosswalks/data/crosswalk_puma_to_place.csv.gz"
MAIN = "mobility-from-poverty/"


def _all(release: Release, variable: str) -> pl.DataFrame:
    """Every row of a variable, of all publications."""
    return release.metric(variable, source_release="all")


def _from(release: Release, variable: str, file: str) -> pl.DataFrame:
    return _all(release, variable).filter(pl.col("source_file").str.contains(file, literal=True))


def _flagged(frame: pl.DataFrame, word: str) -> pl.DataFrame:
    return frame.filter(pl.col("flags").fill_null("").str.split(" ").list.contains(word))


def _one(frame: pl.DataFrame, **keys: object) -> dict[str, object]:
    for name, value in keys.items():
        frame = frame.filter(pl.col(name) == value)
    (row,) = frame.rows(named=True)
    return row


def _problems(release: Release, file: str, rule: str) -> pl.DataFrame:
    return release.problems(file).filter(pl.col("rule") == rule)


def _account(release: Release, file: str) -> dict[str, object]:
    return next(account for account in release.manifest["accounting"] if file in account["file"])


# -- wrong or misleading values and flags --------------------------------------------------------------


def test_a1_quality_of_157_cities_is_better_than_published(shared_data: Path) -> None:
    table = read_table(clean(read_plain(shared_data / CROSSWALK)))
    quality = read_city_quality(table, "crosswalk.csv", load_published().corrections, ProblemLog())
    published = {
        int(row["statefip"] + row["place"]): int(row["geographic_allocation_quality"])
        for row in rows_of(shared_data / CROSSWALK)
        if row["crosswalk_period"] == "pre-2022"
    }
    changes = [(published[city], new) for city, new in quality.items() if published[city] != new]
    assert len(quality) == 485
    assert {change: changes.count(change) for change in set(changes)} == {(2, 1): 49, (3, 1): 69, (3, 2): 39}


def test_a1_agrees_with_the_independent_recomputation(shared_data: Path) -> None:
    reference = shared_data.parents[1] / "design" / "place_quality_pre2022_recomputed.csv"
    table = read_table(clean(read_plain(shared_data / CROSSWALK)))
    quality = read_city_quality(table, "crosswalk.csv", load_published().corrections, ProblemLog())
    with reference.open(encoding="utf-8", newline="") as lines:
        expected = {
            int(row["state"] + row["place"]): int(row["quality_recomputed"]) for row in csv.DictReader(lines)
        }
    assert quality == expected


def test_a1_seattle_is_strong_and_its_published_flag_is_kept(real_release: Release) -> None:
    rows = _from(real_release, "share_employed", "metrics_employment_place_all_longitudinal")
    seattle = rows.filter(pl.col("geo_id") == "5363000")
    before = seattle.filter(pl.col("period") < "2022")
    assert before["quality"].unique().to_list() == [1]
    assert before["published_quality"].unique().to_list() == [2]
    after = seattle.filter(pl.col("period") >= "2022")
    assert after["flags"].drop_nulls().to_list() == []
    assert _flagged(rows, "quality-recomputed").height == 1099


def test_a2_air_quality_is_better_when_higher() -> None:
    assert load_catalog().variables["index_air_hazard"].direction is Direction.HIGHER


def test_a3_zeros_of_physicians_mean_none(real_release: Release) -> None:
    rows = _from(real_release, "ratio_population_pc_physician", "ratio_pop_pcp_metric_all_county")
    assert _flagged(rows, "no-physician").height == 573
    assert _one(rows, geo_id="02060", period="2014")["flags"] == "no-physician"


def test_a4_zero_pay_ratios_are_missing(real_release: Release) -> None:
    rows = _from(real_release, "ratio_living_wage", "living_wage_county_all_longitudinal")
    missing = _flagged(rows, "zero-as-missing")
    assert sorted(missing.select("geo_id", "period").rows()) == [("19003", "2018"), ("32011", "2023")]
    assert missing["value"].to_list() == [None, None]
    assert missing["published_quality"].to_list() == [1, 1]


def test_a5_rates_above_one_per_person_are_kept_and_marked(real_release: Release) -> None:
    rows = _from(real_release, "rate_juv_arrest", "rate_arrests_county_all_subgroup")
    over = _flagged(rows, "over-100000")
    assert over.height == 13
    row = _one(over, geo_id="55017", period="2023", group="black")
    assert row["value"] == pytest.approx(248207.44, abs=0.01)


def test_a6_new_york_is_left_out_before_2023(real_release: Release) -> None:
    rows = _from(real_release, "rate_crime_violent", "rates_crime_county_all")
    row = _one(rows, geo_id="36061", period="2021")
    assert (row["value"], row["status"], row["flags"]) == (None, "suppressed", "underreported")
    assert float(str(row["published_value"])) == pytest.approx(19.95, abs=0.01)
    assert row["published_quality"] == 2


def test_a7_six_counties_with_a_turnout_of_one_are_capped(real_release: Release) -> None:
    capped = _flagged(_from(real_release, "share_election_turnout", "voter-turnout-2020"), "capped")
    assert capped.height == 6
    assert _one(capped, geo_id="46061")["quality"] == 1


def test_a8_pooled_births_are_marked(real_release: Release) -> None:
    rows = _from(real_release, "rate_low_birth_weight", "rate_low_birth_weight_metric_all_county")
    weak = rows.filter(pl.col("quality") == 3)
    assert weak.height == 20516
    pooled = _flagged(rows, "state-pool")
    assert pooled.height > 0.95 * weak.height
    assert pooled["quality"].unique().to_list() == [3]


def test_a9_transport_costs_up_to_83_per_cent_are_kept(real_release: Release) -> None:
    rows = _from(real_release, "share_transportation_cost", "transportation_all_county")
    assert _flagged(rows, "range-warning")["value"].max() == pytest.approx(0.83, abs=0.005)
    assert _one(rows, geo_id="48301", period="2015")["status"] == "not_available"


def test_a10_negative_learning_stands(real_release: Release) -> None:
    rows = _from(real_release, "rate_learning", "SEDA_all_county_2014-2018")
    assert rows.filter(pl.col("lower") < 0).height == 446
    assert rows["lower"].min() == pytest.approx(-5.55, abs=0.005)


def test_a11_affordability_exceeds_one(real_release: Release) -> None:
    rows = _from(real_release, "share_affordable_30_ami", "housing_county_2014")
    assert 1 < rows["value"].max() <= 5
    assert rows["status"].value_counts().height == 2


def test_a12_certain_degrees_have_no_interval(real_release: Release) -> None:
    rows = _from(real_release, "share_hs_degree", "metrics_college_place_race-ethnicity_longitudinal")
    certain = _flagged(rows, "bounds-not-computable")
    assert certain.height == 112
    assert certain["se"].null_count() == 112


def test_a13_equal_bounds_of_homeless_students_are_marked(real_release: Release) -> None:
    rows = _from(real_release, "count_homeless", "homelessness_2019-2022_city")
    assert _flagged(rows, "no-imputation").height == 1176
    assert rows["se"].null_count() == rows.height


def test_a14_three_incomes_have_one_bound(real_release: Release) -> None:
    file = "metrics_income_place_race-ethnicity_longitudinal.csv"
    lines = sorted(_problems(real_release, file, "one-sided-bounds")["line"].to_list())
    assert lines == [1399, 3138, 10963]


def test_a15_poverty_exposure_has_overlapping_groups(real_release: Release) -> None:
    rows = _from(real_release, "share_poverty_exposure", "poverty-exposure_race-ethnicity_county")
    assert rows["group_type"].unique().to_list() == ["race-ethnicity-overlapping"]
    assert rows["group"].unique().sort().to_list() == ["all", "black", "hispanic", "other", "white-nh"]


# -- codes, keys and areas ------------------------------------------------------------------------------


def test_a16_padded_codes_of_debt_in_2023(real_release: Release) -> None:
    file = "metrics_overall_debt_coll_all_county_2023.csv"
    rows = _from(real_release, "share_debt_coll", file)
    assert _one(rows, geo_id="01001")["value"] == pytest.approx(0.2609164)
    assert _problems(real_release, file, "code-padded")["rows"].to_list() == [1993]


def test_a17_older_names_are_read(real_release: Release) -> None:
    assert _from(real_release, "share_debt_coll", "city-debt-coll-shares-2021")["geo_id"].n_unique() == 104
    assert _from(real_release, "rate_low_birth_weight", "neonatal_health_2018").height > 3000
    assert _from(real_release, "pctl_income_20", "old/01_mobility-metrics").height > 3000


def test_a18_files_without_a_year_take_it_from_the_known_file(real_release: Release) -> None:
    rows = _from(real_release, "count_membership_associations_per_10k", "social_associations_2021_city")
    assert rows["period"].unique().to_list() == ["2021"]
    wages = _from(real_release, "ratio_living_wage", "metrics_wage_ratio_years_v2")
    assert wages["period"].unique().sort().to_list() == ["2014", "2018"]
    assert wages["group"].unique().to_list() == ["all"]


def test_a19_no_row_with_text_in_the_year_is_among_the_numbers(real_release: Release) -> None:
    periods = real_release.metric("share_employed", source_release="all")["period"]
    assert periods.str.contains("^20[0-9]{2}$").all()


def test_a20_three_rows_of_south_fulton_have_an_unknown_group(real_release: Release) -> None:
    rows = _from(real_release, "ratio_black_nh_house_value_households", "race_ethnicity_subgroup_city")
    unknown = _flagged(rows, "unknown-group")
    assert sorted(unknown.select("geo_id", "period").rows()) == [
        ("1372122", "2018"),
        ("1372122", "2019"),
        ("1372122", "2021"),
    ]


def test_a21_misspelled_group_types_are_understood(real_release: Release) -> None:
    rows = _from(real_release, "rate_injury_death", "rate_injury_deaths_metric_subgroup_county")
    assert rows["group_type"].unique().to_list() == ["race-ethnicity"]
    rows = _from(real_release, "share_digital_access", "digital_access_county_race_ethnicity_longitudinal")
    assert rows["group_type"].unique().to_list() == ["race-ethnicity"]
    rows = _from(real_release, "share_affordable_30_ami", "2022_2023_subgroups")
    assert rows["group"].unique().sort().to_list() == ["all", "owner", "renter"]


def test_a22_connecticut_is_never_remapped(real_release: Release) -> None:
    debt = _from(real_release, "share_debt_coll", "county-debt-coll-shares-2022")
    former = debt.filter(pl.col("geo_id").str.starts_with("09"))
    assert former["geo_id"].n_unique() == 8
    assert _flagged(former, "other-boundary").height == former.height
    physicians = _from(real_release, "ratio_population_pc_physician", "ratio_pop_pcp_metric_all_county")
    regions = physicians.filter(pl.col("geo_id").is_in(["09110", "09190"]), pl.col("period") == "2021")
    assert regions["geo_vintage"].unique().to_list() == ["2022"]
    assert not real_release.place("09001").current
    assert real_release.place("09110").current


def test_a23_new_codes_in_old_years_carry_the_former_area(real_release: Release) -> None:
    rows = _from(real_release, "pctl_income_20", "metrics_income_county_all_longitudinal")
    chugach = rows.filter(pl.col("geo_id") == "02063")
    assert _flagged(chugach, "former-area")["period"].sort().to_list() == [
        str(year) for year in range(2014, 2020)
    ]
    assert real_release.place("02261").successor_ids == ("02063", "02066")


def test_a24_missing_and_extra_cities_are_reported(real_release: Release) -> None:
    missing = _problems(real_release, "environment_place_longitudinal", "areas-missing")["value"]
    assert all(value.startswith("0637692 1349008") for value in missing)
    exposure = "race-ethnicity-exposure/race-ethnicity-exposure-city.csv"
    of_2023 = _problems(real_release, exposure, "areas-missing").filter(
        pl.col("message").str.contains("2023")
    )
    assert of_2023["value"].item().split() == [
        *("0908000", "0918430", "0937000", "0952000", "0955990", "0973000", "0980000")
    ]
    extra = _problems(real_release, "08_place_mobility-metrics_race-share", "unknown-area")
    assert set(extra["value"]) == {"5103000", "3271400", "3254600"}


def test_a25_places_have_one_name_and_their_state(real_release: Release) -> None:
    assert real_release.place("0407940").name == "Buckeye city"
    assert real_release.place("1823278").label == "Fishers city, Indiana"
    assert len(real_release.all_places("place")) == 486
    assert len(real_release.all_places("county")) == 3144


def test_a26_a27_garbled_tract_tables_are_not_used(real_release: Release) -> None:
    for file, kind in (("crosswalk_city_v2", "tract-place-crosswalk"), ("EnvHazIdx2", "tract-air-index")):
        account = _account(real_release, file)
        assert account["kind"] == kind
        assert account["rows_ignored"] == account["rows_read"]


def test_a28_results_are_in_order(real_release: Release) -> None:
    rows = real_release.metrics("29019", source_release="all")
    assert rows["geo_id"].unique().to_list() == ["29019"]
    assert rows.height > 500


# -- text, encoding, numbers ----------------------------------------------------------------------------


def test_a29_a30_a31_dona_ana_has_one_name_in_all_years(real_release: Release) -> None:
    place = real_release.place("35013")
    assert place.label == "Doña Ana County, New Mexico"
    assert len(real_release.populations(place)) == 10
    file = "county-populations.csv"
    assert len(_problems(real_release, file, "latin-1")) == 3
    assert _problems(real_release, file, "names-merged")["line"].to_list() == [1804]
    assert not any(place.name.startswith(" ") for place in real_release.all_places("county", current=False))


def test_a32_twice_encoded_lines_are_repaired(real_release: Release) -> None:
    assert len(_problems(real_release, "share_debt_2018_long.csv", "encoded-twice")) == 3
    rows = _from(real_release, "share_debt_coll", "share_debt_2018_long")
    assert rows.filter(pl.col("group_type") == "neighborhood-race").height == 9426
    assert rows.filter(pl.col("group_type") == "all").height == 3142  # its All rows are overall values too


def test_a33_a34_marks_and_second_headers_do_no_harm(real_release: Release) -> None:
    assert _account(real_release, "tract_crosswalk_2022_connecticut")["rows_read"] == 879
    assert _account(real_release, "evaluation_form_income_gender_county")["kind"] == "evaluation-form"
    assert _account(real_release, "raw/geocorr2018_puma_place_2010")["kind"] == "geocorr"


def test_a35_a36_numbers_and_codes_of_other_programs(real_release: Release) -> None:
    debt = _from(real_release, "share_debt_coll", "county-debt-coll-shares-2022")
    assert _one(debt, geo_id="01001", group_type="all")["value"] == 0.2997214
    friends = _from(real_release, "share_economic_connectedness", "version2025_place_2022")
    assert _one(friends, geo_id="2053775")["status"] == "ok"
    people = _from(real_release, "share_desc_rep_hispanic", "descriptive_rep_denominator_county_all")
    assert people.filter(pl.col("value").is_between(1e-12, 1e-3)).height > 0


def test_a37_both_ways_of_writing_pairs(real_release: Release) -> None:
    column = "ratio_black_nh_house_value_households"
    new = _from(real_release, column, "race_ethnicity_all_city").filter(pl.col("geo_id") == "0103076")
    old = _from(real_release, column, "05_mobility-metrics_place_longitudinal").filter(
        pl.col("geo_id") == "0103076"
    )
    for frame in (new, old):
        row = _one(frame, period="2014")
        assert row["numerator"] == pytest.approx(0.119)
        assert row["denominator"] == pytest.approx(0.246)


# -- missing against quality ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("county-debt-coll-shares-2022.csv", 2971),
        ("share_debt_2018_long.csv", 3303),
        ("city-debt-coll-shares-2021.csv", 21),
        ("neonatal_health_subgroup_2018.csv", 890),
        ("neonatal_health_subgroup_2020.csv", 848),
        ("environment_county_poverty_longitudinal.csv", 3),
    ],
)
def test_a38_a39_quality_without_a_value(file: str, rows: int, real_release: Release) -> None:
    assert _problems(real_release, file, "quality-without-value")["rows"].sum() == rows


def test_a40_values_without_quality(real_release: Release) -> None:
    file = "economic_connectedness_version2025_place_2022.csv"
    assert _problems(real_release, file, "value-without-quality")["line"].to_list() == [252]
    homeless = _from(real_release, "count_homeless", "homelessness_2019-2022_subgroups_county")
    row = _one(homeless, geo_id="17061", period="2019", group="black-nh")
    assert "value-without-quality" in str(row["flags"])


def test_a41_empty_cells_of_joins_are_no_rows(real_release: Release) -> None:
    file = "64_mobility-metrics_place_income_longitudinal"
    account = _account(real_release, file)
    assert account["rows_written"] + account["rows_ignored"] == 27188
    assert _from(real_release, "index_air_hazard", file).filter(pl.col("value").is_null()).height == 0
    years = real_release.metric("share_employed", geo_level="county", group_type="all")["period"].unique()
    assert "2020" not in years.to_list()


def test_a42_one_of_twin_tables_wins_and_differences_are_reported(real_release: Release) -> None:
    exposure = real_release.metric(
        "share_black_nh_exposure", geo_level="place", source_release="2025.01", edition="2025"
    )
    assert exposure["source_file"].str.contains("exposure/final/").all()
    beaten = _problems(real_release, "race-ethnicity-exposure/race-ethnicity-exposure-city.csv", "disagrees")
    assert beaten.height == 4
    assert beaten["message"].str.contains("largest difference").all()
    preschool = real_release.metric("share_in_preschool", geo_level="place", edition="2025", group_type="all")
    assert preschool["period"].unique().sort().to_list() == ["2014", "2016", "2018", "2021", "2023"]
    old = real_release.metric("share_digital_access", geo_level="place", edition="2022", group_type="all")
    new = real_release.metric("share_digital_access", geo_level="place", edition="2025", group_type="all")
    assert old["value"].median() == pytest.approx(0.858, abs=0.001)
    assert new["value"].median() == pytest.approx(0.722, abs=0.001)


def test_a43_cities_have_degrees_by_gender_in_2023(real_release: Release) -> None:
    rows = _from(real_release, "share_hs_degree", "metrics_college_place_gender_longitudinal")
    assert "2023" in rows["period"].to_list()
