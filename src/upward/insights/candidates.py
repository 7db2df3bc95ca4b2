"""Candidates: what the rules find, one row each, before strength and words.

What belongs here: the columns that all rules share, the test of a column of pairs, and strength. What does
not: which pairs there are (`rules/`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.engine.compare_many import adjust_families, compare_bounded_many
from upward.insights.findings import Strength

Floats = npt.NDArray[np.float64]

#: A test passes at this level, on its own and after correction for its family.
LEVEL = 0.05
STRONG, MARGINAL, WEAK = 1, 2, 3
SIDES = ("first", "second")
_SIDE_COLUMNS: dict[str, pl.DataType] = {
    "variable": pl.String(),
    "group": pl.String(),
    "period": pl.String(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "below": pl.Float64(),
    "above": pl.Float64(),
    "quality": pl.Int8(),
}
#: Columns of a candidate. `form` names its wording; the two sides stand in `first_*` and `second_*`;
#: `spread` is the usual difference between places; `quarter` and the following columns belong to standings;
#: `peers` are indices of places in their level's order; `members` and `periods` are the variables and years
#: that a pattern joins; `open` is the one half of a relation that its own test does not tell from the middle.
CANDIDATE_COLUMNS: dict[str, pl.DataType] = {
    "geo_level": pl.String(),
    "geo_id": pl.String(),
    "kind": pl.String(),
    "form": pl.String(),
    "metric": pl.String(),
    "edition": pl.String(),
    "group_type": pl.String(),
    "scope": pl.String(),
    "side": pl.Int8(),
    **{f"{side}_{name}": kind for side in SIDES for name, kind in _SIDE_COLUMNS.items()},
    "estimate": pl.Float64(),
    "se": pl.Float64(),
    "difference_lower": pl.Float64(),
    "difference_upper": pl.Float64(),
    "p": pl.Float64(),
    "spread": pl.Float64(),
    "quarter": pl.String(),
    "percentile": pl.Float64(),
    "percentile_lower": pl.Float64(),
    "percentile_upper": pl.Float64(),
    "peers": pl.List(pl.Int64()),
    "members": pl.List(pl.String()),
    "periods": pl.List(pl.String()),
    "open": pl.String(),
}


def as_candidates(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with exactly the columns of a candidate; a column that it lacks is null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in CANDIDATE_COLUMNS.items()
    )


def with_tests(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with `first − second`, its error, interval and p; null where nothing can be tested.

    Needs `first_*` and `second_*` of value, below and above.
    """
    columns = [
        frame[f"{side}_{name}"].cast(pl.Float64()).fill_null(float("nan")).to_numpy()
        for side in SIDES
        for name in ("value", "below", "above")
    ]
    found = compare_bounded_many(*columns)
    return frame.with_columns(
        pl.Series("estimate", found.estimate, nan_to_null=True),
        pl.Series("se", found.se, nan_to_null=True),
        pl.Series("difference_lower", found.lower, nan_to_null=True),
        pl.Series("difference_upper", found.upper, nan_to_null=True),
        pl.Series("p", found.p, nan_to_null=True),
    )


def with_strength(frame: pl.DataFrame) -> pl.DataFrame:
    """Return candidates with `p_adjusted`, `family_size` and `strength`.

    The family is a place's candidates of one kind: what a reader sees together. Strength follows from the
    numbers alone: a Weak number or no test is not usable; clear passes after correction with every number
    graded Strong; likely passes on its own, or rests on a number that is Marginal or not graded.
    """
    families = frame.select(pl.struct("geo_level", "geo_id", "kind").rank("dense").cast(pl.Int64))
    keys = families.to_series().fill_null(0).to_numpy()
    p = frame["p"].fill_null(float("nan")).to_numpy()
    return (
        frame.with_columns(
            pl.Series("p_adjusted", adjust_families(p, keys), nan_to_null=True),
            pl.Series("family_key", keys),
        )
        .with_columns(
            pl.col("p").count().over("family_key").cast(pl.Int64).alias("family_size"),
            strength_expression().alias("strength"),
        )
        .drop("family_key")
    )


def strength_expression() -> pl.Expr:
    """Return the strength of a row from p, p_adjusted and the qualities of its two sides.

    A side without a group of its own that is a median (of peers, state or nation) has quality Strong.
    """
    qualities = [pl.col(f"{side}_quality") for side in SIDES]
    weak = pl.any_horizontal([quality.eq(WEAK).fill_null(value=False) for quality in qualities])
    strong = pl.all_horizontal([quality.eq(STRONG).fill_null(value=False) for quality in qualities])
    return (
        pl.when(weak | pl.col("p").is_null())
        .then(pl.lit(str(Strength.NOT_USABLE)))
        .when((pl.col("p_adjusted") <= LEVEL) & strong)
        .then(pl.lit(str(Strength.CLEAR)))
        .when(pl.col("p") <= LEVEL)
        .then(pl.lit(str(Strength.LIKELY)))
        .otherwise(pl.lit(str(Strength.UNCERTAIN)))
    )


def strength_of(p: float | None, p_adjusted: float | None, qualities: Sequence[int | None]) -> Strength:
    """Return the strength that numbers carry: the plain twin of `strength_expression`."""
    if p is None or p_adjusted is None or WEAK in qualities:
        return Strength.NOT_USABLE
    if p_adjusted <= LEVEL and all(quality == STRONG for quality in qualities):
        return Strength.CLEAR
    return Strength.LIKELY if p <= LEVEL else Strength.UNCERTAIN


def sides_of(frame: pl.DataFrame, side: str, keys: Sequence[str]) -> pl.DataFrame:
    """Return the rows of numbers as one side of candidates: `keys` as they are, the rest under `side_`."""
    return frame.select(
        *keys, *(pl.col(name).alias(f"{side}_{name}") for name in _SIDE_COLUMNS if name not in keys)
    )
