"""Adding a record's weights to sums: the loop that everything fast here consists of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from upward.engine.kernels.compiled import compiled

#: Weights are added so many at a time, the rest one by one: the compiler then makes whole vectors of the first
#: part. Left to itself, it adds a fifth of 81 weights one by one, which takes twice the time.
VECTOR = 8


def whole_part(R: int) -> int:
    """Return how many of `R` weights fill whole vectors."""
    return R - R % VECTOR


@lru_cache(maxsize=16)
def make_add(R: int) -> Any:
    """Return the function that adds the weights of record `i` to the sums in `row`."""
    V = whole_part(R)

    @compiled
    def add(sums, row, weights, i):
        lanes = R if R > 0 else weights.shape[1]
        whole = V if R > 0 else lanes
        for r in range(whole):
            sums[row, r] += weights[i, r]
        for r in range(whole, lanes):
            sums[row, r] += weights[i, r]

    return add


@lru_cache(maxsize=16)
def make_add_times(R: int) -> Any:
    """Return the function that adds a factor times the weights of record `i` to the sums in `row`."""
    V = whole_part(R)

    @compiled
    def add_times(sums, row, factor, weights, i):
        lanes = R if R > 0 else weights.shape[1]
        whole = V if R > 0 else lanes
        for r in range(whole):
            sums[row, r] += factor * weights[i, r]
        for r in range(whole, lanes):
            sums[row, r] += factor * weights[i, r]

    return add_times


@lru_cache(maxsize=16)
def make_reaches(R: int) -> Any:
    """Return the function that tells whether any sum in `row`, with `slack` added, reaches its target."""
    V = whole_part(R)

    @compiled
    def reaches(sums, row, slack, targets, q):
        lanes = R if R > 0 else sums.shape[1]
        whole = V if R > 0 else lanes
        met = False
        for r in range(whole):
            met |= sums[row, r] + slack >= targets[q, r]
        for r in range(whole, lanes):
            met |= sums[row, r] + slack >= targets[q, r]
        return met

    return reaches
