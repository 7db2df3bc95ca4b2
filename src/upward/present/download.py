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
from upward.warehouse.read import ResultRow, rows_in

AREA_COLUMNS = {"county": "county", "place": "place"}
#: A text cell that starts with one of these is run as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Line = list[Any]


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """One column of the file: its name, its Data Package type and what it holds."""

    name: str
    type: str
    description: str


def published_csv(frame: pl.DataFrame, catalog: Catalog, *, geo_level: str) -> str:
    """Return the rows of one geographic level as CSV text in the published column standard."""
    return published_csv_of_rows(_rows_of(frame), catalog, geo_level=geo_level)


def published_csv_of_rows(rows: Sequence[ResultRow], catalog: Catalog, *, geo_level: str) -> str:
    """Return result rows of one geographic level as CSV text in the published column standard."""
    columns = columns_of_rows(rows, catalog, geo_level=geo_level)
    buffer = io.StringIO()
    names = [column.name for column in columns]
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(_lines(rows, catalog, names, geo_level=geo_level))
    return buffer.getvalue()


def published_columns(
    frame: pl.DataFrame, catalog: Catalog, *, geo_level: str
) -> tuple[PublishedColumn, ...]:
    """Return the columns that the file of these rows has, in order."""
    return columns_of_rows(_rows_of(frame), catalog, geo_level=geo_level)


def columns_of_rows(
    rows: Sequence[ResultRow], catalog: Catalog, *, geo_level: str
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
    present, paired, bounded = set(), set(), set()
    for row in rows:
        present.add(row.variable)
        if row.numerator is not None:
            paired.add(row.variable)
        if row.lower is not None or row.upper is not None:
            bounded.add(row.variable)
    for variable in catalog.variables:
        if variable in present:
            columns += _variable_columns(
                catalog, variable, pair=variable in paired, bounds=variable in bounded
            )
    columns += [
        PublishedColumn(
            "edition", "string", "Edition of the framework's data that defines the numbers of the line"
        ),
        PublishedColumn(
            "source_release", "string", "Publication that the numbers of the line were taken from"
        ),
    ]
    return tuple(columns)


def _rows_of(frame: pl.DataFrame) -> list[ResultRow]:
    return rows_in(frame.select(ResultRow._fields))


def _variable_columns(
    catalog: Catalog, variable_id: str, *, pair: bool, bounds: bool
) -> list[PublishedColumn]:
    variable = catalog.variables[variable_id]
    columns = [
        PublishedColumn(
            variable_id, "number", f"{variable.label}, as stored ({catalog.units[variable.unit].name})"
        )
    ]
    if pair:
        columns.append(PublishedColumn(f"{variable_id}_numerator", "number", "First side of the pair"))
        columns.append(PublishedColumn(f"{variable_id}_denominator", "number", "Second side of the pair"))
    if bounds:
        columns.append(PublishedColumn(f"{variable_id}_lb", "number", "Lower bound"))
        columns.append(PublishedColumn(f"{variable_id}_ub", "number", "Upper bound"))
    columns.append(
        PublishedColumn(f"{variable_id}_quality", "integer", "Quality: 1 strong, 2 marginal, 3 weak")
    )
    return columns


def _lines(
    rows: Sequence[ResultRow], catalog: Catalog, names: Sequence[str], *, geo_level: str
) -> list[Line]:
    """Return the lines as lists in the order of the names; a cell without a number is the empty text."""
    places = {name: index for index, name in enumerate(names)}
    empty = [""] * len(names)
    lines: dict[tuple[str, ...], Line] = {}
    for row in sorted(rows, key=_line_key):
        key = _line_key(row)
        line = lines.get(key)
        if line is None:
            line = lines[key] = [*empty]
            for name, text in _line_start(row, catalog, geo_level=geo_level).items():
                line[places[name]] = text
        name = row.variable
        first = places[name]
        for suffix, number in (
            ("_lb", row.lower), ("_ub", row.upper), ("_quality", row.quality),
            ("_numerator", row.numerator), ("_denominator", row.denominator),
        ):  # fmt: skip
            if number is not None:
                line[places[name + suffix]] = number
        if row.value is not None:
            line[first] = row.value
    return list(lines.values())


def _line_key(row: ResultRow) -> tuple[str, ...]:
    return row.period, row.geo_id, row.group_type, row.group, row.edition, row.source_release


def _line_start(row: ResultRow, catalog: Catalog, *, geo_level: str) -> dict[str, str]:
    return {
        "year": row.period,
        "state": row.geo_id[:2],
        _area_column(geo_level): row.geo_id[2:],
        "subgroup_type": _cell(row.group_type),
        "subgroup": _cell(_group_label(catalog, row.group_type, row.group)),
        "edition": _cell(row.edition),
        "source_release": _cell(row.source_release),
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


def _cell(text: str) -> str:
    # A label is one line: white space within it, line ends included, becomes one blank.
    return escape_cell(" ".join(text.split()))


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
