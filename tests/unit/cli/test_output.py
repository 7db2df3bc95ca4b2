"""Printed tables are aligned and fit the line; JSON is one document; nothing is run as a formula."""

from __future__ import annotations

import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import UsageError
from upward.cli.data import parse_years
from upward.cli.output import count, end_progress, print_json, print_table, progress_printer

states = st.sampled_from(["Missouri", "District of Columbia", "Nevada"])
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)


@given(rows=st.lists(st.tuples(words, st.integers(0, 10**9), states), max_size=8))
def test_every_line_of_a_table_fits_80_columns_and_numbers_end_together(rows) -> None:
    lines = printed(rows)
    assert len(lines) >= len(rows) + 1
    assert all(len(line) <= 80 for line in lines)
    printed_text = "".join("".join(lines).split())
    assert all(str(population) in printed_text for _name, population, _state in rows)


def printed(rows) -> list[str]:
    from contextlib import redirect_stdout

    stream = io.StringIO()
    with redirect_stdout(stream):
        print_table(("name", "population", "state"), rows, wraps="name", right=frozenset({"population"}))
    return stream.getvalue().split("\n")[:-1]


def test_a_long_cell_goes_on_in_a_further_line_and_loses_nothing() -> None:
    name = "Municipality of a very long name that would never fit a line of eighty columns by itself"
    lines = printed([(name, "187,690", "Alaska")])
    assert all(len(line) <= 80 for line in lines)
    assert " ".join(" ".join(lines[1:]).replace("187,690  Alaska", "").split()) == name


def test_numbers_are_aligned_to_the_right_and_text_to_the_left() -> None:
    assert printed([("Boone County", "187,690", "Missouri"), ("Lea", "74", None)]) == [
        "name          population  state",
        "Boone County     187,690  Missouri",
        "Lea                   74  –",
    ]


def test_json_is_one_document_in_utf_8_with_null_for_what_is_no_number(capfdbinary) -> None:
    print_json({"name": "Doña Ana", "value": math.nan, "rows": [(1.5, math.inf)]})
    out = capfdbinary.readouterr().out
    assert json.loads(out) == {"name": "Doña Ana", "value": None, "rows": [[1.5, None]]}
    assert "Doña".encode() in out


def test_progress_is_silent_in_a_pipe(capsys) -> None:
    progress_printer()("Reading: 1 of 284")
    assert capsys.readouterr() == ("", "")


def test_progress_on_a_terminal_is_one_line_that_goes_away(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    show = progress_printer()
    show("Reading: 1 of 284")
    show("Reading: a file with a name that is far too long for the line, " * 4)
    end_progress()
    out, err = capsys.readouterr()
    assert out == ""
    assert "\n" not in err
    assert "Reading: 1 of 284" in err
    assert max(len(line) for line in err.split("\r\x1b[2K")) < 80
    assert err.endswith("\r\x1b[2K")


def test_counts_have_separators() -> None:
    assert [count(187690.0), count(0), count(None)] == ["187,690", "0", "–"]


@given(name=st.text(min_size=1), year=st.integers(1000, 9999))
def test_a_year_is_given_to_the_file_it_was_given_for(name: str, year: int) -> None:
    assert parse_years([f"{name}={year}"]) == {name: year}


@given(text=st.text().filter(lambda text: "=" not in text))
def test_a_year_without_a_file_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="FILE=YEAR"):
        parse_years([text])
