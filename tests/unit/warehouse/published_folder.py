"""A folder of invented published files, built by the ordinary build."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from upward.catalog.load import load_catalog
from upward.warehouse.build import BuildTables, build_tables

COUNTY_FRAME = "year,state,county,state_name,county_name,population"
PLACE_FRAME = "year,state,place,state_name,place_name,population"


class PublishedFolder:
    """Writes invented files and builds them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
        """Write a file of these lines, the header first; packed where the name says so."""
        return self.put_bytes(name, "".join(line + end for line in lines).encode(encoding))

    def put_bytes(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    def build(self, years: Mapping[str, int] | None = None) -> Built:
        return Built(build_tables(self.folder, catalog=load_catalog(), years=years))


class Built:
    """The tables of a build with short ways to ask for rows."""

    def __init__(self, tables: BuildTables) -> None:
        self.tables = tables

    def rows(self, variable: str, **keys: Any) -> list[dict[str, Any]]:
        """Return the result rows of a variable whose columns equal `keys`."""
        frame = self.tables.results.filter(pl.col("variable") == variable)
        for name, value in keys.items():
            frame = frame.filter(pl.col(name).eq_missing(pl.lit(value)))
        return frame.rows(named=True)

    def row(self, variable: str, **keys: Any) -> dict[str, Any]:
        """Return the only result row that fits."""
        found = self.rows(variable, **keys)
        assert len(found) == 1, found
        return found[0]

    def problems(self, rule: str) -> list[dict[str, Any]]:
        """Return the problems of a rule."""
        return self.tables.problems.filter(pl.col("rule") == rule).rows(named=True)

    def account(self, file: str) -> Any:
        """Return the account of a file."""
        return next(account for account in self.tables.accounting if account.file == file)
