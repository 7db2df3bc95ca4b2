"""Own estimates: from a specification and a file of records to a table, for the command line and
notebooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from upward.engine.estimate import Estimates, Settings
from upward.engine.estimate import estimate as run_engine
from upward.engine.results import DISCLOSURE_FLOOR
from upward.engine.specification_file import read_specification, specification_of
from upward.warehouse.home import home_folder

PREPARED = "microdata"

Progress = Callable[[str, int, int], None]


def estimate(
    spec: Path | str | Mapping[str, Any],
    data: Path | str,
    *,
    engine: str = "local",
    home: Path | str | None = None,
    floor: int = DISCLOSURE_FLOOR,
) -> pl.DataFrame:
    """Return estimates with standard errors from a file of survey records, one row a number.

    `spec` is a YAML file of the form upward/estimate/1, or the same as a mapping; `data` a CSV, CSV.gz or
    Parquet file. Columns: `engine.results.COLUMNS`, the group columns between `by` and `value`. Estimates
    that
    rest on fewer than `floor` records are withheld. Raises DataError for mistakes in either file, UsageError
    for an engine that cannot do it or is not installed.
    """
    return estimate_file(spec, data, engine=engine, home=home, floor=floor).table


def estimate_file(
    spec: Path | str | Mapping[str, Any],
    data: Path | str,
    *,
    engine: str = "local",
    home: Path | str | None = None,
    floor: int = DISCLOSURE_FLOOR,
    master: str | None = None,
    progress: Progress = lambda _step, _done, _whole: None,
) -> Estimates:
    """Return the table of `estimate` with what a reader should know about it."""
    if isinstance(spec, Mapping):
        specification = specification_of(spec, folder=Path.cwd())
    else:
        specification = read_specification(Path(spec))
    return run_engine(specification, Path(data), settings(engine, home, floor, master, progress))


def settings(
    engine: str, home: Path | str | None, floor: int, master: str | None, progress: Progress
) -> Settings:
    """Return how to run: prepared copies lie under the home folder."""
    return Settings(engine, home_folder(home) / PREPARED, floor, master, progress)
