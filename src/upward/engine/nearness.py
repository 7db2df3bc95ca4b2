"""How near two places are to each other on what describes them, part by part.

Each part is the squared difference of two places divided by what it is between two places taken at random, so
every part is 1 on average and none outweighs the others by its unit. The distance is the root of the mean of
the parts. A part that either place lacks counts as 1: unknown is neither near nor far.

What belongs here: the arithmetic over numbers. What does not: which parts there are (`insights/peers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Distances that agree to so many decimals are a tie; the place that comes first in the frame wins it.
TIE_DECIMALS = 9
_BLOCK = 256


def scaled_parts(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return each part's columns divided so that two places taken at random differ by 1 in the mean square.

    A part is a matrix with a row for each place and one or more columns; the mean squared difference of two
    random places is twice the summed variance of its columns. A part that does not vary is all NaN.
    """
    scaled = {}
    for name, matrix in columns.items():
        known = matrix[~np.isnan(matrix).any(axis=1)]
        spread = 2 * float(known.var(axis=0).sum()) if len(known) > 1 else 0.0
        scaled[name] = matrix / np.sqrt(spread) if spread > 0 else np.full(matrix.shape, np.nan)
    return scaled


def squared_parts(parts: Mapping[str, Floats], rows: Integers) -> dict[str, Floats]:
    """Return, for each part, the squared distances of some places to all: 1 where either lacks the part."""
    found = {}
    for name, matrix in parts.items():
        squares = np.zeros((len(rows), len(matrix)))
        for column in matrix.T:
            squares += (column[rows, None] - column[None, :]) ** 2
        squares[np.isnan(squares)] = 1.0
        found[name] = squares
    return found


def distances(squares: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Return the root of the mean of the named parts, rounded so that ties are ties."""
    total = sum((squares[name] for name in names), start=np.zeros_like(next(iter(squares.values()))))
    found: Floats = np.round(np.sqrt(total / len(names)), TIE_DECIMALS)
    return found


def nearest(parts: Mapping[str, Floats], names: Sequence[str], rows: Integers, count: int) -> Integers:
    """Return, for each of some places, the indices of its `count` nearest others, nearest first.

    Ties go to the place that comes first. Raises ValueError where there are not so many others.
    """
    size = len(next(iter(parts.values())))
    if not 0 < count < size:
        raise ValueError(f"{count} nearest of {size - 1} others")
    wanted = {name: parts[name] for name in names}
    found = np.empty((len(rows), count), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        near = distances(squared_parts(wanted, block), names)
        near[np.arange(len(block)), block] = np.inf
        limits = np.partition(near, count - 1, axis=1)[:, count - 1]
        for index, (row, limit) in enumerate(zip(near, limits, strict=True)):
            candidates = np.flatnonzero(row <= limit)
            chosen = candidates[np.argsort(row[candidates], kind="stable")[:count]]
            found[start + index] = chosen
    return found
