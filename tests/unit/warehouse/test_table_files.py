"""A table written part by part has the order and the bytes of one written at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import DataError
from upward.warehouse import table_files
from upward.warehouse.table_files import write_sorted

WORDS = st.sampled_from(["", "a", "b", "ba", "é", None])
ROWS = st.lists(st.tuples(WORDS, st.one_of(st.none(), st.integers(0, 5)), WORDS), max_size=60)
ORDER = ["first", "second", "third"]
SCHEMA = {"first": pl.String, "second": pl.Int64, "third": pl.String, "number": pl.Int64}


def _frame(rows: list[tuple[str | None, int | None, str | None]]) -> pl.DataFrame:
    numbered = [(*row, number) for number, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema=SCHEMA, orient="row")


@given(rows=ROWS, at_once=st.integers(1, 40))
def test_parts_change_neither_order_nor_bytes(
    rows: list[tuple[str | None, int | None, str | None]], at_once: int
) -> None:
    frame = _frame(rows)
    with tempfile.TemporaryDirectory() as folder:
        whole, parted = Path(folder) / "whole.parquet", Path(folder) / "parted.parquet"
        write_sorted(whole, frame, ORDER)
        facts = write_sorted(parted, frame, ORDER, rows_at_once=at_once)
        assert parted.read_bytes() == whole.read_bytes()
        expected = frame.sort(ORDER, nulls_last=True, maintain_order=True)
        assert pl.read_parquet(parted).equals(expected)
        assert facts == {"rows": len(rows), "bytes": whole.stat().st_size}
        assert sorted(path.name for path in Path(folder).iterdir()) == ["parted.parquet", "whole.parquet"]


def test_a_file_that_reads_back_differently_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = _frame([("a", 1, "b"), ("b", 2, "c")])
    other = frame.with_columns(third=pl.lit("x"))
    monkeypatch.setattr(table_files.pl, "scan_parquet", lambda _path: other.lazy())
    with pytest.raises(DataError, match="did not read back"):
        write_sorted(tmp_path / "table.parquet", frame, ORDER)
