"""Result rows as a file for others: CSV in the published column standard, with its Data Package descriptor.

Columns: `year, state, county|place, subgroup_type, subgroup`, then for each variable its value under the
variable's own name with `_lb`, `_ub` and `_quality`, then `edition` and `source_release` of the line. Numbers
of several editions or publications stand on lines of their own: they are never mixed in one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from upward.base.errors import UsageError
from upward.catalog.model import Catalog

AREA_COLUMNS = {"county": "county", "place": "place"}
#: A text cell that starts with one of these is run as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LINE_KEYS = ("period", "geo_id", "group_type", "group", "edition", "source_release")

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """One column of the file: its name, its Data Package type and what it holds."""

    name: str
    type: str
    description: str


def published_csv(frame: pl.DataFrame, catalog: Catalog, *, geo_level: str) -> str:
    """Return the rows of one geographic level as CSV text in the published column standard."""
    columns = published_columns(frame, catalog, geo_level=geo_level)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [column.name for column in columns], lineterminator="\n", restval="")
    writer.writeheader()
    for line in _lines(frame, catalog, geo_level=geo_level):
        writer.writerow({name: _cell(value) for name, value in line.items()})
    return buffer.getvalue()


def published_columns(
    frame: pl.DataFrame, catalog: Catalog, *, geo_level: str
) -> tuple[PublishedColumn, ...]:
    """Return the columns that the file of these rows has, in order."""
    area = _area_column(geo_level)
    columns = [
        PublishedColumn("year", "string", "Year of the figure; a pooled figure carries its last year"),
        PublishedColumn("state", "string", "State FIPS code, two digits"),
        PublishedColumn(area, "string", f"FIPS code of the {area} within the state"),
        PublishedColumn("subgroup_type", "string", "How people are divided; “all” for everybody"),
        PublishedColumn("subgroup", "string", "The group, under its published label"),
    ]
    for variable_id in _variables(frame, catalog):
        columns += _variable_columns(frame, catalog, variable_id)
    columns += [
        PublishedColumn(
            "edition", "string", "Edition of the framework's data that defines the numbers of the line"
        ),
        PublishedColumn(
            "source_release", "string", "Publication that the numbers of the line were taken from"
        ),
    ]
    return tuple(columns)


def _variable_columns(frame: pl.DataFrame, catalog: Catalog, variable_id: str) -> list[PublishedColumn]:
    rows = frame.filter(pl.col("variable") == variable_id)
    variable = catalog.variables[variable_id]
    columns = [
        PublishedColumn(
            variable_id, "number", f"{variable.label}, as stored ({catalog.units[variable.unit].name})"
        )
    ]
    if rows["numerator"].count():
        columns.append(PublishedColumn(f"{variable_id}_numerator", "number", "First side of the pair"))
        columns.append(PublishedColumn(f"{variable_id}_denominator", "number", "Second side of the pair"))
    if rows["lower"].count() or rows["upper"].count():
        columns.append(PublishedColumn(f"{variable_id}_lb", "number", "Lower bound"))
        columns.append(PublishedColumn(f"{variable_id}_ub", "number", "Upper bound"))
    columns.append(
        PublishedColumn(f"{variable_id}_quality", "integer", "Quality: 1 strong, 2 marginal, 3 weak")
    )
    return columns


def _variables(frame: pl.DataFrame, catalog: Catalog) -> list[str]:
    present = set(frame["variable"].unique().to_list())
    return [variable for variable in catalog.variables if variable in present]


def _lines(frame: pl.DataFrame, catalog: Catalog, *, geo_level: str) -> list[Line]:
    lines: dict[tuple[str, ...], Line] = {}
    for row in frame.sort(LINE_KEYS).iter_rows(named=True):
        line = lines.setdefault(
            tuple(row[key] for key in LINE_KEYS), _line_start(row, catalog, geo_level=geo_level)
        )
        name = row["variable"]
        for suffix, source in (("", "value"), ("_lb", "lower"), ("_ub", "upper"), ("_quality", "quality")):
            if row[source] is not None:
                line[name + suffix] = row[source]
        for side in ("numerator", "denominator"):
            if row[side] is not None:
                line[f"{name}_{side}"] = row[side]
    return list(lines.values())


def _line_start(row: Line, catalog: Catalog, *, geo_level: str) -> Line:
    return {
        "year": row["period"],
        "state": row["geo_id"][:2],
        _area_column(geo_level): row["geo_id"][2:],
        "subgroup_type": row["group_type"],
        "subgroup": _group_label(catalog, row["group_type"], row["group"]),
        "edition": row["edition"],
        "source_release": row["source_release"],
    }


def _group_label(catalog: Catalog, group_type: str, group: str) -> str:
    if group == "all":
        return "All"
    known = catalog.group_types.get(group_type)
    labels = {item.id: item.published[0] for item in known.groups if item.published} if known else {}
    return labels.get(group, group)


def _area_column(geo_level: str) -> str:
    try:
        return AREA_COLUMNS[geo_level]
    except KeyError:
        raise UsageError(f"The published column standard has no files of the level “{geo_level}”.") from None


def _cell(value: object) -> object:
    # A label is one line: white space within it, line ends included, becomes one blank.
    return escape_cell(" ".join(value.split())) if isinstance(value, str) else value


def escape_cell(text: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula: a quote goes before a leading operator.

    >>> escape_cell("=1+1")
    "'=1+1"
    >>> escape_cell("29019")
    '29019'
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def data_package(
    columns: Sequence[PublishedColumn], catalog: Catalog, *, name: str, title: str, path: str, release_id: str
) -> str:
    """Return the Data Package descriptor (JSON text) of one such CSV file: its columns and sources."""
    descriptor = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "version": release_id,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": column.name, "type": column.type, "description": column.description}
                        for column in columns
                    ],
                    "missingValues": [""],
                },
            }
        ],
        "sources": [{"title": source.citation} for source in _cited(columns, catalog)],
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def _cited(columns: Sequence[PublishedColumn], catalog: Catalog) -> list[Any]:
    metrics = {
        catalog.variables[column.name].metric for column in columns if column.name in catalog.variables
    }
    wanted = {catalog.metrics[metric].source for metric in metrics}
    return [source for source in catalog.sources.values() if source.id in wanted]
