"""Our national medians are the published ones to the last printed digit, and the manual's tables are ours."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import polars as pl
import pytest

from upward.warehouse.read import ContextRow, Release

pytestmark = pytest.mark.real

MEDIANS = "mobility-from-poverty/10_construct-database/county_medians_year_suppressed.csv"
MANUAL = Path(__file__).resolve().parents[2] / "docs/explanation/national-medians.md"
OTHER_NAMES = {"share_low_birth_weight": "rate_low_birth_weight"}
#: The table of medical debt is not among the shared files.
NOT_SHARED = frozenset({"share_medical_debt_coll"})
#: The debt files of these years still have Connecticut's counties of before 2022, which the publisher's table
#: of populations does not know any more: they are not in the published median, and they are in ours.
OTHER_COUNTIES = frozenset({("share_debt_coll", "2022"), ("share_debt_coll", "2023")})
#: Variables printed with fewer decimals than the four of the others.
TWO_DECIMALS = frozenset({"share_transit_commuter", "share_transportation_cost"})
#: Printed 5th and 95th percentiles (older publications): variable, year, printed low and high.
PERCENTILES = (
    ("pctl_income_20", "2022", "19600", "51100"),
    ("share_homeless", "2021", "0.01", "0.06"),
    ("share_affordable_30_ami", "2022", "0.57", "1.94"),
    ("share_affordable_50_ami", "2022", "0.85", "2.01"),
    ("share_affordable_80_ami", "2022", "1.12", "1.88"),
    ("share_affordable_available_30_ami", "2022", "0.24", "0.69"),
    ("share_affordable_available_50_ami", "2022", "0.42", "0.89"),
    ("share_affordable_available_80_ami", "2022", "0.72", "1.08"),
    ("share_poverty_exposure", "2021", "0", "0.27"),
    ("share_black_nh_exposure", "2021", "0.32", "0.98"),
    ("share_hispanic_exposure", "2021", "0.35", "0.96"),
    ("share_other_nh_exposure", "2021", "0.67", "0.96"),
    ("share_white_nh_exposure", "2021", "0.07", "0.60"),
    ("count_membership_associations_per_10k", "2021", "4.4", "14.7"),
    ("share_transportation_cost", "2019", "0.17", "0.39"),
    ("share_in_preschool", "2021", "0.30", "0.58"),
    ("rate_learning", "2017", "0.78", "1.16"),
    ("share_meps20_black", "2020", "0", "0.85"),
    ("share_meps20_hispanic", "2020", "0", "0.81"),
    ("share_meps20_white", "2020", "0", "0.60"),
    ("share_hs_degree", "2021", "0.83", "0.96"),
    ("share_employed", "2022", "0.74", "0.87"),
    ("ratio_living_wage", "2022", "0.54", "0.97"),
    ("share_debt_coll", "2022", "0.13", "0.41"),
    ("ratio_population_pc_physician", "2021", "767", "3653"),
    ("index_air_hazard", "2019", "11", "84"),
    ("rate_injury_death", "2020", "40.3", "111.4"),
    ("share_election_turnout", "2020", "0.53", "0.82"),
)


def _published(folder: Path) -> dict[tuple[str, str], str]:
    with (folder / MEDIANS).open(encoding="utf-8") as lines:
        return {
            (OTHER_NAMES.get(name, name), row["year"]): text
            for row in csv.DictReader(lines)
            for name, text in row.items()
            if name not in ("year", "group") and text not in ("", "NA")
        }


def _nation(release: Release, variable: str, year: str) -> ContextRow | None:
    """Return the nation's context of the overall value, or of the All row of a file by group in its place."""
    context = release.context()
    for group_type in (
        "all",
        *(coverage.group_type for coverage in release.catalog.variables[variable].groups),
    ):
        row = context.get(variable, "2025", "2025.01", year, group_type, "all", "county", "US")
        if row is not None:
            return row
    return None


def _of_the_frame(release: Release, variable: str, year: str) -> float:
    """Return the median over the counties of the year's population table alone, as the publisher counts."""
    rows = release.metric(variable, year=year, group="all", geo_level="county", source_release="2025.01")
    people = pl.read_parquet(release.folder / "populations.parquet").filter(pl.col("period") == year)
    values = dict(rows.filter(pl.col("value").is_not_null()).select("geo_id", "value").iter_rows())
    weights = dict(people.select("geo_id", "population").iter_rows())
    pairs = sorted((value, weights[code]) for code, value in values.items() if weights.get(code))
    half, reached = sum(weight for _, weight in pairs) / 2, 0.0
    for value, weight in pairs:
        reached += weight
        if reached >= half:
            return value
    raise AssertionError("the last value reaches half")


