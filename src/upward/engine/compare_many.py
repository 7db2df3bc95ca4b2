"""The comparisons of `compare.py` for whole columns at once: the fast twins, on numpy arrays.

NaN stands for None. Each function gives, element by element, what its plain twin gives; tests compare them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upward.engine.compare import PUBLISHED_MULTIPLIER, SYMMETRY_TOLERANCE, Z95

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Columns of a `Comparison`; NaN in `p` and `se` where nothing could be tested."""

    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats
    p: Floats


def bounded_many(
    value: Floats, lower: Floats, upper: Floats, minimum: Floats, maximum: Floats
) -> tuple[Floats, Floats]:
    """Return the standard errors below and above each value: the twin of `bounded`."""
    with np.errstate(invalid="ignore"):
        sound = (lower <= value) & (value <= upper) & (lower < upper)
        below, above = value - lower, upper - value
        cut_below, cut_above = lower <= minimum, upper >= maximum
        even = np.abs(below - above) <= SYMMETRY_TOLERANCE * np.maximum(below, above)
        even &= sound & ~cut_below & ~cut_above
        shared = (upper - lower) / (2 * PUBLISHED_MULTIPLIER)
        low = np.where(sound & ~cut_below & (below > 0), below / PUBLISHED_MULTIPLIER, np.nan)
        high = np.where(sound & ~cut_above & (above > 0), above / PUBLISHED_MULTIPLIER, np.nan)
    return np.where(even, shared, low), np.where(even, shared, high)


def compare_bounded_many(
    first: Floats,
    first_below: Floats,
    first_above: Floats,
    second: Floats,
    second_below: Floats,
    second_above: Floats,
) -> Comparisons:
    """Return `first − second` with errors, intervals and tests: the twin of `compare_bounded`."""
    estimate = first - second
    falling, rising = np.hypot(first_below, second_above), np.hypot(first_above, second_below)
    se = np.where(estimate > 0, falling, rising)
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = se > 0
        p = two_sided_p_many(np.where(usable, estimate / se, np.nan))
    known = np.isfinite(estimate) & usable
    return Comparisons(
        estimate=estimate,
        se=np.where(known, se, np.nan),
        lower=np.where(known, np.where(falling > 0, estimate - Z95 * falling, -np.inf), np.nan),
        upper=np.where(known, np.where(rising > 0, estimate + Z95 * rising, np.inf), np.nan),
        p=p,
    )


def two_sided_p_many(z: Floats) -> Floats:
    """Return the two-sided p-value of each standard normal value, NaN for NaN."""
    scaled = np.abs(z) / math.sqrt(2)
    return np.fromiter(map(math.erfc, scaled.tolist()), dtype=np.float64, count=len(scaled))


def adjust_families(p_values: Floats, families: Integers) -> Floats:
    """Return p-values adjusted within each family, in the order given: the twin of `adjust_for_family`.

    NaN is no test: it stays NaN and does not count in its family's size.
    """
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    if not len(tested):
        return adjusted
    order = tested[np.lexsort((-p_values[tested], families[tested]))]
    _distinct, starts, sizes = np.unique(families[order], return_index=True, return_counts=True)
    place = np.arange(len(order)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    scaled = np.minimum(1.0, p_values[order] * size / (size - place))
    # A running minimum that begins anew with each family, in as many passes as the log of the largest.
    step = 1
    while step < int(sizes.max()):
        reaches = place >= step
        scaled[reaches] = np.minimum(scaled, np.roll(scaled, step))[reaches]
        step *= 2
    adjusted[order] = scaled
    return adjusted


def median_of_named(values: Floats, below: Floats, above: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the median of each row with the errors of its sides: the twin of `error_of_median`.

    NaN values are left out of their row; a row without any gives NaN.
    """
    order = np.argsort(values, axis=1, kind="stable")  # NaN sorts last
    count = np.sum(~np.isnan(values), axis=1)
    half, odd = np.divmod(count, 2)
    upper_at = np.where(count > 0, half, 0)
    lower_at = np.where(odd == 1, upper_at, np.maximum(half - 1, 0))
    rows = np.arange(len(values))
    one, other = order[rows, lower_at], order[rows, upper_at]

    def joined(side: Floats) -> Floats:
        both = 0.5 * np.hypot(side[rows, one], side[rows, other])
        return np.where(count == 0, np.nan, np.where(odd == 1, side[rows, one], both))

    middle = np.where(odd == 1, values[rows, one], 0.5 * (values[rows, one] + values[rows, other]))
    return np.where(count == 0, np.nan, middle), joined(below), joined(above)
