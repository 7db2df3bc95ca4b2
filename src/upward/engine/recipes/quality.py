"""How well survey areas fit a place: the publisher's grade, with the one fault of its input put right.

The grade rests on Σ (share of the PUMA that lives in the place) × (share of the place that lives in the
PUMA).
The published second share was computed for city codes without their state before 2022, so that cities of
different states that share a code were taken for one. Here it is computed anew for each state.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

STRONG, MARGINAL = 0.75, 0.35


def crosswalk_quality(crosswalk: Path, *, level: str, period: str) -> pl.DataFrame:
    """Return `geo_id` with `fit` (0–1), `quality` (1–3), and `published_quality`, for one vintage of PUMAs.

    `level` is county or place. The crosswalk has the columns statefip, county or place, puma, population,
    afact, geographic_allocation_quality and crosswalk_period.
    """
    rows = (
        pl.read_csv(crosswalk, infer_schema=False, encoding="utf8-lossy")
        .filter(pl.col("crosswalk_period") == period)
        .with_columns(
            pl.concat_str("statefip", level).alias("geo_id"),
            pl.col("population", "afact").cast(pl.Float64),
            pl.col("geographic_allocation_quality").cast(pl.Int64, strict=False).alias("published_quality"),
        )
    )
    fits = rows.group_by("geo_id").agg(
        (pl.col("afact") * (pl.col("population") / pl.col("population").sum())).sum().alias("fit"),
        pl.col("published_quality").first(),
    )
    grade = pl.when(pl.col("fit") >= STRONG).then(1).when(pl.col("fit") >= MARGINAL).then(2).otherwise(3)
    return fits.with_columns(grade.cast(pl.Int8).alias("quality")).sort("geo_id")