def _printed(value: float, variable: str) -> Decimal:
    places = Decimal("0.01") if variable in TWO_DECIMALS else Decimal("0.0001")
    return Decimal(repr(value)).quantize(places, ROUND_HALF_EVEN)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def medians_table(release: Release, folder: Path) -> list[str]:
    """Return the manual's table: per variable the figures compared and the newest one beside ours."""
    by_variable: dict[str, list[tuple[str, str]]] = {}
    for (variable, year), text in _published(folder).items():
        by_variable.setdefault(variable, []).append((year, text))
    lines = ["| variable | years compared | newest published | ours, unrounded |", "|---|---:|---:|---:|"]
    for variable, figures in by_variable.items():
        year, text = max(figures)
        row = _nation(release, variable, year)
        if row is not None and row.median is not None:
            lines.append(f"| `{variable}` | {len(figures)} | {text} ({year}) | {row.median:.6g} |")
    return lines


def percentiles_table(release: Release) -> list[str]:
    """Return the manual's table of printed 5th and 95th percentiles beside ours."""
    lines = ["| variable | year | printed | ours | same |", "|---|---|---:|---:|---|"]
    for variable, year, low, high in PERCENTILES:
        row = _nation(release, variable, year)
        assert row is not None
        assert row.p05 is not None
        assert row.p95 is not None
        same = _rounds_to(row.p05, low) and _rounds_to(row.p95, high)
        ours = f"{_short(row.p05)} – {_short(row.p95)}"
        printed = f"{_short(float(low))} – {_short(float(high))}"
        lines.append(f"| `{variable}` | {year} | {printed} | {ours} | {'yes' if same else 'no'} |")
    return lines


def _rounds_to(value: float, text: str) -> bool:
    """Tell whether a number is printed as this text: rounded, or cut off after the last digit."""
    exact, printed = Decimal(repr(value)), Decimal(text)
    step = (
        Decimal(1).scaleb(printed.as_tuple().exponent)
        if "." in text
        else Decimal(100 if len(text) > 4 else 1)
    )
    return abs(exact - printed) <= step / 2 or printed <= exact < printed + step


def test_published_medians_are_reproduced_to_the_last_digit(real_release: Release, shared_data: Path) -> None:
    published = _published(shared_data)
    assert len(published) == 239
    different = []
    for (variable, year), text in published.items():
        if variable in NOT_SHARED:
            continue
        row = _nation(real_release, variable, year)
        ours = row and row.median
        if (variable, year) in OTHER_COUNTIES:
            assert ours != pytest.approx(float(text), abs=1e-4)
            ours = _of_the_frame(real_release, variable, year)
        # one figure is printed with the tail of a binary fraction: 0.79990000000000006
        theirs = Decimal(text).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
        if row is None or ours is None or _printed(ours, variable) != theirs:
            different.append(f"{variable} {year}: {ours}, published {text}")
        elif row.group_type == "all" and row.published_median != pytest.approx(float(text)):
            different.append(f"{variable} {year}: the context holds {row.published_median}, published {text}")
    assert not different, "\n".join(different)


def test_a_median_that_the_publisher_withholds_is_not_usable(
    real_release: Release, shared_data: Path
) -> None:
    """The publisher withholds a median if more than 15 percent of the people are without a usable value."""
    published = _published(shared_data)
    for variable in ("rate_crime_violent", "rate_crime_property", "rate_juv_arrest", "rate_low_birth_weight"):
        for year in ("2021", "2022", "2023"):
            assert (variable, year) not in published
            row = _nation(real_release, variable, year)
            assert row is not None
            assert not row.usable, f"{variable} {year}"


def test_the_manual_shows_the_figures_that_a_release_gives(real_release: Release, shared_data: Path) -> None:
    text = MANUAL.read_text(encoding="utf-8").splitlines()
    for line in (*medians_table(real_release, shared_data), *percentiles_table(real_release)):
        assert line in text, line
