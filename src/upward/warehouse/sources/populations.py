"""Population tables of counties and cities: the frame of places, and what people are called to live where.

What belongs here: reading and repairing these two tables, and the table of places made from them. What
does not: finding a place by name (`places.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from upward.catalog.geographies import boundary_vintage, load_changes, load_states
from upward.warehouse.problems import ProblemLog
from upward.warehouse.schema import PLACE_COLUMNS, POPULATION_COLUMNS
from upward.warehouse.sources.tables import LINE, RawTable

_WIDTHS = {"county": 3, "place": 5}


def read_populations(
    table: RawTable, level: str, file: str, log: ProblemLog
) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Return the rows of a population table in `POPULATION_COLUMNS` plus `line`, and the rejected lines by
    rule.

    Names are trimmed (A31); a row in which state and county name have run together (A30) is repaired from
    its code.
    """
    width = _WIDTHS[level]
    text = {name: pl.col(name).str.strip_chars() for name in ("year", "state", level, "population")}
    frame = table.frame.select(
        line=pl.col(LINE),
        geo_level=pl.lit(level),
        geo_id=pl.when(
            text["state"].str.contains("^[0-9]{1,2}$") & text[level].str.contains(rf"^[0-9]{{1,{width}}}$")
        ).then(text["state"].str.zfill(2) + text[level].str.zfill(width)),
        period=pl.when(text["year"].str.contains("^[0-9]{4}$")).then(text["year"]),
        population=text["population"].cast(pl.Float64, strict=False),
        name=pl.col(f"{level}_name").str.strip_chars(),
        state_name=pl.col("state_name").str.strip_chars(),
    )
    frame, rejected = _reject(frame, file, log)
    frame = _split_merged_names(frame, file, log)
    return frame.select("line", *POPULATION_COLUMNS), rejected


def _reject(frame: pl.DataFrame, file: str, log: ProblemLog) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    rules = (
        ("code-not-a-number", "geo_id", "The code of the area is not a FIPS code."),
        ("year-not-a-number", "period", "The year is not a year; the row is left out."),
        (
            "value-not-a-number",
            "population",
            "The population is missing or not a number; the row is left out.",
        ),
    )
    rejected = {}
    for rule, column, message in rules:
        lines = frame.filter(pl.col(column).is_null())["line"].to_list()
        if lines:
            log.add_lines(file, "rejected", rule, message, [(line, None) for line in lines], column=column)
            rejected[rule] = lines
            frame = frame.filter(pl.col(column).is_not_null())
    return frame, rejected


def _split_merged_names(frame: pl.DataFrame, file: str, log: ProblemLog) -> pl.DataFrame:
    merged = pl.col("name").is_null() & pl.col("state_name").str.contains(",", literal=True)
    found = frame.filter(merged.fill_null(False))
    if found.height:
        message = "State and name had run together; taken apart."
        log.add_lines(
            file,
            "repaired",
            "names-merged",
            message,
            found.select("line", "state_name").rows(),
            column="state_name",
        )
    after = pl.col("state_name").str.split_exact(",", 1).struct.field("field_1").str.strip_chars()
    return frame.with_columns(name=pl.when(merged).then(after).otherwise("name"))


def one_row_per_place_and_year(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the populations of several tables; of two rows for a place and year the first table's stays."""
    parts = [frame.select(list(POPULATION_COLUMNS)) for frame in frames]
    if not parts:
        return pl.DataFrame(schema=POPULATION_COLUMNS)
    everything = pl.concat(parts).cast(POPULATION_COLUMNS)  # type: ignore[arg-type]
    return everything.unique(["geo_level", "geo_id", "period"], keep="first", maintain_order=True).sort(
        "geo_level", "geo_id", "period"
    )


def places_of(populations: pl.DataFrame, other_codes: Iterable[tuple[str, str, int, int]]) -> pl.DataFrame:
    """Return the table of places: those of the population tables, and codes that only results know.

    `other_codes` are (level, code, first year, last year). A name is the newest that the tables give. A
    place is current if it has a population in the newest year of its level; without population tables
    every code that no change has ended is.
    """
    named = _named_places(populations)
    known = set(named["geo_id"].to_list())
    extra = [code for code in other_codes if code[1] not in known]
    unnamed = pl.DataFrame(
        [
            (level, code, _former_name(code), None, None, str(first), str(last), not _has_ended(code))
            for level, code, first, last in extra
        ],
        schema=named.schema,
        orient="row",
    )
    places = pl.concat([named, unnamed])
    states = load_states()
    changes = load_changes()
    rows = []
    for row in places.iter_rows(named=True):
        code = row["geo_id"]
        state, change = states.get(code[:2]), changes.get(code)
        rows.append(
            row
            | {
                "state": code[:2],
                "state_name": state.name if state else "",
                "state_abbreviation": state.abbreviation if state else "",
                "geo_vintage": _newest_vintage(code, row["last_year"]),
                "successors": " ".join(change.successors) if change else "",
                "predecessors": " ".join(change.predecessors) if change else "",
            }
        )
    return pl.DataFrame(rows, schema=PLACE_COLUMNS).sort("geo_level", "geo_id")


def _named_places(populations: pl.DataFrame) -> pl.DataFrame:
    newest = populations.group_by("geo_level").agg(newest=pl.col("period").max())
    ordered = populations.sort("geo_level", "geo_id", "period")
    return (
        ordered.group_by("geo_level", "geo_id", maintain_order=True)
        .agg(
            name=pl.col("name").drop_nulls().last().fill_null(""),
            population=pl.col("population").last(),
            population_year=pl.col("period").last(),
            first_year=pl.col("period").first(),
            last_year=pl.col("period").last(),
        )
        .join(newest, on="geo_level", how="left", maintain_order="left")
        .with_columns(current=pl.col("last_year") == pl.col("newest"))
        .drop("newest")
    )


def _has_ended(code: str) -> bool:
    change = load_changes().get(code)
    return change is not None and change.valid_to is not None


def _former_name(code: str) -> str:
    change = load_changes().get(code)
    return change.name if change else ""


def _newest_vintage(code: str, last_year: str) -> str:
    change = load_changes().get(code)
    if change is not None and change.valid_to is not None:
        return boundary_vintage(change.valid_to)
    return boundary_vintage(int(last_year))
