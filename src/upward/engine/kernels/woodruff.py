"""Quantiles with Woodruff's interval: all members of a group in order, with their full weight."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numba
import numpy as np

from upward.engine.kernels.compiled import compiled, parallel, spread
from upward.engine.kernels.lanes import make_add_times
from upward.engine.kernels.quantiles import gather, merge
from upward.engine.quantiles import ROUNDING
from upward.engine.variance import FEW

HF1, HF3 = 1, 3


@compiled
def pick(n, members, shares, y, weights, share, rule):
    """Return the quantile of ordered members by the full weight; NaN where there is none.

    Rules as in `quantiles.py`: HF1 the first value that reaches the target, HF3 what R's qrule_hf3 returns.
    """
    total = 0.0
    for k in range(n):
        total += shares[k] * weights[members[k], 0]
    target = share * total
    if rule == HF1:
        target = target * (1 - ROUNDING)
        if total <= 0:
            return np.nan
    running, below, next_one, first, second = 0.0, np.nan, np.nan, np.nan, np.nan
    distinct = position = 0
    reached, k = 0.0, 0
    while k < n:
        value, mass, has_weight = y[members[k]], 0.0, False
        while k < n and y[members[k]] == value:
            weight = shares[k] * weights[members[k], 0]
            has_weight = has_weight or weight != 0.0
            mass += weight
            k += 1
        if rule == HF1:
            running += mass
            if running >= target:
                return value
        elif has_weight:
            distinct += 1
            if distinct == 1:
                first = value
            elif distinct == 2:
                second = value
            if position == distinct - 1 and position > 0:
                next_one = value
            running += mass
            if running <= target:
                position, below, reached, next_one = distinct, value, running, np.nan
    if rule == HF1 or distinct == 0:
        return np.nan
    if position == 0:  # R takes the first value as “below”, so that the second comes out
        return second if distinct > 1 else first
    if share - reached / total == 0.0 and position % 2 == 0:
        return below
    return next_one if next_one == next_one else below


@lru_cache(maxsize=16)
def make_shares_below(R: int) -> Any:
    """Return the function that fills the share of each weight at or below a value."""
    add_times = make_add_times(R)

    @compiled
    def shares_below(n, members, shares, y, weights, value, theta):
        lanes = R if R > 0 else weights.shape[1]
        sums = np.zeros((2, lanes))  # at or below the value, and above it
        for k in range(n):
            add_times(sums, 0 if y[members[k]] <= value else 1, shares[k], weights, members[k])
        for r in range(lanes):
            total = sums[0, r] + sums[1, r]
            theta[r] = sums[0, r] / total if total != 0.0 else np.nan

    return shares_below


@compiled
def rank_of_rows(n, members, weights, replicates, tolerance):
    """Return the rank of the replicate weights of the first `n` members; see `variance.rank_of_rows`."""
    basis = np.zeros((replicates, n))
    left = np.empty(n)
    rank = 0
    for column in range(replicates):
        whole = 0.0
        for k in range(n):
            left[k] = weights[members[k], column + 1]
            whole += left[k] * left[k]
        for _time in range(2):
            for j in range(rank):
                along = 0.0
                for k in range(n):
                    along += basis[j, k] * left[k]
                for k in range(n):
                    left[k] -= along * basis[j, k]
        length = 0.0
        for k in range(n):
            length += left[k] * left[k]
        if length > tolerance * whole:
            for k in range(n):
                basis[rank, k] = left[k] / np.sqrt(length)
            rank += 1
    return rank


@compiled
def rank_of_cross(n, members, weights, replicates, tolerance):
    """Return the rank of the replicate weights of many members; see `variance.rank_of_cross_products`."""
    cross = np.zeros((replicates, replicates))
    for k in range(n):
        i = members[k]
        for r in range(replicates):
            x = np.float64(weights[i, r + 1])
            if x != 0.0:
                for c in range(replicates):
                    cross[r, c] += x * weights[i, c + 1]
    left, rank = cross.copy(), 0
    for column in range(replicates):
        if cross[column, column] > 0 and left[column, column] > tolerance * cross[column, column]:
            rank += 1
            scaled = left[column] / left[column, column]
            for r in range(replicates):
                f = left[r, column]
                if f != 0.0:
                    for c in range(replicates):
                        left[r, c] -= f * scaled[c]
    return rank


@compiled
def rank_of_members(n, members, weights, replicates, tolerance):
    """Return the rank of the replicate weights of members; most groups have full rank after few records."""
    few = min(n, FEW * replicates)
    for some in (min(few, 2 * replicates), few):
        rank = rank_of_rows(some, members, weights, replicates, tolerance)
        if rank == replicates or some == n:
            return rank
    return rank_of_cross(n, members, weights, replicates, tolerance)


@lru_cache(maxsize=16)
def make_area_woodruff(R: int) -> Any:
    """Return the kernel for quantiles by a rule of `pick`, with Woodruff's interval.

    `multipliers[df]` is t(0.975, df). Returns (area × row × quantile × 4): value, standard error, lower and
    upper bound; and the degrees of freedom of each group (area × row), its rank minus 1.
    """
    shares_below = make_shares_below(R)

    @compiled
    def one_group(
        n, members, parts, y, weights, probabilities, rule, multiplier, out, scale, centred, rscales
    ):
        theta = np.empty(weights.shape[1])
        for q in range(len(probabilities)):
            value = pick(n, members, parts, y, weights, probabilities[q], rule)
            out[q, 0] = value
            if value != value:
                continue
            shares_below(n, members, parts, y, weights, value, theta)
            half = multiplier * spread(theta[1:], theta[0], scale, centred, rscales)
            for side in range(2):
                end = theta[0] - half if side == 0 else theta[0] + half
                if 0 <= end <= 1:
                    out[q, 2 + side] = pick(n, members, parts, y, weights, end, rule)
            out[q, 1] = (out[q, 3] - out[q, 2]) / (2 * multiplier)

    @compiled
    def one_area(
        part, factor, most, row_grouping, probabilities, rule, multipliers, tolerance, index, y, flags, mask,
        cell, rows, weights, start, scale, centred, rscales, result, df
    ):  # fmt: skip
        members, other = np.empty(most, np.int32), np.empty(most, np.int32)
        parts, other_parts = np.empty(most), np.empty(most)
        runs, ends = np.empty(len(part), np.int64), np.empty(len(part), np.int64)
        for s in range(len(row_grouping)):
            if row_grouping[s] < 0:
                continue
            n = gather(
                part, factor, 0, start.shape[1] - 2, start, index, flags, mask, cell, rows, row_grouping[s],
                s, members, parts, runs
            )  # fmt: skip
            if n == 0:
                continue
            merge(n, runs, len(part), y, members, parts, other, other_parts, ends)
            df[s] = rank_of_members(n, members, weights, weights.shape[1] - 1, tolerance) - 1
            one_group(
                n, members, parts, y, weights, probabilities, rule, multipliers[max(df[s], 0)], result[s],
                scale, centred, rscales
            )  # fmt: skip

    @parallel
    def area_woodruff(
        mix_at, mix_part, mix_factor, row_grouping, probabilities, rule, multipliers, tolerance, most, index,
        y, flags, bit, cell, rows, weights, start, scale, centred, rscales
    ):  # fmt: skip
        areas, n_rows = len(mix_at) - 1, len(row_grouping)
        result = np.full((areas, n_rows, len(probabilities), 4), np.nan)
        df = np.zeros((areas, n_rows), np.int64)
        mask = np.uint64(1) << np.uint64(bit)
        for a in numba.prange(areas):
            at, end = mix_at[a], mix_at[a + 1]
            one_area(
                mix_part[at:end], mix_factor[at:end], most[a], row_grouping, probabilities, rule, multipliers,
                tolerance, index, y, flags, mask, cell, rows, weights, start, scale, centred, rscales,
                result[a], df[a]
            )  # fmt: skip
        return result, df

    return area_woodruff
