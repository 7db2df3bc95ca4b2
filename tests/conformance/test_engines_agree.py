"""Four ways, one answer: every engine gives the numbers of the plain one, on generated and on real files."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from agreement import differences
from cases import Case, make_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upward.engine.estimate import Settings, estimate


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
