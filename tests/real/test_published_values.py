"""Every current number of eight places equals a plain second reading of the file that it names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from plain_reading import MISSING, PlainCell, as_number, cells_of, number

from upward.warehouse.read import Release, ResultRow

pytestmark = pytest.mark.real

PLACES = ("29019", "42101", "11001", "27123", "09110", "02063", "48301", "4260000")
CODES = frozenset(PLACES)
#: Flags under which the file may hold the number under another code.
ELSEWHERE = frozenset({"code-mapped", "former-area"})
#: Flags that say why a published grade is not the row's.
REGRADED = frozenset({"quality-recomputed", "quality-without-value"})


@cache
def _path(folder: Path, source_file: str) -> Path:
    for name in (source_file, source_file + ".gz"):
        if (folder / name).is_file():
            return folder / name
    (found,) = folder.rglob(Path(source_file).name + "*")
    return found


def _cells(folder: Path, row: ResultRow) -> list[PlainCell]:
    cells = cells_of(_path(folder, row.source_file), CODES)[row.geo_id]
    same = [cell for cell in cells if cell.variable == row.variable and cell.group == row.group]
    same = [cell for cell in same if cell.year in ("", row.period)]
    # A file by income and by race has an All row for each of the two.
    own = [cell for cell in same if cell.kind and row.group_type.startswith(cell.kind)]
    return own if row.group == "all" and own else [cell for cell in same if cell.kind != "income"] or same


def _alike(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= 1e-12 * max(1.0, abs(first))


def _value_faults(row: ResultRow, cell: PlainCell) -> Iterator[str]:
    if row.published_value is not None:
        if row.published_value != cell.value and not _alike(
            as_number(row.published_value), as_number(cell.value)
        ):
            yield f"kept as published: {row.published_value}, the file says {cell.value}"
    elif not _alike(as_number(cell.value), row.value):
        yield f"value {row.value}, the file says {cell.value}"


def _bound_faults(row: ResultRow, cell: PlainCell) -> Iterator[str]:
    for name, ours, theirs in (("lower", row.lower, cell.lower), ("upper", row.upper, cell.upper)):
        if ours is not None and theirs in MISSING:
            yield f"{name} bound {ours}, the file has none"
        elif row.value is not None and not _alike(ours, number(theirs)):
            yield f"{name} bound {ours}, the file says {theirs}"


def _quality_faults(row: ResultRow, cell: PlainCell) -> Iterator[str]:
    ours = row.published_quality if row.published_quality is not None else row.quality
    if row.value is not None and ours != cell.quality:
        yield f"quality {ours}, the file says {cell.quality}"
    if row.published_quality is not None and not REGRADED & set((row.flags or "").split()):
        yield f"quality changed from {row.published_quality} to {row.quality} without a mark"


def _faults(row: ResultRow, cells: list[PlainCell]) -> Iterator[str]:
    if not cells:
        if not ELSEWHERE & set((row.flags or "").split()):
            yield "the file has no such number"
        return
    published = {(as_number(cell.value), cell.quality) for cell in cells}
    if len(published) > 1:
        yield f"the file has several values: {published}"
        return
    yield from _value_faults(row, cells[0])
    yield from _bound_faults(row, cells[0])
    yield from _quality_faults(row, cells[0])


@pytest.mark.parametrize("place", PLACES)
def test_every_current_number_equals_the_plain_reading(
    place: str, real_release: Release, shared_data: Path
) -> None:
    rows = real_release.place_rows(place)
    assert len(rows) > 150
    found = [(row, _cells(shared_data, row)) for row in rows]
    wrong = [
        f"{row.variable} {row.period} {row.group_type}/{row.group} in {row.source_file}: {fault}"
        for row, cells in found
        for fault in _faults(row, cells)
    ]
    assert not wrong, f"{len(wrong)} faults in {len(rows)} rows:\n" + "\n".join(wrong[:40])
    assert sum(bool(cells) for _, cells in found) > 0.9 * len(rows)


def _published_numbers(folder: Path, variables: frozenset[str]) -> Iterator[tuple[str, str, PlainCell]]:
    """Yield (place, file, number) of the component files: what the repository of the metrics holds."""
    for path in sorted((folder / "mobility-from-poverty").rglob("*.csv*")):
        if {"10_construct-database", "10a_final-evaluation", "geographic-crosswalks"} & set(path.parts):
            continue
        for place, cells in cells_of(path, CODES).items():
            for cell in cells:
                known = cell.variable in variables and "unknown" not in cell.group
                if known and cell.year and cell.value not in MISSING:
                    yield place, path.name, cell


def test_no_published_number_of_the_eight_places_is_left_out(
    real_release: Release, shared_data: Path
) -> None:
    held: dict[str, dict[tuple[str, str, str], list[ResultRow]]] = {place: {} for place in PLACES}
    for place in PLACES:
        for row in map(ResultRow._make, real_release.metrics(place, source_release="all").rows()):
            held[place].setdefault((row.variable, row.period, row.group), []).append(row)
    left_out, counted = [], 0
    for place, file, cell in _published_numbers(shared_data, frozenset(real_release.catalog.variables)):
        counted += 1
        rows = held[place].get((cell.variable, cell.year, cell.group), [])
        value = as_number(cell.value)
        if not any(_alike(row.value, value) or row.published_value == cell.value for row in rows):
            left_out.append(f"{place} {file} {cell}")
    assert counted > 4000
    assert not left_out, f"{len(left_out)} of {counted} left out:\n" + "\n".join(left_out[:30])
