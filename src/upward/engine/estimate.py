"""Estimates from microdata by one of four engines that give the same answer.

What belongs here: which engine runs, and what all of them share before and after. What does not: how an
engine computes (`reference.py`, `local.py`, `compile.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upward.base.errors import UsageError
from upward.engine.allocate import Allocation, code_of, load_allocation, notes
from upward.engine.microdata import check_source, read_parts
from upward.engine.results import DISCLOSURE_FLOOR, table
from upward.engine.specification import Specification, columns_of

#: Engine -> what it is.
ENGINES = {
    "local": "this machine, every core; keeps a prepared copy of the file",
    "duckdb": "DuckDB; no quantiles",
    "spark": "Spark, local or a cluster; no quantiles",
    "reference": "plain Python, slow; what the others must agree with",
}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Estimates:
    """What an engine found: the table (columns of `results.COLUMNS`), and sentences a reader should know."""

    table: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: engine, the folder for prepared copies, the disclosure floor, Spark's address, progress."""

    engine: str = "local"
    cache: Path | None = None
    floor: int = DISCLOSURE_FLOOR
    master: str | None = None
    progress: Progress = lambda _step, _done, _whole: None


def estimate(specification: Specification, data: Path, settings: Settings) -> Estimates:
    """Return the estimates of a specification from a file of records.

    Raises DataError for data or a crosswalk that cannot be used, UsageError for an engine that cannot do it.
    """
    if settings.engine not in ENGINES:
        raise UsageError(f"There is no engine “{settings.engine}”.", advice=f"Known: {', '.join(ENGINES)}.")
    if settings.floor < 0:
        raise UsageError("The disclosure floor is a number of records, at least 0.")
    check_source(data)
    allocation = load_allocation(specification.geography) if specification.geography else None
    pieces, codes = _run(specification, data, allocation, settings)
    said = notes(allocation, codes, specification.geography.name) if allocation and specification.geography else ()
    return Estimates(table(specification, pieces, floor=settings.floor), said)


def _run(specification, data, allocation, settings):  # type: ignore[no-untyped-def]
    from upward.engine.reference import run_reference

    parts = list(read_parts(data, columns_of(specification), missing=specification.missing, progress=settings.progress))
    frame = pl.concat(parts)
    pieces, _ = run_reference(specification, frame.to_dicts(), allocation)
    codes = set()
    if specification.geography:
        columns = [f"t:{name}" for name in specification.geography.columns]
        codes = {code_of(row) for row in frame.select(columns).drop_nulls().unique().iter_rows()}
    return pieces, codes
