"""Reading: unpacking, encodings, lines that do not fit, and the table that comes out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from upward.base.errors import DataError
from upward.warehouse.sources.tables import LINE, count_rows, read_header, read_table
from upward.warehouse.sources.text import clean, read_plain

CONTENT = b"year,state,county,value\n2020,01,001,0.5\n2020,01,003,NA\n"


def test_plain_and_packed_files_hold_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CONTENT)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(CONTENT))
    assert read_plain(tmp_path / "a.csv") == read_plain(tmp_path / "b.csv.gz") == CONTENT


def test_a_gzip_of_several_parts_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(CONTENT[:20]) + gzip.compress(CONTENT[20:]))
    assert read_plain(path) == CONTENT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(CONTENT * 100)[:-20], "cut off"),
        (gzip.compress(CONTENT * 100)[:5] + b"\xff" * 40, "damaged"),
        (CONTENT, "not a gzip file"),
        (b"", "not a gzip file"),
    ],
    ids=["cut", "damaged", "plain", "empty"],
)
def test_a_broken_gzip_says_what_is_wrong(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_plain(path)


def test_a_file_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 5_000_000))
    with pytest.raises(DataError, match="unpacks to more than"):
        read_plain(path, size_limit=1 << 20)


def test_a_plain_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(b"0" * 2_000_000)
    with pytest.raises(DataError, match="larger than"):
        read_plain(path, size_limit=1 << 20)


def test_a_missing_file_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_plain(tmp_path / "nowhere.csv")


def test_utf16_is_refused_with_advice() -> None:
    with pytest.raises(DataError, match="UTF-8"):
        clean("year,state".encode("utf-16"))


def test_the_checksum_is_that_of_the_content_as_found() -> None:
    import hashlib

    content = b"\xef\xbb\xbf" + CONTENT.replace(b"\n", b"\r\n")
    assert clean(content).sha256 == hashlib.sha256(content).hexdigest()


def test_rows_carry_their_line_and_missing_values_are_null() -> None:
    table = read_table(clean(CONTENT))
    assert table.columns == ("year", "state", "county", "value")
    assert table.frame.rows() == [("2020", "01", "001", "0.5", 2), ("2020", "01", "003", None, 3)]
    assert (table.rows_read, table.rejected) == (2, ())


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (b"2020,01,005", "ragged-line"),
        (b"2020,01,005,1,2", "ragged-line"),
        (b'2020,01,005,"1', "open-quote"),
        (b"2020,01,005,1\x00", "nul-bytes"),
        (b'2020,01,"005,1"', "ragged-line"),
    ],
)
def test_a_line_that_does_not_fit_is_rejected_with_its_number(bad: bytes, rule: str) -> None:
    table = read_table(clean(CONTENT + bad + b'\n2020,01,"0,7",1\n'))
    assert [(note.line, note.rule) for note in table.rejected] == [(4, rule)]
    assert table.frame[LINE].to_list() == [2, 3, 5]
    assert table.frame["county"].to_list() == ["001", "003", "0,7"]
    assert table.rows_read == 4


def test_an_endless_line_is_rejected() -> None:
    table = read_table(clean(CONTENT + b"2020,01,005," + b"9" * 1_100_000 + b"\n2020,01,007,1\n"))
    assert [(note.line, note.rule) for note in table.rejected] == [(4, "line-too-long")]
    assert table.frame.height == 3


def test_blank_lines_are_no_rows() -> None:
    text = clean(b"a,b\n\n1,2\n \n3,4\n\n")
    assert count_rows(text) == 2
    assert read_table(text).frame[LINE].to_list() == [3, 5]


def test_commas_and_doubled_quotes_inside_quotation_marks_are_text() -> None:
    table = read_table(clean(b'a,b\n"x, ""y"", z",1\n'))
    assert table.frame["a"].to_list() == ['x, "y", z']


def test_line_ends_of_every_system_are_accepted() -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        table = read_table(clean(CONTENT.replace(b"\n", end)))
        assert table.frame["county"].to_list() == ["001", "003"]


def test_a_column_named_twice_is_refused_by_name() -> None:
    with pytest.raises(DataError, match="“value” more than once"):
        read_table(clean(b"year,value,value\n2020,1,2\n"))


@pytest.mark.parametrize("content", [b"", b"\n", b'"open\n', b"," * 5000 + b"\n"])
def test_a_first_line_that_is_no_header_is_refused(content: bytes) -> None:
    with pytest.raises(DataError):
        read_header(clean(content))


def test_latin_1_lines_are_decoded_one_by_one() -> None:
    text = clean("name\nPeña\n".encode() + "Peña\n".encode("latin-1"))
    assert read_table(text).frame["name"].to_list() == ["Peña", "Peña"]
    assert [(note.line, note.rule) for note in text.notes] == [(3, "latin-1")]


def test_letters_encoded_twice_are_decoded_once_more() -> None:
    text = clean("name\nPeña\n".encode().decode("latin-1").encode())
    assert read_table(text).frame["name"].to_list() == ["Peña"]
    assert text.notes[0].rule == "encoded-twice"
