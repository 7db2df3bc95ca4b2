"""Workbooks written from cells: what was put in is read back, nothing runs, the bytes are the same every time."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upward.present.sheets import Book, Number, column_letters

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Number(value, "0.0%"))


def written(tmp_path: Path, rows, heads=("A", "B"), name="Sheet", title="Title", footer="") -> Path:
    book = Book("Name", "Upward", "2026-01-01T00:00:00Z")
    book.sheet(name, title, heads, rows, footer)
    path = tmp_path / "book.xlsx"
    book.write(path)
    return path


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(TEXTS | st.none(), NUMBERS | st.none()), max_size=12))
def test_every_cell_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = written(tmp_path_factory.mktemp("book"), rows)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    for line, (text, number) in enumerate(rows, 3):
        read, value = sheet.cell(line, 1).value, sheet.cell(line, 2).value
        assert (read or "") == (text or "")
        assert (value is None) == (number is None)
        assert number is None or math.isclose(value, number.value, rel_tol=1e-15, abs_tol=0)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, [(text, None)])).worksheets[0]
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].value == text  # as it is read; an apostrophe before it would be seen
    assert sheet["A3"].quotePrefix  # stays text when somebody edits it


def test_heads_stay_in_view_and_numbers_have_their_format(tmp_path: Path) -> None:
    rows = [("a", Number(0.5, "0.0%")), ("b", Number(12.0, "$#,##0"))]
    sheet = openpyxl.load_workbook(written(tmp_path, rows, footer="&LLeft")).worksheets[0]
    assert sheet.freeze_panes == "B3"
    assert [sheet["B3"].number_format, sheet["B4"].number_format] == ["0.0%", "$#,##0"]
    assert sheet["A2"].font.bold
    assert sheet.oddFooter.left.text == "Left"


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [("a & b <c>", Number(1.0, "0")), (None, None)]
    first = written(tmp_path, rows).read_bytes()
    assert written(tmp_path, rows).read_bytes() == first


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
