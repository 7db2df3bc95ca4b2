"""Whole files at once: as many numbers, with the same sum, as a plain reading finds; the rest is reported."""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from pathlib import Path

import polars as pl
import pytest
from plain_reading import NAMES, as_number, rows_of

from upward.warehouse.read import Release

pytestmark = pytest.mark.real


def _held(release: Release, file: str) -> dict[str, tuple[int, float]]:
    """Return variable -> count and sum of the numbers as published, from the rows of a release.

    The All row of a file with several kinds of groups stands once under each kind; it counts once.
    """
    rows = pl.scan_parquet(release.folder / "results.parquet").filter(pl.col("source_file") == file)
    kinds = pl.when(pl.col("group") == "all").then(pl.lit("")).otherwise("group_type").alias("kind")
    number = ("variable", "geo_id", "period", "group", "value", "published_value")
    mine = rows.select(*number, kinds).unique().select("variable", "value", "published_value").collect()
    found: dict[str, list[float]] = defaultdict(list)
    for variable, value, published in mine.iter_rows():
        number = as_number(published) if published is not None else value
        if number is not None:
            found[variable].append(number)
    return {variable: (len(numbers), fsum(numbers)) for variable, numbers in found.items()}


def _published(path: Path, variables: frozenset[str]) -> dict[str, tuple[int, float]]:
    """Return variable -> count and sum of the numbers of a file, read plainly."""
    found: dict[str, list[float]] = defaultdict(list)
    columns: dict[str, str] = {}
    for row in rows_of(path):
        columns = columns or {
            name: NAMES.get(name, name) for name in row if NAMES.get(name, name) in variables
        }
        for name, variable in columns.items():
            number = as_number(row[name])
            if number is not None:
                found[variable].append(number)
    return {variable: (len(numbers), fsum(numbers)) for variable, numbers in found.items()}


def _reported(release: Release, file: str) -> frozenset[str]:
    """Return the variables of a file of which numbers were left out and reported."""
    columns = release.problems(file).filter(pl.col("kind").is_in(["ignored", "rejected"]))["column"]
    return frozenset(NAMES.get(column, column) for column in columns.drop_nulls())


def test_files_that_lost_no_row_hold_every_number(real_release: Release, shared_data: Path) -> None:
    variables = frozenset(real_release.catalog.variables)
    different, numbers, files = [], 0, 0
    for account in real_release.manifest["accounting"]:
        lost = account["rows_rejected"] + account["rows_ignored"]
        if lost or not account["source_release"]:
            continue
        files += 1
        held, reported = _held(real_release, account["file"]), _reported(real_release, account["file"])
        for variable, (count, total) in _published(shared_data / account["file"], variables).items():
            ours_count, ours_total = held.get(variable, (0, 0.0))
            if variable in reported:
                continue
            numbers += count
            if ours_count != count or ours_total != pytest.approx(total, rel=1e-12, abs=1e-9):
                different.append(f"{account['file']} {variable}: {ours_count} numbers, the file has {count}")
    assert not different, f"{len(different)} of {files} files:\n" + "\n".join(different)
    assert files > 70
    assert numbers > 500_000
