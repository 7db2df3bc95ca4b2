"""Checks of the published tables against each other: what must agree agrees, faults are the known ones."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest
from plain_reading import MISSING, NAMES, geo_code, group_of, lines_of, number, rows_of

from upward.warehouse.read import Release

pytestmark = pytest.mark.real

CROSSWALKS = "mobility-from-poverty/geographic-crosswalks/data"
COMBINED = tuple(
    f"mobility-from-poverty/data/{name}_longitudinal.csv.gz"
    for name in (
        "63_mobility-metrics_place_race-share",
        "64_mobility-metrics_place_income",
        "66_mobility-metrics_place_gender",
        "68_mobility-metrics_place_disability",
    )
)
ATLAS = "history/5510723a/06_neighborhoods/social-capital/data/social_capital_county.csv.gz"
#: The three cities of a 2024 file and others that the population frame leaves out.
QUALITY_WORDS = {"Strong": 1, "Marginal": 2, "Weak": 3}


def test_economic_connectedness_is_half_of_the_atlas(real_release: Release, shared_data: Path) -> None:
    rows = real_release.metric("share_economic_connectedness", geo_level="county", source_release="2025.01")
    ours = {row["geo_id"]: row for row in rows.iter_rows(named=True) if row["value"] is not None}
    compared = 0
    for row in rows_of(shared_data / ATLAS):
        code, value = row["county"].zfill(5), number(row["ec_county"])
        if value is not None and code in ours:
            error = float(row["ec_se_county"])
            assert ours[code]["value"] == pytest.approx(value * 0.5, abs=1e-12)
            assert ours[code]["lower"] == pytest.approx((value - 1.96 * error) * 0.5, abs=1e-6)
            assert ours[code]["upper"] == pytest.approx((value + 1.96 * error) * 0.5, abs=1e-6)
            compared += 1
    assert compared == 3017


@pytest.mark.parametrize("file", COMBINED)
def test_combined_city_tables_hold_the_component_values(
    file: str, real_release: Release, shared_data: Path
) -> None:
    """A combined table is a join of component tables; each of its numbers is current in the release."""
    header = next(csv.reader(_first_lines(shared_data / file)))
    variables = [name for name in header if NAMES.get(name, name) in real_release.catalog.variables]
    current: dict[tuple[str, str, str, str], set[tuple[str, int | None]]] = defaultdict(set)
    for name in variables:
        frame = real_release.metric(NAMES.get(name, name), geo_level="place", edition="2025")
        for row in frame.iter_rows(named=True):
            quality = row["published_quality"] if row["published_quality"] is not None else row["quality"]
            current[name, row["geo_id"], row["period"], row["group"]].add((_digits(row["value"]), quality))
    different, compared = [], 0
    for row in rows_of(shared_data / file):
        for name in variables:
            if row[name] not in MISSING:
                key = (name, geo_code(row), row["year"], group_of(NAMES.get(name, name), row["subgroup"]))
                found = {(_digits(float(row[name])), QUALITY_WORDS.get(row[f"{name}_quality"]))}
                compared += 1
                if not found <= current[key]:
                    different.append(f"{key}: {found}, release {current[key]}")
    assert compared > 3000
    assert not different, f"{len(different)} of {compared} differ:\n" + "\n".join(different[:20])


def _first_lines(path: Path) -> list[str]:
    return [next(iter(lines_of(path)))]


def _digits(value: float | None) -> str:
    """The combined tables were written by another program, with another last digit."""
    return "" if value is None else f"{value:.12g}"


def _flag(total: float) -> int:
    return 1 if total >= 0.75 else 2 if total >= 0.35 else 3


def _area_sums(path: Path, place: str, period: str) -> dict[str, tuple[float, int]]:
    """Return per area the sum of (area in place) x (place in area), computed from people, and the flag."""
    people: dict[str, float] = defaultdict(float)
    parts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    flags = {}
    for row in rows_of(path):
        if row["crosswalk_period"] == period:
            code = row["statefip"].zfill(2) + row[place]
            people[code] += float(row["population"])
            parts[code].append((float(row["afact"]), float(row["population"])))
            flags[code] = int(row["geographic_allocation_quality"])
    return {
        code: (sum(share * part / people[code] for share, part in found), flags[code])
        for code, found in parts.items()
    }


def test_crosswalk_flags_follow_from_the_people_where_the_table_is_sound(shared_data: Path) -> None:
    cities = _area_sums(shared_data / CROSSWALKS / "crosswalk_puma_to_place.csv.gz", "place", "2022")
    assert len(cities) == 486
    assert all(_flag(total) == flag for total, flag in cities.values())
    for period, expected in (("2022", 3222), ("pre-2022", 3143)):
        counties = _area_sums(shared_data / CROSSWALKS / "crosswalk_puma_to_county.csv.gz", "county", period)
        assert len(counties) == expected
        assert all(_flag(round(total, 4)) == flag for total, flag in counties.values()), period


def test_city_quality_before_2022_is_recomputed_and_the_published_one_kept(
    real_release: Release, shared_data: Path
) -> None:
    path = shared_data.parents[1] / "design" / "place_quality_pre2022_recomputed.csv"
    if not path.is_file():
        pytest.skip("the recomputed table is not beside the published files")
    with path.open(encoding="utf-8") as lines:
        expected = {row["state"] + row["place"]: row for row in csv.DictReader(lines)}
    assert len(expected) == 485
    rows = real_release.metric("share_employed", geo_level="place", group_type="all", edition="2025").filter(
        pl.col("period") < "2022", pl.col("value").is_not_null()
    )
    assert rows.height > 3000
    changed = 0
    for row in rows.iter_rows(named=True):
        want = expected.get(row["geo_id"])
        if want is None:
            continue
        assert row["quality"] == int(want["quality_recomputed"]), row["geo_id"]
        if want["changed"] == "yes":
            changed += 1
            assert row["published_quality"] == int(want["quality_published"]), row["geo_id"]
            assert "quality-recomputed" in row["flags"]
    assert changed == 1099


def test_declared_tables_hold_what_their_forms_declare(real_release: Release, shared_data: Path) -> None:
    """Years, bounds and groups that the publisher's forms declare are in the release or listed here."""
    path = shared_data.parents[1] / "design" / "declared_expectations.csv"
    if not path.is_file():
        pytest.skip("the table of declarations is not beside the published files")
    with path.open(encoding="utf-8") as lines:
        declared = list(csv.DictReader(lines))
    assert len(declared) == 146
    faults: dict[str, list[str]] = {}
    for entry in declared:
        fault = _declared_fault(real_release, entry)
        if fault:
            faults.setdefault(entry["form"], []).append(f"{entry['variable']}: {fault}")
    others = {form: found for form, found in faults.items() if form.removeprefix(FORM) not in NOT_SHARED}
    assert not others
    assert {form.removeprefix(FORM) for form in faults} == NOT_SHARED
    assert all("not held" in fault for found in faults.values() for fault in found)


