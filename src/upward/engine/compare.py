"""Comparisons of published numbers: difference, ratio, trend, tests, and many tests at once.

What belongs here: arithmetic over values and standard errors. Whether two numbers may be compared at all is
decided in `comparability.py`; how a result is worded, in `insights`.

Values are treated as independent of each other; every result says so in `method`. Intervals are 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

from upward.base.errors import UsageError

Z95 = NormalDist().inv_cdf(0.975)
#: Published bounds are value ± 1.96 standard errors; the publisher's multiplier, not the exact quantile.
PUBLISHED_MULTIPLIER = 1.96
#: Two distances from the value count as symmetric when they differ by less than this share of the longer one;
#: published bounds are rounded to a few digits, which alone moves them by about so much.
SYMMETRY_TOLERANCE = 0.02
#: Fewer usable peers than this give no middle.
LEAST_PEERS = 5

EVEN_METHOD = "difference of two independent estimates, normal approximation"
LOPSIDED_METHOD = (
    "difference of two independent estimates with uneven bounds, from the sides that face each other"
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error, both in the stored unit; `se` is None where none can be had."""

    value: float
    se: float | None


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number with the standard errors of its two sides; None where that side of its bounds gives none.

    Published bounds of percentiles and of small counts are lopsided; a side cut at a limit says nothing.
    """

    value: float
    below: float | None
    above: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison gives: `estimate` ± `se`, 95 % interval, two-sided `p`, and how it was made.

    For a ratio the interval is made on the log scale, and `se` is that of the logarithm. Where a bound that
    an end of the interval needs was cut off, that end is infinite.
    """

    estimate: float
    se: float
    lower: float
    upper: float
    p: float
    method: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A weighted straight line through yearly values: `slope` per year with its error, and the years used."""

    slope: float
    intercept: float
    se: float
    lower: float
    upper: float
    p: float
    years: tuple[int, ...]
    method: str


def standard_error(
    value: float, lower: float | None, upper: float | None, *, minimum: float | None, maximum: float | None
) -> float | None:
    """Return the standard error behind published 95 % bounds, or None where they do not give one.

    `(upper − lower) / (2 × 1.96)` where the bounds lie symmetrically about the value. Bounds cut at the
    variable's `minimum` or `maximum`, one-sided, skewed or of zero width give None.
    """
    if lower is None or upper is None or not lower <= value <= upper or lower == upper:
        return None
    if (minimum is not None and lower <= minimum) or (maximum is not None and upper >= maximum):
        return None
    below, above = value - lower, upper - value
    if abs(below - above) > SYMMETRY_TOLERANCE * max(below, above):
        return None
    return (upper - lower) / (2 * PUBLISHED_MULTIPLIER)


def bounded(
    value: float, lower: float | None, upper: float | None, *, minimum: float | None, maximum: float | None
) -> Bounded:
    """Return the value with the standard errors behind the two sides of its published 95 % bounds.

    A side's error is its distance from the value over 1.96; where both sides agree, they share
    `standard_error`. A side without a bound, of no length, or cut at `minimum` or `maximum` has none.
    """
    shared = standard_error(value, lower, upper, minimum=minimum, maximum=maximum)
    if shared is not None:
        return Bounded(value, shared, shared)
    if lower is None or upper is None or not lower <= value <= upper or lower == upper:
        return Bounded(value, None, None)
    below = None if lower == value or (minimum is not None and lower <= minimum) else value - lower
    above = None if upper == value or (maximum is not None and upper >= maximum) else upper - value
    return Bounded(
        value,
        None if below is None else below / PUBLISHED_MULTIPLIER,
        None if above is None else above / PUBLISHED_MULTIPLIER,
    )


def two_sided_p(z: float) -> float:
    """Return the probability of a standard normal value at least as far from 0 as `z`."""
    return math.erfc(abs(z) / math.sqrt(2))


def compare_difference(later: Estimate, earlier: Estimate) -> Comparison | None:
    """Return `later − earlier` with its error and test, or None where either has no standard error.

    Variance of a difference of independent estimates: the sum of their variances.
    """
    if later.se is None or earlier.se is None:
        return None
    se = math.hypot(later.se, earlier.se)
    if se == 0:
        return None
    estimate = later.value - earlier.value
    return Comparison(
        estimate=estimate,
        se=se,
        lower=estimate - Z95 * se,
        upper=estimate + Z95 * se,
        p=two_sided_p(estimate / se),
        method=EVEN_METHOD,
    )


def compare_bounded(first: Bounded, second: Bounded) -> Comparison | None:
    """Return `first − second` from bounds that may be lopsided, or None where a needed side has no error.

    The test uses the sides that face each other; each end of the interval the sides that it lies on:
    L = d − √((a − l_a)² + (u_b − b)²), U = d + √((u_a − a)² + (b − l_b)²), the method of variance estimates
    recovery (Zou and Donner 2008, Statist. Med. 27, 1693–1702). With even bounds it is `compare_difference`.
    """
    estimate = first.value - second.value
    falling, rising = _joined(first.below, second.above), _joined(first.above, second.below)
    se = falling if estimate > 0 else rising
    if not se:
        return None
    even = first.below == first.above and second.below == second.above
    return Comparison(
        estimate=estimate,
        se=se,
        lower=estimate - Z95 * falling if falling else -math.inf,
        upper=estimate + Z95 * rising if rising else math.inf,
        p=two_sided_p(estimate / se),
        method=EVEN_METHOD if even else LOPSIDED_METHOD,
    )


def _joined(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else math.hypot(one, other)


def middle_of_peers(values: Sequence[float]) -> float | None:
    """Return the median of the values of peers, in their unit; None where they are too few (`LEAST_PEERS`), or where it
    is no number, because most of them are infinite (no physician for any resident).
    """
    if len(values) < LEAST_PEERS:
        return None
    middle = median(values)
    return middle if math.isfinite(middle) else None


def error_of_median(values: Sequence[Bounded]) -> Bounded:
    """Return the median of named places with its error: half the joined errors of the two middle values, or
    that of the middle one.

    First-order propagation with the order held fixed: where values change places, the true error is smaller.
    """
    ordered = sorted(values, key=lambda item: item.value)
    half, odd = divmod(len(ordered), 2)
    middle = ordered[half : half + 1] if odd else ordered[half - 1 : half + 1]
    share = 1 / len(middle)

    def joined(sides: Sequence[float | None]) -> float | None:
        known = [side for side in sides if side is not None]
        return share * math.hypot(*known) if len(known) == len(sides) else None

    return Bounded(
        math.fsum(item.value for item in middle) * share,
        joined([item.below for item in middle]),
        joined([item.above for item in middle]),
    )


def compare_ratio(numerator: Estimate, denominator: Estimate) -> Comparison | None:
    """Return `numerator / denominator` tested against 1 on the log scale.

    None where a standard error is missing or a value is not above zero.

    Delta method: Var(log a/b) = (se_a / a)² + (se_b / b)²
    (Katz, Baptista, Azen and Pike 1978, in its general form).
    """
    if numerator.se is None or denominator.se is None or numerator.value <= 0 or denominator.value <= 0:
        return None
    se = math.hypot(numerator.se / numerator.value, denominator.se / denominator.value)
    if se == 0:
        return None
    logarithm = math.log(numerator.value / denominator.value)
    return Comparison(
        estimate=math.exp(logarithm),
        se=se,
        lower=math.exp(logarithm - Z95 * se),
        upper=math.exp(logarithm + Z95 * se),
        p=two_sided_p(logarithm / se),
        method="ratio of two independent estimates on the log scale, normal approximation",
    )


def compare_with_fixed(estimate: Estimate, reference: float) -> Comparison | None:
    """Return `estimate − reference`, the reference taken as known without error; None without a standard
    error.
    """
    return compare_difference(estimate, Estimate(reference, 0.0))


def fit_trend(years: Sequence[int], values: Sequence[float], errors: Sequence[float]) -> Trend | None:
    """Return the inverse-variance weighted line through at least three yearly values, or None for fewer.

    Weights are 1/se², with known variances: Var(slope) = 1 / Σ w (x − x̄_w)². The caller first cuts the
    series at breaks. Raises UsageError when the lengths differ or an error is not above zero.
    """
    if not len(years) == len(values) == len(errors):
        raise UsageError("A trend needs as many values and standard errors as years.")
    if any(error <= 0 for error in errors):
        raise UsageError("A trend needs standard errors above zero.")
    if len(set(years)) < 3:
        return None
    weights = [1 / error**2 for error in errors]
    total = math.fsum(weights)
    mean_year = math.fsum(w * x for w, x in zip(weights, years, strict=True)) / total
    mean_value = math.fsum(w * y for w, y in zip(weights, values, strict=True)) / total
    spread = math.fsum(w * (x - mean_year) ** 2 for w, x in zip(weights, years, strict=True))
    slope = (
        math.fsum(
            w * (x - mean_year) * (y - mean_value) for w, x, y in zip(weights, years, values, strict=True)
        )
        / spread
    )
    se = math.sqrt(1 / spread)
    return Trend(
        slope=slope,
        intercept=mean_value - slope * mean_year,
        se=se,
        lower=slope - Z95 * se,
        upper=slope + Z95 * se,
        p=two_sided_p(slope / se),
        years=tuple(years),
        method="inverse-variance weighted least squares with known variances",
    )


def adjust_for_family(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for being read together, in the order given.

    Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289–300: the smallest false discovery rate at
    which each would be called. Raises UsageError for a value outside 0 to 1.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise UsageError("A p-value lies between 0 and 1.")
    count = len(p_values)
    adjusted = [0.0] * count
    running = 1.0
    for rank, index in enumerate(sorted(range(count), key=lambda i: p_values[i], reverse=True)):
        running = min(running, p_values[index] * count / (count - rank))
        adjusted[index] = running
    return adjusted
