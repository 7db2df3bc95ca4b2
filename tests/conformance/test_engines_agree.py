"""Four ways, one answer: every engine gives the numbers of the plain one, on generated and on real files."""

from __future__ import annotations

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


@pytest.mark.parametrize("engine", ["local", "duckdb"])
def test_a_column_without_a_name_is_let_be(engine: str, tmp_path: Path) -> None:
    source = tmp_path / "records.csv"
    lines = ["", "PAY", "W", "W1", "W2"], *([f"{row}", f"{row * 7}", "3", "2", "4"] for row in range(1, 20))
    source.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    asked = Specification(
        design_by_method("jk1", "W", ["W1", "W2"]), (Estimate("pay", "mean", of="PAY"),), ((),)
    )
    assert compare(Case(asked, source), engine, tmp_path) == []


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
