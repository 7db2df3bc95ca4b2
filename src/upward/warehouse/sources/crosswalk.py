"""The table of survey areas (PUMAs) and cities: the quality of survey figures in cities before 2022,
recomputed.

`afact` is the share of a survey area's people who live in the city, `afact2` the share of the city's
people who live in the survey area. Quality is strong where the sum of afact x afact2 over the city's
areas is at least 0.75, marginal from 0.35. The published `afact2` of 2010 areas was computed per place
code without the state, so cities of different states that share a code were taken for one: the shares of
a city then do not add up to 1.
"""

from __future__ import annotations

import polars as pl

from upward.catalog.published import Corrections
from upward.warehouse.problems import ProblemLog
from upward.warehouse.sources.tables import RawTable

PERIOD = "pre-2022"
#: Shares of a whole add up to 1 but for rounding to four decimals.
_SHARE_TOLERANCE = 0.02


def read_city_quality(
    table: RawTable, file: str, corrections: Corrections, log: ProblemLog
) -> dict[int, int]:
    """Return the quality before 2022 of every city, from `afact2` recomputed within state and place."""
    number = {
        name: pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)
        for name in ("population", "afact", "afact2")
    }
    frame = table.frame.filter(pl.col("crosswalk_period").str.strip_chars() == PERIOD).select(
        geo=pl.col("statefip").str.strip_chars().cast(pl.UInt32, strict=False) * 100_000
        + pl.col("place").str.strip_chars().cast(pl.UInt32, strict=False),
        **number,
    )
    frame = frame.drop_nulls()
    shares = frame.with_columns(recomputed=pl.col("population") / pl.col("population").sum().over("geo"))
    faulty = (
        shares.group_by("geo")
        .agg(total=pl.col("afact2").sum())
        .filter((pl.col("total") - 1).abs() > _SHARE_TOLERANCE)
    )
    if faulty.height:
        message = (
            f"Shares of {faulty.height} cities do not add up to 1: cities of several states share codes. "
            "They were computed anew within the state."
        )
        log.add(file, "repaired", "city-shares-mixed-up", message, column="afact2", rows=faulty.height)
    share = pl.col("covered")
    quality = (
        pl.when(share >= corrections.crosswalk_strong)
        .then(1)
        .when(share >= corrections.crosswalk_marginal)
        .then(2)
    )
    result = (
        shares.group_by("geo")
        .agg(covered=(pl.col("afact") * pl.col("recomputed")).sum())
        .with_columns(quality=quality.otherwise(3))
    )
    return dict(result.select("geo", "quality").rows())
