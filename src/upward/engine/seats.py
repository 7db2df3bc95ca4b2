"""Few seats, many residents: could chance alone have filled an elected body so?

If every seat went to a resident drawn at random, the number of seats of a group would be binomial. With few
seats the steps are large, so only exact probabilities are used, never an approximation.

What belongs here: the arithmetic. What does not: reading who holds the seats (`insights/representation.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: The range that chance gives holds at least so much probability.
RANGE = 0.95


@dataclass(frozen=True, slots=True)
class Chance:
    """What chance alone would give: `expected` seats, the central range, and the two-sided `p` of those
    held.
    """

    expected: float
    low: int
    high: int
    p: float


def chance_of_seats(held: int, seats: int, share: float) -> Chance:
    """Return what drawing `seats` residents at random gives a group of a share (0–1) of them.

    The two-sided p is that of R's `binom.test`: the probability of all outcomes no likelier than the one
    seen. The range leaves at most 2.5 % on each side. Raises ValueError for impossible input.

    >>> chance_of_seats(0, 9, 0.25)
    Chance(expected=2.25, low=0, high=5, p=0.12438201904296872)
    """
    if not (0 <= held <= seats and seats > 0 and 0 <= share <= 1):
        raise ValueError(f"{held} of {seats} seats for a share of {share}")
    likely = [math.comb(seats, k) * share**k * (1 - share) ** (seats - k) for k in range(seats + 1)]
    seen = likely[held] * (1 + 1e-7)  # as R: what is equal but for rounding counts as equal
    p = min(1.0, math.fsum(value for value in likely if value <= seen))
    tail = (1 - RANGE) / 2
    below = [math.fsum(likely[:k]) for k in range(seats + 2)]
    low = max(k for k in range(seats + 1) if below[k] <= tail)
    high = min(k for k in range(seats + 1) if 1 - below[k + 1] <= tail)
    return Chance(expected=seats * share, low=low, high=high, p=p)
