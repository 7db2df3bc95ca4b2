"""Estimates from microdata by one of four engines that give the same answer.

What belongs here: which engine runs, and what all of them share before and after. What does not: how an
engine computes (`reference.py`, `local.py`, `compile.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upward.base.errors import UsageError
from upward.engine.allocate import Allocation, Code, code_of, load_allocation, notes
from upward.engine.microdata import check_source, read_parts
from upward.engine.quantiles import FAST_RULES
from upward.engine.results import DISCLOSURE_FLOOR, Piece, table
from upward.engine.specification import Specification, columns_of

#: Engine -> what it is.
ENGINES = {
    "local": "this machine, every core; keeps a prepared copy of the file",
    "duckdb": "DuckDB; no quantiles",
    "spark": "Spark, local or a cluster; no quantiles",
    "reference": "plain Python, slow; what the others must agree with",
}

#: Intervals that every engine makes; the others are for comparison with R, by `reference` alone.
FAST_INTERVALS = ("t", "logit", "asin", "woodruff")

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
    geography = specification.geography
    by_area = geography is not None and any(geography.name in one for one in specification.groupings())
    said = notes(allocation, codes) if allocation is not None and by_area else ()
    return Estimates(table(specification, pieces, floor=settings.floor), said)


def _run(
    specification: Specification, data: Path, allocation: Allocation | None, settings: Settings
) -> tuple[list[Piece], Iterable[Code]]:
    """Return the pieces of an engine, and the codes of the areas that the records name."""
    if settings.engine == "local":
        from upward.engine.local import run_local

        _check_rules(specification, settings.engine)
        if settings.cache is None:
            raise UsageError("The engine local needs a folder for prepared copies.")
        return run_local(specification, data, allocation, cache=settings.cache, progress=settings.progress)
    if settings.engine in {"duckdb", "spark"}:
        from upward.engine.compile import run_compiled

        _check_rules(specification, settings.engine)
        return run_compiled(
            specification, data, allocation, engine=settings.engine, master=settings.master,
            progress=settings.progress,
        )  # fmt: skip
    return _run_reference(specification, data, allocation, settings)


def _run_reference(
    specification: Specification, data: Path, allocation: Allocation | None, settings: Settings
) -> tuple[list[Piece], Iterable[Code]]:
    from upward.engine.reference import run_reference

    parts = read_parts(
        data, columns_of(specification), missing=specification.missing, progress=settings.progress
    )
    frame = pl.concat(list(parts), how="vertical_relaxed")
    settings.progress("Estimating", 0, 1)
    pieces = run_reference(specification, frame.to_dicts(), allocation)
    codes: set[Code] = set()
    if specification.geography:
        columns = [f"t:{name}" for name in specification.geography.columns]
        codes = {code_of(row) for row in frame.select(columns).drop_nulls().unique().iter_rows()}
    return pieces, codes


def _check_rules(specification: Specification, engine: str) -> None:
    """Raise UsageError for a rule or interval that only the plain engine computes."""
    for estimate in specification.estimates:
        words = []
        if estimate.kind == "quantile" and estimate.rule not in FAST_RULES:
            words.append(f"the rule {estimate.rule}")
        if estimate.interval not in FAST_INTERVALS:
            words.append(f"the interval {estimate.interval}")
        if words:
            raise UsageError(
                f"“{estimate.name}”: {' and '.join(words)} cannot be computed by the engine {engine}.",
                advice="Use --engine reference.",
            )
