"""The prepared store: a file's records laid out so that estimates run at the speed of memory.

Weights are 9 tenths of such a file. They are written once as one raw matrix, a row a record, in the smallest
type that holds them, in order of partition (a PUMA) and, within it, of the value that quantiles are asked of.
Other columns lie beside, one array each, and are added when a specification first needs them.

A store is found by the content of its file, not by its name: the folder's name is a checksum of the file and
of how it is laid out. It is written beside and renamed, so that an interrupted run leaves nothing to trip
over.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upward.base.errors import DataError
from upward.engine.microdata import read_parts
from upward.engine.specification import Columns

SCHEMA = "upward/store/2"
SOURCES = "sources.json"
#: Rows turned from columns into rows, or moved, at once: small enough to stay in the processor's cache.
BLOCK = 4096
MOVED = 1 << 18
#: Records of a partition where no column divides the file: enough of them to occupy every core.
SLICE = 1 << 16
#: Stores kept; the least recently used go first.
KEPT = 8

Progress = Callable[[str, int, int], None]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its weights, the columns that make partitions, and the column within them."""

    weights: tuple[str, ...]
    partition: tuple[str, ...]
    order: str | None
    missing: tuple[str, ...]


class Store:
    """An open store: `weights` (records × weights), `bounds` of the partitions and their `codes`."""

    def __init__(self, folder: Path, source: Path) -> None:
        facts = json.loads((folder / "store.json").read_text(encoding="utf-8"))
        self.folder, self.source = folder, source
        self.rows: int = facts["rows"]
        self.codes: list[tuple[str, ...]] = [tuple(code) for code in facts["codes"]]
        self.missing: tuple[str, ...] = tuple(facts["missing"])
        self.df: int | None = facts["df"]
        self.largest: float = facts["largest"]
        self.whole: bool = facts["whole"]
        self.bounds: Array = np.load(folder / "bounds.npy")
        shape = (self.rows, facts["columns"])
        self.weights: Array = (
            np.memmap(folder / "weights.bin", dtype=facts["dtype"], mode="r", shape=shape)
            if self.rows
            else np.zeros(shape, dtype=facts["dtype"])
        )

    def numbers(self, name: str) -> tuple[Array, bool]:
        """Return a column as numbers, and whether some are missing: NaN, or the least whole number of the
        type.
        """
        return self._column(f"n:{name}"), self._facts(f"n:{name}")["missing"]

    def texts(self, name: str) -> tuple[Array, list[str], bool]:
        """Return a column as codes, the texts that they stand for, and whether some are missing: −1."""
        facts = self._facts(f"t:{name}")
        return self._column(f"t:{name}"), facts["texts"], facts["missing"]

    def add(self, columns: Columns, progress: Progress) -> None:
        """Write the columns that the store does not have yet, in its order."""
        numbers = tuple(name for name in columns.numbers if not self._path(f"n:{name}").is_file())
        texts = tuple(name for name in columns.texts if not self._path(f"t:{name}").is_file())
        if not numbers and not texts:
            return
        wanted = Columns((), numbers, texts)
        gathered = _Gathered(wanted)
        for part in read_parts(self.source, wanted, missing=self.missing, progress=progress):
            gathered.take(part)
        order = np.load(self.folder / "order.npy", mmap_mode="r")
        gathered.write(self.folder, order)

    def _column(self, key: str) -> Array:
        array: Array = np.load(self._path(key), mmap_mode="r")
        return array

    def _facts(self, key: str) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self._path(key).with_suffix(".json").read_text(encoding="utf-8"))
        return facts

    def _path(self, key: str) -> Path:
        return self.folder / f"{column_file(key)}.npy"


