"""One number from several files: which row is kept, and which one a reader gets by default.

**Within one publication (vintage)** one row is kept per number, that is per variable, edition, place,
period, group type and group. In this order: a component table beats a combined table (a join made later
from components); a later generation of a table beats an earlier one, where the checksum tells the
generation; the table that covers more years of the number beats one that covers fewer; a row with a value
beats one without; the file whose name comes first wins. The rows that lose are counted, equal or not, and
every pair of files that disagree is reported with the number of rows, the largest difference and an
example.

**Across publications** every row stays. Exactly one per number is `current`: that of the newest
publication that holds a value for it or withholds it by its rule, or of the newest one if none does: a number
that was withheld later, often to protect privacy, is not brought back from an older table. Editions never
compete: another definition is another number.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upward.warehouse import codes
from upward.warehouse.problems import ProblemLog

#: Values that differ by no more than this part of themselves are the same number, written with other digits.
SAME_NUMBER = 1e-6
_KEY_PARTS = (("geo", 23), ("period", 12), ("variable", 8), ("edition", 3), ("group_type", 6), ("group", 8))


def key_expression() -> pl.Expr:
    """Return one number per key: all its parts as codes, packed into 60 bits."""
    packed = pl.lit(0, dtype=pl.UInt64)
    for name, bits in _KEY_PARTS:
        part = pl.col(name)
        part = part.to_physical() if name.startswith("group") else part
        packed = packed * (1 << bits) + part.cast(pl.UInt64)
    return packed


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that are kept, with `current`, and the lines that lost in each file."""

    kept: pl.DataFrame
    lost: pl.DataFrame  # file, line of every row that was not kept


def choose(cells: pl.DataFrame, files: list[str], columns: list[str], log: ProblemLog) -> Chosen:
    """Choose the rows to keep and the current one of each number.

    `cells` carries `rank` (of the vintage), `preference` (higher wins), and `file` and `column`, which
    are positions in `files` and `columns`.
    """
    has_value = pl.col("value").is_not_null() | pl.col("numerator").is_not_null()
    cells = cells.with_columns(key=key_expression(), has_value=has_value)
    order = ["key", "rank", "preference", "has_value", "file", "line"]
    cells = cells.sort(order, descending=[False, True, True, True, False, False])
    first = (pl.col("key") != pl.col("key").shift()) | (pl.col("rank") != pl.col("rank").shift())
    cells = cells.with_columns(first=first.fill_null(True))
    lost = cells.filter(~pl.col("first"))
    kept = cells.filter("first").drop("first")
    if lost.height:
        _report_lost(kept, lost, files, columns, log)
    return Chosen(_mark_current(kept), lost.select("file", "line"))


def _mark_current(kept: pl.DataFrame) -> pl.DataFrame:
    """Mark the row of the newest vintage with a value or a withheld one; rows come by key and falling rank."""
    decides = pl.col("has_value") | (pl.col("status") == codes.SUPPRESSED)
    ordered = kept.with_columns(decides=decides).sort(
        "key", "decides", "rank", descending=[False, True, True]
    )
    current = (pl.col("key") != pl.col("key").shift()).fill_null(True)
    return ordered.with_columns(current=current).drop("has_value", "decides")


def _report_lost(
    kept: pl.DataFrame, lost: pl.DataFrame, files: list[str], columns: list[str], log: ProblemLog
) -> None:
    winners = kept.select("key", "rank", won="file", best="value", best_side="numerator")
    pairs = lost.join(winners, on=["key", "rank"], how="left", maintain_order="left")
    difference = (pl.col("value") - pl.col("best")).abs()
    both = pl.col("value").is_not_null() & pl.col("best").is_not_null()
    one_missing = pl.col("value").is_null() != pl.col("best").is_null()
    differs = (both & (difference > SAME_NUMBER * pl.col("best").abs())) | one_missing
    summary = (
        pairs.with_columns(differs=differs.fill_null(False), difference=difference)
        .group_by("file", "won", "column", maintain_order=True)
        .agg(
            rows=pl.len(),
            differing=pl.col("differs").sum(),
            largest=pl.col("difference").max(),
            example=pl.struct("line", "geo", "period", "value", "best").filter(pl.col("differs")).first(),
        )
        .sort("file", "won", "column")
    )
    for row in summary.iter_rows(named=True):
        _report_pair(row, files[row["file"]], files[row["won"]], columns[row["column"]], log)


def _report_pair(row: dict[str, object], loser: str, winner: str, column: str, log: ProblemLog) -> None:
    rows, differing = int(str(row["rows"])), int(str(row["differing"]))
    other = "an earlier row of the same file" if winner == loser else winner
    if rows > differing:
        message = f"The same number is taken from {other}."
        log.add(loser, "ignored", "same-number-elsewhere", message, column=column, rows=rows - differing)
    if differing:
        example = row["example"]
        assert isinstance(example, dict)
        largest = row["largest"]
        size = (
            f"largest difference {largest:g}" if isinstance(largest, float) else "one of the two is missing"
        )
        message = (
            f"Differs from {other}, which is kept: {size}; for example area {_code(example['geo'])}, "
            f"{example['period']}: {_shown(example['value'])} here, {_shown(example['best'])} there."
        )
        log.add(
            loser,
            "ignored",
            "disagrees",
            message,
            line=example["line"],
            column=column,
            value=_shown(example["value"]),
            rows=differing,
        )


def _code(geo: int) -> str:
    return f"{geo:05d}" if geo < 100_000 else f"{geo:07d}"


def _shown(value: float | None) -> str:
    return "missing" if value is None else f"{value:g}"


def overall_from_all_rows(kept: pl.DataFrame, allowed: pl.DataFrame, methods: dict[int, int]) -> pl.DataFrame:
    """Return overall rows copied from All rows of tables of groups, where no overall row of the number
    exists.

    `allowed` lists (variable, edition, group_type) whose All row has the definition of the overall value;
    `methods` says what becomes of a method code. Of several fitting types the first in the catalogue's
    order is copied.
    """
    number = ["variable", "edition", "geo", "period"]
    is_overall = pl.col("group_type").cast(pl.String) == "all"
    overall = kept.filter(is_overall).select(number).unique()
    alls = kept.filter(~is_overall & (pl.col("group").cast(pl.String) == "all")).join(
        allowed, on=["variable", "edition", "group_type"], how="semi"
    )
    copied = alls.join(overall, on=number, how="anti").sort("group_type", "rank", descending=[False, True])
    copied = copied.unique([*number, "rank"], keep="first", maintain_order=True)
    copied = copied.with_columns(
        group_type=pl.lit("all", dtype=kept.schema["group_type"]),
        method=pl.col("method").replace_strict(methods, default=pl.col("method"), return_dtype=pl.UInt8),
    )
    return _mark_current(
        copied.with_columns(
            key=key_expression(), has_value=pl.col("value").is_not_null() | pl.col("numerator").is_not_null()
        ).drop("current")
    )
