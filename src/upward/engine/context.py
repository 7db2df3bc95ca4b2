"""What the nation and each state look like for a number: population-weighted median, 5th and 95th percentile.

The weighted percentile p is the smallest value at which the cumulative weight, in rising order of value,
reaches p of the total weight (R's rule "hf1"). It reproduces the publisher's national medians (weighted by
the population of the year, weak values included); `docs/explanation/national-medians.md` compares. An
interpolating rule does not.

What belongs here: the arithmetic over places. What does not: which rows are read, and the published medians
that a release puts beside ours (`warehouse/build.py`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

NATION = "US"
KEYS = ("variable", "edition", "source_release", "period", "group_type", "group", "geo_level")
PERCENTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}
#: The publisher leaves out a year's median where more than this share of the population has no value or a
#: weak one.
MOST_MISSING_OR_WEAK = 0.15
WEAK = 3

_CONTEXT_ORDER = (
    *KEYS,
    "scope",
    "median",
    "p05",
    "p95",
    "places",
    "places_total",
    "population_share",
    "weak_share",
    "published_median",
    "usable",
)
#: Ties between a cumulative weight and its target are decided as if weights were exact.
_TOLERANCE = 1e-9

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def summarise(results: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Return context rows for the nation and every state, with `published_median` left empty.

    `results` needs the seven key columns, `geo_id`, `value`, `quality` and `current`; `populations` needs
    `geo_level`, `geo_id`, `period` and `population`. A place counts with its population of the period, or of
    the nearest year that has one. Where two files of one release hold a place's number, the current row
    counts, else the first. `population_share` and `weak_share` are shares of the population of all places of
    the scope; a context is `usable` where at most 15 % of that population has no value or a weak one.
    """
    numbers = _numbers(results, populations)
    scopes = _scope_totals(numbers, populations)
    whole = _summarise_scope(numbers.with_columns(pl.lit(NATION).alias("scope")), scopes)
    states = _summarise_scope(numbers.with_columns(pl.col("geo_id").str.slice(0, 2).alias("scope")), scopes)
    return pl.concat([whole, states]).sort("scope", *KEYS)


def weighted_percentiles(
    groups: Integers, values: Floats, weights: Floats, shares: tuple[float, ...]
) -> tuple[Integers, list[Floats]]:
    """Return the distinct groups and, for each share, the weighted percentile of every group.

    The percentile is the smallest value whose cumulative weight reaches the share of the group's total.
    Weights must not be negative; a group whose weights are all zero gives its smallest value.
    """
    if not len(values):
        return np.empty(0, dtype=np.int64), [np.empty(0) for _share in shares]
    order = np.lexsort((values, groups))
    ordered, weight = values[order], weights[order]
    distinct, starts = np.unique(groups[order], return_index=True)
    ends = np.append(starts[1:], len(ordered))
    running = np.cumsum(weight)
    before = np.where(starts > 0, running[starts - 1], 0.0)
    totals = running[ends - 1] - before
    found = []
    for share in shares:
        target = before + (share - _TOLERANCE) * totals
        index = np.clip(np.searchsorted(running, target, side="left"), starts, ends - 1)
        found.append(ordered[index])
    return distinct, found


