"""Weighted sums over cells, and totals, means, shares and ratios of areas made from them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numba
import numpy as np

from upward.engine.kernels.compiled import compiled, parallel, spread
from upward.engine.kernels.lanes import make_add, make_add_times, whole_part


@lru_cache(maxsize=16)
def make_cell_sums(R: int) -> Any:
    """Return the kernel that sums every measure over the rows of every grouping, partition by partition.

    Arguments: bounds, index, cell, flags, values (fields × records), value_field, value_flag (one entry a
    measure that multiplies a field), weights, rows, n_rows, n_flags, and an empty array of the type that
    holds the sum of a partition's weights. Returns sums (partition × row × measure × R) with the flags'
    measures first, and counts (partition × row × flag) of records with a full weight.
    """
    add, add_times = make_add(R), make_add_times(R)

    @compiled
    def add_cell(c, sums, counts, flagged, valued, cell_counts):
        n_flags = counts.shape[0]
        n_values = sums.shape[0] - n_flags
        for k in range(n_flags):
            counts[k] += cell_counts[c, k]
            add(sums, k, flagged, c * n_flags + k)
        for v in range(n_values):
            add(sums, n_flags + v, valued, c * n_values + v)

    @compiled
    def one_partition(
        first, last, index, cell, flags, values, value_field, value_flag, weights, rows, sums, counts, like
    ):
        lanes = R if R > 0 else weights.shape[1]
        n_cells, n_flags, n_values = len(rows), counts.shape[1], len(value_field)
        flagged = np.zeros((n_cells * n_flags, lanes), like.dtype)
        valued = np.zeros((n_cells * n_values, lanes))
        cell_counts = np.zeros((n_cells, n_flags), np.int64)
        touched = np.zeros(n_cells, np.bool_)
        for at in range(first, last):
            i = index[at] if len(index) > 0 else at
            word, c = flags[i], cell[i]
            if word == 0:
                continue
            touched[c] = True
            counted = np.int64(weights[i, 0] != 0)
            for k in range(n_flags):
                if (word >> np.uint64(k)) & np.uint64(1):
                    cell_counts[c, k] += counted
                    add(flagged, c * n_flags + k, weights, i)
            for v in range(n_values):
                if (word >> np.uint64(value_flag[v])) & np.uint64(1):
                    x = values[value_field[v], i]
                    if x != 0.0:
                        add_times(valued, c * n_values + v, x, weights, i)
        for c in range(n_cells):
            if touched[c]:
                for d in range(rows.shape[1]):
                    if rows[c, d] >= 0:
                        add_cell(c, sums[rows[c, d]], counts[rows[c, d]], flagged, valued, cell_counts)

    @parallel
    def cell_sums(
        bounds, index, cell, flags, values, value_field, value_flag, weights, rows, n_rows, n_flags, like
    ):
        partitions = len(bounds) - 1
        sums = np.zeros((partitions, n_rows, n_flags + len(value_field), weights.shape[1]))
        counts = np.zeros((partitions, n_rows, n_flags), np.int64)
        for p in numba.prange(partitions):
            one_partition(
                bounds[p], bounds[p + 1], index, cell, flags, values, value_field, value_flag, weights, rows,
                sums[p], counts[p], like
            )  # fmt: skip
        return sums, counts

    return cell_sums


@lru_cache(maxsize=16)
def make_area_estimates(R: int) -> Any:
    """Return the kernel for totals, means, shares and ratios of areas.

    Arguments: sums, counts, the mix, first and last row, above and below (measure of numerator and
    denominator, −1: none), and the design. Returns value and standard error (area × row × estimate), full
    weight (area × row × flag), records and allocated records (area × row × flag).
    """
    V = whole_part(R)

    @compiled
    def one_area(a, sums, counts, part, factor, first, above, below, out, scale, centred, rscales):
        value, error, full, records, allocated = out
        lanes = R if R > 0 else sums.shape[3]
        whole = V if R > 0 else lanes
        total = np.empty((sums.shape[2], lanes))
        theta = np.empty(lanes)
        n_flags = counts.shape[2]
        for s in range(value.shape[1]):
            total[:] = 0.0
            for j in range(len(part)):
                f, p = factor[j], part[j]
                for k in range(sums.shape[2]):
                    for r in range(whole):
                        total[k, r] += f * sums[p, first + s, k, r]
                    for r in range(whole, lanes):
                        total[k, r] += f * sums[p, first + s, k, r]
                for k in range(n_flags):
                    records[a, s, k] += counts[p, first + s, k]
                    allocated[a, s, k] += f * counts[p, first + s, k]
            for k in range(n_flags):
                full[a, s, k] = total[k, 0]
            for e in range(len(above)):
                for r in range(lanes):
                    theta[r] = total[above[e], r]
                    if below[e] >= 0:
                        theta[r] = theta[r] / total[below[e], r] if total[below[e], r] != 0.0 else np.nan
                value[a, s, e] = theta[0]
                error[a, s, e] = spread(theta[1:], theta[0], scale, centred, rscales)

    @parallel
    def area_estimates(
        sums, counts, mix_at, mix_part, mix_factor, first, last, above, below, scale, centred, rscales
    ):
        areas, n_rows, n_flags = len(mix_at) - 1, last - first, counts.shape[2]
        value = np.empty((areas, n_rows, len(above)))
        error = np.empty((areas, n_rows, len(above)))
        full = np.zeros((areas, n_rows, n_flags))
        records = np.zeros((areas, n_rows, n_flags), np.int64)
        allocated = np.zeros((areas, n_rows, n_flags))
        for a in numba.prange(areas):
            at, end = mix_at[a], mix_at[a + 1]
            out = (value, error, full, records, allocated)
            one_area(
                a, sums, counts, mix_part[at:end], mix_factor[at:end], first, above, below, out, scale,
                centred, rscales
            )  # fmt: skip
        return value, error, full, records, allocated

    return area_estimates
