"""How the invented files look: rows and columns in the shape of the published ones.

What belongs here: the plan in `data/sample_files.yaml`, the rows of a file, how numbers are written.
What does not: the values (`sample_values.py`, `sample_counts.py`), the planted faults (`sample_faults.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources

import yaml

from upward.warehouse.sample_counts import MODELS
from upward.warehouse.sample_places import (
    SPLIT,
    STATE_ABBREVIATION,
    STATE_CODE,
    STATE_NAME,
    SamplePlace,
    sample_cities,
    sample_counties,
)
from upward.warehouse.sample_values import MISSING, Cell, Estimate

Row = dict[str, str]

_FIRST_YEAR = 2014  # a file that reaches further back has the places of this year
_FIELDS = ("_lb", "_ub", "_quality")
_QUALITY_WORDS = {1: "Strong", 2: "Marginal", 3: "Weak"}
_RACES = frozenset({"black", "hispanic", "white", "other"})
#: Where a file mixes kinds of groups, or a source lacks one: the groups that a variable is published for.
_PUBLISHED_GROUPS: dict[str, frozenset[str]] = {
    "rate_learning": (_RACES - {"other"}) | {"female", "male", "disadvantaged", "not-disadvantaged"},
    "share_digital_access": _RACES | {"50k-or-more", "under-50k"},
    "share_in_preschool": _RACES | {"50k-or-more", "under-50k"},
    "index_air_hazard": frozenset({"color", "mixed", "majority-white", "high-poverty", "not-high-poverty"}),
}


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One invented file: where it lies, its columns, and which rows it has."""

    path: str
    header: tuple[str, ...]
    years: tuple[int, ...]
    rows: tuple[tuple[str, str], ...]  # (group type, label) as written; one empty pair: no groups
    variable_years: Mapping[str, tuple[int, ...]]  # where not all variables have all years
    period: int
    areas: str  # "" codes of the year | new | old | former
    style: frozenset[str]

    @property
    def level(self) -> str:
        """The geography of the file: county or place."""
        return "county" if "county" in self.header else "place"


@dataclass(frozen=True, slots=True)
class Plan:
    """All invented files and the tables that explain their columns and labels."""

    files: tuple[FilePlan, ...]
    labels: Mapping[str, str]
    columns: Mapping[str, str]