def _numbers(results: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Return one row per number and place, with the number's key as one integer and the place's weight."""
    rows = (
        results.lazy()
        .filter(pl.col("value").is_not_null(), pl.col("geo_level").is_in(["county", "place"]))
        .select(*KEYS, "geo_id", "value", "quality", "current")
        .collect()
    )
    key = np.zeros(len(rows), dtype=np.int64)
    for name in KEYS:
        key = _combined(key, rows[name])
    one_each = (
        rows.with_columns(pl.Series("key", key))
        .sort("current", descending=True, maintain_order=True)
        .unique(["key", "geo_id"], keep="first", maintain_order=True)
    )
    return one_each.join(
        place_weights(one_each, populations), on=["geo_level", "geo_id", "period"], how="left"
    )


def _combined(key: Integers, column: pl.Series) -> Integers:
    """Return one integer per row for its key so far and its entry in one more column."""
    codes = column.cast(pl.Categorical()).to_physical().to_numpy()
    seen = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.int64)
    seen[codes] = 1  # codes are shared by the whole process: number only those that occur here
    dense: Integers = (np.cumsum(seen) - 1)[codes]
    return key * (int(seen.sum()) + 1) + dense


def place_weights(rows: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Return `weight` for every place and period: its population in that period, or in the nearest year."""
    known = populations.filter(pl.col("population") > 0).select(
        "geo_level", "geo_id", _year("period"), pl.col("population").alias("weight")
    )
    wanted = rows.select("geo_level", "geo_id", "period").unique().with_columns(_year("period"))
    found = _nearest(wanted, known, ["geo_level", "geo_id"])
    return found.select("geo_level", "geo_id", "period", pl.col("weight").fill_null(0.0))


def _scope_totals(numbers: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Return places and population of every scope and period: those of its year, or of the nearest one."""
    frame = populations.filter(pl.col("population") > 0).with_columns(_year("period"))
    by_state = frame.with_columns(pl.col("geo_id").str.slice(0, 2).alias("scope"))
    totals = (
        pl.concat([frame.with_columns(pl.lit(NATION).alias("scope")), by_state])
        .group_by("geo_level", "scope", "year")
        .agg(pl.len().cast(pl.Int64).alias("places_total"), pl.col("population").sum().alias("total"))
    )
    periods = numbers.select("geo_level", "period").unique().with_columns(_year("period"))
    wanted = periods.join(totals.select("geo_level", "scope").unique(), on="geo_level")
    found = _nearest(wanted, totals, ["geo_level", "scope"])
    return found.select("geo_level", "scope", "period", "places_total", "total")


def _nearest(wanted: pl.DataFrame, known: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return the wanted rows with the columns of the known row of the nearest year."""
    return wanted.sort("year").join_asof(
        known.sort("year"), on="year", by=by, strategy="nearest", check_sortedness=False
    )


def _year(column: str) -> pl.Expr:
    """Return the last year that a period names, as a number."""
    return pl.col(column).str.extract(r"([0-9]{4})$").cast(pl.Int64).alias("year")


def _summarise_scope(numbers: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Return the context rows of the places as their column `scope` puts them together."""
    groups = _combined(numbers["key"].to_numpy(), numbers["scope"])
    values, weights = numbers["value"].to_numpy(), numbers["weight"].to_numpy()
    distinct, found = weighted_percentiles(groups, values, weights, tuple(PERCENTILES.values()))
    percentiles = pl.DataFrame({"in_scope": distinct, **dict(zip(PERCENTILES, found, strict=True))})
    weak = pl.col("quality").eq(WEAK).fill_null(value=False)
    summary = (
        numbers.with_columns(pl.Series("in_scope", groups))
        .group_by("in_scope")
        .agg(
            pl.col(*KEYS, "scope").first(),
            pl.len().cast(pl.Int64).alias("places"),
            pl.col("weight").sum().alias("covered"),
            pl.col("weight").filter(weak).sum().alias("weak"),
        )
        .join(percentiles, on="in_scope")
        .join(scopes, on=["geo_level", "scope", "period"], how="left")
    )
    return _with_shares(summary).select(_CONTEXT_ORDER)


def _with_shares(summary: pl.DataFrame) -> pl.DataFrame:
    total = pl.max_horizontal("total", "covered")  # other boundaries than the frame's can hold a little more
    return summary.with_columns(
        (pl.col("covered") / total).fill_nan(None).alias("population_share"),
        (pl.col("weak") / total).fill_nan(None).alias("weak_share"),
        pl.max_horizontal("places_total", "places").alias("places_total"),
        pl.lit(None, dtype=pl.Float64()).alias("published_median"),
    ).with_columns(
        (1 - pl.col("population_share") + pl.col("weak_share") <= MOST_MISSING_OR_WEAK + _TOLERANCE)
        .fill_null(value=False)
        .alias("usable")
    )
