"""What a file is: its kind, vintage, geography and what each of its columns stands for.

A file is recognised by its columns. Where several publications share the same columns, the checksum of a
known file decides; an unknown file is judged by names of columns, by how quality is written and by the
years it covers, and a doubt is reported where one name has stood for two definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from upward.catalog.model import Catalog
from upward.catalog.published import ALL_COLUMNS, KnownFile, Published, ValueColumn
from upward.warehouse.problems import ProblemLog
from upward.warehouse.sources.tables import RawTable


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One value column of a file: what it stands for and where its bounds, quality and year are."""

    column: ValueColumn
    variable: str
    edition: str
    lower: str | None
    upper: str | None
    quality: str | None
    year: int | None  # for a file without a year column


@dataclass(frozen=True, slots=True)
class FilePlan:
    """How the rows of a file of metrics are read."""

    file: str
    level: str
    vintage: str
    combined: bool  # a join of several metrics, in which an empty cell says nothing
    generation: int
    keys: Mapping[str, str]  # year, state, county, place, group_type, group -> column
    year_in_group: bool
    columns: tuple[ColumnPlan, ...]
    doubts: tuple[tuple[str, str, str], ...] = field(default=())  # column, rule, message


@dataclass(frozen=True, slots=True)
class NotUsable:
    """Why no column of a file can be taken."""

    reason: str
    rule: str


def plan_file(
    file: str,
    table: RawTable,
    known: KnownFile | None,
    years: int | None,
    catalog: Catalog,
    published: Published,
    log: ProblemLog,
) -> FilePlan | NotUsable:
    """Return how a file of metrics is read, or why it is not; columns nobody knows are reported."""
    columns = table.columns
    keys = {key: name for key, names in published.keys.items() for name in names if name in columns}
    level = "place" if "place" in keys else "county"
    keys = {key: name for key, name in keys.items() if key not in {"county", "place"} - {level}}
    values = [published.values[name] for name in columns if name in published.values]
    _report_unknown(file, columns, published, log)
    if not values:
        return NotUsable(
            "None of its columns is a published number that the catalogue knows.", "no-known-column"
        )
    year_in_group = "year" not in keys and _years_in_groups(table, keys)
    span = _last_year(table, keys, year_in_group)
    vintage = known.vintage if known and known.vintage else _vintage_of(table, values, span, catalog)
    plans, doubts = [], []
    for value in values:
        plan = _plan_column(value, columns, keys, vintage, span, catalog)
        if plan is None:
            log.add(
                file, "ignored", "not-in-catalogue", "The catalogue has no such number.", column=value.name
            )
            continue
        if "year" not in keys and not year_in_group:
            year = _year_given(value.name, known, years)
            if year is None:
                log.add(file, "ignored", "year-unknown", _YEAR_ADVICE, column=value.name)
                continue
            plan = ColumnPlan(value, plan.variable, plan.edition, plan.lower, plan.upper, plan.quality, year)
        if value.twin and known is None:
            doubts.append((value.name, "same-name-two-meanings", _twin_message(value, plan)))
        plans.append(plan)
    if not plans:
        return NotUsable("The year of its numbers is not known. " + _YEAR_ADVICE, "year-unknown")
    return FilePlan(
        file=file,
        level=level,
        vintage=vintage,
        combined="state_name" in columns,
        generation=known.generation if known else 1,
        keys=keys,
        year_in_group=year_in_group,
        columns=tuple(plans),
        doubts=tuple(doubts),
    )


_YEAR_ADVICE = "The file has no year column; give the year of this file and build again."


def _twin_message(value: ValueColumn, plan: ColumnPlan) -> str:
    judged = f"Read as edition {plan.edition}, judging by columns and years; the file is not a known one."
    return f"{value.twin} {judged}"


def _report_unknown(file: str, columns: tuple[str, ...], published: Published, log: ProblemLog) -> None:
    roles = published.roles(columns)
    for column in columns:
        role = roles.get(column)
        if role is None:
            log.add(
                file,
                "ignored",
                "unknown-column",
                "No published column has this name.",
                column=column or "(no name)",
            )


