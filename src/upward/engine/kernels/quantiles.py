"""Quantiles: running sums at the ends of bins first, then only the bins in which a weight can cross."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numba
import numpy as np

from upward.engine.kernels.compiled import compiled, parallel, spread
from upward.engine.kernels.lanes import make_add, make_add_times, make_reaches, whole_part
from upward.engine.quantiles import ROUNDING


@lru_cache(maxsize=16)
def make_close_bin(R: int) -> Any:
    """Return the function that adds the cells of a bin to the running sums of their rows, and empties them."""
    add = make_add(R)

    @compiled
    def close_bin(cells, seen, n_seen, rows, running):
        for k in range(n_seen):
            c = seen[k]
            for d in range(rows.shape[1]):
                if rows[c, d] >= 0:
                    add(running, rows[c, d], cells, c)
            cells[c] = 0

    return close_bin


@lru_cache(maxsize=16)
def make_prefixes(R: int) -> Any:
    """Return the kernel for running sums at the ends of bins of a value, partition by partition.

    Records are in order of the value within a partition. Arguments: bounds, index, y, flags, bit, edges
    (upper
    end of each bin but the last), cell, rows, n_rows, weights, and an empty array of the type to add in.
    Returns prefix (partition × bin × row × R), start (partition × bin + 1, positions), and negative
    (partition × bin): the largest sum of negative weights of one replicate in the bin, as a positive number.
    """
    add, close_bin, V = make_add(R), make_close_bin(R), whole_part(R)

    @compiled
    def one_partition(
        first, last, index, y, flags, mask, edges, cell, rows, weights, prefix, start, negative, running
    ):
        lanes = R if R > 0 else weights.shape[1]
        whole = V if R > 0 else lanes
        bins, b, n_seen = len(edges) + 1, 0, 0
        below, cells = np.zeros(lanes), np.zeros((len(rows), lanes), running.dtype)
        seen, is_seen = np.empty(len(rows), np.int64), np.zeros(len(rows), np.bool_)
        start[0] = first
        for k in range(first, last):
            i = index[k] if len(index) > 0 else k
            if not flags[i] & mask:
                continue
            while b < bins - 1 and y[i] > edges[b]:
                close_bin(cells, seen, n_seen, rows, running)
                is_seen[seen[:n_seen]] = False
                n_seen = 0
                prefix[b] = running
                negative[b] = below.max()
                below[:] = 0.0
                b += 1
                start[b] = k
            is_negative = False
            for r in range(whole):
                is_negative |= weights[i, r] < 0
            for r in range(whole, lanes):
                is_negative |= weights[i, r] < 0
            if is_negative:
                for r in range(lanes):
                    below[r] -= min(np.float64(weights[i, r]), 0.0)
            c = cell[i]
            if not is_seen[c]:
                is_seen[c] = True
                seen[n_seen] = c
                n_seen += 1
            add(cells, c, weights, i)
        close_bin(cells, seen, n_seen, rows, running)
        negative[b] = below.max()
        for rest in range(b, bins):
            prefix[rest] = running
            start[rest + 1] = last

    @parallel
    def prefixes(bounds, index, y, flags, bit, edges, cell, rows, n_rows, weights, like):
        partitions, bins, lanes = len(bounds) - 1, len(edges) + 1, weights.shape[1]
        prefix = np.empty((partitions, bins, n_rows, lanes), like.dtype)
        start = np.zeros((partitions, bins + 1), np.int64)
        negative = np.zeros((partitions, bins))
        mask = np.uint64(1) << np.uint64(bit)
        for p in numba.prange(partitions):
            one_partition(
                bounds[p], bounds[p + 1], index, y, flags, mask, edges, cell, rows, weights, prefix[p],
                start[p], negative[p], np.zeros((n_rows, lanes), like.dtype)
            )  # fmt: skip
        return prefix, start, negative

    return prefixes


@compiled
def gather(part, factor, first, last, start, index, flags, mask, cell, rows, d, s, members, shares, runs):
    """Write the members of a row from bins first … last of every partition; return how many, and runs'
    ends.
    """
    n = 0
    for j in range(len(part)):
        p = part[j]
        for k in range(start[p, first], start[p, last + 1]):
            i = index[k] if len(index) > 0 else k
            if flags[i] & mask and rows[cell[i], d] == s:
                members[n] = i
                shares[n] = factor[j]
                n += 1
        runs[j] = n
    return n


@compiled
def merge(n, runs, n_runs, y, members, shares, other_members, other_shares, ends):
    """Merge runs that are each in order of y, two by two; the result ends up in `members` and `shares`."""
    count = n_runs
    for j in range(count):
        ends[j] = runs[j]
    while count > 1:
        done = 0
        made = 0
        j = 0
        while j < count:
            low = done
            middle = ends[j]
            high = ends[j + 1] if j + 1 < count else ends[j]
            left, right = low, middle
            for k in range(low, high):
                take_left = left < middle and (right >= high or y[members[left]] <= y[members[right]])
                source = left if take_left else right
                other_members[k] = members[source]
                other_shares[k] = shares[source]
                if take_left:
                    left += 1
                else:
                    right += 1
            done = high
            ends[made] = high
            made += 1
            j += 2
        members[:n] = other_members[:n]
        shares[:n] = other_shares[:n]
        count = made


@lru_cache(maxsize=16)
def make_windows(R: int) -> Any:
    """Return the function that finds, for one area and row, the bins in which replicates can cross a target.

    Fills `target` and `begin` (quantile × R: target weight, and running sum before the first bin) and `bins`
    (quantile × 2: first and last bin). A bin with negative weights counts as reaching as far as it could.
    Returns False where there is no positive full weight.
    """
    reaches, V = make_reaches(R), whole_part(R)

    @compiled
    def windows(part, factor, prefix, negative, s, shares, target, begin, bins):
        lanes = R if R > 0 else prefix.shape[3]
        whole = V if R > 0 else lanes
        count, n_bins = len(shares), prefix.shape[1]
        total, reached, before = np.zeros(lanes), np.zeros((1, lanes)), np.zeros(lanes)
        crossed = np.zeros((count, lanes), np.bool_)
        for j in range(len(part)):
            for r in range(lanes):
                total[r] += factor[j] * prefix[part[j], n_bins - 1, s, r]
        for q in range(count):
            bins[q, 0] = bins[q, 1] = -1
            for r in range(lanes):
                target[q, r] = shares[q] * total[r] * (1 - ROUNDING) if total[r] > 0 else np.inf
                crossed[q, r] = total[r] <= 0
        if total[0] <= 0:
            return False
        for b in range(n_bins):
            reached[:] = 0.0
            slack = 0.0
            for j in range(len(part)):
                f, p = factor[j], part[j]
                slack += f * negative[p, b]
                for r in range(whole):
                    reached[0, r] += f * prefix[p, b, s, r]
                for r in range(whole, lanes):
                    reached[0, r] += f * prefix[p, b, s, r]
            open_ones = 0
            for q in range(count):
                if bins[q, 1] >= 0:
                    continue
                if reaches(reached, 0, slack, target, q):
                    left = 0
                    if bins[q, 0] < 0:
                        bins[q, 0] = b
                        begin[q] = before
                    for r in range(lanes):
                        crossed[q, r] |= reached[0, r] >= target[q, r]
                        left += not crossed[q, r]
                    if left == 0:
                        bins[q, 1] = b
                open_ones += bins[q, 1] < 0
            if open_ones == 0:
                return True
            before[:] = reached[0]
        for q in range(count):
            bins[q, 0] = max(bins[q, 0], 0)
            bins[q, 1] = n_bins - 1 if bins[q, 1] < 0 else bins[q, 1]
        return True

    return windows


@lru_cache(maxsize=16)
def make_crossings(R: int) -> Any:
    """Return the function that walks ordered members and notes where each weight's running sum crosses."""
    add_times, reaches = make_add_times(R), make_reaches(R)

    @compiled
    def crossings(n, members, shares, y, weights, running, target, q, found):
        lanes = R if R > 0 else weights.shape[1]
        left = 0
        for r in range(lanes):
            found[r] = np.nan
            left += target[q, r] < np.inf
        k = 0
        while k < n and left > 0:
            value = y[members[k]]
            while k < n and y[members[k]] == value:
                add_times(running, q, shares[k], weights, members[k])
                k += 1
            if reaches(running, q, 0.0, target, q):
                for r in range(lanes):
                    if running[q, r] >= target[q, r]:
                        found[r] = value
                        target[q, r] = np.inf  # counted once
                        left -= 1

    return crossings


