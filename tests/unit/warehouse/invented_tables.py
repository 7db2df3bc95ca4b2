"""Small invented tables of a build, for tests of releases: three places, two variables, two publications."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from upward.warehouse.accounting import FileAccount, SourceFile
from upward.warehouse.build import BuildTables
from upward.warehouse.schema import (
    CONTEXT_COLUMNS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    PROBLEM_COLUMNS,
    RESULT_COLUMNS,
)

PLACES = (
    ("county", "29019", "Boone County", "29", "Missouri", "MO", 187690.0),
    ("county", "35013", "Doña Ana County", "35", "New Mexico", "NM", 225000.0),
    ("place", "4260000", "Philadelphia city", "42", "Pennsylvania", "PA", 1550542.0),
)
OVERALL = {"group_type": "all", "group": "all"}


def number(level: str, code: str, period: str, value: float | None, **other: Any) -> dict[str, Any]:
    row = dict.fromkeys(RESULT_COLUMNS) | {
        "metric": "preschool",
        "variable": "share_in_preschool",
        "edition": "2025",
        "geo_level": level,
        "geo_id": code,
        "period": period,
        **OVERALL,
        "value": value,
        "quality": 1,
        "status": "not_available" if value is None else "ok",
        "source_release": "2025.01",
        "source_file": "preschool.csv",
        "flags": "",
        "current": True,
    }
    return row | other


def place(
    level: str, code: str, name: str, state: str, state_name: str, short: str, people: float
) -> dict[str, Any]:
    return {
        "geo_level": level,
        "geo_id": code,
        "name": name,
        "state": state,
        "state_name": state_name,
        "state_abbreviation": short,
        "population": people,
        "population_year": "2023",
        "geo_vintage": "2022",
        "first_year": "2014",
        "last_year": "2023",
        "current": True,
        "successors": "",
        "predecessors": "",
    }


def context_row(scope: str, median: float) -> dict[str, Any]:
    return {
        "variable": "share_in_preschool",
        "edition": "2025",
        "source_release": "2025.01",
        "period": "2023",
        **OVERALL,
        "geo_level": "county",
        "scope": scope,
        "median": median,
        "p05": 0.1,
        "p95": 0.9,
        "places": 2,
        "places_total": 2,
        "population_share": 1.0,
        "weak_share": 0.0,
        "published_median": None,
        "usable": True,
    }


def numbers() -> list[dict[str, Any]]:
    rows = []
    for position, (level, code, *_name) in enumerate(PLACES):
        for year in ("2021", "2022", "2023"):
            rows.append(number(level, code, year, 0.4 + position / 10))
            rows.append(number(level, code, year, 0.3, group_type="gender", group="female"))
        rows.append(number(level, code, "2023", None, metric="income", variable="pctl_income_50"))
        older = {"source_release": "2023-24", "source_file": "00.csv"}
        rows.append(number(level, code, "2021", 0.45, current=False, **older))
        rows.append(number(level, code, "2021", 0.5, edition="2022", **older))
    return rows


def tables(**changes: Any) -> BuildTables:
    made = BuildTables(
        results=pl.DataFrame(numbers(), schema=RESULT_COLUMNS),
        places=pl.DataFrame([place(*entry) for entry in PLACES], schema=PLACE_COLUMNS),
        populations=pl.DataFrame(
            [
                {"geo_level": level, "geo_id": code, "period": year, "population": people, "name": name}
                for level, code, name, _state, _state_name, _short, people in PLACES
                for year in ("2022", "2023")
            ],
            schema=POPULATION_COLUMNS,
        ),
        problems=pl.DataFrame(
            [("preschool.csv", 7, "share_in_preschool", "x", "rejected", "not-a-number", "No number.", 1)],
            schema=PROBLEM_COLUMNS,
            orient="row",
        ),
        context=pl.DataFrame([context_row("US", 0.44), context_row("29", 0.41)], schema=CONTEXT_COLUMNS),
        accounting=(
            FileAccount("preschool.csv", "ab" * 32, "county-metrics", "2025.01", 10, 8, 1, 1, 0, {}),
        ),
        sources=(
            SourceFile("preschool.csv", "ab" * 32, 512, "county-metrics", "2025.01", "", "", "", False),
        ),
        notes=(),
    )
    return replace(made, **changes)
