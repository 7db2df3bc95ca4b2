"""A slow, plain second reading of the published files, which shares no code with the software.

It knows the published names by a table of its own and reads line by line with Python's csv module. Where it
and the software disagree, one of them is wrong.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MISSING = frozenset({"", "NA"})

#: Published name -> variable, where they differ.
NAMES: dict[str, str] = {
    "learning_rate": "rate_learning",
    "election_turnout": "share_election_turnout",
    "lbw": "rate_low_birth_weight",
    "share_low_birth_weight": "rate_low_birth_weight",
    "share_debt_col": "share_debt_coll",
    "meps20_black": "share_meps20_black",
    "meps20_hispanic": "share_meps20_hispanic",
    "meps20_white": "share_meps20_white",
    "index_air_quality": "index_air_hazard",
    "environmental": "index_air_hazard",
    "transportation_cost": "index_transportation_cost",
    "transit_cost": "index_transportation_cost",
    "transit_trips": "index_transit_trips",
    "rate_violent_crime": "rate_crime_violent",
    "rate_property_crime": "rate_crime_property",
    "violent_crime_rate": "rate_crime_violent",
    "property_crime_rate": "rate_crime_property",
    "juvenile_arrest_rate": "rate_juv_arrest",
    "share_desc_rep_asian_other": "share_desc_rep_other",
    "economic_connectedness": "ratio_high_low_ses_fb_friends",
    "ratio_average_to_living_wage": "ratio_living_wage",
    "average_to_living_wage_ratio": "ratio_living_wage",
    "homeless_count": "count_homeless",
    "homeless_share": "share_homeless",
    "pctl_20": "pctl_income_20",
    "pctl_50": "pctl_income_50",
    "pctl_80": "pctl_income_80",
    "poverty_exposure": "share_poverty_exposure",
    "black_nh_exposure": "share_black_nh_exposure",
    "hispanic_exposure": "share_hispanic_exposure",
    "other_nh_exposure": "share_other_nh_exposure",
    "white_nh_exposure": "share_white_nh_exposure",
}
#: Group -> the labels that files give it.
_LABELS: dict[str, tuple[str, ...]] = {
    "all": ("All",),
    "hispanic": ("Hispanic",),
    "other": ("Other Races and Ethnicities",),
    "female": ("Female",),
    "male": ("Male",),
    "black-nh": (
        "Black, Non-Hispanic",
        "Black",
    ),
    "white-nh": (
        "White, Non-Hispanic",
        "White",
    ),
    "majority-nonwhite": (
        "Majority Non-White",
        "Neighborhoods of color",
    ),
    "majority-white": (
        "Majority White",
        "Majority White, Non-Hispanic",
        "White neighborhoods",
    ),
    "mixed": (
        "No Majority Race/Ethnicity",
        "Mixed neighborhoods",
        "Mixed Race and Ethnicity",
    ),
    "50k-or-more": ("$50,000 or More",),
    "under-50k": ("Less than $50,000",),
    "disadvantaged": (
        "Economically Disadvantaged",
        "Low Income",
    ),
    "not-disadvantaged": (
        "Not Economically Disadvantaged",
        "Not Low-Income",
    ),
    "high-poverty": (
        "High-Poverty",
        "High Poverty Tracts",
    ),
    "not-high-poverty": (
        "Not High-Poverty",
        "Not High Poverty Tracts",
    ),
    "10-14": ("Age 10 to 14",),
    "15-17": ("Age 15 to 17",),
    "45-and-over": ("Age 45 and Over",),
    "under-45": ("Under Age 45",),
    "owner": ("Owner",),
    "renter": ("Renter",),
    "with-disability": ("With Disability",),
    "without-disability": ("Without Disability",),
    "less-than-high-school": ("Less than High School",),
    "high-school": ("GED/High School Degree",),
    "some-college": ("Some College",),
    "college": ("College Degree or Higher",),
    "goods-producing": ("Goods Producing",),
    "public-administration": ("Public Administration",),
    "trade-transit-utilities": ("Trade, Transit, Utilities",),
    "information": ("Information Services",),
    "professional": ("Professional Services",),
    "education-health": ("Education and Health",),
    "leisure-other": ("Leisure and Other",),
}
_GROUPS = {label: group for group, labels in _LABELS.items() for label in labels}
_SPECIAL_GROUPS = {
    ("share_poverty_exposure", "Black"): "black",
    ("rate_juv_arrest", "Black"): "black",
    ("rate_juv_arrest", "White"): "white",
}
_QUALITY = {"1": 1, "2": 2, "3": 3, "Strong": 1, "Marginal": 2, "Weak": 3}
_SHARED_QUALITY = {
    "pctl_income_20": ("pctl_20_quality", "pctl_income_quality", "pctl_quality"),
    "pctl_income_50": ("pctl_50_quality", "pctl_income_quality", "pctl_quality"),
    "pctl_income_80": ("pctl_80_quality", "pctl_income_quality", "pctl_quality"),
    "count_homeless": ("homeless_quality",),
    "share_homeless": ("homeless_quality",),
    **dict.fromkeys(
        (f"share_affordable_{level}_ami" for level in (30, 50, 80)),
        ("share_affordable_quality", "housing_quality"),
    ),
    "rate_crime_violent": ("rate_crime_quality", "crime_rate_quality"),
    "rate_crime_property": ("rate_crime_quality", "crime_rate_quality"),
    "share_in_preschool": ("preschool_quality",),
    "share_hs_degree": ("hs_degree_quality",),
    "share_employed": ("employed_quality",),
    "ratio_living_wage": ("wage_ratio_quality",),
}


@dataclass(frozen=True, slots=True)
class PlainCell:
    """One published number with what stands beside it, as text."""

    year: str
    variable: str
    kind: str
    group: str
    value: str
    lower: str
    upper: str
    quality: int | None


def group_of(variable: str, label: str) -> str:
    """Return the catalogue's id of a published group label."""
    return _SPECIAL_GROUPS.get((variable, label)) or _GROUPS.get(label, f"unknown: {label}")


