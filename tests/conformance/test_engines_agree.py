"""Four ways, one answer: every engine gives the numbers of the plain one, on generated and on real files."""

from __future__ import annotations

import csv
import gc
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from agreement import differences
from cases import Case, make_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upward.base.errors import DataError
from upward.engine.design import design_by_method
from upward.engine.estimate import Settings, estimate
from upward.engine.expressions import Expressions
from upward.engine.local import groupings_at_once, layout_of
from upward.engine.specification import Estimate, Specification, columns_of
from upward.engine.store import open_store


def compare(case: Case, engine: str, folder: Path) -> list[str]:
    ours = estimate(
        case.specification, case.source, Settings(engine=engine, floor=3, cache=folder / "prepared")
    )
    plain = estimate(case.specification, case.source, Settings(engine="reference", floor=3))
    assert ours.notes == plain.notes
    return differences(ours.table, plain.table)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_local_agrees_with_the_plain_engine(seed: int, tmp_path: Path) -> None:
    case = make_case(seed, tmp_path, replicates=80 if seed % 4 == 0 else 6)
    assert compare(case, "local", tmp_path) == []


def test_groupings_that_share_no_column_are_summed_one_after_the_other(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    columns = ("JOB", "TRADE", "ORIGIN")
    weights = [f"W{number}" for number in range(1, 7)]
    frame = pl.DataFrame(
        {name: random.integers(0, 30, 500) for name in columns}
        | {name: random.integers(1, 90, 500) for name in ("PAY", "W", *weights)}
    )
    source = tmp_path / "records.parquet"
    frame.write_parquet(source)
    asked = Specification(
        design_by_method("jk1", "W", weights),
        (Estimate("pay", "mean", of="PAY"), Estimate("middle", "quantile", of="PAY", at=(0.5,))),
        ((), *((name,) for name in columns), ("JOB", "TRADE")),
    )
    store = open_store(
        tmp_path / "prepared", source, layout_of(asked), columns_of(asked), lambda *_step: None
    )
    parts = groupings_at_once(asked, Expressions(asked, store))
    assert len(parts) > 1
    assert {one for part in parts for one in part} == set(asked.groupings())
    assert compare(Case(asked, source), "local", tmp_path) == []


@pytest.mark.parametrize("seed", range(12))
def test_duckdb_agrees_with_the_plain_engine(seed: int, tmp_path: Path) -> None:
    case = make_case(seed, tmp_path, replicates=80 if seed % 4 == 0 else 6, quantiles=False)
    assert compare(case, "duckdb", tmp_path) == []


# Py4J leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", [3, 4, 8])
def test_spark_agrees_with_the_plain_engine(seed: int, tmp_path: Path, java: str) -> None:
    case = make_case(seed, tmp_path, replicates=6, quantiles=False)
    found = compare(case, "spark", tmp_path)
    gc.collect()
    assert found == []


def records_under(names: str, folder: Path) -> tuple[Path, Specification]:
    """A file with a line of names, and a question about the column before its three weights."""
    source = folder / "records.csv"
    count = names.count(",") - 2
    lines = [",".join([f"{row * 7 + at}" for at in range(count)] + ["3", "2", "4"]) for row in range(1, 20)]
    source.write_text("\n".join([names, *lines]) + "\n", encoding="utf-8")
    (header,) = csv.reader([names.removeprefix("\ufeff")])
    asked = Estimate("pay", "mean", of=header[count - 1])
    return source, Specification(design_by_method("jk1", "W", ["W1", "W2"]), (asked,), ((),))


@pytest.mark.parametrize("engine", ["local", "duckdb"])
@pytest.mark.parametrize(
    "names",
    [",PAY,W,W1,W2", ",,PAY,W,W1,W2", "x,x,PAY,W,W1,W2", "x,X,PAY,W,W1,W2", '"PA""Y",W,W1,W2', "PAY ,W,W1,W2",
     "\ufeffPAY,W,W1,W2"],
    ids=["none", "two of none", "twice", "capitals", "a quote", "a blank", "a mark of order"],
)  # fmt: skip
def test_odd_names_of_columns_are_read_alike(engine: str, names: str, tmp_path: Path) -> None:
    source, asked = records_under(names, tmp_path)
    assert compare(Case(asked, source), engine, tmp_path) == []


@pytest.mark.parametrize("engine", ["reference", "local", "duckdb", "spark"])
def test_a_column_that_is_asked_for_and_stands_twice_is_refused(engine: str, tmp_path: Path) -> None:
    source, asked = records_under("PAY,PAY,W,W1,W2", tmp_path)
    with pytest.raises(DataError, match="more than one column named PAY"):
        estimate(asked, source, Settings(engine=engine, cache=tmp_path / "prepared"))


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_names_that_sql_cannot_tell_apart_are_refused_with_a_way_out(engine: str, tmp_path: Path) -> None:
    source, asked = records_under("pay,PAY,W,W1,W2", tmp_path)
    assert compare(Case(asked, source), "local", tmp_path) == []
    with pytest.raises(DataError, match="capitals or not") as refused:
        estimate(asked, source, Settings(engine=engine, cache=tmp_path / "prepared"))
    assert "--engine local" in refused.value.advice


# Py4J leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("row", ["70,3,2", "70,3,2,4,9"])
def test_spark_names_a_row_of_the_wrong_length(row: str, tmp_path: Path, java: str) -> None:
    source = tmp_path / "records.csv"
    source.write_text(f"PAY,W,W1,W2\n7,3,2,4\n{row}\n", encoding="utf-8")
    asked = Specification(
        design_by_method("jk1", "W", ["W1", "W2"]), (Estimate("pay", "mean", of="PAY"),), ((),)
    )
    with pytest.raises(DataError, match=rf"row 3: found {row.count(',') + 1} cells, expected 4"):
        estimate(asked, source, Settings(engine="spark", cache=tmp_path / "prepared"))
    gc.collect()
