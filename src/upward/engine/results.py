"""The table of estimates: one row a number, the same from every engine, and the disclosure floor on it.

What belongs here: columns, order, status and reasons. What does not: how a number was computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from upward.base.messages import _, ngettext
from upward.engine.specification import Estimate, Specification

#: Fewer unweighted records than this are not shown.
DISCLOSURE_FLOOR = 10

OK, SUPPRESSED, NOT_COMPUTED = "ok", "suppressed", "not_computed"

#: Column -> what it holds; the reference page is made from this. Group columns stand between `by` and
#: `value`.
COLUMNS = {
    "name": "name of the estimate in the specification",
    "kind": "total, mean, share, ratio, quantile or coefficient",
    "at": "for a quantile, the share of the weight that lies at or below it",
    "by": "the grouping, its columns joined by “, ”; empty for the whole file",
    "value": "the estimate; shares are 0–1",
    "se": "standard error from the replicate weights",
    "lower": "lower end of the 95 % interval",
    "upper": "upper end of the 95 % interval",
    "n": "unweighted records with a weight that the estimate rests on",
    "population": "sum of the full weight over these records",
    "method": "design, kind (and rule) and interval",
    "missing": "unweighted records of the universe left out because a value that is needed is missing",
    "allocated_n": "records, each counted with the share of its area that belongs to the target",
    "df": "degrees of freedom behind the interval; missing where 1.96 was taken",
    "status": "ok, suppressed or not_computed",
    "reason": "why there is no value",
}

_KINDS: dict[str, Any] = {
    "name": pl.String, "kind": pl.String, "at": pl.Float64, "by": pl.String, "value": pl.Float64,
    "se": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "n": pl.Int64, "population": pl.Float64,
    "method": pl.String, "missing": pl.Int64, "allocated_n": pl.Float64, "df": pl.Int64, "status": pl.String,
    "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """The numbers of one estimate in one grouping: arrays with one entry a group; NaN is “no value”.

    `groups` holds the texts of the grouping's columns, in its order; `in_order` says that they are sorted.
    """

    estimate: Estimate
    at: float | None
    grouping: tuple[str, ...]
    groups: Sequence[Any]
    value: Any
    se: Any
    lower: Any
    upper: Any
    n: Any
    population: Any
    missing: Any
    allocated_n: Any
    df: Any
    in_order: bool = False


def method_id(specification: Specification, estimate: Estimate) -> str:
    """Return the method of an estimate in one text: `acs-sdr/quantile-hf3/woodruff`."""
    kind = f"quantile-{estimate.rule}" if estimate.kind == "quantile" else estimate.kind
    return f"{specification.design.method}/{kind}/{estimate.interval}"


def table(
    specification: Specification, pieces: Sequence[Piece], *, floor: int = DISCLOSURE_FLOOR
) -> pl.DataFrame:
    """Return the pieces as one table in the order of the specification, small groups withheld.

    Columns: those of `COLUMNS`, with every group column of the specification between `by` and `value`.
    """
    columns = specification.group_columns()
    groupings = specification.groupings()
    order = sorted(
        pieces,
        key=lambda piece: (
            specification.estimates.index(piece.estimate),
            piece.estimate.at.index(piece.at) if piece.at is not None else 0,
            groupings.index(piece.grouping),
        ),
    )
    frames = [_frame(specification, piece, columns) for piece in order]
    return with_status(pl.concat(frames) if frames else _empty(columns), floor=floor)


def _empty(columns: Sequence[str]) -> pl.DataFrame:
    kinds = {name: kind for name, kind in _KINDS.items() if name not in {"status", "reason"}}
    names = list(kinds)
    before = names[: names.index("value")]
    schema = {name: kinds[name] for name in before} | dict.fromkeys(columns, pl.String) | kinds
    return pl.DataFrame(schema=schema)


def _frame(specification: Specification, piece: Piece, columns: Sequence[str]) -> pl.DataFrame:
    estimate = piece.estimate
    groups = {
        name: pl.Series(name, texts, dtype=pl.String)
        for name, texts in zip(piece.grouping, piece.groups, strict=True)
    }
    frame = pl.DataFrame(
        [
            *groups.values(),
            *(_numbers(name, getattr(piece, name)) for name in ("value", "se", "lower", "upper")),
            pl.Series("n", np.asarray(piece.n), dtype=pl.Int64),
            _numbers("population", piece.population),
            pl.Series("missing", np.asarray(piece.missing), dtype=pl.Int64),
            _numbers("allocated_n", piece.allocated_n),
            *([pl.Series("df", piece.df, dtype=pl.Int64)] if isinstance(piece.df, list) else []),
        ]
    )
    if groups and not piece.in_order:
        frame = frame.sort(list(groups))
    constants = {
        "name": estimate.name,
        "kind": estimate.kind,
        "at": piece.at,
        "by": ", ".join(piece.grouping),
        "method": method_id(specification, estimate),
        **({} if isinstance(piece.df, list) else {"df": piece.df}),
        **{name: None for name in columns if name not in groups},
    }
    kinds = _KINDS | dict.fromkeys(columns, pl.String)
    whole = frame.with_columns(
        pl.lit(value, dtype=kinds[name]).alias(name) for name, value in constants.items()
    )
    return whole.select(_empty(columns).columns)


def _numbers(name: str, values: Any) -> pl.Series:
    return pl.Series(name, np.asarray(values, dtype=np.float64))


def with_status(frame: pl.DataFrame, *, floor: int) -> pl.DataFrame:
    """Return the rows with status and reason; numbers that rest on too few records are taken out.

    Withheld below the floor: value, standard error, bounds and population. Counted are records, each with the
    share of its area that belongs to the target.
    """
    few = pl.col("allocated_n") < floor
    none = pl.col("n") == 0
    reason = ngettext("fewer than {floor} record", "fewer than {floor} records", floor).format(floor=floor)
    status: Any = pl.when(none).then(pl.lit(NOT_COMPUTED)).when(few).then(pl.lit(SUPPRESSED))
    status = status.when(pl.col("value").is_null()).then(pl.lit(NOT_COMPUTED)).otherwise(pl.lit(OK))
    said: Any = pl.when(none).then(pl.lit(_("no record"))).when(few).then(pl.lit(reason))
    unsolved = pl.col("value").is_null()
    said = said.when(unsolved & (pl.col("kind") == "coefficient")).then(
        pl.lit(_("the records do not tell the model's fields apart"))
    )
    said = said.when(unsolved).then(pl.lit(_("the weights add up to nothing"))).otherwise(None)
    withheld = [
        pl.when(few & ~none).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("value", "se", "lower", "upper", "population")
    ]
    known = frame.lazy().with_columns(pl.col(pl.Float64).fill_nan(None))
    return known.with_columns(status.alias("status"), said.alias("reason"), *withheld).collect()