def column_file(key: str) -> str:
    """Return the name of a column's file; columns may be called anything."""
    return f"column-{key[0]}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def open_store(cache: Path, source: Path, layout: Layout, columns: Columns, progress: Progress) -> Store:
    """Return the store of a file with these columns, prepared first where it is not there yet.

    Raises DataError where the file or the folder for stores cannot be used.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        checksum = _checksum(cache, source, progress)
        key = hashlib.sha256(json.dumps([SCHEMA, checksum, layout.weights, layout.partition, layout.missing])
                             .encode()).hexdigest()[:24]  # fmt: skip
        folder = cache / key
        if not (folder / "store.json").is_file():
            _prepare(folder, source, layout, columns, progress)
            _forget(cache, folder)
        os.utime(folder)
        store = Store(folder, source)
        store.add(columns, progress)
    except OSError as problem:
        raise DataError(
            f"The prepared copy of {source.name} could not be kept in {cache}: "
            f"{problem.strerror or problem}.",
            advice="It needs about as much space as the file unpacked; --home names another folder.",
        ) from problem
    return store


def _checksum(cache: Path, source: Path, progress: Progress) -> str:
    """Return the sha256 of a file; a file that kept its size and time since the last look is not read
    again.
    """
    index = cache / SOURCES
    known: dict[str, list[Any]] = {}
    if index.is_file():
        try:
            known = json.loads(index.read_text(encoding="utf-8"))
        except ValueError:
            known = {}
    state = source.stat()
    name, stamp = str(source.resolve()), [state.st_size, state.st_mtime_ns]
    if known.get(name, [])[:2] == stamp:
        return str(known[name][2])
    progress("Looking at the file", 0, 1)
    with source.open("rb") as handle:
        checksum = hashlib.file_digest(handle, "sha256").hexdigest()
    known[name] = [*stamp, checksum]
    beside = cache / f".{SOURCES}-{secrets.token_hex(4)}"
    beside.write_text(json.dumps(known), encoding="utf-8")
    beside.replace(index)
    return checksum


def _forget(cache: Path, newest: Path) -> None:
    stores = sorted(
        (path for path in cache.iterdir() if (path / "store.json").is_file()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for folder in [path for path in stores if path != newest][KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, source: Path, layout: Layout, columns: Columns, progress: Progress) -> None:
    unfinished = folder.with_name(f".unfinished-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        unfinished.mkdir()
        _fill(unfinished, source, layout, columns, progress)
        if folder.exists():  # another process was quicker
            return
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _fill(folder: Path, source: Path, layout: Layout, columns: Columns, progress: Progress) -> None:
    """Write a store into an empty folder: read the file once, order its records, move the weights."""
    wanted = Columns(
        layout.weights, columns.numbers, tuple(dict.fromkeys((*columns.texts, *layout.partition)))
    )
    gathered, matrix = _Gathered(wanted), _Matrix(folder / "weights.unordered", len(layout.weights))
    try:
        for part in read_parts(source, wanted, missing=layout.missing, progress=progress):
            matrix.take(part.select(f"w:{name}" for name in layout.weights))
            gathered.take(part)
    finally:
        matrix.close()
    codes, partition = _partitions(gathered, layout, matrix.rows)
    order = _ordering(gathered, layout, partition)
    bounds = np.searchsorted(partition[order], np.arange(int(partition.max(initial=0)) + 2))
    if not layout.partition:
        bounds = np.append(np.arange(0, matrix.rows, SLICE), matrix.rows)
    gathered.write(folder, order)
    df, largest, whole = matrix.move(folder / "weights.bin", order, progress)
    np.save(folder / "order.npy", order)
    np.save(folder / "bounds.npy", bounds.astype(np.int64))
    facts = {
        "schema": SCHEMA, "source": source.name, "rows": matrix.rows, "columns": len(layout.weights),
        "dtype": matrix.dtype.name, "codes": codes, "missing": layout.missing, "df": df, "largest": largest,
        "whole": whole,
    }  # fmt: skip
    (folder / "store.json").write_text(json.dumps(facts), encoding="utf-8")


def _partitions(gathered: _Gathered, layout: Layout, rows: int) -> tuple[list[tuple[str, ...]], Array]:
    """Return the codes of the partitions, and each record's number among them.

    Records without a code make one more partition, the last, which has none.
    """
    if not layout.partition:
        return [()], np.zeros(rows, np.int32)
    combined = np.zeros(rows, np.int64)
    missing = np.zeros(rows, np.bool_)
    texts = []
    for name in layout.partition:
        column, values = gathered.texts(name)
        texts.append(values)
        combined = combined * max(len(values), 1) + np.maximum(column, 0)
        missing |= column < 0
    combined[missing] = np.iinfo(np.int64).max
    present, partition = np.unique(combined, return_inverse=True)
    codes = []
    for value in present[present < np.iinfo(np.int64).max]:
        code, left = [], int(value)
        for values in reversed(texts):
            left, at = divmod(left, max(len(values), 1))
            code.append(values[at])
        codes.append(tuple(reversed(code)))
    return codes, partition.astype(np.int32)


def _ordering(gathered: _Gathered, layout: Layout, partition: Array) -> Array:
    """Return the positions of the records in the order of the store; missing values come last."""
    keys = [partition]
    if layout.order is not None and layout.partition:
        keys = [gathered.number(layout.order), partition]
    order = np.lexsort(keys) if len(keys) > 1 else np.argsort(partition, kind="stable")
    return order.astype(np.int32 if len(order) < 2**31 else np.int64)


class _Matrix:
    """The weights while they are read: a raw file whose type grows when a weight does not fit."""

    def __init__(self, path: Path, columns: int) -> None:
        self.path, self.columns, self.rows = path, columns, 0
        self.dtype = np.dtype(np.int16)
        self._handle = path.open("wb")

    def take(self, part: pl.DataFrame) -> None:
        """Append the weights of a part, a row a record."""
        needed = np.result_type(self.dtype, *[_smallest(part[name]) for name in part.columns])
        if needed != self.dtype:
            self._widen(needed)
        kind = pl.Float64 if self.dtype == np.float64 else pl.Int16
        typed = part.cast(dict.fromkeys(part.columns, kind))
        block = np.empty((len(typed), self.columns), self.dtype)
        for first in range(0, len(typed), BLOCK):
            block[first : first + BLOCK] = typed[first : first + BLOCK].to_numpy(order="fortran")
        self._handle.write(block.data)
        self.rows += len(typed)

    def _widen(self, dtype: np.dtype[Any]) -> None:
        self._handle.close()
        beside = self.path.with_suffix(".wider")
        with beside.open("wb") as handle, self.path.open("rb") as old:
            while part := old.read(self.columns * self.dtype.itemsize * BLOCK):
                handle.write(np.frombuffer(part, self.dtype).astype(dtype).data)
        beside.replace(self.path)
        self.dtype = dtype
        self._handle = self.path.open("ab")

    def close(self) -> None:
        """Finish writing."""
        self._handle.close()

    def move(self, path: Path, order: Array, progress: Progress) -> tuple[int | None, float, bool]:
        """Write the rows in an order; return degrees of freedom, the largest weight and whether all are
        whole.
        """
        from upward.engine.variance import RankCount

        counted = RankCount(self.columns - 1)
        largest = 0.0
        if self.rows:
            source = np.memmap(self.path, self.dtype, "r", shape=(self.rows, self.columns))
            with path.open("wb") as handle:
                for first in range(0, self.rows, MOVED):
                    progress("Ordering the records", first, self.rows)
                    block = source[order[first : first + MOVED]]
                    handle.write(block.data)
                    largest = max(largest, float(np.abs(block).max()))
                    counted.take(block[:, 1:])
            del source
        else:
            path.touch()
        self.path.unlink()
        return counted.df(), largest, self.dtype != np.float64


def _smallest(column: pl.Series) -> np.dtype[Any]:
    """Return the type that holds a column of weights exactly: 16 bits where they are whole and small.

    There is none between that and 64 bits: each type is another copy of every compiled loop.
    """
    if column.is_empty():
        return np.dtype(np.int16)
    if column.dtype.is_float() and not bool((column == column.round(0)).all()):
        return np.dtype(np.float64)
    largest = float(column.cast(pl.Float64).abs().max() or 0.0)  # type: ignore[arg-type]
    return np.dtype(np.int16 if largest <= np.iinfo(np.int16).max else np.float64)


class _Gathered:
    """Columns other than weights while they are read: numbers as they are, texts as codes."""

    def __init__(self, columns: Columns) -> None:
        self._numbers: dict[str, list[Array]] = {name: [] for name in columns.numbers}
        self._texts: dict[str, list[Array]] = {name: [] for name in columns.texts}
        self._codes: dict[str, dict[str, int]] = {name: {} for name in columns.texts}

    def take(self, part: pl.DataFrame) -> None:
        """Append a part."""
        for name, found in self._numbers.items():
            found.append(_compact(part[f"n:{name}"]))
        for name, found in self._texts.items():
            column, codes = part[f"t:{name}"], self._codes[name]
            for text in column.unique().drop_nulls().sort():
                codes.setdefault(text, len(codes))
            if codes:
                coded = column.replace_strict(codes, default=-1, return_dtype=pl.Int32)
                found.append(coded.fill_null(-1).to_numpy())
            else:
                found.append(np.full(len(column), -1, np.int32))

    def number(self, name: str) -> Array:
        """Return a column of numbers for ordering, NaN where missing."""
        parts = [_as_float(part) for part in self._numbers[name]]
        return np.concatenate(parts) if parts else np.zeros(0)

    def texts(self, name: str) -> tuple[Array, list[str]]:
        """Return codes and texts of a column, texts in order, so that codes sort as they do."""
        parts = self._texts[name]
        column = np.concatenate(parts) if parts else np.zeros(0, np.int32)
        names = list(self._codes[name])
        order = sorted(range(len(names)), key=names.__getitem__)
        place = np.empty(len(names) + 1, np.int32)
        place[order] = np.arange(len(names))
        place[-1] = -1
        return place[column], [names[at] for at in order]

    def write(self, folder: Path, order: Array) -> None:
        """Write every column in an order."""
        for name in self._numbers:
            column = _joined(self._numbers[name])
            facts = {"name": name, "missing": _has_missing(column)}
            _write_column(folder, f"n:{name}", column[order], facts)
            self._numbers[name] = []
        for name in self._texts:
            column, texts = self.texts(name)
            small = np.min_scalar_type(-max(len(texts), 1))
            facts = {"name": name, "texts": texts, "missing": bool((column < 0).any())}
            _write_column(folder, f"t:{name}", column[order].astype(small), facts)
            self._texts[name] = []


def _write_column(folder: Path, key: str, column: Array, facts: dict[str, Any]) -> None:
    path = folder / f"{column_file(key)}.npy"
    path.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with beside.open("wb") as handle:
        np.save(handle, column)
    beside.replace(path)


def _compact(column: pl.Series) -> Array:
    """Return numbers in the smallest type; missing is NaN, or the least number of a whole type."""
    whole = column.drop_nulls()
    if len(whole) and not bool((whole == whole.round(0)).all() and whole.is_finite().all()):
        return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    largest = float(whole.cast(pl.Float64).abs().max() or 0.0)  # type: ignore[arg-type]
    for dtype, kind in ((np.int8, pl.Int8), (np.int16, pl.Int16), (np.int32, pl.Int32)):
        if largest < np.iinfo(dtype).max:
            return column.cast(kind).fill_null(int(np.iinfo(dtype).min)).to_numpy()
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _as_float(column: Array) -> Array:
    if column.dtype.kind == "f":
        return column
    found = column.astype(np.float64)
    found[column == np.iinfo(column.dtype).min] = np.nan
    return found


def _joined(parts: Sequence[Array]) -> Array:
    """Return parts of several types as one column of the widest, missing kept."""
    if not parts:
        return np.zeros(0, np.int8)
    widest = np.result_type(*[part.dtype for part in parts])
    if widest.kind == "f":
        return np.concatenate([_as_float(part) for part in parts])
    least = np.iinfo(widest).min
    joined = []
    for part in parts:
        wide = part.astype(widest)
        wide[part == np.iinfo(part.dtype).min] = least
        joined.append(wide)
    return np.concatenate(joined)


def _has_missing(column: Array) -> bool:
    if column.dtype.kind == "f":
        return bool(np.isnan(column).any())
    return bool((column == np.iinfo(column.dtype).min).any())
