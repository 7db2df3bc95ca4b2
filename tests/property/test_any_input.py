"""Whatever a file holds, a build ends in accounts that add up or in a DataError, in nothing else."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upward.base.errors import DataError
from upward.catalog.load import load_catalog
from upward.warehouse.build import BuildTables, build_tables
from upward.warehouse.schema import FLAGS, RESULT_COLUMNS, STATUSES
from upward.warehouse.sources.tables import LINE, read_table
from upward.warehouse.sources.text import clean, read_plain

COLUMNS = (
    "year",
    "state",
    "county",
    "subgroup_type",
    "subgroup",
    "share_employed",
    "share_employed_lb",
    "share_employed_ub",
    "share_employed_quality",
    "ratio_black_nh_house_value_households",
    "state_name",
    "place",
)
GOOD = "2021,01,001,gender,Female,0.8,0.7,0.9,1"
HEADER = ",".join(COLUMNS[:9])
WORDS = st.sampled_from(
    [
        *(
            "",
            "NA",
            "2021",
            "01",
            "001",
            "0.5",
            ".5",
            "1e-05",
            "-1",
            "9" * 400,
            "inf",
            "nan",
            "Alder",
            "gender",
        ),
        *("All", "Female", "0.1:0.2", "10%:x", "Strong", '"', "a,b", "\x00", "ñ", "1,000"),
    ]
)
FIELDS = WORDS | st.text(max_size=12)


def _check(tables: BuildTables) -> None:
    for account in tables.accounting:
        parts = (account.rows_written, account.rows_rejected, account.rows_ignored)
        assert sum(parts) == account.rows_read
        assert min(parts) >= 0
        assert account.rows_doubtful <= account.rows_written
        assert sum(account.reasons.values()) == account.rows_rejected + account.rows_ignored
    results = tables.results
    assert dict(results.schema) == RESULT_COLUMNS
    assert set(results["status"].unique()) <= set(STATUSES)
    assert not results["value"].is_infinite().any()
    assert not results["value"].is_nan().any()
    assert {flag for text in results["flags"].drop_nulls() for flag in text.split()} <= set(FLAGS)
    assert ((results["status"] == "ok") == results["value"].is_not_null()).all()


def _build(content: bytes, name: str = "table.csv") -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        good = "year,state,county,share_employed,share_employed_quality\n2021,01,003,0.8,1\n"
        (Path(folder) / "good.csv").write_text(good)
        try:
            tables = build_tables(Path(folder), catalog=load_catalog())
        except DataError:
            return
        _check(tables)


@given(rows=st.lists(st.lists(FIELDS, min_size=7, max_size=11), max_size=8))
@settings(max_examples=60)
def test_any_fields_under_a_good_header(rows: list[list[str]]) -> None:
    _build("\n".join([HEADER, GOOD, *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass"))


@given(columns=st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=10), rows=st.integers(0, 3))
@settings(max_examples=60)
def test_any_choice_and_order_of_columns(columns: list[str], rows: int) -> None:
    values = dict(zip(COLUMNS, [*GOOD.split(","), "0.1:0.2", "Cardinal", "00100"], strict=True))
    line = ",".join(values[column] for column in columns)
    _build("\n".join([",".join(columns), *([line] * rows)]).encode())


@given(at=st.integers(0, 400), junk=st.binary(max_size=20))
@settings(max_examples=80)
def test_a_file_cut_off_anywhere_with_any_bytes_behind(at: int, junk: bytes) -> None:
    content = "\n".join([HEADER, *[GOOD] * 8]).encode()
    _build(content[:at] + junk)


@given(at=st.integers(0, 140), junk=st.binary(max_size=20))
@settings(max_examples=60)
def test_a_packed_file_damaged_anywhere(at: int, junk: bytes) -> None:
    packed = gzip.compress("\n".join([HEADER, *[GOOD] * 8]).encode(), mtime=0)
    _build(packed[:at] + junk + packed[at + len(junk) :], "table.csv.gz")


@given(content=st.binary(max_size=300))
@settings(max_examples=150)
def test_any_bytes_are_a_table_or_a_data_error(content: bytes) -> None:
    try:
        table = read_table(clean(content))
    except DataError:
        return
    assert table.rows_read == table.frame.height + len(table.rejected)
    lines = [*table.frame[LINE].to_list(), *(note.line for note in table.rejected)]
    assert len(set(lines)) == len(lines)
    assert min(lines, default=2) > 1


@given(
    values=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\nÂÃâ"), max_size=8), st.integers()
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=100)
def test_what_is_written_as_csv_is_read_back(values: list[tuple[str, int]]) -> None:
    import csv
    import io

    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["text", "number"])
    writer.writerows(values)
    table = read_table(clean(target.getvalue().encode()))
    kept = [(text or None, str(number)) for text, number in values]
    kept = [(None if text == "NA" else text, number) for text, number in kept]
    assert table.frame.select("text", "number").rows() == kept


def test_a_file_that_unpacks_to_far_too_much_ends_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"\n" * 40_000_000, 9))
    with pytest.raises(DataError, match="unpacks to more"):
        read_plain(path, size_limit=1 << 22)
