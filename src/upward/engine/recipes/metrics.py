"""From estimates of a survey metric to rows of the result table, by the publisher's rules.

Suppressed is what rests on fewer effective cases (records times their share of the area) than the definition
says: value, bounds and quality are missing. Quality is that of the crosswalk.
"""

from __future__ import annotations

import polars as pl

from upward.base.messages import _
from upward.engine.recipes.definitions import AREA_NAME, Pairs, Resolved, SurveyMetric

METHOD_PREFIX = "upward"


def metric_rows(
    definition: SurveyMetric, resolved: Resolved, table: pl.DataFrame, quality: pl.DataFrame
) -> pl.DataFrame:
    """Return one row a number: variable, geo_id, group_type, group, value, bounds, se, n, quality, status …

    `table` holds the estimates of `resolved`, nothing withheld; `quality` is that of `crosswalk_quality`.
    """
    table = _with_groups(table, resolved)
    if definition.pairs is not None:
        table = _paired(table, definition.pairs, resolved)
    few = pl.col("allocated_n") < definition.effective_cases
    none = pl.col("value").is_null() | pl.col("value").is_nan()
    status = (
        pl.when(few)
        .then(pl.lit("suppressed"))
        .when(none)
        .then(pl.lit("not_computed"))
        .otherwise(pl.lit("ok"))
    )
    reason = pl.when(few).then(
        pl.lit(_("fewer than {count} effective cases").format(count=definition.effective_cases))
    )
    withheld = ("value", "se", "lower", "upper", "numerator", "denominator", "quality")
    shown = [pl.when(few | none).then(None).otherwise(pl.col(name)).alias(name) for name in withheld]
    rows = table.join(quality.select("geo_id", "quality"), on="geo_id", how="left")
    return rows.with_columns(status.alias("status"), reason.alias("reason"), *shown).select(
        pl.col("name").alias("variable"),
        "geo_id",
        "group_type",
        "group",
        "value",
        "lower",
        "upper",
        "se",
        pl.col("allocated_n").alias("n"),
        "population",
        "quality",
        "status",
        "reason",
        (pl.lit(f"{METHOD_PREFIX}:") + pl.col("method")).alias("method"),
        "numerator",
        "denominator",
    )


def _with_groups(table: pl.DataFrame, resolved: Resolved) -> pl.DataFrame:
    """Return the table with group type and group in place of a column for each way of grouping."""
    kind = pl.lit("all")
    group = pl.lit("all")
    for column, group_type in resolved.group_types:
        is_this = pl.col("by") == f"{AREA_NAME}, {column}"
        kind = pl.when(is_this).then(pl.lit(group_type)).otherwise(kind)
        group = pl.when(is_this).then(pl.col(column)).otherwise(group)
    nothing = pl.lit(None, dtype=pl.Float64)
    return table.with_columns(
        kind.alias("group_type"),
        group.alias("group"),
        nothing.alias("numerator"),
        nothing.alias("denominator"),
    )


def _paired(table: pl.DataFrame, pairs: Pairs, resolved: Resolved) -> pl.DataFrame:
    """Return a row a variable: a group's share of one total beside its share of another, without bounds."""
    kinds = dict(resolved.group_types)
    made = [_pairs_within(table, pairs, None, "all")]
    made += [_pairs_within(table, pairs, field, kinds[field]) for field in pairs.within if field in kinds]
    return pl.concat(made)


def _pairs_within(table: pl.DataFrame, pairs: Pairs, field: str | None, group_type: str) -> pl.DataFrame:
    """Return the pairs of each area, or of each group of a field in each area."""
    keys = [AREA_NAME] if field is None else [AREA_NAME, field]
    names = dict(pairs.variables)
    totals = table.filter(pl.col("by") == ", ".join(keys)).select(
        *keys, "name", pl.col("value").alias("whole")
    )
    shares = (
        table.filter((pl.col("by") == ", ".join([*keys, pairs.of])) & pl.col(pairs.of).is_in(list(names)))
        .join(totals, on=[*keys, "name"])
        .with_columns((pl.col("value") / pl.col("whole")).alias("share"))
    )
    above = shares.filter(pl.col("name") == pairs.above).select(*keys, pairs.of, pl.col("share").alias("a"))
    below = shares.filter(pl.col("name") == pairs.below)
    nothing = pl.lit(None, dtype=pl.Float64)
    joined = below.join(above, on=[*keys, pairs.of], how="left")
    a, b = pl.col("a").fill_null(0.0), pl.col("share")
    return joined.with_columns(
        pl.col(pairs.of).replace_strict(names).alias("name"),
        pl.lit(group_type).alias("group_type"),
        (pl.lit("all") if field is None else pl.col(field)).alias("group"),
        (a / b).alias("value"),
        a.alias("numerator"),
        b.alias("denominator"),
        nothing.alias("se"),
        nothing.alias("lower"),
        nothing.alias("upper"),
        pl.col("method").str.replace("/total/t", "/pair/none").alias("method"),
    ).drop("a", "share", "whole")