FORM = "evaluation_form_"
#: Forms of tables that are too large for the publisher's repository and are not shared, or only in
#: an older publication that has fewer years.
NOT_SHARED = frozenset(
    {
        "college_race_eth_county.csv",
        "ela_gender_county.csv",
        "ela_income_county.csv",
        "ela_race_ethnicity_county.csv",
        "employment_race_eth_county.csv",
        "house_value_age_county.csv",
        "income_gender_county.csv",
        "income_race_eth_county.csv",
        "living_wage_industry_county.csv",
        "low_birth_mothers-education_county.csv",
        "low_birth_race-ethnicity_county.csv",
        "medical_debt_coll_all_county_MZ.csv",
        "medical_debt_coll_race_ethnicity_county_MZ.csv",
        "preschool_race_eth_county.csv",
    }
)


def _declared_fault(release: Release, entry: dict[str, str]) -> str:
    variable = NAMES.get(entry["variable"], entry["variable"])
    # The forms of affordability by tenure name both geographies; only the cities' table is shared.
    level = entry["geography"] if entry["geography"] in ("county", "place") else "place"
    rows = release.metric(variable, geo_level=level, edition="2025", source_release="2025.01")
    rows = rows.filter(pl.col("period").is_in(entry["years"].split(";")))
    labels = [] if not entry["subgroup_type"] else entry["subgroups"].split(";")
    groups = {group_of(variable, label) for label in labels} or {"all"}
    if not labels:
        rows = rows.filter(pl.col("group_type") == "all")
    absent = []
    for year in entry["years"].split(";"):
        of_year = rows.filter(pl.col("period") == year, pl.col("value").is_not_null())
        absent += [f"{year} {group}" for group in sorted(groups - set(of_year["group"]))]
    if absent:
        return "not held: " + ", ".join(absent)
    bounded = rows.filter(pl.col("lower").is_not_null()).height > 0
    if bounded != (entry["confidence"] == "Yes"):
        return f"bounds declared {entry['confidence']}"
    return ""


def test_exposure_follows_from_the_tracts(real_release: Release, shared_data: Path) -> None:
    """Both exposure metrics of California in 2018, recomputed from the people of its 8,041 census tracts."""
    people: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for tract in rows_of(shared_data / "tract-inputs" / "cdc_svi2018_california_tracts.csv.gz"):
        total, poor = float(tract["E_TOTPOP"]), float(tract["E_POV"])
        white = total - float(tract["E_MINRTY"])
        sums = people[tract["STCNTY"]]
        if total > 0:
            sums[0] += white
            sums[1] += white * (1 - white / total)
        if poor > 0:
            sums[2] += poor
            sums[3] += poor * (float(tract["EP_POV"]) > 40)
    assert len(people) == 58
    options = {"year": 2018, "group_type": "all", "geo_level": "county", "edition": "2025"}
    ours = {
        name: dict(real_release.metric(name, **options).select("geo_id", "value").iter_rows())
        for name in ("share_white_nh_exposure", "share_poverty_exposure")
    }
    other_rate = []
    for county, (white, met, poor, concentrated) in people.items():
        assert ours["share_white_nh_exposure"][county] == pytest.approx(met / white, abs=1e-12)
        if ours["share_poverty_exposure"][county] != pytest.approx(concentrated / poor, abs=1e-12):
            other_rate.append(county)
    assert other_rate == ["06019", "06077"]  # a tract there has a rate that is rounded to 40.0
