"""What a target asks for, against what was ever seen: changes of many places without their noise, the
smallest change a measure can show, and the first year that it can.

What belongs here: the arithmetic. What does not: which places and years (`insights/targets.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Detectable: two-sided 5 % test, 80 % power; (1.96 + 0.84) standard errors of the difference.
SIZE, POWER = 0.05, 0.80
DETECTABLE_ERRORS = NormalDist().inv_cdf(1 - SIZE / 2) + NormalDist().inv_cdf(POWER)


@dataclass(frozen=True, slots=True)
class TrueSpread:
    """What the changes of many places look like without sampling noise.

    `mean` and `spread` (standard deviation) of the true changes; `noise` is the root of the mean sampling
    variance; `removed` is False where a place had no standard error, and nothing could be taken away.
    """

    mean: float
    spread: float
    noise: float
    removed: bool


def spread_of_changes(changes: Floats, errors: Floats) -> TrueSpread:
    """Return the spread of true changes by the method of moments: the variance of the observed changes less
    the mean of their sampling variances, not below zero.

    Places without an error (NaN) are left out where any has one; where none has, `removed` is False. Raises
    ValueError for fewer than two changes.
    """
    if len(changes) < 2:
        raise ValueError("a spread needs two changes")
    known = ~np.isnan(errors)
    if known.sum() < 2:
        return TrueSpread(float(changes.mean()), float(changes.std(ddof=1)), math.nan, False)
    seen, noise = changes[known], float(np.mean(errors[known] ** 2))
    total = float(seen.var(ddof=1))
    return TrueSpread(float(seen.mean()), math.sqrt(max(0.0, total - noise)), math.sqrt(noise), True)


def without_noise(changes: Floats, errors: Floats, spread: TrueSpread) -> Floats:
    """Return the changes drawn in towards their mean, so that they spread as the true ones do.

    Each is m + (d − m) √(τ² / (τ² + s²)): the constrained estimate, whose spread is that of the truth, not
    the narrower one of the best guess (Louis 1984, J. Am. Statist. Assoc. 79, 393–398). Changes without an
    error stay as they are; so do all where no noise could be removed.
    """
    if not spread.removed:
        return changes
    variance = spread.spread**2
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = np.sqrt(variance / (variance + errors**2))
    kept = np.where(np.isnan(errors), 1.0, np.nan_to_num(kept))
    return spread.mean + (changes - spread.mean) * kept


def detectable_change(earlier_error: float, later_error: float) -> float:
    """Return the smallest change that two dates can show at 5 % with 80 % power.

    >>> round(detectable_change(0.01, 0.01), 4)
    0.0396
    """
    return DETECTABLE_ERRORS * math.hypot(earlier_error, later_error)


def first_detectable_year(
    start: int, end: int, change: float, detectable: float, *, step: int = 1, pooled: int = 1
) -> int | None:
    """Return the first published year of a straight path whose change is detectable, or None by its end.

    The path changes by `change` from `start` to `end`; figures come every `step` years. A figure that pools
    several years shows their mean, and is set against the baseline only once they share no year.

    >>> first_detectable_year(2023, 2033, 0.10, 0.0396)
    2027
    """
    year = start + step
    while year <= end:
        if (
            year - start >= pooled
            and abs(change) * (year - start - (pooled - 1) / 2) / (end - start) >= detectable
        ):
            return year
        year += step
    return None