def _plan_column(
    value: ValueColumn,
    columns: tuple[str, ...],
    keys: Mapping[str, str],
    vintage: str,
    last_year: int,
    catalog: Catalog,
) -> ColumnPlan | None:
    bounds = value.lower in columns or value.upper in columns
    reading = value.reading(vintage, bounds=bounds, groups="group" in keys, last_year=last_year)
    edition = reading.edition or catalog.vintages[vintage].edition
    variable = catalog.variables.get(reading.variable)
    if variable is None:
        return None
    return ColumnPlan(
        column=value,
        variable=reading.variable,
        edition=edition,
        lower=value.lower if value.lower in columns else None,
        upper=value.upper if value.upper in columns else None,
        quality=next((name for name in value.quality if name in columns), None),
        year=None,
    )


def _year_given(name: str, known: KnownFile | None, years: int | None) -> int | None:
    """Return the year of a column in a file without a year column: as given, else that of the known file."""
    if years is not None:
        return years
    return known.years.get(name, known.years.get(ALL_COLUMNS)) if known is not None else None


def _years_in_groups(table: RawTable, keys: Mapping[str, str]) -> bool:
    """Tell whether the group column holds years ("Year", "2018"), as in one published table."""
    if "group" not in keys or "group_type" not in keys:
        return False
    types = table.frame[keys["group_type"]].unique().to_list()
    return bool(types) and {str(kind).strip().lower() for kind in types} == {"year"}


def _last_year(table: RawTable, keys: Mapping[str, str], year_in_group: bool) -> int:
    """Return the newest year in a file, 0 if it holds none."""
    column = keys["group"] if year_in_group else keys.get("year")
    if column is None or not table.frame.height:
        return 0
    newest = table.frame[column].str.strip_chars().str.extract(r"^(\d{4})$").max()
    return int(newest) if isinstance(newest, str) else 0


def _vintage_of(table: RawTable, values: list[ValueColumn], last_year: int, catalog: Catalog) -> str:
    """Return the vintage of a file that is not a known one, by the names of its columns and its way of
    writing quality.

    A name that only one vintage used decides. A combined table with quality as numbers is of 2023-24,
    with words of 2024-09 when it ends before 2023 and else of the newest. A component file is of the
    newest vintage, except for older ways of naming.
    """
    newest = max(catalog.vintages.values(), key=lambda vintage: vintage.rank).id
    marks = {value.marks for value in values if value.marks}
    if marks:
        return min(marks, key=lambda mark: catalog.vintages[mark].rank)
    if "state_name" in table.columns:
        if not _quality_in_words(table, values):
            return "2023-24"
        return newest if last_year >= 2023 else "2024-09"
    names = set(table.columns)
    old_digital = {"share_digital_access", "share_digital_access_lb"} <= names
    if old_digital or names & {"pctl_20_quality", "meps20_black", "meps20_white"}:
        return "2024-09"
    if {"share_homeless", "subgroup"} <= names and last_year and last_year < 2022:
        return "2024-09"
    return newest


def _quality_in_words(table: RawTable, values: list[ValueColumn]) -> bool:
    names = {name for value in values for name in value.quality if name in table.columns}
    texts = (table.frame[name].drop_nulls().head(1) for name in sorted(names))
    return any(bool(text.len()) and not str(text[0])[:1].isdigit() for text in texts)


def published_types(frame: pl.DataFrame, keys: Mapping[str, str]) -> pl.DataFrame:
    """Return the distinct pairs of group type and label of a file, as text, with the number of their rows."""
    kind, label = keys.get("group_type"), keys.get("group")
    return (
        frame.select(
            kind=pl.col(kind) if kind else pl.lit(None, dtype=pl.String),
            label=pl.col(label) if label else pl.lit(None, dtype=pl.String),
        )
        .group_by("kind", "label", maintain_order=True)
        .len("rows")
    )