def number(text: str) -> float | None:
    """Return a published number; None for a missing one."""
    return None if text in MISSING else float(text)


def as_number(text: str) -> float | None:
    """Return a published number: a / b of a pair, a of "a:1" for one physician, else the number."""
    if ":" not in text:
        return number(text)
    if text.endswith(":1"):
        return float(text.removesuffix(":1"))
    left, right = (float(side.rstrip("%")) / (100 if "%" in side else 1) for side in text.split(":"))
    return left / right if right else None


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file, plain or compressed, each decoded on its own."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    for line in io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            yield line.decode("latin-1")


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file as dictionaries."""
    yield from csv.DictReader(lines_of(path))


def geo_code(row: dict[str, str]) -> str:
    """Return the full code of the row's place, with the zeros that some files have lost."""
    state = row["state"].strip().zfill(2)
    if "county" in row:
        return state + row["county"].strip().zfill(3)
    return state + (row.get("place") or row.get("place_fips") or "").strip().zfill(5)


def _quality(row: dict[str, str], column: str, variable: str) -> int | None:
    for name in (f"{column}_quality", *_SHARED_QUALITY.get(variable, ())):
        if name in row:
            return _QUALITY.get(row[name])
    return None


@cache
def cells_of(path: Path, codes: frozenset[str]) -> dict[str, tuple[PlainCell, ...]]:
    """Return every number that a file holds for each of the places."""
    found: dict[str, list[PlainCell]] = {code: [] for code in codes}
    for row in rows_of(path):
        if not row.get("state") or not ({"county", "place", "place_fips"} & row.keys()):
            continue
        code = geo_code(row)
        if code not in codes:
            continue
        label = row.get("subgroup") or "All"
        for column, text in row.items():
            variable = NAMES.get(column, column)
            if column.endswith(("_lb", "_ub")) or (
                column.endswith("_quality") and column != "index_air_quality"
            ):
                continue
            found[code].append(
                PlainCell(
                    year=row.get("year", "") or label * (row.get("subgroup_type") == "Year"),
                    variable=variable,
                    kind=row.get("subgroup_type", ""),
                    group="all" if row.get("subgroup_type") == "Year" else group_of(variable, label),
                    value=text or "",
                    lower=row.get(f"{column}_lb", ""),
                    upper=row.get(f"{column}_ub", ""),
                    quality=_quality(row, column, variable),
                )
            )
    return {code: tuple(cells) for code, cells in found.items()}
