"""Chosen cells made into the result table: codes become words, and context of the row is put beside it.

What belongs here: the last step of a build, from compact codes to the columns of `RESULT_COLUMNS`. What
does not: choosing rows (`winners.py`) or writing files (`release.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upward.catalog.geographies import boundary_vintage, exists_in, load_changes
from upward.catalog.model import Catalog
from upward.warehouse import codes
from upward.warehouse.anomalies import bounds_are_imputation, standard_errors
from upward.warehouse.schema import RESULT_COLUMNS
from upward.warehouse.winners import overall_from_all_rows

_FIRST_PLACE = 100_000  # county codes lie below, city codes above
_CONFIDENCE = 0.95
#: Rows that are given their words at once: bounds the memory that a build needs on top of its tables.
_ROWS_AT_ONCE = 400_000


def areas_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Return level, code, first and last year of every area that has cells, or of several such tables."""
    if "geo_id" in cells.columns:
        grouped = cells.group_by("geo_level", "geo_id", maintain_order=True)
        return grouped.agg(pl.col("first").min(), pl.col("last").max())
    spans = cells.group_by("geo").agg(first=pl.col("period").min(), last=pl.col("period").max()).sort("geo")
    return spans.select(*_area_columns(), "first", "last")


def _area_columns() -> list[pl.Expr]:
    county, code = pl.col("geo") < _FIRST_PLACE, pl.col("geo").cast(pl.String)
    return [
        pl.when(county).then(pl.lit("county")).otherwise(pl.lit("place")).alias("geo_level"),
        pl.when(county).then(code.str.zfill(5)).otherwise(code.str.zfill(7)).alias("geo_id"),
    ]


class Assembly:
    """Turns chosen cells into rows of the result table; `files` are the names that cells point to."""

    def __init__(self, files: list[str], catalog: Catalog, populations: pl.DataFrame) -> None:
        variables = list(catalog.variables.values())
        ranks = {vintage.rank: vintage.id for vintage in catalog.vintages.values()}
        self.files = files
        self._catalog = catalog
        self._populations = populations.select("geo_id", "period", "population")
        self._imputation = _is_imputation(catalog)
        self._words: dict[str, tuple[str, Sequence[str | None]]] = {
            "metric": ("variable", [variable.metric for variable in variables]),
            "source": ("variable", [catalog.metrics[variable.metric].source for variable in variables]),
            "variable": ("variable", [variable.id for variable in variables]),
            "edition": ("edition", list(catalog.editions)),
            "status": ("status", codes.STATUS_WORDS),
            "reason": ("reason", [reason or None for reason in codes.REASONS]),
            "method": ("method", codes.METHODS),
            "source_release": ("rank", [ranks.get(rank, "") for rank in range(max(ranks) + 1)]),
            "source_file": ("file", files),
        }

    def results(self, kept: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the kept cells, ordered by place, and the overall rows that All rows stand in
        for.
        """
        allowed = _all_rows_that_are_overall(kept, self._catalog)
        extra = overall_from_all_rows(kept, allowed, codes.FROM_ALL_ROW)
        cells = pl.concat([kept, extra.select(kept.columns)])
        cells = cells.sort("key", "rank", descending=[False, True])
        return pl.concat([self._table(part) for part in cells.iter_slices(_ROWS_AT_ONCE)])

    def _table(self, cells: pl.DataFrame) -> pl.DataFrame:
        interval = (pl.col("lower") != pl.col("upper")).fill_null(True)
        bounds = (pl.col("lower").is_not_null() | pl.col("upper").is_not_null()) & interval
        frame = cells.select(
            *(
                codes.words_of(cells[source], texts).alias(name)
                for name, (source, texts) in self._words.items()
            ),
            codes.flags_of(cells["flags"]),
            _geo_vintage(cells).alias("geo_vintage"),
            *_area_columns(),
            period=pl.col("period").cast(pl.String),
            group_type=pl.col("group_type").cast(pl.String),
            group=pl.col("group").cast(pl.String),
            value=pl.col("value"),
            lower=pl.col("lower"),
            upper=pl.col("upper"),
            se=standard_errors(self._imputation),
            confidence=pl.when(bounds & ~self._imputation).then(_CONFIDENCE),
            n=pl.lit(None, dtype=pl.Float64),
            quality=pl.col("quality"),
            numerator=pl.col("numerator"),
            denominator=pl.col("denominator"),
            published_value=pl.col("published_value").cast(pl.String).str.strip_suffix(".0"),
            published_quality=pl.col("published_quality"),
            current=pl.col("current"),
        )
        joined = frame.join(self._populations, on=["geo_id", "period"], how="left", maintain_order="left")
        overall = (pl.col("group_type") == "all") & (pl.col("group") == "all")
        return joined.with_columns(population=pl.when(overall).then("population")).select(
            pl.col(name).cast(kind) for name, kind in RESULT_COLUMNS.items()
        )


def _is_imputation(catalog: Catalog) -> pl.Expr:
    """Return whether the bounds of a row are limits of imputation, from its codes of variable and edition."""
    editions = list(catalog.editions)
    pairs = [
        position * 8 + editions.index(entry.edition)
        for position, variable in enumerate(catalog.variables.values())
        for entry in variable.editions
        if bounds_are_imputation(entry) and entry.edition in editions
    ]
    number = pl.col("variable").cast(pl.UInt16) * 8 + pl.col("edition").cast(pl.UInt16)
    return number.is_in(pl.Series(pairs, dtype=pl.UInt16).implode())


def _all_rows_that_are_overall(kept: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    editions = list(catalog.editions)
    rows = [
        (position, editions.index(coverage.edition), coverage.group_type)
        for position, variable in enumerate(catalog.variables.values())
        for coverage in variable.groups
        if coverage.all_row_is_overall and coverage.edition in editions
    ]
    schema = {name: kept.schema[name] for name in ("variable", "edition", "group_type")}
    return pl.DataFrame(rows, schema=schema, orient="row").unique()


def _geo_vintage(cells: pl.DataFrame) -> pl.Series:
    """Return the boundary vintage of each row: that of its year, or for a code not then in force the nearest
    with it.
    """
    distinct = cells.select("geo", "period").unique()
    by_year = {year: boundary_vintage(year) for year in distinct["period"].unique().to_list()}
    changed = {int(code) for code in load_changes()}
    table = distinct.with_columns(vintage=pl.col("period").replace_strict(by_year, return_dtype=pl.String))
    odd = [
        (geo, period, _vintage_with(f"{geo:05d}", period))
        for geo, period in distinct.filter(pl.col("geo").is_in(list(changed))).rows()
        if not exists_in(f"{geo:05d}", period)
    ]
    if odd:
        schema = {"geo": pl.UInt32, "period": pl.UInt16, "other": pl.String}
        table = table.join(pl.DataFrame(odd, schema=schema, orient="row"), on=["geo", "period"], how="left")
        table = table.select("geo", "period", vintage=pl.coalesce("other", "vintage"))
    return cells.select("geo", "period").join(table, on=["geo", "period"], how="left", maintain_order="left")[
        "vintage"
    ]


def _vintage_with(code: str, year: int) -> str:
    change = load_changes()[code]
    if change.valid_from is not None and year < change.valid_from:
        return boundary_vintage(change.valid_from)
    return boundary_vintage(change.valid_to if change.valid_to is not None else year)
