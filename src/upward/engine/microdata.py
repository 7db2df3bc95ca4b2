"""Files of survey records, read in parts: only the columns needed, typed by what they are used for.

A frame that comes from here has columns `w:NAME` (a weight), `n:NAME` (the column as a number) and `t:NAME`
(the column as text). Missing is null. What cannot be read as it must be is collected with row and column.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from upward.base.errors import DataError
from upward.engine.specification import Columns

#: Bytes of CSV, or rows of Parquet, that are read at once.
CSV_PART = 48_000_000
PARQUET_PART = 524_288
MOST_SHOWN = 20

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A value that cannot be what it must be; `row` counts from 1, the line of names included for CSV."""

    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Say where it is and what is wrong."""
        return f"row {self.row}, column {self.column}: found “{self.found}”, expected {self.expected}"


def check_source(path: Path) -> Path:
    """Return the path; raise DataError where there is no file or its ending names no known form."""
    if not path.is_file():
        raise DataError(f"There is no file {path}.", advice="Name the file with the survey's records.")
    if not path.name.lower().endswith((".csv", ".csv.gz", ".parquet")):
        raise DataError(
            f"“{path.name}” has no ending that names a form.", advice="Known: .csv, .csv.gz, .parquet."
        )
    return path


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a file, a repeated one with its number; raise DataError where it cannot
    be read.
    """
    names: list[str] = []
    for name in _header(path):
        alone, number = name, 1
        while name in names:
            number += 1
            name = f"{alone} ({number})"
        names.append(name)
    return names


def _header(path: Path) -> list[str]:
    """The names as they stand in the file."""
    try:
        if is_parquet(path):
            return list(pl.scan_parquet(path).collect_schema().names())
        with _opened(path) as handle:
            line = handle.readline()
        if not line.strip():
            raise DataError(f"{path} is empty.")
        return next(csv.reader([line.decode("utf-8-sig", "replace")]))
    except (pl.exceptions.PolarsError, OSError, EOFError, csv.Error) as problem:
        raise _unreadable(path, problem) from problem


def is_parquet(path: Path) -> bool:
    """Tell whether the name says Parquet."""
    return path.name.lower().endswith(".parquet")


def _unreadable(path: Path, problem: Exception) -> DataError:
    reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
    return DataError(f"{path} cannot be read: {reason}.", advice="Check that the file is complete.")


def check_columns(path: Path, columns: Columns, *, by_letter: bool = True) -> None:
    """Raise DataError that names every column which the file lacks, with what might be meant, or has twice.

    Without `by_letter` names that differ in capitals only are the same, as they are to SQL.
    """
    present = _header(path)
    seen = Counter(present if by_letter else map(str.lower, present))
    twice = [name for name in columns.names() if seen[name if by_letter else name.lower()] > 1]
    if twice:
        raise DataError(
            f"{path.name} has more than one column named {', '.join(twice[:8])}"
            f"{'' if by_letter else ', capitals or not'}.",
            advice="Give each column a name of its own."
            if by_letter
            else "Give each column a name of its own, or use --engine local.",
        )
    absent = [name for name in columns.names() if name not in present]
    if absent:
        separator = next(
            (mark for mark in (";", "\t", "|") if len(present) == 1 and mark in present[0]), None
        )
        if separator is not None:
            raise DataError(
                f"{path.name} has one column: its cells are not separated by commas.",
                advice=f"They seem to be separated by {separator!r}; save the file with commas.",
            )
        by_lower = {name.lower(): name for name in present}
        meant = [by_lower[name.lower()] for name in absent if name.lower() in by_lower]
        advice = f"Names must agree to the letter; the file has {', '.join(meant[:5])}." if meant else ""
        raise DataError(
            f"{path.name} lacks the column(s) {', '.join(absent[:8])}{' …' if len(absent) > 8 else ''}.",
            advice=advice or f"It has: {', '.join(present[:12])}{' …' if len(present) > 12 else ''}.",
        )