def read_plan() -> Plan:
    """Return the packaged plan of the sample's files."""
    text = resources.files("upward.warehouse").joinpath("data/sample_files.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    files = []
    for entry in raw["files"]:
        rows = raw["groupings"][entry["groups"]] if "groups" in entry else [["", ""]]
        files.append(
            FilePlan(
                path=entry["path"],
                header=tuple(entry["header"]),
                years=tuple(entry.get("years", (entry.get("as_of"),))),
                rows=tuple((kind, label) for kind, label in rows),
                variable_years={
                    raw["columns"].get(name, name): tuple(years)
                    for name, years in entry.get("column_years", {}).items()
                },
                period=entry.get("period", 5),
                areas=entry.get("areas", ""),
                style=frozenset(entry.get("style", ())),
            )
        )
    return Plan(tuple(files), raw["labels"], raw["columns"])


# -- places of a file ---------------------------------------------


def places_of(seed: int, level: str, year: int, areas: str = "") -> tuple[SamplePlace, ...]:
    """Return the places that a file of the level has in a year; `areas` says which county codes it uses."""
    year = max(year, _FIRST_YEAR)
    if level == "place":
        return tuple(city for city in sample_cities(seed) if city.first_year <= year or areas == "new")
    counties = sample_counties(seed)
    if areas == "new":
        return tuple(county for county in counties if county.last_year > year and county.last_year == 2099)
    if areas == "old":
        return tuple(county for county in counties if county.first_year == 2014)
    return tuple(county for county in counties if county.first_year <= year <= county.last_year)


def _measured_place(seed: int, plan: FilePlan, place: SamplePlace, year: int) -> SamplePlace:
    """Return the place that was measured: the parts of a divided county share the figure of the whole."""
    whole, _, _, _, split_year, parts = SPLIT
    if plan.areas == "former" and year >= split_year and place.code in {code for code, _, _ in parts}:
        return next(county for county in sample_counties(seed) if county.code == whole)
    return place


# -- columns and cells ---------------------------------------------


def _split_column(column: str, columns: Mapping[str, str]) -> tuple[str, str] | None:
    """Return (variable, field) of a column, or None if the model lacks the number."""
    if column in columns and "." in columns[column]:
        variable, field = columns[column].split(".")
        return variable, field
    base, field = column, "value"
    for suffix in _FIELDS:
        if column.endswith(suffix) and column not in columns:
            base, field = column.removesuffix(suffix), suffix[1:]
    variable = columns.get(base, base)
    return (variable, field) if variable in MODELS else None


def _estimate(cell: Cell, variable: str, plan: FilePlan) -> Estimate:
    """Return the number of a cell as this file publishes it."""
    groups = _PUBLISHED_GROUPS.get(variable)
    if cell.group != "all" and groups is not None and cell.group not in groups:
        return MISSING
    name = variable
    if variable == "share_digital_access" and "older-edition" in plan.style:
        name = "share_digital_access_people"
    if variable in ("share_in_preschool", "share_hs_degree") and "older-edition" in plan.style:
        cell = replace(cell, period=4)  # the older edition's figures rest on other, fewer cases
    return MODELS[name](cell, name)


def _number(value: float, style: frozenset[str]) -> str:
    """Write a number as the file's program does: Stata drops the zero before the point."""
    if "stata" in style:
        text = f"{value:.8g}"
        return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return f"{value:.10g}"


def _text(estimate: Estimate, field: str, variable: str, plan: FilePlan) -> str:
    """Write one field of an estimate, or the file's token for a missing one."""
    missing = "" if "empty" in plan.style else "NA"
    if field == "quality":
        if estimate.value is None or estimate.quality is None:
            return missing
        return _QUALITY_WORDS[estimate.quality] if "words" in plan.style else str(estimate.quality)
    value = {"value": estimate.value, "lb": estimate.lower, "ub": estimate.upper}[field]
    if value is None:
        return missing
    if isinstance(value, str):
        if "percent-pairs" not in plan.style:
            return value
        return ":".join(f"{float(side):.1%}" for side in value.split(":"))
    if variable == "ratio_population_pc_physician" and "percent-pairs" in plan.style and value > 0:
        return f"{value:.0f}:1"
    return _number(value, plan.style)


def _keys(plan: FilePlan, place: SamplePlace, year: int, kind: str, label: str) -> Row:
    """Return the key columns of a row."""
    lost = "unpadded" in plan.style
    return {
        "year": str(year),
        "state": STATE_CODE,
        "county": place.code.lstrip("0") if lost else place.code,
        "place": place.code,
        "place_fips": place.code,
        "city": f"{place.name.removesuffix(' city')}, {STATE_ABBREVIATION}",
        "state_place": place.geo_id,
        "state_name": STATE_NAME,
        "county_name": place.name,
        "place_name": place.name,
        "population": str(place.population(year)),
        "subgroup_type": kind,
        "subgroup": label,
        "poverty_measure_used": "FRPL",
    }


def file_rows(seed: int, plan: FilePlan, tables: Plan) -> Iterator[Row]:
    """Yield the rows of an invented file, each with every column of its header."""
    known = {column: _split_column(column, tables.columns) for column in plan.header}
    missing = "" if "empty" in plan.style else "NA"
    for year in plan.years:
        for place in places_of(seed, plan.level, year, plan.areas):
            measured = _measured_place(seed, plan, place, year)
            for kind, label in plan.rows:
                group = tables.labels[label] if label else "all"
                cell = Cell(seed, measured, year, group, plan.period)
                keys, found = _keys(plan, place, year, kind, label), {}
                row: Row = {}
                for column in plan.header:
                    parts = known[column]
                    if column in keys:
                        row[column] = keys[column]
                        continue
                    if parts is None or year not in plan.variable_years.get(parts[0], (year,)):
                        row[column] = missing
                        continue
                    if parts[0] not in found:
                        found[parts[0]] = _estimate(cell, parts[0], plan)
                        if measured is not place and found[parts[0]].value is not None:
                            found[parts[0]] = replace(found[parts[0]], quality=3)
                    row[column] = _text(found[parts[0]], parts[1], parts[0], plan)
                yield row


# -- lines ---------------------------------------------


def _field(text: str, *, quoted: bool, key: bool) -> str:
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if quoted and key else text


def csv_text(header: tuple[str, ...], rows: list[Row], style: frozenset[str]) -> str:
    """Return the text of a CSV file with the line ends and the quoting of its style."""
    end = "\r\n" if "crlf" in style else "\n"
    quoted = "quoted" in style
    text_columns = {"state", "county", "place", "subgroup_type", "subgroup"}
    lines = [",".join(f'"{name}"' if quoted else name for name in header)]
    for row in rows:
        lines.append(",".join(_field(row[name], quoted=quoted, key=name in text_columns) for name in header))
    return end.join(lines) + end
