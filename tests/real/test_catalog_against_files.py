"""What the catalogue says of every metric is what the published files hold."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, GroupCoverage, Variable, VariableEdition
from upward.catalog.published import load_published
from upward.warehouse.read import Release

pytestmark = pytest.mark.real

LEVELS = ("county", "place")
FORMS = "mobility-from-poverty/10a_final-evaluation"
#: Declared by the publisher, but in no file that is here; what the catalogue has to say of it.
NOT_IN_ANY_FILE = {"share_medical_debt_coll": "national median"}
#: In a file that names no year: left out unless a year is given for it; what the catalogue has to say of it.
WITHOUT_YEAR = dict.fromkeys(("hpsa_yn", "frpl40_black", "frpl40_hispanic", "frpl40_white"), "names no year")
#: Half a unit of the second decimal.
ROUNDING = 0.00501
#: Houston in two years: the table by kind of neighborhood leaves out tracts without residents.
KNOWN_DIFFERENCES = {"share_transit_commuter": {"4835000"}, "share_transportation_cost": {"4835000"}}


def _variables(catalog: Catalog) -> list[Variable]:
    return [variable for metric in catalog.metrics.values() for variable in metric.variables]


VARIABLES = _variables(load_catalog())
HELD = [variable for variable in VARIABLES if variable.id not in {**NOT_IN_ANY_FILE, **WITHOUT_YEAR}]
COVERAGES = [(variable, coverage) for variable in HELD for coverage in variable.groups]
EDITIONS = [(variable, edition) for variable in HELD for edition in variable.editions]


def _edition_name(case: object) -> str | None:
    if isinstance(case, Variable):
        return case.id
    if isinstance(case, VariableEdition):
        return case.edition
    return f"{case.group_type}-{case.edition}" if isinstance(case, GroupCoverage) else None


def _rows(release: Release, variable: str, edition: str, group_type: str = "all") -> pl.DataFrame:
    """Every published number of any release, those without a value left out."""
    rows = release.metric(variable, edition=edition, group_type=group_type, source_release="all")
    has_value = pl.col("value").is_not_null() | pl.col("numerator").is_not_null()
    return rows.filter(has_value & pl.col("geo_level").is_in(LEVELS))


def _years(rows: pl.DataFrame) -> dict[str, tuple[int, ...]]:
    return {
        level: tuple(sorted(int(year) for year in of_level["period"].unique()))
        for (level,), of_level in rows.partition_by("geo_level", as_dict=True).items()
    }


def _claims(variable: Variable, edition: str) -> str:
    return " ".join(
        claim for entry in variable.editions if entry.edition == edition for claim in entry.file_claims
    )


@pytest.mark.parametrize(("variable", "edition"), EDITIONS, ids=_edition_name)
def test_years_are_those_in_which_a_file_holds_overall_values(
    real_release: Release, variable: Variable, edition: VariableEdition
) -> None:
    assert _years(_rows(real_release, variable.id, edition.edition)) == dict(edition.years)


@pytest.mark.parametrize(("variable", "edition"), EDITIONS, ids=_edition_name)
def test_bounds_stand_in_the_years_that_the_catalogue_names(
    real_release: Release, variable: Variable, edition: VariableEdition
) -> None:
    rows = _rows(real_release, variable.id, edition.edition)
    bounded = rows.filter(pl.col("lower").is_not_null() | pl.col("upper").is_not_null())
    assert _years(bounded) == dict(edition.bounds_years)


@pytest.mark.parametrize(("variable", "coverage"), COVERAGES, ids=_edition_name)
def test_groups_are_published_in_the_years_that_the_catalogue_names(
    real_release: Release, variable: Variable, coverage: GroupCoverage
) -> None:
    rows = _rows(real_release, variable.id, coverage.edition, coverage.group_type)
    rows = rows.filter(pl.col("group") != "all")
    assert _years(rows) == dict(coverage.years)
    for (level, year), of_year in rows.partition_by("geo_level", "period", as_dict=True).items():
        assert set(of_year["group"]) == set(coverage.groups), (level, year)


@pytest.mark.parametrize("variable", HELD, ids=_edition_name)
def test_no_group_of_people_is_held_that_the_catalogue_does_not_name(
    real_release: Release, variable: Variable
) -> None:
    rows = real_release.metric(variable.id, source_release="all").filter(
        (pl.col("group_type") != "all") & pl.col("value").is_not_null()
    )
    named = {(entry.edition, entry.group_type) for entry in variable.groups}
    assert set(rows.select("edition", "group_type").unique().iter_rows()) == named


@pytest.mark.parametrize(("variable", "coverage"), COVERAGES, ids=_edition_name)
def test_the_all_row_is_the_overall_value_where_the_catalogue_says_so(
    real_release: Release, variable: Variable, coverage: GroupCoverage
) -> None:
    keys = ["source_release", "geo_id", "period"]
    rows = _rows(real_release, variable.id, coverage.edition, coverage.group_type)
    everybody = rows.filter((pl.col("group") == "all") & pl.col("value").is_not_null())
    overall = _rows(real_release, variable.id, coverage.edition)
    both = everybody.join(overall, on=keys, suffix="_overall")
    # Overall values of the older indexes are rounded to two decimals, All rows are not.
    allowed = ROUNDING if variable.unit == "index_100" else 1e-4 * pl.col("value_overall").abs()
    apart = (pl.col("value") - pl.col("value_overall")).abs() > allowed
    shares = both.group_by("source_release").agg(different=apart.mean())
    if coverage.all_row_is_overall:
        named = KNOWN_DIFFERENCES.get(variable.id, set())
        assert {row["geo_id"] for row in both.filter(apart).iter_rows(named=True)} <= named
        assert both.filter(apart).height <= 2
    else:
        assert not both.height or shares["different"].max() > 0.5


def test_the_limits_of_values_reject_nothing_that_is_published(real_release: Release) -> None:
    columns = {
        value.name
        for value in load_published().values.values()
        if {reading.variable for reading in value.readings} & {variable.id for variable in VARIABLES}
    }
    rejected = real_release.problems().filter(
        (pl.col("rule") == "out-of-range") & pl.col("column").is_in(columns)
    )
    assert columns
    assert rejected.height == 0


@pytest.mark.parametrize("variable", NOT_IN_ANY_FILE)
def test_what_no_file_holds_is_said_in_words(real_release: Release, variable: str) -> None:
    entry = load_catalog().variables[variable]
    rows = real_release.metric(variable, source_release="all").filter(pl.col("geo_level").is_in(LEVELS))
    assert rows.height == 0
    assert NOT_IN_ANY_FILE[variable] in _claims(entry, entry.editions[-1].edition)


@pytest.mark.parametrize("variable", WITHOUT_YEAR)
def test_a_number_without_a_year_is_left_out_or_has_the_year_of_the_catalogue(
    real_release: Release, variable: str
) -> None:
    (edition,) = load_catalog().variables[variable].editions
    assert WITHOUT_YEAR[variable] in " ".join(edition.file_claims)
    rows = _rows(real_release, variable, edition.edition)
    if rows.height:
        assert _years(rows) == dict(edition.years)
    else:
        left_out = real_release.problems().filter(
            (pl.col("column") == variable) & (pl.col("rule") == "year-unknown")
        )
        assert left_out.height == 1


def _declared(folder: Path) -> list[tuple[str, str, str, set[int], str]]:
    """Form, variable, level, years and type of groups of every declaration in the publisher's forms."""
    names = {value.name: value.readings[-1].variable for value in load_published().values.values()}
    found = []
    for path in sorted(folder.glob("*.csv")):
        lines = path.read_bytes().decode("latin-1").splitlines()
        for row in csv.reader(lines):
            name = row[1].strip("\xa0 ") if len(row) > 6 and row[0].startswith("User Input ") else ""
            if name in names:
                level = "place" if re.search("place|city", path.name) else "county"
                years = {int(year) for year in re.findall(r"\d{4}", row[2])}
                found.append((path.name, names[name], level, years, row[5].strip("\xa0 ")))
    return found


def test_what_the_publisher_declares_is_in_the_catalogue_or_spoken_of(shared_data: Path) -> None:
    ours = {variable.id: variable for variable in VARIABLES}
    words = load_published().group_types
    silent, seen = [], 0
    for form, name, level, years, kind in _declared(shared_data / FORMS):
        if name not in ours:
            continue
        seen += 1
        variable = ours[name]
        if kind:
            types = {ours_type for ours_type, theirs in words.items() if kind in theirs}
            claimed = {
                year
                for entry in variable.groups
                if entry.edition == "2025" and entry.group_type in types
                for year in entry.years.get(level, ())
            }
        else:
            claimed = {
                year
                for entry in variable.editions
                if entry.edition == "2025"
                for year in entry.years.get(level, ())
            }
        if claimed != years and "declares" not in _claims(variable, "2025"):
            silent.append((form, name, sorted(years), sorted(claimed)))
    assert seen > 80
    assert silent == []