@lru_cache(maxsize=16)
def make_area_quantiles(R: int) -> Any:
    """Return the kernel for quantiles by the rule hf1 with replicate standard errors.

    Only bins in which a weight can cross are walked. Returns value and standard error (area × row ×
    quantile).
    """
    windows, crossings = make_windows(R), make_crossings(R)

    @compiled
    def one_area(
        part, factor, most, row_grouping, shares, index, y, flags, mask, cell, rows, weights, prefix, start,
        negative, scale, centred, rscales, value, error
    ):  # fmt: skip
        lanes, count = weights.shape[1], len(shares)
        members, other = np.empty(most, np.int32), np.empty(most, np.int32)
        parts, other_parts = np.empty(most), np.empty(most)
        runs, ends = np.empty(len(part), np.int64), np.empty(len(part), np.int64)
        target, begin = np.empty((count, lanes)), np.zeros((count, lanes))
        bins, found = np.empty((count, 2), np.int64), np.empty(lanes)
        for s in range(len(row_grouping)):
            if row_grouping[s] < 0:
                continue
            begin[:] = 0.0
            if not windows(part, factor, prefix, negative, s, shares, target, begin, bins):
                continue
            for q in range(count):
                n = gather(
                    part, factor, bins[q, 0], bins[q, 1], start, index, flags, mask, cell, rows,
                    row_grouping[s], s, members, parts, runs
                )  # fmt: skip
                merge(n, runs, len(part), y, members, parts, other, other_parts, ends)
                crossings(n, members, parts, y, weights, begin, target, q, found)
                value[s, q] = found[0]
                error[s, q] = spread(found[1:], found[0], scale, centred, rscales)

    @parallel
    def area_quantiles(
        mix_at, mix_part, mix_factor, row_grouping, shares, most, index, y, flags, bit, cell, rows, weights,
        prefix, start, negative, scale, centred, rscales
    ):  # fmt: skip
        areas, n_rows, count = len(mix_at) - 1, len(row_grouping), len(shares)
        value = np.full((areas, n_rows, count), np.nan)
        error = np.full((areas, n_rows, count), np.nan)
        mask = np.uint64(1) << np.uint64(bit)
        for a in numba.prange(areas):
            at, end = mix_at[a], mix_at[a + 1]
            one_area(
                mix_part[at:end], mix_factor[at:end], most[a], row_grouping, shares, index, y, flags, mask,
                cell, rows, weights, prefix, start, negative, scale, centred, rscales, value[a], error[a]
            )  # fmt: skip
        return value, error

    return area_quantiles
