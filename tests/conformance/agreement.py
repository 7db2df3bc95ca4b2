"""How two tables of estimates are compared: the same rows, and every number within 1e-9 of the other."""

from __future__ import annotations

import math

import polars as pl

TOLERANCE = 1e-9
EXACT = ("n", "missing", "df", "status", "reason", "method", "kind", "by", "name", "at")
CLOSE = ("value", "se", "lower", "upper", "population", "allocated_n")


def differences(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Return what differs between two tables of the same specification."""
    if ours.columns != theirs.columns:
        return [f"columns: {ours.columns} against {theirs.columns}"]
    if len(ours) != len(theirs):
        return [f"rows: {len(ours)} against {len(theirs)}"]
    groups = [name for name in ours.columns if name not in {*EXACT, *CLOSE}]
    found = []
    for one, other in zip(ours.iter_rows(named=True), theirs.iter_rows(named=True), strict=True):
        at = ", ".join(str(one[name]) for name in ("name", "at", "by", *groups))
        found += [
            f"{at}: {name} {one[name]!r} against {other[name]!r}"
            for name in (*EXACT, *groups)
            if one[name] != other[name]
        ]
        size = max(abs(one["value"] or 0.0), 1e-3)
        found += [
            f"{at}: {name} {one[name]!r} against {other[name]!r}"
            for name in CLOSE
            if not close(one[name], other[name], size)
        ]
    return found


def close(one: float | None, other: float | None, size: float) -> bool:
    """Tell whether two numbers agree; a standard error of 0 may come out as rounding of the value's size."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE * size)
