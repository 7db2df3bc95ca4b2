"""Changes: the newest number of a series against the earliest that may be compared with it.

A series is one number of one place, for everybody or for one group. It is never joined across a break,
another publication, another way of making it, other boundaries, or years that share their survey samples;
dollars of
two years are not compared either.
"""

from __future__ import annotations

import polars as pl

from upward.engine.comparability import first_years_joined, refused_years_many
from upward.insights.candidates import as_candidates, sides_of, with_tests
from upward.insights.evidence import Evidence
from upward.insights.findings import Kind
from upward.insights.rules.gap import spread_between_places

_SERIES = ["geo", "variable", "group_type", "group"]
_OWN = ("geo_level", "geo_id", "metric", "side", "moved", "dollars", "joined_from", "pooled_years")
_CIRCUMSTANCES = ("edition", "source_release", "method", "geo_vintage", "year")


def find_changes(evidence: Evidence, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return a candidate for every series of `numbers` with two years that may be compared.

    Series of groups are looked at where they have bounds; others would fill the list with bare figures.
    """
    wanted = numbers.filter(
        (pl.col("group_type") == "all") | ((pl.col("group") != "all") & pl.col("below").is_not_null())
    )
    newest = wanted.filter(pl.col("year") == pl.col("year").max().over(_SERIES), pl.col("refusal").is_null())
    joined = newest.join(
        first_years_joined(evidence.catalog, newest), on=["metric", "geo_level", "year"], how="left"
    )
    later = sides_of(joined, "second", [*_SERIES, *_OWN])
    later = pl.concat([later, joined.select(_under("later"))], how="horizontal")
    sound = wanted.filter(pl.col("refusal").is_null())
    earlier = pl.concat(
        [sides_of(sound, "first", _SERIES), sound.select(_under("earlier"))], how="horizontal"
    )
    pairs = (
        later.join(earlier, on=_SERIES)
        .filter(pl.col("earlier_year") < pl.col("later_year"))
        .filter(refused_years_many().is_null())
        .filter(pl.col("earlier_year") == pl.col("earlier_year").min().over(_SERIES))
    )
    return as_candidates(
        # A change is later minus earlier: tested the other way round, then turned.
        _turned(with_tests(pairs))
        .join(spread_between_places(evidence.overall), on=["geo_level", "variable"], how="left")
        .with_columns(
            pl.col("variable").alias("first_variable"),
            pl.col("variable").alias("second_variable"),
            pl.col("group").alias("first_group"),
            pl.col("group").alias("second_group"),
            pl.col("later_edition").alias("edition"),
            pl.lit(str(Kind.CHANGE)).alias("kind"),
            pl.when(pl.col("group") == "all")
            .then(pl.lit("change"))
            .otherwise(pl.lit("group-change"))
            .alias("form"),
        )
    )


def _under(prefix: str) -> list[pl.Expr]:
    return [pl.col(name).alias(f"{prefix}_{name}") for name in _CIRCUMSTANCES]


def _turned(tested: pl.DataFrame) -> pl.DataFrame:
    return tested.with_columns(
        -pl.col("estimate"),
        (-pl.col("difference_upper")).alias("difference_lower"),
        (-pl.col("difference_lower")).alias("difference_upper"),
    )
