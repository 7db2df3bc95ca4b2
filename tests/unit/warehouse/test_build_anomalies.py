"""Each fault found in the published files (A1 to A43): an invented line of the same kind, and what the build
does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from upward.catalog.load import load_catalog
from upward.catalog.model import Direction
from upward.catalog.published import load_published
from upward.warehouse import codes

from .published_folder import COUNTY_FRAME, PLACE_FRAME, Built, PublishedFolder

EMPLOYED = "share_employed,share_employed_lb,share_employed_ub,share_employed_quality"
CROSSWALK = (
    "statefip,place,state_name,place_name,puma,population,afact,afact2,products,sum_products,"
    "place_pop,geographic_allocation_quality,crosswalk_period"
)


@pytest.fixture
def published(tmp_path: Path) -> PublishedFolder:
    return PublishedFolder(tmp_path)


# -- wrong or misleading values and flags --------------------------------------------------------------


def _mixed_up_cities(published: PublishedFolder) -> None:
    """Two cities of different states share code 00100, and each lost half of its shares to the other."""
    published.put(
        "crosswalk.csv",
        CROSSWALK,
        "98,00100,Cardinal,Alder city,00001,60000,1,0.3,0.3,0.5,100000,2,pre-2022",
        "98,00100,Cardinal,Alder city,00002,40000,1,0.2,0.2,0.5,100000,2,pre-2022",
        "97,00100,Other,Birch city,00001,100000,0.6,0.5,0.3,0.3,100000,3,pre-2022",
    )


def test_a1_quality_from_mixed_up_cities_is_recomputed_and_the_published_one_kept(
    published: PublishedFolder,
) -> None:
    _mixed_up_cities(published)
    published.put(
        "employment.csv",
        f"year,state,place,{EMPLOYED}",
        "2018,98,00100,0.8,0.7,0.9,2",
        "2022,98,00100,0.8,0.7,0.9,2",
    )
    built = published.build()
    before = built.row("share_employed", period="2018")
    assert (before["quality"], before["published_quality"], before["flags"]) == (1, 2, "quality-recomputed")
    after = built.row("share_employed", period="2022")
    assert (after["quality"], after["published_quality"], after["flags"]) == (2, None, None)
    assert built.problems("city-shares-mixed-up")[0]["rows"] == 2


def test_a1_without_the_crosswalk_the_published_quality_stands(published: PublishedFolder) -> None:
    published.put("employment.csv", f"year,state,place,{EMPLOYED}", "2018,98,00100,0.8,0.7,0.9,2")
    row = published.build().row("share_employed")
    assert (row["quality"], row["published_quality"]) == (2, None)


def test_a2_air_quality_is_better_when_higher() -> None:
    assert load_catalog().variables["index_air_hazard"].direction is Direction.HIGHER


def test_a3_no_physician_is_marked(published: PublishedFolder) -> None:
    published.put(
        "physicians.csv",
        "year,state,county,ratio_population_pc_physician,ratio_population_pc_physician_quality",
        "2014,98,001,0,3",
        "2014,98,003,1800,1",
    )
    built = published.build()
    row = built.row("ratio_population_pc_physician", geo_id="98001")
    assert (row["flags"], row["published_value"]) == ("no-physician", "0")
    assert built.row("ratio_population_pc_physician", geo_id="98003")["flags"] is None


def test_a4_zero_pay_is_missing(published: PublishedFolder) -> None:
    published.put(
        "pay.csv", "year,state,county,ratio_living_wage,ratio_living_wage_quality", "2018,98,003,0,1"
    )
    built = published.build()
    row = built.row("ratio_living_wage")
    assert row["value"] is None
    assert (row["status"], row["quality"]) == ("not_available", None)
    assert (row["published_value"], row["published_quality"], row["flags"]) == ("0", 1, "zero-as-missing")
    assert "0" in row["reason"]
    assert built.problems("zero-as-missing")[0]["line"] == 2


def test_a5_a_rate_above_one_per_person_is_kept_and_marked(published: PublishedFolder) -> None:
    published.put(
        "arrests.csv",
        "year,state,county,subgroup_type,subgroup,rate_juv_arrest,rate_juv_arrest_quality",
        "2023,98,017,race-ethnicity,Black,150000.5,1",
    )
    row = published.build().row("rate_juv_arrest", group="black")
    assert (row["value"], row["flags"]) == (150000.5, "over-100000")


def test_a6_known_underreporting_is_left_out_with_its_reason(published: PublishedFolder) -> None:
    published.put(
        "crime.csv",
        "year,state,county,rate_crime_violent,rate_crime_property,rate_crime_violent_quality,"
        "rate_crime_property_quality",
        "2021,36,061,19.5,50.5,2,2",
        "2023,36,061,500.5,900.5,2,2",
        "2021,36,001,400.5,900.5,2,2",
    )
    built = published.build()
    row = built.row("rate_crime_violent", geo_id="36061", period="2021")
    assert row["value"] is None
    assert (row["status"], row["flags"]) == ("suppressed", "underreported")
    assert (row["published_value"], row["published_quality"]) == ("19.5", 2)
    assert built.row("rate_crime_violent", geo_id="36061", period="2023")["value"] == 500.5
    assert built.row("rate_crime_violent", geo_id="36001")["value"] == 400.5


def test_a7_a_turnout_of_one_is_marked_as_capped(published: PublishedFolder) -> None:
    published.put(
        "turnout.csv", "year,state,county,election_turnout,election_turnout_quality", "2020,97,061,1,1"
    )
    assert published.build().row("share_election_turnout")["flags"] == "capped"


def test_a8_weak_values_shared_by_counties_of_a_state_are_its_pool(published: PublishedFolder) -> None:
    published.put(
        "births.csv",
        "year,state,county,rate_low_birth_weight,rate_low_birth_weight_lb,rate_low_birth_weight_ub,"
        "rate_low_birth_weight_quality",
        "2020,98,001,0.09,0.08,0.1,3",
        "2020,98,003,0.09,0.08,0.1,3",
        "2020,98,005,0.07,0.06,0.08,3",
        "2020,97,001,0.09,0.08,0.1,3",
        "2020,98,007,0.09,0.08,0.1,1",
    )
    built = published.build()
    marked = {row["geo_id"] for row in built.rows("rate_low_birth_weight", flags="state-pool")}
    assert marked == {"98001", "98003"}


def test_a9_an_unusual_cost_is_kept_and_marked(published: PublishedFolder) -> None:
    published.put(
        "cost.csv",
        "year,state,county,share_transit_commuter,share_transit_commuter_quality,"
        "share_transportation_cost,share_transportation_cost_quality",
        "2015,98,301,0.01,1,0.83,1",
    )
    row = published.build().row("share_transportation_cost")
    assert (row["value"], row["flags"]) == (0.83, "range-warning")


def test_a10_negative_learning_rates_stand(published: PublishedFolder) -> None:
    published.put(
        "learning.csv",
        "year,state,county,learning_rate,learning_rate_lb,learning_rate_ub,learning_rate_quality",
        "2016,98,001,-0.25,-1.25,.75,3",
    )
    row = published.build().row("rate_learning")
    assert (row["value"], row["lower"], row["upper"], row["flags"]) == (-0.25, -1.25, 0.75, None)


def test_a11_affordability_may_exceed_one_and_has_no_per_cent_sign(published: PublishedFolder) -> None:
    published.put(
        "housing.csv",
        "year,state,county,subgroup_type,subgroup,share_affordable_30_ami,share_affordable_30_ami_quality",
        "2023,98,001,tenure,All,4.95,3",
    )
    assert published.build().row("share_affordable_30_ami")["value"] == 4.95
    catalog = load_catalog()
    assert "%" not in catalog.units[catalog.variables["share_affordable_30_ami"].unit].suffix


def test_a12_equal_bounds_of_a_survey_are_not_computable(published: PublishedFolder) -> None:
    published.put(
        "degrees.csv",
        "year,state,place,share_hs_degree,share_hs_degree_lb,share_hs_degree_ub,share_hs_degree_quality",
        "2021,98,00100,1,1,1,2",
    )
    row = published.build().row("share_hs_degree")
    assert (row["flags"], row["se"], row["confidence"]) == ("bounds-not-computable", None, None)


def test_a13_equal_bounds_of_a_count_mean_that_nothing_was_imputed(published: PublishedFolder) -> None:
    published.put(
        "homeless.csv",
        "year,state,county,count_homeless,count_homeless_lb,count_homeless_ub,share_homeless,"
        "count_homeless_quality,share_homeless_quality",
        "2022,98,001,110,110,110,.0119,1,1",
        "2022,98,003,29,28,30,.02,2,2",
    )
    built = published.build()
    assert built.row("count_homeless", geo_id="98001")["flags"] == "no-imputation"
    imputed = built.row("count_homeless", geo_id="98003")
    assert (imputed["lower"], imputed["upper"], imputed["se"], imputed["confidence"]) == (28, 30, None, None)


def test_a14_one_bound_alone_is_kept(published: PublishedFolder) -> None:
    published.put(
        "income.csv",
        "year,state,place,subgroup_type,subgroup,pctl_income_20,pctl_income_20_lb,pctl_income_20_ub,"
        "pctl_income_20_quality",
        "2018,98,00100,race-ethnicity,Hispanic,20000,18000,NA,2",
    )
    row = published.build().row("pctl_income_20")
    assert (row["lower"], row["upper"], row["se"]) == (18000, None, None)
    assert row["flags"] == "one-sided-bounds"


def test_a15_groups_of_poverty_exposure_overlap(published: PublishedFolder) -> None:
    published.put(
        "exposure.csv",
        "year,state,county,subgroup_type,subgroup,share_poverty_exposure,share_poverty_exposure_quality",
        "2023,98,001,race-ethnicity,Black,0.2,1",
    )
    row = published.build().row("share_poverty_exposure")
    assert (row["group_type"], row["group"]) == ("race-ethnicity-overlapping", "black")
    assert load_catalog().group_types["race-ethnicity-overlapping"].overlapping


# -- codes, keys and areas ------------------------------------------------------------------------------


def test_a16_lost_zeros_of_codes_are_put_back(published: PublishedFolder) -> None:
    published.put(
        "debt.csv",
        "year,state,county,share_debt_coll,share_debt_coll_quality",
        "2023,1,1,.25,1",
        "2023,10,11,.2,1",
    )
    built = published.build()
    assert built.row("share_debt_coll", geo_id="01001")["flags"] == "code-padded"
    assert built.row("share_debt_coll", geo_id="10011")["flags"] == "code-padded"
    assert built.problems("code-padded")[0]["rows"] == 2


def test_a17_older_names_of_columns_are_understood(published: PublishedFolder) -> None:
    published.put(
        "city debt.csv",
        "year,place_fips,state,city,share_debt_coll,share_debt_coll_quality,subgroup_type,subgroup",
        '2021,00100,98,"Alder, CD",.4,1,race-ethnicity,Majority White',
    )
    published.put("births.csv", "year,state,county,lbw,lbw_lb,lbw_ub,lbw_quality", "2018,98,001,.1,.09,.11,3")
    built = published.build()
    debt = built.row("share_debt_coll")
    assert (debt["geo_id"], debt["group_type"], debt["group"]) == (
        "9800100",
        "neighborhood-race",
        "majority-white",
    )
    births = built.row("rate_low_birth_weight")
    assert (births["edition"], births["source_release"]) == ("2022", "2023-24")


ASSOCIATIONS = (
    "state,county,count_membership_associations_per_10k,count_membership_associations_per_10k_quality"
)


def test_a18_a_file_without_a_year_waits_for_it(published: PublishedFolder) -> None:
    published.put("associations.csv", ASSOCIATIONS, "98,001,12.5,1")
    published.put(
        "pay.csv", "year,state,county,ratio_living_wage,ratio_living_wage_quality", "2018,98,001,0.6,1"
    )
    without = published.build()
    assert without.rows("count_membership_associations_per_10k") == []
    account = without.account("associations.csv")
    assert (account.rows_ignored, account.reasons) == (1, {"year-unknown": 1})
    assert "year" in without.problems("year-unknown")[0]["message"]
    given = published.build(years={"associations.csv": 2021})
    assert given.row("count_membership_associations_per_10k")["period"] == "2021"


def test_a18_years_in_the_group_column_are_years(published: PublishedFolder) -> None:
    published.put(
        "wages.csv",
        "state,county,subgroup_type,subgroup,average_to_living_wage_ratio,wage_ratio_quality",
        "98,001,Year,2014,.6,1",
        "98,001,Year,2018,.7,1",
    )
    built = published.build()
    found = {row["period"]: (row["value"], row["group"]) for row in built.rows("ratio_living_wage")}
    assert found == {"2014": (0.6, "all"), "2018": (0.7, "all")}


def test_a19_text_in_the_year_is_rejected_with_its_line(published: PublishedFolder) -> None:
    published.put(
        "turnout.csv",
        "year,state,county,election_turnout,election_turnout_quality",
        "2020,98,001,0.6,1",
        "Alder County,98,003,0.6,1",
    )
    built = published.build()
    (problem,) = built.problems("year-not-a-number")
    assert (problem["line"], problem["column"], problem["value"]) == (3, "year", "Alder County")
    assert built.account("turnout.csv").reasons == {"year-not-a-number": 1}


def test_a20_an_unknown_group_is_kept_as_unknown(published: PublishedFolder) -> None:
    column = "ratio_black_nh_house_value_households"
    published.put(
        "wealth.csv",
        f"year,state,place,subgroup_type,subgroup,{column},{column}_quality",
        "2018,98,00100,age,Under Age 45,0.1:0.2,2",
        "2018,98,00100,age,NA,0.1:0.3,2",
    )
    built = published.build()
    row = built.row(column, group="unknown")
    assert (row["flags"], row["numerator"]) == ("unknown-group", 0.1)
    assert built.problems("unknown-group")[0]["line"] == 3


@pytest.mark.parametrize(
    ("column", "published_type", "label", "group_type", "group"),
    [
        ("rate_injury_death", "race-ethncity", "Hispanic", "race-ethnicity", "hispanic"),
        ("share_digital_access", "race_ethnicity", "White, Non-Hispanic", "race-ethnicity", "white-nh"),
        ("share_affordable_30_ami", "tenure", "Owner", "tenure", "owner"),
        ("index_air_hazard", "poverty", "High-Poverty", "neighborhood-poverty", "high-poverty"),
        ("index_air_hazard", "income", "Not High-Poverty", "neighborhood-poverty", "not-high-poverty"),
        ("rate_learning", "income", "Low Income", "economic-disadvantage", "disadvantaged"),
        ("share_in_preschool", "income", "$50,000 or More", "income-50k", "50k-or-more"),
    ],
)
def test_a21_group_types_are_told_by_their_labels(
    column: str, published_type: str, label: str, group_type: str, group: str, published: PublishedFolder
) -> None:
    published.put(
        "groups.csv",
        f"year,state,county,subgroup_type,subgroup,{column},{column}_quality",
        f'2021,98,001,{published_type},"{label}",0.5,1',
        f"2021,98,001,{published_type},All,0.6,1",
    )
    built = published.build()
    assert built.row(column, group=group)["group_type"] == group_type
    assert built.rows(column, group="all", group_type=group_type)[0]["value"] == 0.6


def _turnout(published: PublishedFolder, *rows: str) -> None:
    published.put(
        "physicians.csv",
        "year,state,county,ratio_population_pc_physician,ratio_population_pc_physician_quality",
        *rows,
    )


def test_a22_connecticut_keeps_the_codes_of_the_file(published: PublishedFolder) -> None:
    _turnout(published, "2021,09,110,1500,1", "2022,09,001,1400,1", "2022,09,110,1500,1")
    built = published.build()
    early = built.row("ratio_population_pc_physician", geo_id="09110", period="2021")
    late = built.row("ratio_population_pc_physician", geo_id="09001")
    usual = built.row("ratio_population_pc_physician", geo_id="09110", period="2022")
    assert (early["flags"], early["geo_vintage"]) == ("other-boundary", "2022")
    assert (late["flags"], late["geo_vintage"]) == ("other-boundary", "2020")
    assert (usual["flags"], usual["geo_vintage"]) == (None, "2022")
    assert built.problems("code-not-in-force")[0]["rows"] == 2
    places = {row["geo_id"]: row for row in built.tables.places.iter_rows(named=True)}
    assert not places["09001"]["current"]
    assert places["09001"]["successors"] == "09120 09140 09190"


def test_a23_values_under_codes_of_later_years_are_those_of_the_former_area(
    published: PublishedFolder,
) -> None:
    _turnout(published, "2016,02,063,1500,1", "2016,02,261,1500,1", "2014,46,102,900,1")
    built = published.build()
    assert built.row("ratio_population_pc_physician", geo_id="02063")["flags"] == "former-area"
    assert built.row("ratio_population_pc_physician", geo_id="02261")["flags"] is None
    assert built.row("ratio_population_pc_physician", geo_id="46102")["geo_vintage"] == "2015"


def test_a24_areas_outside_the_frame_are_rejected_and_named(published: PublishedFolder) -> None:
    published.put("places.csv", PLACE_FRAME, "2021,98,00100,Cardinal,Alder city,100000")
    published.put(
        "air.csv",
        "year,state,place,index_air_hazard,index_air_hazard_quality",
        "2018,98,00100,40,1",
        "2018,51,03000,40,1",
    )
    built = published.build()
    (problem,) = built.problems("unknown-area")
    assert (problem["file"], problem["line"], problem["value"]) == ("air.csv", 3, "5103000")
    assert built.account("air.csv").rows_rejected == 1


def test_a25_a_place_is_known_by_its_code_and_called_by_its_newest_name(published: PublishedFolder) -> None:
    published.put(
        "places.csv",
        PLACE_FRAME,
        "2014,98,00100,Cardinal,Alder town,90000",
        "2023,98,00100,Cardinal,Alder city,100000",
        "2023,97,00100,Other,Alder city,80000",
    )
    published.put(
        "air.csv", "year,state,place,index_air_hazard,index_air_hazard_quality", "2018,98,00100,40,1"
    )
    places = published.build().tables.places
    names = {row["geo_id"]: (row["name"], row["population"]) for row in places.iter_rows(named=True)}
    assert names == {"9800100": ("Alder city", 100000), "9700100": ("Alder city", 80000)}


def test_a26_a_crosswalk_without_states_is_refused(published: PublishedFolder) -> None:
    published.put("crosswalk.csv", "place,GEOID,afact", "00100,98001010100,0.5")
    _turnout(published, "2021,98,001,1500,1")
    built = published.build()
    account = built.account("crosswalk.csv")
    assert (account.kind, account.rows_ignored) == ("tract-place-crosswalk", 1)
    assert "without states" in built.problems("tract-place-crosswalk")[0]["message"]


def test_a27_tract_indexes_are_not_taken_for_counties(published: PublishedFolder) -> None:
    published.put(
        "EnvHazIdx2.csv",
        '"tract","haz_idx_affh","haz_idx14","haz_idx18","diff_14_affh","chng_14_18"',
        "10001040100,53,54,49,1,-5",
    )
    _turnout(published, "2021,98,001,1500,1")
    assert published.build().account("EnvHazIdx2.csv").kind == "tract-air-index"


def test_a27_a_table_that_lacks_states_is_reported(published: PublishedFolder) -> None:
    frame = [f"2021,{state:02d},001,S{state},C{state},1000" for state in range(1, 31)]
    published.put("counties.csv", COUNTY_FRAME, *frame)
    _turnout(published, *[f"2021,{state:02d},001,1500,1" for state in range(10, 31)])
    (problem,) = published.build().problems("states-missing")
    assert problem["value"] == "01 02 03 04 05 06 07 08 09"


def test_a28_unsorted_files_give_sorted_results(published: PublishedFolder) -> None:
    _turnout(published, "2021,98,003,1500,1", "2014,98,001,1500,1", "2021,98,001,1500,1")
    rows = published.build().rows("ratio_population_pc_physician")
    assert [(row["geo_id"], row["period"]) for row in rows] == [
        ("98001", "2014"),
        ("98001", "2021"),
        ("98003", "2021"),
    ]


# -- text, encoding, numbers ----------------------------------------------------------------------------


def test_a29_two_encodings_in_one_file_are_decoded_line_by_line(published: PublishedFolder) -> None:
    lines = [COUNTY_FRAME, "2022,98,001,Cardinal,Peña County,1000", "2023,98,001,Cardinal,Peña County,1000"]
    content = (lines[0] + "\n" + lines[1] + "\n").encode() + (lines[2] + "\n").encode("latin-1")
    published.put_bytes("counties.csv", content)
    _turnout(published, "2021,98,001,1500,1")
    built = published.build()
    assert built.tables.places["name"].to_list() == ["Peña County"]
    (problem,) = built.problems("latin-1")
    assert (problem["file"], problem["line"], problem["kind"]) == ("counties.csv", 3, "repaired")


def test_a30_a_merged_name_is_taken_apart(published: PublishedFolder) -> None:
    published.put("counties.csv", COUNTY_FRAME, '2014,98,001,"Cardinal, Peña County",NA,1000')
    _turnout(published, "2014,98,001,1500,1")
    built = published.build()
    assert built.tables.populations["name"].to_list() == ["Peña County"]
    assert built.tables.populations["population"].to_list() == [1000]
    assert built.problems("names-merged")[0]["line"] == 2


def test_a31_blanks_around_names_are_trimmed(published: PublishedFolder) -> None:
    published.put("counties.csv", COUNTY_FRAME, "2014,98,001,Cardinal, Alder County,1000")
    _turnout(published, "2014,98,001,1500,1")
    assert published.build().tables.places["name"].to_list() == ["Alder County"]


def test_a32_letters_encoded_twice_and_crlf_are_understood(published: PublishedFolder) -> None:
    twice = "Peña County".encode().decode("latin-1")
    published.put("counties.csv", COUNTY_FRAME, f"2014,98,001,Cardinal,{twice},1000", end="\r\n")
    _turnout(published, "2014,98,001,1500,1")
    built = published.build()
    assert built.tables.places["name"].to_list() == ["Peña County"]
    assert built.problems("encoded-twice")[0]["line"] == 2


def test_a33_a_byte_order_mark_and_a_missing_last_newline_do_no_harm(published: PublishedFolder) -> None:
    published.put_bytes(
        "pay.csv",
        b"\xef\xbb\xbfyear,state,county,ratio_living_wage,ratio_living_wage_quality\n2018,98,001,.6,1",
    )
    built = published.build()
    assert built.row("ratio_living_wage")["value"] == 0.6
    assert built.tables.problems.filter(built.tables.problems["rule"] == "unknown-column").is_empty()


def test_a34_a_second_row_of_names_is_left_out(published: PublishedFolder) -> None:
    published.put_bytes(
        "pay.csv",
        b"year,state,county,ratio_living_wage,ratio_living_wage_quality\n"
        b"Year,State code,County\xa0code,Ratio,Quality\n2018,98,001,.6,1\n",
    )
    built = published.build()
    assert built.account("pay.csv").reasons == {"second-header": 1}
    assert built.row("ratio_living_wage")["value"] == 0.6


def test_a34_forms_are_told_by_their_columns(published: PublishedFolder) -> None:
    published.put(
        "form.csv",
        ",This form to be filled in for the data in the subgroup files.,,",
        "a,b,c,d",
        encoding="latin-1",
    )
    _turnout(published, "2014,98,001,1500,1")
    assert published.build().account("form.csv").kind == "evaluation-form"


@pytest.mark.parametrize(
    ("text", "number"), [(".2997214", 0.2997214), ("5.85e-05", 5.85e-05), ("1", 1.0), (" .5 ", 0.5)]
)
def test_a35_numbers_of_other_programs_are_read(text: str, number: float, published: PublishedFolder) -> None:
    published.put(
        "debt.csv", "year,state,county,share_debt_coll,share_debt_coll_quality", f"2023,98,001,{text},1"
    )
    assert published.build().row("share_debt_coll")["value"] == number


def test_a36_quoted_codes_are_codes(published: PublishedFolder) -> None:
    published.put(
        "friends.csv",
        '"year","state","place","share_economic_connectedness","share_economic_connectedness_quality"',
        '2022,"08","03775",0.4,1',
    )
    assert published.build().row("share_economic_connectedness")["geo_id"] == "0803775"


@pytest.mark.parametrize("text", ["0.119:0.246", "11.9%:24.6%"])
def test_a37_pairs_are_two_shares_and_their_ratio(text: str, published: PublishedFolder) -> None:
    column = "ratio_black_nh_house_value_households"
    published.put("wealth.csv", f"year,state,county,{column},{column}_quality", f"2023,98,001,{text},1")
    row = published.build().row(column)
    assert row["numerator"] == pytest.approx(0.119)
    assert row["denominator"] == pytest.approx(0.246)
    assert row["value"] == pytest.approx(0.119 / 0.246)


def test_a37_a_pair_without_households_has_no_ratio(published: PublishedFolder) -> None:
    column = "ratio_black_nh_house_value_households"
    published.put("wealth.csv", f"year,state,county,{column},{column}_quality", "2023,98,001,0.000:0.000,3")
    row = published.build().row(column)
    assert (row["value"], row["denominator"], row["status"]) == (None, 0, "not_computed")
    assert "household" in row["reason"]


# -- missing against quality ----------------------------------------------------------------------------


@pytest.mark.parametrize("quality", ["3", "2"])
def test_a38_a39_quality_without_a_value_is_dropped(quality: str, published: PublishedFolder) -> None:
    published.put(
        "debt.csv",
        "year,state,county,share_debt_coll,share_debt_coll_quality,subgroup_type,subgroup",
        f"2022,98,001,NA,{quality},race-ethnicity,Majority White",
    )
    built = published.build()
    row = built.row("share_debt_coll")
    assert (row["quality"], row["published_quality"]) == (None, int(quality))
    assert (row["status"], row["flags"]) == ("suppressed", "quality-without-value")
    assert built.problems("quality-without-value")[0]["rows"] == 1


def test_a40_a_value_without_quality_is_marked(published: PublishedFolder) -> None:
    published.put(
        "homeless.csv",
        "year,state,county,subgroup_type,subgroup,count_homeless,count_homeless_lb,count_homeless_ub,"
        "share_homeless,count_homeless_quality,share_homeless_quality",
        '2022,97,061,race-ethnicity,"Black, Non-Hispanic",3,0,6,NA,NA,NA',
    )
    built = published.build()
    row = built.row("count_homeless")
    assert (row["value"], row["quality"], row["flags"]) == (3, None, "value-without-quality")
    assert built.problems("value-without-quality")[0]["line"] == 2


def test_a41_empty_cells_of_a_join_are_no_rows_but_missing_values_of_a_component_are(
    published: PublishedFolder,
) -> None:
    published.put(
        "joined.csv",
        f"year,state,place,state_name,place_name,subgroup,subgroup_type,rate_learning,rate_learning_quality,{EMPLOYED}",
        "2016,98,00100,Cardinal,Alder city,Female,gender,NA,NA,0.8,0.7,0.9,Strong",
        "2017,98,00100,Cardinal,Alder city,Female,gender,NA,NA,NA,NA,NA,NA",
    )
    published.put("component.csv", f"year,state,county,{EMPLOYED}", "2016,98,001,NA,NA,NA,NA")
    built = published.build()
    assert built.rows("rate_learning") == []
    assert [row["period"] for row in built.rows("share_employed", geo_level="place")] == ["2016"]
    assert built.account("joined.csv").reasons == {"no-number-in-row": 1}
    missing = built.row("share_employed", geo_level="county")
    assert (missing["status"], missing["value"]) == ("suppressed", None)
    assert "too few" in missing["reason"]


def test_a42_of_twin_tables_one_row_is_kept_and_the_difference_reported(published: PublishedFolder) -> None:
    header = "year,state,county,election_turnout,election_turnout_quality"
    published.put("early.csv", header, "2016,98,001,0.61,1", "2016,98,003,0.5,1")
    published.put("late.csv", header, "2016,98,001,0.62,1", "2016,98,003,0.5,1", "2020,98,001,0.7,1")
    built = published.build()
    assert built.row("share_election_turnout", geo_id="98001", period="2016")["value"] == 0.62
    (problem,) = built.problems("disagrees")
    assert (problem["file"], problem["rows"], problem["line"]) == ("early.csv", 1, 2)
    assert "0.01" in problem["message"]
    assert built.problems("same-number-elsewhere")[0]["rows"] == 1
    assert built.account("early.csv").reasons == {"same-number-elsewhere": 2}


@pytest.mark.parametrize(
    ("header", "edition"),
    [
        (
            "share_digital_access,share_digital_access_lb,share_digital_access_ub,share_digital_access_quality",
            "2022",
        ),
        ("share_digital_access,share_digital_access_quality", "2025"),
    ],
)
def test_a42_one_name_with_two_meanings_is_told_by_its_columns_and_doubted(
    header: str, edition: str, published: PublishedFolder
) -> None:
    values = ",".join(["0.8", "0.7", "0.9"][: header.count(",")])
    published.put("access.csv", f"year,state,county,{header}", f"2018,98,001,{values},1")
    built = published.build()
    assert built.row("share_digital_access")["edition"] == edition
    assert built.problems("same-name-two-meanings")[0]["column"] == "share_digital_access"


def test_a43_the_form_that_declares_fewer_years_is_named_in_the_catalogue() -> None:
    edition = next(
        entry for entry in load_catalog().variables["share_hs_degree"].editions if entry.edition == "2025"
    )
    assert any("2023" in claim for claim in edition.file_claims)


def test_every_known_file_names_a_vintage_of_the_catalogue() -> None:
    vintages = load_catalog().vintages
    assert {known.vintage for known in load_published().known_files.values()} - {""} <= set(vintages)


def _reasons(built: Built, variable: str, **keys: str) -> set[tuple[str, str]]:
    return {(row["status"], row["reason"]) for row in built.rows(variable, **keys)}


def test_new_areas_that_are_all_empty_are_not_said_to_have_too_few_cases(published: PublishedFolder) -> None:
    regions = [f"2022,09,{region},," for region in range(110, 200, 10)]
    header = "year,state,county,rate_low_birth_weight,rate_low_birth_weight_quality"
    published.put("births.csv", header, *regions, "2022,29,019,0.08,1", "2022,29,021,,")
    built = published.build()
    former = {("not_available", codes.REASONS[codes.FORMER_COUNTIES])}
    few = {("suppressed", codes.REASONS[codes.TOO_FEW])}
    assert _reasons(built, "rate_low_birth_weight", geo_id="09110") == former
    assert _reasons(built, "rate_low_birth_weight", geo_id="29021") == few


def test_one_new_area_without_a_value_among_others_with_one_has_too_few_cases(
    published: PublishedFolder,
) -> None:
    regions = [f"2022,09,{region},0.07,1" for region in range(120, 200, 10)]
    header = "year,state,county,rate_low_birth_weight,rate_low_birth_weight_quality"
    published.put("births.csv", header, "2022,09,110,,", *regions)
    assert _reasons(published.build(), "rate_low_birth_weight", geo_id="09110") == {
        ("suppressed", codes.REASONS[codes.TOO_FEW])
    }


def test_two_small_new_areas_stay_withheld_and_the_doubt_is_said(published: PublishedFolder) -> None:
    header = "year,state,county,rate_low_birth_weight,rate_low_birth_weight_quality"
    published.put("births.csv", header, "2022,02,063,,", "2022,02,066,,", "2022,29,019,0.08,1")
    published.put(
        "jobs.csv",
        f"year,state,county,{EMPLOYED}",
        "2022,02,063,,,,",
        "2022,02,066,,,,",
        "2022,29,019,.8,.7,.9,1",
    )
    built = published.build()
    doubt = {("suppressed", codes.REASONS[codes.FORMER_OR_FEW])}
    few = {("suppressed", codes.REASONS[codes.TOO_FEW])}
    assert _reasons(built, "rate_low_birth_weight", geo_id="02063") == doubt
    assert _reasons(built, "share_employed", geo_id="02063") == few  # a survey reaches them by its crosswalk
