"""The order of findings, and why each stands where it stands.

Strength comes first: what is clear before what is likely, before what the data cannot tell. Within a strength
the larger difference comes first, measured by the usual spread between places, so that dollars and shares can
stand in one list. A finding that joins several figures is lifted a little; a second finding of the same kind on
the same metric steps back, so that the top of the list speaks of several things: a gap between groups says
nothing of where the whole place stands, so it does not push that back. Nothing here looks at which side is better.

What belongs here: the score, in columns. What does not: strength (`candidates.py`) and words (`wording.py`).
"""

from __future__ import annotations

import polars as pl

from upward.insights.findings import Kind, Strength

BASE = {Strength.CLEAR: 300.0, Strength.LIKELY: 200.0, Strength.UNCERTAIN: 100.0, Strength.NOT_USABLE: 0.0}
#: A difference counts up to so many spreads; each is worth so many points.
MOST_SPREADS, POINTS_OF_SPREAD = 4.0, 12.0
POINTS_OF_JOINING = 20.0
#: Each earlier finding of a kind on the same metric costs so many points, at most so many: a strength is never crossed.
STEP_BACK, MOST_STEP_BACK = 15.0, 30.0


def with_scores(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return candidates with `times` (difference over the usual spread), `repeats` and `score`, best
    first.
    """
    base = pl.col("strength").replace_strict({str(name): points for name, points in BASE.items()})
    joins = pl.col("kind") == str(Kind.RELATION)
    place = ["geo_level", "geo"]
    ties = ["form", "first_variable", "group_type", "first_group", "second_group", "scope"]
    # Only what decides the order is sorted; the wide frame is put in order once.
    slim = (
        candidates.select(
            "geo_level",
            pl.col("geo_id").cast(pl.Int32).alias("geo"),
            "metric",
            "kind",
            "strength",
            "p",
            # Which of two equals comes first is decided by what they are, not by the order they were found in.
            pl.sum_horizontal(
                pl.col(name).hash(seed=at).cast(pl.Float64) for at, name in enumerate(ties)
            ).alias("tie"),
            pl.when(~joins).then((pl.col("estimate") / pl.col("spread")).abs()).alias("times"),
            (base + pl.when(joins).then(POINTS_OF_JOINING).otherwise(0.0)).alias("base"),
        )
        .with_row_index("at")
        .with_columns(
            (
                pl.col("base")
                + pl.col("times").fill_null(0.0).fill_nan(0.0).clip(0, MOST_SPREADS) * POINTS_OF_SPREAD
            ).alias("plain")
        )
    )
    falling = [False, False, True, False, False]
    first = slim.sort(*place, "plain", "p", "tie", descending=falling, nulls_last=True)
    scored = first.with_columns(
        pl.int_range(pl.len()).over(*place, "metric", "kind", "strength").alias("repeats")
    ).with_columns((pl.col("plain") - (pl.col("repeats") * STEP_BACK).clip(0, MOST_STEP_BACK)).alias("score"))
    ranked = scored.sort(*place, "score", "p", "tie", descending=falling, nulls_last=True)
    return pl.concat([candidates[ranked["at"]], ranked.select("times", "repeats", "score")], how="horizontal")
