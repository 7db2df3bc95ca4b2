"""CSV in the published column standard: no cell runs as a formula, nothing is lost or mixed."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import UsageError
from upward.catalog.load import load_catalog
from upward.present.download import (
    FORMULA_STARTS,
    PublishedColumn,
    data_package,
    escape_cell,
    published_columns,
    published_csv,
)
from upward.warehouse.schema import RESULT_COLUMNS

VARIABLE = "share_hs_degree"


def rows(*changes: dict[str, object]) -> pl.DataFrame:
    """Return result rows: one for each dictionary of what differs from an ordinary row."""
    ordinary = dict.fromkeys(RESULT_COLUMNS) | {
        "metric": "college_preparation",
        "variable": VARIABLE,
        "edition": "2025",
        "geo_level": "county",
        "geo_id": "01001",
        "period": "2023",
        "group_type": "all",
        "group": "all",
        "value": 0.9,
        "quality": 1,
        "status": "ok",
        "source_release": "2025.01",
        "source_file": "a.csv",
        "current": True,
    }
    return pl.DataFrame([ordinary | change for change in changes], schema=RESULT_COLUMNS)


def read(frame: pl.DataFrame, level: str = "county") -> list[dict[str, str]]:
    """Return the lines of the CSV of these rows."""
    return list(csv.DictReader(io.StringIO(published_csv(frame, load_catalog(), geo_level=level))))


def test_codes_keep_their_leading_zeros() -> None:
    (line,) = read(rows({}))
    assert (line["state"], line["county"]) == ("01", "001")
    (city,) = read(rows({"geo_level": "place", "geo_id": "0107000"}), "place")
    assert (city["state"], city["place"]) == ("01", "07000")


def test_bounds_are_columns_only_where_one_is_published() -> None:
    assert f"{VARIABLE}_lb" not in read(rows({}))[0]
    (line,) = read(rows({"lower": 0.8}))
    assert (line[f"{VARIABLE}_lb"], line[f"{VARIABLE}_ub"]) == ("0.8", "")


def test_both_sides_of_a_pair_are_kept() -> None:
    (line,) = read(rows({"numerator": 0.119, "denominator": 0.246, "value": 0.119 / 0.246}))
    assert (line[f"{VARIABLE}_numerator"], line[f"{VARIABLE}_denominator"]) == ("0.119", "0.246")


def test_editions_and_publications_stand_on_lines_of_their_own() -> None:
    lines = read(rows({}, {"edition": "2022", "value": 0.5}, {"source_release": "2023-24", "value": 0.7}))
    assert sorted((line["edition"], line["source_release"], line[VARIABLE]) for line in lines) == [
        ("2022", "2025.01", "0.5"),
        ("2025", "2023-24", "0.7"),
        ("2025", "2025.01", "0.9"),
    ]


def test_a_missing_number_is_an_empty_cell() -> None:
    (line,) = read(rows({"value": None, "quality": None, "status": "not_available"}))
    assert (line[VARIABLE], line[f"{VARIABLE}_quality"]) == ("", "")


def test_groups_have_their_published_labels() -> None:
    lines = read(rows({"group_type": "race-ethnicity", "group": "black-nh"}, {"group_type": "gender"}))
    labels = {line["subgroup_type"]: line["subgroup"] for line in lines}
    assert labels == {"race-ethnicity": "Black, Non-Hispanic", "gender": "All"}


def test_a_level_without_published_files_is_refused() -> None:
    with pytest.raises(UsageError):
        published_csv(rows({}), load_catalog(), geo_level="state")


@given(text=st.text())
def test_no_text_cell_starts_like_a_formula_and_no_text_is_lost(text: str) -> None:
    escaped = escape_cell(text)
    assert not escaped.startswith(FORMULA_STARTS)
    assert escaped in (text, f"'{text}")


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_label_that_is_a_formula_is_escaped_in_the_file(attack: str) -> None:
    (line,) = read(rows({"group_type": "gender", "group": attack}))
    assert line["subgroup"] == f"'{attack.strip()}"


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_as_it_was(value: float) -> None:
    (line,) = read(rows({"value": value}))
    assert float(line[VARIABLE]) == value


def test_the_descriptor_names_every_column_and_cites_the_source() -> None:
    columns = published_columns(rows({"lower": 0.8}), load_catalog(), geo_level="county")
    text = data_package(columns, load_catalog(), name="a", title="A", path="a.csv", release_id="r-1")
    descriptor = json.loads(text)
    fields = descriptor["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == [column.name for column in columns]
    assert all(field["description"] for field in fields)
    metric = load_catalog().metrics["college_preparation"]
    assert descriptor["sources"] == [{"title": load_catalog().sources[metric.source].citation}]
    assert descriptor["version"] == "r-1"
    assert isinstance(columns[0], PublishedColumn)
