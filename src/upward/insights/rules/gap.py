"""Gaps: two groups of one place in the newest year that has both, for every pair of groups.

Groups that overlap are never compared, nor a group with everybody, nor groups of two years or publications.
Where the group is in the variable's name (students of high-poverty schools), the variables are the groups.
"""

from __future__ import annotations

import polars as pl

from upward.insights.candidates import as_candidates, sides_of, with_tests
from upward.insights.evidence import Evidence
from upward.insights.findings import Kind

#: Where nothing can be tested, pairs are listed only for a way of dividing with so many groups.
MOST_BARE_GROUPS = 4
_KEYS = ["geo", "what", "group_type", "year"]


def find_gaps(evidence: Evidence, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return a candidate for every pair of groups of each place in `numbers` that may be compared."""
    groups = _groups(evidence, numbers)
    newest = groups.filter(pl.col("year") == pl.col("year").max().over(_KEYS[:-1]))
    sound = newest.filter(pl.col("refusal").is_null())
    own = ["geo_level", "geo_id", "metric", "edition", "side"]
    shared = ["source_release", "method", "order"]
    first = sides_of(sound, "first", [*_KEYS, *own, *shared])
    second = sides_of(sound, "second", [*_KEYS, *shared])
    pairs = first.join(second, on=_KEYS, suffix="_second").filter(
        pl.col("order") < pl.col("order_second"),
        pl.col("source_release") == pl.col("source_release_second"),
        pl.col("method").eq_missing(pl.col("method_second")),
    )
    spreads = spread_between_places(evidence.overall)
    # Seven industries without margins would give 21 pairs of bare figures: pairs without a test need few
    # groups.
    tested = with_tests(pairs).filter(
        pl.col("p").is_not_null() | (pl.col("order_second").max().over(_KEYS) < MOST_BARE_GROUPS)
    )
    return as_candidates(
        tested.join(
            spreads, left_on=["geo_level", "first_variable"], right_on=["geo_level", "variable"], how="left"
        ).with_columns(pl.lit(str(Kind.GAP)).alias("kind"), pl.lit("gap").alias("form"))
    )


def _groups(evidence: Evidence, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of groups, with a number for `what` is divided and the group's `order` in its
    source.
    """
    order = pl.DataFrame(
        [
            (group_type.id, group.id, at)
            for group_type in evidence.catalog.group_types.values()
            if not group_type.overlapping
            for at, group in enumerate(group_type.groups)
            if group.id != "all"
        ],
        schema={
            "group_type": numbers.schema["group_type"],
            "group": numbers.schema["group"],
            "order": pl.Int64(),
        },
        orient="row",
    )
    rows = numbers.filter(~pl.col("context"))
    divided = rows.filter(pl.col("group_type") != "all").with_columns(
        pl.col("variable").to_physical().cast(pl.Int32).alias("what")
    )
    named = (
        rows.filter(pl.col("group_type") == "all")
        .join(evidence.own_groups, on="variable", how="inner")
        .with_columns(
            (-1 - pl.col("metric").to_physical().cast(pl.Int32)).alias("what"),
            pl.col("own_type").alias("group_type"),
            pl.col("own_group").alias("group"),
        )
        .drop("own_type", "own_group")
    )
    return pl.concat([divided, named]).join(order, on=["group_type", "group"], how="inner")


def spread_between_places(overall: pl.DataFrame) -> pl.DataFrame:
    """Return `geo_level`, `variable` and `spread`: the middle half of all places, as a standard deviation.

    The distance of the quartiles over 1.349, which is the standard deviation of a normal curve: a few extreme
    places do not move it.
    """
    return (
        overall.filter(pl.col("refusal").is_null())
        .group_by("geo_level", "variable")
        .agg(((pl.col("value").quantile(0.75) - pl.col("value").quantile(0.25)) / 1.349).alias("spread"))
        .with_columns(pl.when(pl.col("spread") > 0).then("spread").alias("spread"))
    )
