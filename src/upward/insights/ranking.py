"""The order of findings, and why each stands where it stands.

Strength comes first: what is clear before what is likely, before what the data cannot tell. Within a strength
the larger difference comes first, measured by the usual spread between places, so that dollars and shares can
stand in one list. A finding that joins several figures is lifted a little; a second finding on the same metric
steps back, so that the top of the list speaks of several things. Nothing here looks at which side is better.

What belongs here: the score, in columns. What does not: strength (`candidates.py`) and words (`wording.py`).
"""

from __future__ import annotations

import polars as pl

from upward.insights.findings import Kind, Strength

BASE = {Strength.CLEAR: 300.0, Strength.LIKELY: 200.0, Strength.UNCERTAIN: 100.0, Strength.NOT_USABLE: 0.0}
#: A difference counts up to so many spreads; each is worth so many points.
MOST_SPREADS, POINTS_OF_SPREAD = 4.0, 12.0
POINTS_OF_JOINING = 20.0
#: Each earlier finding on the same metric costs so many points, at most so many: a strength is never crossed.
STEP_BACK, MOST_STEP_BACK = 15.0, 30.0
_PLACE = ["geo_level", "geo_id"]


def with_scores(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return candidates with `times` (difference over the usual spread), `repeats` and `score`, best first."""
    base = pl.col("strength").replace_strict({str(name): points for name, points in BASE.items()})
    times = (pl.col("estimate") / pl.col("spread")).abs()
    joins = pl.col("kind") == str(Kind.RELATION)
    first = candidates.with_columns(
        pl.when(~joins).then(times).alias("times"),
        pl.when(joins).then(POINTS_OF_JOINING).otherwise(0.0).alias("joining"),
    ).with_columns(
        (
            base
            + pl.col("joining")
            + pl.col("times").fill_null(0.0).fill_nan(0.0).clip(0, MOST_SPREADS) * POINTS_OF_SPREAD
        ).alias("plain")
    )
    order = ["plain", "p", "form", "first_variable", "group_type", "first_group", "second_group", "scope"]
    falling = [True] + [False] * (len(order) - 1)
    ranked = first.sort(*_PLACE, *order, descending=[False, False, *falling], nulls_last=True).with_columns(
        (pl.int_range(pl.len()).over(*_PLACE, "metric", "strength")).alias("repeats")
    )
    scored = ranked.with_columns(
        (pl.col("plain") - (pl.col("repeats") * STEP_BACK).clip(0, MOST_STEP_BACK)).alias("score")
    ).drop("plain", "joining")
    order = ["score", *order[1:]]
    return scored.sort(*_PLACE, *order, descending=[False, False, *falling], nulls_last=True)
