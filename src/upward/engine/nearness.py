"""How near two places are to each other on what describes them, part by part.

Each part is the squared difference of two places (of codes: how many of them differ) divided by what it is
between two places taken at random, so every part is 1 on average and none outweighs the others by its unit.
The distance is the root of the mean of the parts that the place itself has; what is not known of it can neither
draw others near nor keep them off. A part that only the other place lacks counts as it does on average between this
place and all that have it: to an unusual place a gap is as far as places usually are, so that gaps are no way to be
near. (Counted as 1, they made areas with nothing known the nearest of a place that lies far from all others.)

What belongs here: the arithmetic over numbers. What does not: which parts there are (`insights/peers.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Distances that agree to so many decimals are a tie; the place that comes first in the frame wins it.
TIE_DECIMALS = 9
#: So few places at once that their distances stay in the processor's cache.
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that describes places: a matrix with a row for each place, of numbers or of codes.

    `scale` is the mean squared difference (or number of differing codes) of two places taken at random; NaN
    where it does not vary or is not known. `lacking` marks the places that lack it, None where none does.
    """

    matrix: Floats
    codes: bool
    scale: float
    lacking: npt.NDArray[np.bool_] | None = None

    def lacks(self, place: int) -> bool:
        """Tell whether a place lacks the part."""
        return self.lacking is not None and bool(self.lacking[place])


def measured(matrix: Floats) -> Part:
    """Return a part of numbers; its scale is twice the summed variance of its columns over complete rows."""
    lacking = np.asarray(np.isnan(matrix).any(axis=1))
    known = matrix[~lacking]
    spread = 2 * float(known.var(axis=0).sum()) if len(known) > 1 else 0.0
    return Part(matrix, False, spread if spread > 0 else np.nan, lacking if lacking.any() else None)


def coded(matrix: Floats) -> Part:
    """Return a part of codes; its scale is the mean number of codes in which two random places differ."""
    differ = 0.0
    for column in matrix.T:
        _codes, counts = np.unique(column, return_counts=True)
        differ += 1 - float(((counts / counts.sum()) ** 2).sum())
    return Part(matrix, True, differ if differ > 0 else np.nan)


def squared_parts(parts: Mapping[str, Part], rows: Integers) -> dict[str, Floats]:
    """Return, for each part, the squared distances of some places to all.

    A whole row is NaN where its place lacks the part, or nobody can be told apart by it; where only the other lacks
    it, the row's mean over the others that have it.
    """
    found = {}
    for name, part in parts.items():
        squares = np.zeros((len(rows), len(part.matrix)))
        for column in part.matrix.T:
            if part.codes:
                squares += (column[rows, None] != column[None, :]).astype(np.float64)
            else:
                squares += (column[rows, None] - column[None, :]) ** 2
        squares /= part.scale
        if part.lacking is not None:
            _fill(squares, part.lacking)
        found[name] = squares
    return found


def _fill(squares: Floats, lacking: npt.NDArray[np.bool_]) -> None:
    """Put each row's mean over the places that have the part where the other place lacks it."""
    known = squares[:, ~lacking]
    others = known.shape[1] - 1  # each row that is known itself holds its own zero
    squares[:, lacking] = known.sum(axis=1, keepdims=True) / others if others > 0 else np.nan
    squares[np.isnan(known).any(axis=1)] = np.nan


def distances(squares: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Return the root of the mean of the named parts that each row has, rounded so that ties are ties.

    A row that has none of them is as far from all as two random places are: 1.
    """
    total = np.zeros_like(squares[names[0]])
    counted = np.zeros((len(total), 1))
    for name in names:
        has = ~np.isnan(squares[name][:, :1])
        counted += has
        total += squares[name] if has.all() else np.where(has, squares[name], 0.0)
    total /= np.maximum(counted, 1)
    total[counted[:, 0] == 0] = 1.0
    return np.asarray(np.round(np.sqrt(total), TIE_DECIMALS), dtype=np.float64)


def nearest_in(near: Floats, own: Integers, count: int) -> Integers:
    """Return the indices of the `count` nearest others of each row of distances to all places, nearest first.

    `own` says which place each row is of; its distance to itself becomes infinite. Ties go to the place that comes
    first. Raises ValueError where there are not so many others.
    """
    size = near.shape[1]
    if not 0 < count < size:
        raise ValueError(f"{count} nearest of {size - 1} others")
    near[np.arange(len(own)), own] = np.inf
    limits = np.partition(near, count - 1, axis=1)[:, count - 1]
    found = np.empty((len(own), count), dtype=np.int64)
    for index, (row, limit) in enumerate(zip(near, limits, strict=True)):
        candidates = np.flatnonzero(row <= limit)
        found[index] = candidates[np.argsort(row[candidates], kind="stable")[:count]]
    return found


def nearest(parts: Mapping[str, Part], names: Sequence[str], rows: Integers, count: int) -> Integers:
    """Return, for each of some places, the indices of its `count` nearest others, nearest first.

    Ties go to the place that comes first. Raises ValueError where there are not so many others.
    """
    wanted = {name: parts[name] for name in names}
    found = np.empty((len(rows), count), dtype=np.int64)

    def find(start: int) -> None:
        block = rows[start : start + _BLOCK]
        near = distances(squared_parts(wanted, block), names)
        found[start : start + len(block)] = nearest_in(near, block, count)

    starts = range(0, len(rows), _BLOCK)
    if len(starts) == 1:  # one place: starting a thread takes longer than finding its peers
        find(0)
        return found
    # Blocks write to rows of their own, and numpy lets go of the interpreter's lock.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        list(threads.map(find, starts))
    return found
