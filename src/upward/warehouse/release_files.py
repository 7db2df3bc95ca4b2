"""What a release folder holds: its tables, its manifest, and the checks before and after it is written.

What belongs here: rules that a finished folder must meet. What does not: writing it and moving it into place
(`release.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from upward.base.errors import DataError
from upward.catalog.model import Catalog
from upward.warehouse.schema import (
    CONTEXT_COLUMNS,
    FLAGS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    PROBLEM_COLUMNS,
    RELEASE_SCHEMA,
    RESULT_COLUMNS,
    STATUSES,
)

if TYPE_CHECKING:
    from upward.warehouse.build import BuildTables

MANIFEST = "manifest.json"
_CHUNK = 1 << 20

_PLACE_ORDER = ["geo_level", "geo_id", "metric", "variable", "edition", "group_type", "group", "period"]
_VARIABLE_ORDER = ["variable", "edition", "geo_level", "group_type", "group", "period", "geo_id"]
_TIES = ["source_release", "source_file", "current"]

#: Tables of a release: file -> (name in the build's tables, columns, order of rows).
TABLES: dict[str, tuple[str, dict[str, pl.DataType], list[str]]] = {
    "results.parquet": ("results", RESULT_COLUMNS, [*_PLACE_ORDER, *_TIES]),
    "by_variable.parquet": ("results", RESULT_COLUMNS, [*_VARIABLE_ORDER, *_TIES]),
    "places.parquet": ("places", PLACE_COLUMNS, ["geo_level", "geo_id"]),
    "populations.parquet": ("populations", POPULATION_COLUMNS, ["geo_level", "geo_id", "period"]),
    "problems.parquet": ("problems", PROBLEM_COLUMNS, ["file", "line", "column", "rule", "value", "message"]),
    "context.parquet": (
        "context",
        CONTEXT_COLUMNS,
        ["scope", "variable", "edition", "source_release", "period", "group_type", "group", "geo_level"],
    ),
}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a release folder; raise DataError if it is unreadable or of another schema."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise DataError(
            f"The manifest {path} cannot be read: {reason}.",
            advice="Build the release again, or go back to another: upward data use ID.",
        ) from problem
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if schema != RELEASE_SCHEMA or not isinstance(manifest.get("id"), str):
        raise DataError(
            f"{path} is of schema {schema!r}; this version reads {RELEASE_SCHEMA!r}.",
            advice="Build the release again with this version.",
        )
    found: dict[str, Any] = manifest
    return found


def check_tables(tables: BuildTables) -> tuple[str, ...]:
    """Return the names of the checks that the tables passed; raise DataError naming every one that failed."""
    failed = []
    for attribute, columns, _order in TABLES.values():
        frame: pl.DataFrame = getattr(tables, attribute)
        if dict(frame.schema) != columns:
            failed.append(
                f"{attribute}: columns or types differ: {_schema_difference(dict(frame.schema), columns)}"
            )
    if failed:
        raise _table_error(failed)
    checks = _content_checks(tables)
    failed = [name for name, bad_rows in checks.items() if bad_rows]
    if failed:
        raise _table_error([f"{name}: {checks[name]} rows" for name in failed])
    return ("every table has its columns and types", *checks)


def _content_checks(tables: BuildTables) -> dict[str, int]:
    """Return what must hold for the rows -> number of rows for which it does not."""
    results = tables.results
    number = ["variable", "edition", "geo_level", "geo_id", "period", "group_type", "group"]
    flags = (
        results.select(pl.col("flags").unique().drop_nulls().str.split(" ").explode()).to_series().unique()
    )
    unknown_flags = [flag for flag in flags if flag and flag not in FLAGS]
    known = tables.places.lazy().select("geo_level", "geo_id")
    placed = results.lazy().filter(pl.col("geo_level").is_in(["county", "place"]))
    unplaced = (
        placed.select("geo_level", "geo_id").unique().join(known, on=["geo_level", "geo_id"], how="anti")
    )
    unaccounted = sum(
        account.rows_read != account.rows_written + account.rows_rejected + account.rows_ignored
        for account in tables.accounting
    )
    return {
        "every status is known": int((~results["status"].is_in(STATUSES)).sum()),
        "every flag is known": len(unknown_flags),
        "a value stands in every row of status ok, and in no other": _rows(
            results, (pl.col("status") == "ok") != pl.col("value").is_not_null()
        ),
        "no value is infinite or not a number": _rows(results, ~pl.col("value").is_finite()),
        "a quality flag is 1, 2 or 3": _rows(results, ~pl.col("quality").is_between(1, 3)),
        "at most one row of a number is current": _several_current(results, number),
        "every county and city with a number is in the table of places": int(
            unplaced.select(pl.len()).collect().item()
        ),
        "every input row is written, rejected or ignored": unaccounted,
    }


def _several_current(results: pl.DataFrame, number: list[str]) -> int:
    """Return how many numbers have more than one current row; one variable after another, to need little memory."""
    current = results.lazy().filter(pl.col("current")).select(number)
    several = 0
    for variable in results["variable"].unique():
        counted = current.filter(pl.col("variable") == variable).group_by(number).len()
        several += int(counted.filter(pl.col("len") > 1).select(pl.len()).collect().item())
    return several


def _rows(frame: pl.DataFrame, condition: pl.Expr) -> int:
    return int(frame.lazy().select(condition.fill_null(value=False).sum()).collect().item())


def newest_vintage(vintages: list[str], catalog: Catalog) -> str:
    """Return the newest publication among those named, or "release" if the catalogue knows none."""
    known = [vintage for vintage in vintages if vintage in catalog.vintages]
    if not known:
        return "release"
    return max(known, key=lambda vintage: catalog.vintages[vintage].rank)


def identity(manifest: Mapping[str, Any], prefix: str) -> str:
    """Return the id of a release: prefix, and start of the SHA-256 of all other facts of its manifest."""
    facts = {key: value for key, value in manifest.items() if key != "id"}
    return f"{prefix}-{hashlib.sha256(canonical(facts)).hexdigest()[:10]}"


def canonical(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest's bytes: JSON with sorted keys, so that equal facts are equal bytes."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def verify_folder(folder: Path, release_id: str) -> tuple[str, ...]:
    """Return everything that is wrong with a folder that should hold this release; empty if nothing is."""
    try:
        manifest = read_manifest(folder)
        problems = _verify_manifest(folder, manifest, release_id)
        for name, (_attribute, columns, _order) in TABLES.items():
            problems += _verify_table(folder / name, columns, manifest["files"][name])
    except DataError as problem:
        return (problem.message,)
    except (KeyError, TypeError, AttributeError, OSError) as problem:
        return (f"{MANIFEST} is not as it was written ({type(problem).__name__}: {problem})",)
    return tuple(problems)


def _verify_manifest(folder: Path, manifest: dict[str, Any], release_id: str) -> list[str]:
    problems = []
    prefix = manifest["id"].rpartition("-")[0]
    whole = (folder / MANIFEST).read_bytes() == canonical(manifest)
    if not whole or manifest["id"] != release_id or identity(manifest, prefix) != release_id:
        problems.append(f"{MANIFEST} was changed after it was written")
    present = {entry.name for entry in folder.iterdir()}
    expected = {MANIFEST, *TABLES}
    problems += [f"{name} is missing" for name in sorted(expected - present)]
    problems += [f"{name} does not belong here" for name in sorted(present - expected)]
    for account in manifest["accounting"]:
        if (
            account["rows_read"]
            != account["rows_written"] + account["rows_rejected"] + account["rows_ignored"]
        ):
            problems.append(f"the rows of {account['file']} do not add up")
    return problems


def _verify_table(path: Path, columns: dict[str, pl.DataType], entry: dict[str, Any]) -> list[str]:
    if not path.is_file():
        return []  # named as missing already
    if path.stat().st_size != entry["bytes"] or file_checksum(path) != entry["sha256"]:
        return [f"{path.name} was changed after it was written: its checksum differs"]
    try:
        stored = pl.scan_parquet(path)
        schema = dict(stored.collect_schema())
        rows = stored.select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as problem:
        return [f"{path.name} cannot be read ({problem})"]
    problems = []
    if schema != columns:
        problems.append(f"{path.name} has other columns or types: {_schema_difference(schema, columns)}")
    if rows != entry["rows"]:
        problems.append(f"{path.name} has {rows} rows, its manifest says {entry['rows']}")
    return problems


def _schema_difference(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    parts = [f"{name} is missing" for name in expected if name not in found]
    parts += [f"{name} is unknown" for name in found if name not in expected]
    parts += [
        f"{name} is {found[name]}, not {kind}"
        for name, kind in expected.items()
        if name in found and found[name] != kind
    ]
    return ", ".join(parts) or "their order differs"


def _table_error(failed: list[str]) -> DataError:
    listed = "\n".join(f"- {line}" for line in failed)
    return DataError(
        f"The built tables break the rules of a release:\n{listed}\n",
        advice="The previous release is still current. Please report this with the list above.",
    )
