"""Our national medians are the published ones to the last printed digit, and the manual's table is ours."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from upward.warehouse.read import Release

pytestmark = pytest.mark.real

MEDIANS = "mobility-from-poverty/10_construct-database/county_medians_year_suppressed.csv"
MANUAL = Path(__file__).resolve().parents[2] / "docs/explanation/national-medians.md"
#: Published under another name; not computable because the file is not shared.
OTHER_NAMES = {"share_low_birth_weight": "rate_low_birth_weight"}
NOT_SHARED = frozenset({"share_medical_debt_coll"})
#: Variables printed with fewer decimals than the four of the others.
TWO_DECIMALS = frozenset({"share_transit_commuter", "share_transportation_cost"})


def _published(folder: Path) -> dict[tuple[str, str], str]:
    with (folder / MEDIANS).open(encoding="utf-8") as lines:
        return {
            (OTHER_NAMES.get(name, name), row["year"]): text
            for row in csv.DictReader(lines)
            for name, text in row.items()
            if name not in ("year", "group") and text not in ("", "NA")
        }


def _ours(release: Release, variable: str, year: str) -> float | None:
    row = release.context().get(variable, "2025", "2025.01", year, "all", "all", "county", "US")
    return row.median if row else None


def _printed(value: float, variable: str) -> Decimal:
    places = Decimal("0.01") if variable in TWO_DECIMALS else Decimal("0.0001")
    return Decimal(repr(value)).quantize(places, ROUND_HALF_EVEN)


def test_published_medians_are_reproduced_to_the_last_digit(real_release: Release, shared_data: Path) -> None:
    published = _published(shared_data)
    assert len(published) == 239
    different = []
    for (variable, year), text in published.items():
        if variable in NOT_SHARED:
            continue
        ours = _ours(real_release, variable, year)
        theirs = Decimal(text).quantize(
            Decimal("0.0001"), ROUND_HALF_EVEN
        )  # one is printed as 0.79990000000000006
        if ours is None or _printed(ours, variable) != theirs:
            different.append(f"{variable} {year}: {ours}, published {text}")
    assert not different, "\n".join(different)


def test_a_median_that_the_publisher_withholds_is_not_usable(
    real_release: Release, shared_data: Path
) -> None:
    """The publisher withholds a median if more than 15 percent of the people are without a usable value."""
    published = _published(shared_data)
    for variable in ("rate_crime_violent", "rate_crime_property", "rate_juv_arrest", "rate_low_birth_weight"):
        for year in ("2021", "2022", "2023"):
            assert (variable, year) not in published
            row = real_release.context().get(variable, "2025", "2025.01", year, "all", "all", "county", "US")
            assert row is not None
            assert not row.usable, f"{variable} {year}"
    for variable, year in published:
        row = real_release.context().get(variable, "2025", "2025.01", year, "all", "all", "county", "US")
        assert variable in NOT_SHARED or (row is not None and row.usable), f"{variable} {year}"