def read_parts(
    path: Path,
    columns: Columns,
    *,
    missing: Sequence[str] = ("", "NA"),
    progress: Progress = lambda _step, _done, _whole: None,
) -> Iterator[pl.DataFrame]:
    """Yield the records in parts, in the order of the file; raise DataError for cells that are wrong.

    Every column has been looked for before the first part; bad cells of one part are reported together.
    """
    check_columns(path, columns)
    parts = _parquet_parts(path, columns) if is_parquet(path) else _csv_parts(path, columns, missing)
    first = 1 if is_parquet(path) else 2
    try:
        for raw, done, whole in parts:
            progress("Reading the records", done, whole)
            typed = _typed(raw, columns, missing)
            bad = _bad_cells(raw, typed, columns, first)
            if bad:
                raise bad_cells_error(path, bad)
            first += len(raw)
            yield typed
    except (pl.exceptions.PolarsError, OSError, EOFError) as problem:
        raise _unreadable(path, problem) from problem


def bad_cells_error(path: Path, bad: Sequence[BadCell]) -> DataError:
    """Return the error that lists bad cells."""
    lines = "\n".join(f"- {cell}" for cell in bad[:MOST_SHOWN])
    more = f"\n- … and {len(bad) - MOST_SHOWN} more" if len(bad) > MOST_SHOWN else ""
    return DataError(
        f"{path.name} holds values that cannot be used:\n{lines}{more}",
        advice="Correct them, or name in the specification what means “missing”: missing: ['', NA, '.'].",
    )


def _parquet_parts(path: Path, columns: Columns) -> Iterator[tuple[pl.DataFrame, int, int]]:
    scan = pl.scan_parquet(path).select(columns.names())
    rows = int(scan.select(pl.len()).collect().item())
    for first in range(0, max(rows, 1), PARQUET_PART):
        yield scan.slice(first, PARQUET_PART).collect(), min(first + PARQUET_PART, rows), rows


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _csv_parts(
    path: Path, columns: Columns, missing: Sequence[str]
) -> Iterator[tuple[pl.DataFrame, int, int]]:
    """Yield the columns needed: numbers as numbers where the part allows it, else everything as text."""
    names = column_names(path)
    texts = set(columns.texts)
    kinds: dict[str, type[pl.DataType]] = {
        name: pl.String if name in texts else pl.Float64 for name in columns.names()
    }
    whole = path.stat().st_size
    with path.open("rb") as raw, _through(raw, path) as handle:
        handle.readline()
        is_empty, row = True, 2
        for block in _blocks(handle):
            is_empty = False
            _check_shape(path, block, len(names), row)
            part = _parse(block, names, kinds, missing)
            row += len(part)
            yield part, min(raw.tell(), whole), whole
        if is_empty:
            yield pl.DataFrame(schema=kinds), whole, whole


def _through(raw: BinaryIO, path: Path) -> BinaryIO:
    return gzip.open(raw, "rb") if path.name.lower().endswith(".gz") else raw  # type: ignore[return-value]


def _blocks(handle: BinaryIO) -> Iterator[bytes]:
    """Yield whole records: a cut is made after a line's end that is not inside quotes."""
    rest = b""
    while part := handle.read(CSV_PART):
        rest += part
        cut = rest.rfind(b"\n") + 1
        while cut and rest.count(b'"', 0, cut) % 2:
            cut = rest.rfind(b"\n", 0, cut - 1) + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest.strip():
        yield rest


