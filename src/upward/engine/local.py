"""The engine `local`: the prepared store and compiled loops, on every core of this machine.

Sums are made for each partition (a PUMA) and cell (a combination of categories) once, added up to the groups
that are asked for, and only then multiplied by the factors of the areas that the partitions belong to.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upward.base.errors import RefusedError
from upward.engine.allocate import Allocation, Code, code_of
from upward.engine.expressions import Expressions
from upward.engine.extras import missing
from upward.engine.plan import Flag, Must, Plan, make_plans
from upward.engine.results import Piece
from upward.engine.specification import Specification, columns_of
from upward.engine.store import Layout, Store, open_store

Array = NDArray[Any]
Progress = Callable[[str, int, int], None]

#: The most memory that the sums of one pass may take, in bytes; more groups than that are refused.
MOST_BYTES = 3_000_000_000
MOST_CELLS = 50_000_000
#: Cells that groupings make together before they are summed in passes of their own.
CELLS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows the groupings have: groupings with partitions come first, then those over the whole file.

    `cells` is cells × groupings with the row of each cell, or −1; `labels` the texts of each row.
    """

    groupings: tuple[tuple[str, ...], ...]
    by_area: int
    cells: Array
    labels: list[tuple[str, ...]]
    grouping_of: Array

    def span(self, *, by_area: bool) -> tuple[int, int]:
        """Return first and last row of the groupings by area, or of those over the whole file."""
        split = int(np.searchsorted(self.grouping_of, self.by_area))
        return (0, split) if by_area else (split, len(self.labels))


