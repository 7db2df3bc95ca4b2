"""Relations: linked figures that agree or pull apart, and gaps between the same groups across topics.

Two linked figures (catalogue, `relations.yaml`) are set beside the U.S. middle. That both stand where they
seem to stand is as sure as the less sure of the two: the larger p-value is the test of both together (the
intersection-union test: Berger 1982, Technometrics 24, 295–300). Where one of the two is told from the middle
and the other is not, it is named which is open. A pattern joins the gaps of two groups on different predictors
that point the same way; it is as sure as the least sure of them.
"""

from __future__ import annotations

import polars as pl

from upward.catalog.statements import load_relations
from upward.insights.candidates import LEVEL, as_candidates, strength_expression
from upward.insights.evidence import Evidence
from upward.insights.findings import Kind, Role, Strength

_PLACE = ["geo_level", "geo_id"]
_SIDE = ("variable", "group", "period", "value", "lower", "upper", "below", "above")


def find_relations(standings: pl.DataFrame) -> pl.DataFrame:
    """Return a candidate for every place and pair of linked figures that both can be tested."""
    tested = standings.filter(
        pl.col("scope") == str(Role.NATION), pl.col("p").is_not_null(), pl.col("side") != 0
    )
    pairs = pl.DataFrame(
        [(relation.first, relation.second) for relation in load_relations()],
        schema={"first": pl.String(), "second": pl.String()},
        orient="row",
    )
    one = _half(tested, "first").join(pairs, left_on="first_variable", right_on="first")
    both = one.join(_half(tested, "second"), left_on=[*_PLACE, "second"], right_on=[*_PLACE, "second_of"])
    agree = pl.col("first_better") == pl.col("second_better")
    worst = pl.max_horizontal("first_worst", "second_worst")
    return as_candidates(
        both.with_columns(
            pl.lit(str(Kind.RELATION)).alias("kind"),
            pl.when(agree).then(pl.lit("agreement")).otherwise(pl.lit("tension")).alias("form"),
            pl.max_horizontal("first_p", "second_p").alias("p"),
            _open_half().alias("open"),
            pl.when("first_better").then(1).otherwise(-1).alias("estimate"),
            pl.lit("all").alias("group_type"),
            pl.lit(str(Role.NATION)).alias("scope"),
            pl.lit(1).alias("side"),
            worst.alias("first_quality"),
            worst.alias("second_quality"),
        )
    )


def _open_half() -> pl.Expr:
    """Return the side that its test does not tell from the middle, where the other's does; else null."""
    first, second = (pl.col(f"{side}_p") > LEVEL for side in ("first", "second"))
    return (
        pl.when(first & ~second).then(pl.lit("first"))
        .when(second & ~first).then(pl.lit("second"))
    )  # fmt: skip


def _half(tested: pl.DataFrame, side: str) -> pl.DataFrame:
    own = {"first": ("metric", "edition"), "second": ()}[side]
    return tested.select(
        *_PLACE,
        *own,
        *(pl.col(f"first_{name}").alias(f"{side}_{name}") for name in _SIDE),
        pl.col("first_variable").alias(f"{side}_of"),
        pl.col("first_quality").alias(f"{side}_worst"),
        pl.col("p").alias(f"{side}_p"),
        (pl.col("estimate") * pl.col("side") > 0).alias(f"{side}_better"),
    )


def find_patterns(evidence: Evidence, gaps: pl.DataFrame) -> pl.DataFrame:
    """Return, for each place and pair of groups, the gaps of two or more predictors that point the same way.

    `gaps` must have their strength. Only gaps that may say a side are joined, the clear ones alone where
    there are two; one for each predictor. A pattern has the largest p-values, and the worst quality, of
    those it
    joins: it is tested in the family of the gaps, not anew.
    """
    predictors = pl.DataFrame(
        [(metric.id, metric.predictor) for metric in evidence.catalog.metrics.values()],
        schema={"metric": pl.String(), "predictor": pl.String()},
        orient="row",
    )
    keys = [*_PLACE, "group_type", "first_group", "second_group", "better"]
    is_clear = pl.col("strength") == str(Strength.CLEAR)
    usable = (
        gaps.filter(
            pl.col("strength").is_in([str(Strength.CLEAR), str(Strength.LIKELY)]), pl.col("side") != 0
        )
        .join(predictors, on="metric")
        .with_columns(
            (pl.col("estimate") * pl.col("side") > 0).alias("better"),
            pl.max_horizontal("first_quality", "second_quality").alias("worst"),
            is_clear.alias("is_clear"),
        )
        .sort("is_clear", "p", "first_variable", descending=[True, False, False])
        .unique([*keys, "predictor"], keep="first", maintain_order=True)
        .filter(is_clear | (pl.col("is_clear").sum().over(keys) < 2))
    )
    joined = (
        usable.sort("metric", "first_variable")
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("p").max(),
            pl.col("p_adjusted").max(),
            pl.col("family_size").first(),
            pl.col("worst").max().alias("first_quality"),
            pl.col("first_variable").alias("members"),
            pl.col("first_period").alias("periods"),
            pl.col("metric").first(),
            pl.col("edition").first(),
            pl.len().alias("count"),
        )
        .filter(pl.col("count") >= 2)
        .with_columns(
            pl.lit(str(Kind.RELATION)).alias("kind"),
            pl.lit("pattern").alias("form"),
            pl.col("first_quality").alias("second_quality"),
            pl.col("members").list.first().alias("first_variable"),
            pl.col("members").list.last().alias("second_variable"),
            pl.col("periods").list.first().alias("first_period"),
            pl.col("periods").list.last().alias("second_period"),
            pl.when("better").then(1).otherwise(-1).alias("estimate"),
            pl.lit(1).alias("side"),
        )
    )
    tested = joined.select("p_adjusted", "family_size", strength_expression().alias("strength"))
    return pl.concat([as_candidates(joined), tested], how="horizontal")
