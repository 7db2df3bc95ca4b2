"""The series behind a target: one number, or the gap of two groups, of every place and year.

What belongs here: reading series, and which two of their years may be compared. What does not: what follows
from it for a target (`targets.py`).
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from upward.catalog.model import Metric, Variable
from upward.engine.comparability import first_year_joined
from upward.insights.evidence import Evidence
from upward.warehouse.places import Place

#: Fewer places than this with both years give no share.
LEAST_PLACES = 5


def series_of(
    evidence: Evidence, variable: Variable, place: Place, group_type: str, group: str
) -> pl.DataFrame:
    """Return one number of every place of a place's level by year, with its longer error and what may be joined."""
    frame = evidence.series(variable.id, place.geo_level, group_type=group_type, group=group)
    longer = (
        pl.when(pl.col("below").is_not_null() & pl.col("above").is_not_null())
        .then(pl.max_horizontal("below", "above"))
        .alias("error")
    )
    even = (pl.col("below") == pl.col("above")).fill_null(value=True).alias("even")
    return frame.select(
        "geo_id",
        "year",
        "value",
        "lower",
        "upper",
        longer,
        even,
        "quality",
        "refusal",
        "pooled_years",
        "moved",
        "geo_vintage",
        "source_release",
        "method",
    )


def gap_series(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Return the first group less the second, place by place and year by year."""
    joined = first.join(second, on=["geo_id", "year", "source_release", "method"], suffix="_second")
    return joined.with_columns(
        pl.col("value") - pl.col("value_second"),
        (pl.col("error").pow(2) + pl.col("error_second").pow(2)).sqrt().alias("error"),
        pl.max_horizontal("quality", "quality_second").alias("quality"),
        pl.coalesce("refusal", "refusal_second").alias("refusal"),
        (pl.col("even") & pl.col("even_second")).alias("even"),
        pl.lit(None, dtype=pl.Float64()).alias("lower"),
        pl.lit(None, dtype=pl.Float64()).alias("upper"),
        pl.col("value").alias("first_value"),
        pl.col("value_second").alias("second_value"),
    ).select(*first.columns, "first_value", "second_value")


def years_to_compare(series: pl.DataFrame, metric: Metric, level: str, wanted: int) -> tuple[int, int] | None:
    """Return the newest two years that lie `wanted` years apart and may be compared, or the longest span
    below.

    None where no two years may be compared by enough places.
    """
    sound = series.filter(pl.col("refusal").is_null())
    counts = dict(sound.group_by("year").len().iter_rows())
    years = sorted(year for year, count in counts.items() if count >= LEAST_PLACES)
    pooled = int(sound["pooled_years"].max() or 1) if len(sound) else 1  # type: ignore[arg-type]  # whole numbers
    pairs = [
        (first, second)
        for second in years
        for first in years
        if pooled <= second - first <= wanted and first >= first_year_joined(metric, level, second)
    ]
    usable = [pair for pair in pairs if len(changes_between(series, *pair)) >= LEAST_PLACES]
    return max(usable, key=lambda pair: (pair[1] - pair[0], pair[1]), default=None)


def changes_between(series: pl.DataFrame, first: int, second: int) -> pl.DataFrame:
    """Return the places whose two years may be compared: `geo_id`, both values and errors, by code."""
    sound = series.filter(pl.col("refusal").is_null())
    joined = sound.filter(pl.col("year") == second).join(
        sound.filter(pl.col("year") == first),
        on=["geo_id", "source_release", "method"],
        suffix="_earlier",
        nulls_equal=True,
    )
    ground = ~(pl.col("moved") & pl.col("geo_vintage").ne_missing(pl.col("geo_vintage_earlier")))
    return (
        joined.filter(ground)
        .select("geo_id", "value", "error", "value_earlier", "error_earlier")
        .sort("geo_id")
    )


def cadence(years: list[int]) -> int:
    """Return after how many years a figure usually comes: the commonest step, the shortest of equals.

    >>> cadence([2016, 2020]), cadence([2018, 2019, 2021, 2022, 2023]), cadence([2021])
    (4, 1, 1)
    """
    steps = [later - earlier for earlier, later in pairwise(years)]
    return max(sorted(set(steps)), key=steps.count, default=1)