@dataclass(frozen=True, slots=True)
class Mix:
    """Areas as partitions with factors; areas of equal mix share one entry.

    `names` are the areas' codes, `entry` the mix of each, `scale` what its sums are multiplied with.
    """

    at: Array
    part: Array
    factor: Array
    names: list[Code]
    entry: Array
    scale: Array


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one pass as the kernels want them."""

    store: Store
    flags: Array
    cell: Array
    rows: Rows
    values: Array
    index: Array


def run_local(
    specification: Specification,
    source: Path,
    allocation: Allocation | None,
    *,
    cache: Path,
    progress: Progress = lambda _step, _done, _whole: None,
) -> tuple[list[Piece], list[Code]]:
    """Return the results of a specification, and the codes of the areas that the records name."""
    try:
        from upward.engine.local_pass import run_pass
    except ImportError as problem:
        raise missing("numba") from problem

    store = open_store(cache, source, layout_of(specification), columns_of(specification), progress)
    expressions = Expressions(specification, store)
    mixes = (area_mix(specification, store, allocation), whole_mix(store))
    pieces: list[Piece] = []
    plans = make_plans(specification, expressions.never_missing)
    parts = groupings_at_once(specification, expressions)
    for number, (plan, groupings) in enumerate(product(plans, parts)):
        progress("Estimating", number, len(plans) * len(parts))
        rows, cell = rows_of(specification, groupings, expressions, store)
        check_memory(specification, plan, rows, store)
        flags, values = evaluate(plan, expressions, store)
        records = Records(store, flags, cell, rows, values, np.zeros(0, np.int32))
        pieces += run_pass(specification, plan, records, mixes, expressions)
    return pieces, [code_of(code) for code in store.codes] if specification.geography else []


def layout_of(specification: Specification) -> Layout:
    """Return how the file is best laid out for a specification."""
    quantiles = [estimate.of for estimate in specification.estimates if estimate.kind == "quantile"]
    stored = columns_of(specification).numbers
    factors = {item.name: getattr(item, "factors", (None,))[0] for item in specification.fields}
    order = next((factors.get(name or "", name) for name in quantiles), None)
    return Layout(
        specification.design.weights,
        partition_columns(specification),
        order if order in stored else None,
        specification.missing,
    )


def partition_columns(specification: Specification) -> tuple[str, ...]:
    """Return the columns that partitions are made of: the geography's, else those that all groupings
    share.
    """
    if specification.geography is not None:
        return specification.geography.columns
    derived = {item.name for item in specification.fields}
    grouped = [grouping for grouping in specification.by if grouping]
    shared = [name for name in (grouped[0] if grouped else ()) if all(name in other for other in grouped)]
    return tuple(name for name in shared if name not in derived)


def groupings_at_once(
    specification: Specification, expressions: Expressions
) -> list[tuple[tuple[str, ...], ...]]:
    """Return the groupings in parts, each of which makes few enough cells to be summed in one pass.

    Groupings that share columns are cheap together; those that do not would multiply each other's cells.
    """
    own = {specification.geography.name} if specification.geography else set(partition_columns(specification))

    def cells(groupings: tuple[tuple[str, ...], ...]) -> float:
        columns = {column for grouping in groupings for column in grouping if column not in own}
        return math.prod(len(expressions.codes(column)[1]) + 1.0 for column in columns)

    parts: list[tuple[tuple[str, ...], ...]] = []
    for grouping in specification.groupings():
        fits = (at for at, part in enumerate(parts) if cells((*part, grouping)) <= CELLS_AT_ONCE)
        at = next(fits, None)
        if at is None:
            parts.append((grouping,))
        else:
            parts[at] = (*parts[at], grouping)
    return parts


def rows_of(
    specification: Specification,
    groupings: tuple[tuple[str, ...], ...],
    expressions: Expressions,
    store: Store,
) -> tuple[Rows, Array]:
    """Return the rows of groupings, and the cell of each record."""
    partition = partition_columns(specification)
    name = specification.geography.name if specification.geography else None
    by_area = [g for g in groupings if name in g or (name is None and partition and set(partition) <= set(g))]
    ordered = (*by_area, *(g for g in groupings if g not in by_area))
    skip = {name} if name else set(partition)
    dimensions = list(dict.fromkeys(
        column for g in ordered for column in g if column not in skip or g not in by_area
    ))  # fmt: skip
    coded, texts = {}, {}
    for column in dimensions:
        coded[column], texts[column] = expressions.codes(column)
    cell, present = _cells(coded, texts, expressions, store)
    labels: list[tuple[str, ...]] = []
    grouping_of: list[int] = []
    cells = np.full((len(present), len(ordered)), -1, np.int32)
    for number, grouping in enumerate(ordered):
        own = [column for column in grouping if number >= len(by_area) or column not in skip]
        places = [dimensions.index(column) for column in own]
        chosen = [tuple(combination[place] for place in places) for combination in present]
        known = {codes: at for at, codes in enumerate(sorted({code for code in chosen if -1 not in code}))}
        if not grouping:
            known = {(): 0}  # the whole file is a group even where no record is
        for at, code in enumerate(chosen):
            cells[at, number] = len(labels) + known[code] if code in known else -1
        labels += [tuple(texts[name][at] for name, at in zip(own, code, strict=True)) for code in known]
        grouping_of += [number] * len(known)
    return Rows(ordered, len(by_area), cells, labels, np.array(grouping_of, np.int64)), cell


def _cells(
    codes: dict[str, pl.Expr], texts: dict[str, list[str]], expressions: Expressions, store: Store
) -> tuple[Array, list[tuple[int, ...]]]:
    """Return each record's cell, and the codes that each cell stands for (−1: missing)."""
    if not codes:
        return np.zeros(store.rows, np.int32), [()]
    sizes = [len(texts[column]) + 1 for column in codes]
    product = int(np.prod([float(size) for size in sizes]))
    if product > MOST_CELLS:
        raise too_many(product)
    combined: pl.Expr = pl.lit(0, dtype=pl.Int32)
    for column, size in zip(codes, sizes, strict=True):
        combined = combined * size + codes[column].fill_null(size - 1)
    cell = expressions.evaluate({"cell": combined})["cell"].to_numpy()
    seen = np.zeros(product, np.bool_)
    seen[cell] = True
    found = np.flatnonzero(seen)
    place = np.zeros(product, np.int32)
    place[found] = np.arange(len(found))
    present = []
    for value in found.tolist():
        combination, left = [], value
        for size in reversed(sizes):
            left, code = divmod(left, size)
            combination.append(-1 if code == size - 1 else code)
        present.append(tuple(reversed(combination)))
    return place[cell], present