def _check_shape(path: Path, block: bytes, columns: int, first: int) -> None:
    """Raise DataError that names the rows which have too few cells, or too many.

    Commas are counted first; only where their number is not the expected one are the rows looked at.
    """
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if block.count(b",") == lines * (columns - 1):
        return
    try:
        rows = csv.reader(io.StringIO(block.decode("utf-8", "replace"), newline=""))
        bad = [(row, len(cells)) for row, cells in enumerate(rows, first) if cells and len(cells) != columns]
    except csv.Error as problem:
        raise _unreadable(path, problem) from problem
    if bad:
        said = [f"- row {row}: found {count} cells, expected {columns}" for row, count in bad[:MOST_SHOWN]]
        more = [f"- … and {len(bad) - MOST_SHOWN} more"] if len(bad) > MOST_SHOWN else []
        raise DataError(
            f"{path.name} has rows that do not fit its line of names:\n" + "\n".join(said + more),
            advice="Look for a cut line, a comma inside a cell without quotes, or a quote that is not closed.",
        )


def _parse(
    block: bytes, names: list[str], kinds: dict[str, type[pl.DataType]], missing: Sequence[str]
) -> pl.DataFrame:
    def parse(chosen: dict[str, type[pl.DataType]]) -> pl.DataFrame:
        return pl.read_csv(
            io.BytesIO(block),
            has_header=False,
            new_columns=names,
            schema_overrides={name: chosen.get(name, pl.String) for name in names},
            columns=[names.index(name) for name in chosen],
            null_values=list(missing),
            infer_schema=False,
            encoding="utf8-lossy",
        ).select(list(chosen))

    try:
        return parse(kinds)
    except pl.exceptions.ComputeError:
        return parse(dict.fromkeys(kinds, pl.String))


def _typed(raw: pl.DataFrame, columns: Columns, missing: Sequence[str]) -> pl.DataFrame:
    numbers = [_weight(raw, name).alias(f"w:{name}") for name in columns.weights]
    numbers += [_number(raw, name).alias(f"n:{name}") for name in columns.numbers]
    texts = [_text(raw, name, missing).alias(f"t:{name}") for name in columns.texts]
    return raw.select(*numbers, *texts)


def _weight(raw: pl.DataFrame, name: str) -> pl.Expr:
    """Return a weight as it is where it is whole already: most of a file is weights."""
    return pl.col(name) if raw.schema[name].is_signed_integer() else _number(raw, name)


def _number(raw: pl.DataFrame, name: str) -> pl.Expr:
    kind = raw.schema[name]
    if kind == pl.String:
        return pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)
    if kind.is_float():
        return pl.col(name).cast(pl.Float64).fill_nan(None)
    return pl.col(name).cast(pl.Float64, strict=False)


def _text(raw: pl.DataFrame, name: str, missing: Sequence[str]) -> pl.Expr:
    kind = raw.schema[name]
    column = pl.col(name)
    if kind.is_float():
        whole = column.is_finite() & (column == column.round(0))
        as_text = pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String))
        return as_text.otherwise(column.fill_nan(None).cast(pl.String))
    text = column.cast(pl.String)
    return pl.when(text.is_in(list(missing))).then(None).otherwise(text)


def _bad_cells(raw: pl.DataFrame, typed: pl.DataFrame, columns: Columns, first: int) -> list[BadCell]:
    """Return numbers that could not be read, and weights that are missing or not finite."""
    found: list[BadCell] = []
    for name in columns.numbers:
        if raw.schema[name] == pl.String:
            found += _where(
                raw, name, raw[name].is_not_null() & typed[f"n:{name}"].is_null(), "a number", first
            )
    for name in columns.weights:
        weight = typed[f"w:{name}"]
        if weight.null_count() or (weight.dtype.is_float() and not weight.is_finite().all()):
            wrong = weight.is_null() | ~weight.cast(pl.Float64).is_finite().fill_null(value=False)
            found += _where(raw, name, wrong, "a weight (a number, never missing)", first)
    return sorted(found, key=lambda cell: cell.row)


def _where(raw: pl.DataFrame, name: str, wrong: pl.Series, expected: str, first: int) -> list[BadCell]:
    rows = wrong.arg_true().to_list()
    return [
        BadCell(first + row, name, "" if raw[name][row] is None else str(raw[name][row]), expected)
        for row in rows
    ]
