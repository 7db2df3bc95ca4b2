"""Writing one table of a release: ordered, synced to the disk and read back, in the memory of a part of it.

A table of millions of rows is ordered part by part: parts that follow each other are sorted on their own, laid
beside, and then streamed into one file. The bytes are those of a file written at once; a build needs a third less
memory.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import polars as pl

from upward.base.errors import DataError

#: Rows of one row group: small enough that one place's rows are read in a few milliseconds.
_ROW_GROUP = 16_384
#: Rows that are sorted, and compared, at once.
ROWS_AT_ONCE = 150_000
#: Columns of an order that part a table: rows that are equal in these stay together.
_LEADING = 2
_COMPRESSION: Literal["zstd"] = "zstd"


def write_sorted(
    path: Path, frame: pl.DataFrame, order: Sequence[str], *, rows_at_once: int = ROWS_AT_ONCE
) -> dict[str, Any]:
    """Write a table in an order (missing last, equal rows as they stand) and return its rows and bytes.

    The bytes do not depend on `rows_at_once`. Raises DataError where the file does not read back as it was
    written, and what the disk says where it refuses.
    """
    parts = path.with_name(f"{path.name}.parts")
    parts.mkdir()
    try:
        hashes = []
        files = []
        for number, part in enumerate(_parts(frame, order, rows_at_once)):
            files.append(parts / f"{number:04}.parquet")
            part.write_parquet(files[-1], compression="uncompressed", statistics=False)
            hashes.append(part.hash_rows())
        pl.scan_parquet(files).sink_parquet(
            path, compression=_COMPRESSION, statistics=True, row_group_size=_ROW_GROUP, maintain_order=True
        )
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
    path.chmod(0o444)
    _check(path, hashes)
    return {"rows": len(frame), "bytes": path.stat().st_size}


def _parts(frame: pl.DataFrame, order: Sequence[str], rows_at_once: int) -> Iterator[pl.DataFrame]:
    """Yield the parts of a table, each sorted, in their order; a part has more rows only if they stay together."""
    if len(frame) <= rows_at_once:
        yield frame.sort(order, nulls_last=True, maintain_order=True)
        return
    numbers = _part_numbers(frame.select(order[:_LEADING]), rows_at_once)
    for number in numbers.unique().sort():
        yield frame.filter(numbers == number).sort(order, nulls_last=True, maintain_order=True)


def _part_numbers(leading: pl.DataFrame, rows_at_once: int) -> pl.Series:
    """Return for each row the number of its part: ranks of the leading columns, missing ones last."""
    ranks = [
        pl.col(name).rank("dense").fill_null(pl.col(name).n_unique() + 1).cast(pl.UInt32)
        for name in leading.columns
    ]
    first, second = ranks
    places = leading.select(place=first.cast(pl.UInt64) * 2**32 + second).to_series()
    counted = places.value_counts().sort("place")
    parts = (counted["count"].cum_sum() - 1) // rows_at_once
    return places.replace_strict(counted["place"], parts, return_dtype=pl.UInt32)


def _check(path: Path, hashes: Sequence[pl.Series]) -> None:
    stored = pl.scan_parquet(path)
    first = 0
    for expected in hashes:
        part = stored.slice(first, len(expected)).collect()
        if not part.hash_rows().equals(expected):
            raise DataError(
                f"{path.name} did not read back as it was written.", advice="The disk may be failing."
            )
        first += len(expected)
