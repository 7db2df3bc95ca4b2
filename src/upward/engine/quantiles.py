"""Rules for weighted quantiles, each in plain Python over values and weights.

`hf1`, the default, is the textbook's: the smallest value whose cumulative weight reaches p of the total. The
others are copies of the rules of R's `survey` package (`svyquantile(..., qrule = )`, version 4.1 and 4.5; T.
Lumley), named as there and faithful to what it does, not to what one would wish: where the smallest value
alone holds more than the share p, `hf3` and `math` return the second smallest. Hyndman and Fan (1996), *The
American Statistician* 50, 361-365, number the rules for unweighted data.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

#: A cumulative weight counts as having reached its target when it falls short by less than this share of it:
#: sums of the same weights in another order differ in the last digits.
ROUNDING = 1e-12

Pairs = list[tuple[float, float]]
Rule = Callable[[Pairs, float], float]


def first_reaching(pairs: Pairs, share: float) -> float:
    """Return the smallest value whose cumulative weight reaches `share` of the total; NaN without weight.

    Weights of replicates can be zero or negative: sums are compared after each distinct value, and the first
    that reaches the target answers.
    """
    by_value = _by_value(pairs)
    total = math.fsum(weight for _value, weight in by_value)
    if total <= 0:
        return math.nan
    target = share * total * (1 - ROUNDING)
    running = 0.0
    for value, weight in by_value:
        running += weight
        if running >= target:
            return value
    return math.nan


def _by_value(pairs: Pairs) -> Pairs:
    sums: dict[float, float] = {}
    for value, weight in pairs:
        sums[value] = sums.get(value, 0.0) + weight
    return sorted(sums.items())


def _ordered(pairs: Pairs) -> tuple[list[float], list[float]]:
    """Return values and weights in order of value, zero weights dropped."""
    kept = sorted((pair for pair in pairs if pair[1] != 0), key=lambda pair: pair[0])
    return [value for value, _weight in kept], [weight for _value, weight in kept]


def _around(values: Sequence[float], weights: Sequence[float], share: float) -> tuple[int, int, float, float]:
    """Return R's `qs`: the positions below and above, and how far the share lies from each."""
    total = sum(weights)
    sums = list(accumulate(weights))
    below = max((at for at, reached in enumerate(sums) if reached <= share * total), default=0)
    above = min(below + 1, len(values) - 1)
    return below, above, share - sums[below] / total, sums[above] / total - share


def _r_step(pairs: Pairs, share: float) -> float:
    values, weights = _ordered(pairs)
    below, above, short, _over = _around(values, weights, share)
    return values[below] if short == 0 else values[above]


def _r_average(pairs: Pairs, share: float) -> float:
    values, weights = _ordered(pairs)
    below, above, short, _over = _around(values, weights, share)
    return (values[below] + values[above]) / 2 if short == 0 else values[above]


def _r_even(pairs: Pairs, share: float) -> float:
    by_value = _by_value([pair for pair in pairs if pair[1] != 0])
    values, weights = [value for value, _ in by_value], [weight for _, weight in by_value]
    below, above, short, _over = _around(values, weights, share)
    is_even = (below + 1) % 2 == 0  # R counts from 1
    return values[below] if short == 0 and is_even else values[above]


def _r_slope(pairs: Pairs, share: float) -> float:
    values, weights = _ordered(pairs)
    below, above, short, over = _around(values, weights, share)
    part = short / (over + short)
    return values[below] * (1 - part) + values[above] * part


def _interpolating(position: Callable[[list[float], list[float]], list[float]]) -> Rule:
    """Return a rule that interpolates between the shares that `position` gives the values."""

    def rule(pairs: Pairs, share: float) -> float:
        values, weights = _ordered(pairs)
        shares = position(weights, list(accumulate(weights)))
        if share <= shares[0]:
            return values[0]
        if share >= shares[-1]:
            return values[-1]
        at = bisect_right(shares, share)
        low, high = shares[at - 1], shares[at]
        return values[at - 1] + (values[at] - values[at - 1]) * (share - low) / (high - low)

    return rule


def _mixed(sums: list[float], part: float, extra: float) -> list[float]:
    before = [0.0, *sums[:-1]]
    whole = sums[-1] + extra
    return [(low * (1 - part) + high * part) / whole for low, high in zip(before, sums, strict=True)]


RULES: dict[str, Rule] = {
    "hf1": first_reaching,
    "hf2": _r_average,
    "hf3": _r_even,
    "hf4": _r_slope,
    "hf5": _interpolating(
        lambda weights, sums: [(s - w / 2) / sums[-1] for s, w in zip(sums, weights, strict=True)]
    ),
    "hf6": _interpolating(lambda weights, sums: [s / (sums[-1] + weights[-1]) for s in sums]),
    "hf7": _interpolating(lambda _weights, sums: [s / sums[-2] for s in [0.0, *sums[:-1]]]),
    "hf8": _interpolating(lambda weights, sums: _mixed(sums, 2 / 3, weights[-1] / 3)),
    "hf9": _interpolating(lambda weights, sums: _mixed(sums, 5 / 8, weights[-1] / 4)),
    "math": _r_step,
    "school": _r_average,
}
#: Rules that every engine but Spark and DuckDB computes; the others are for comparison, by `reference` alone.
FAST_RULES = ("hf1", "hf3")


def quantile(pairs: Pairs, share: float, rule: str) -> float:
    """Return the quantile by a rule of `RULES`; NaN where no record has weight."""
    if not any(weight != 0 for _value, weight in pairs):
        return math.nan
    return RULES[rule](pairs, share)