def too_many(groups: int) -> RefusedError:
    """Return the refusal of more groups than this engine can hold."""
    return RefusedError(
        f"The groupings make about {groups:,} groups, more than the engine local holds at once.",
        advice="Ask for fewer columns in one grouping, or use --engine duckdb.",
    )


def area_mix(specification: Specification, store: Store, allocation: Allocation | None) -> Mix:
    """Return the areas that groupings by area are about: targets of the geography, or the partitions."""
    if allocation is None:
        count = len(store.codes) if partition_columns(specification) else 0
        numbers = np.arange(count, dtype=np.int64)
        return Mix(
            np.arange(count + 1, dtype=np.int64), numbers, np.ones(count), store.codes[:count], numbers,
            np.ones(count),
        )  # fmt: skip
    place = {code_of(code): number for number, code in enumerate(store.codes)}
    entries: dict[tuple[tuple[int, float], ...], int] = {}
    names: list[Code] = []
    entry, scale = [], []
    for target, sources in allocation.parts.items():
        parts = [(place[code], factor) for code, factor in sources.items() if code in place]
        if not parts:
            continue
        largest = max(factor for _part, factor in parts)
        mix = tuple((part, factor / largest) for part, factor in parts)
        rounded = tuple((part, round(factor, 12)) for part, factor in mix)
        entry.append(entries.setdefault(rounded, len(entries)))
        names.append((target,))
        scale.append(largest)
    sizes = [len(mix) for mix in entries]
    return Mix(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([part for mix in entries for part, _factor in mix], np.int64),
        np.array([factor for mix in entries for _part, factor in mix], np.float64),
        names,
        np.array(entry, np.int64),
        np.array(scale, np.float64),
    )


def whole_mix(store: Store) -> Mix:
    """Return the whole file as one area."""
    count = len(store.bounds) - 1
    return Mix(
        np.array([0, count], np.int64), np.arange(count, dtype=np.int64), np.ones(count), [()],
        np.zeros(1, np.int64), np.ones(1),
    )  # fmt: skip


def check_memory(specification: Specification, plan: Plan, rows: Rows, store: Store) -> None:
    """Raise RefusedError where the sums would not fit into the memory that this engine allows itself."""
    measures = len(plan.flags) + len(plan.values)
    held = (len(store.bounds) - 1) * len(rows.labels) + len(rows.cells) * (os.cpu_count() or 1)
    needed = held * measures * len(specification.design.weights) * 8
    if needed > MOST_BYTES:
        raise too_many((len(store.bounds) - 1) * len(rows.labels))


def evaluate(plan: Plan, expressions: Expressions, store: Store) -> tuple[Array, Array]:
    """Return each record's flags as bits of a word, and its values (fields × records)."""
    word: pl.Expr = pl.lit(0, dtype=pl.UInt64)
    for first in range(0, len(plan.flags), 8):  # bytes first: an eighth of the memory moves
        byte: pl.Expr = pl.lit(0, dtype=pl.UInt8)
        for bit, flag in enumerate(plan.flags[first : first + 8]):
            byte = byte | flag_expression(flag, expressions).cast(pl.UInt8) * pl.lit(1 << bit, dtype=pl.UInt8)
        word = word | byte.cast(pl.UInt64) * pl.lit(1 << first, dtype=pl.UInt64)
    found = expressions.evaluate({"flags": word, **{
        f"value {at}": expressions.product(names).fill_null(0) for at, names in enumerate(plan.fields)
    }})  # fmt: skip
    flags = np.broadcast_to(found["flags"].to_numpy(), store.rows).astype(np.uint64, copy=False)
    values = np.empty((len(plan.fields), store.rows))
    for at in range(len(plan.fields)):
        values[at] = found[f"value {at}"].to_numpy()
    return np.ascontiguousarray(flags), values


def flag_expression(flag: Flag, expressions: Expressions) -> pl.Expr:
    """Return a flag as true or false for every record."""
    parts = []
    for must, condition in flag:
        met = expressions.condition(condition)
        if must is Must.DECIDED:
            parts.append(met.is_not_null())
        else:
            parts.append(met.fill_null(must is Must.NOT_FAILED))
    return pl.all_horizontal(parts) if parts else pl.lit(value=True)
