"""Where a number stands among others, and how sure that is: simulated from the bounds of all of them.

Every number is drawn anew from its own bounds (a normal curve with its own width on each side), all stand
again, and the spread of the standings is the uncertainty. A number without bounds is taken as it is. The seed
is given, so the same numbers always stand the same.

What belongs here: the arithmetic. What does not: who is compared with whom (`insights/peers.py`), and words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upward.catalog.model import Direction
from upward.engine.compare import Bounded

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: 200 draws place a probability of 0.9 within 0.02 (one standard error).
DRAWS = 200
QUARTER = 0.25
#: "Bottom quarter" may be said only where at least so many draws agree (statistics.md).
SURE = 0.9
#: For so few places each is compared with all others; for more, all are put in order once.
_FEW = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of 100 others are less favorable, and how sure that is.

    `percentile` is the share (0–1) of the others, by weight, with a less favorable value, half of those that
    are equal; `lower` and `upper` hold 95 % of its draws; `bottom` and `top` are the probabilities of
    standing in the least and the most favorable quarter. `exact` is True where no number had bounds to draw
    from.
    """

    percentile: float
    lower: float
    upper: float
    bottom: float
    top: float
    others: int
    exact: bool

    @property
    def quarter(self) -> str:
        """Return "bottom" or "top" where that is sure enough to be said, else empty."""
        if self.exact:
            return ""
        return "bottom" if self.bottom >= SURE else "top" if self.top >= SURE else ""


@dataclass(frozen=True, slots=True)
class Standings:
    """Columns of a `Standing`, one element for each place."""

    percentile: Floats
    lower: Floats
    upper: Floats
    bottom: Floats
    top: Floats
    others: Integers
    exact: npt.NDArray[np.bool_]

    def at(self, index: int) -> Standing:
        """Return one place's standing."""
        return Standing(
            float(self.percentile[index]),
            float(self.lower[index]),
            float(self.upper[index]),
            float(self.bottom[index]),
            float(self.top[index]),
            int(self.others[index]),
            bool(self.exact[index]),
        )


def favor(values: Floats, direction: Direction) -> Floats:
    """Return values turned so that more is more favorable; for parity, less distance from 1 on the log scale.

    Raises ValueError for a number that has no better side.
    """
    if direction is Direction.HIGHER:
        return values
    if direction is Direction.LOWER:
        return -values
    if direction is Direction.PARITY:
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.abs(np.log(values))
    raise ValueError("a number with no better side has no standing")


def standing_among(
    place: Bounded,
    others: Sequence[Bounded],
    *,
    direction: Direction,
    weights: Sequence[float] | None = None,
    seed: int,
    draws: int = DRAWS,
) -> Standing:
    """Return where a place stands among others: the plain way, one draw after another.

    Raises ValueError without others.
    """
    if not others:
        raise ValueError("a place stands among others or not at all")
    generator = np.random.default_rng(seed)
    known = [1.0] * len(others) if weights is None else list(weights)
    exact = all(item.below is None and item.above is None for item in (place, *others))
    values = np.array([place.value, *(item.value for item in others)])
    found = []
    for draw in range(1 if exact else draws):
        drawn = values if exact else _drawn_plainly(generator, place, others)
        favored = favor(drawn, direction)
        found.append(_share_below(favored[0], favored[1:], known))
        del draw
    favored = favor(values, direction)
    return Standing(
        percentile=_share_below(favored[0], favored[1:], known),
        lower=float(np.quantile(found, 0.025)),
        upper=float(np.quantile(found, 0.975)),
        bottom=float(np.mean([share < QUARTER for share in found])),
        top=float(np.mean([share > 1 - QUARTER for share in found])),
        others=len(others),
        exact=exact,
    )


def _drawn_plainly(generator: np.random.Generator, place: Bounded, others: Sequence[Bounded]) -> Floats:
    drawn = []
    for item in (place, *others):
        z = generator.standard_normal()
        side = item.below if z < 0 else item.above
        drawn.append(item.value + z * (side or 0.0))
    return np.array(drawn)


def _share_below(place: float, others: Floats, weights: Sequence[float]) -> float:
    total = sum(weights)
    below = sum(weight for value, weight in zip(others, weights, strict=True) if value < place)
    equal = sum(weight for value, weight in zip(others, weights, strict=True) if value == place)
    return (below + equal / 2) / total if total else 0.5


def standings_among_all(
    values: Floats,
    below: Floats,
    above: Floats,
    *,
    direction: Direction,
    weights: Floats,
    rows: Integers,
    seed: int,
    draws: int = DRAWS,
) -> Standings:
    """Return where some of many places (`rows`) stand among all of them, weighted: the way for the nation.

    The errors are NaN where a side has none. The draws are the same whichever rows are asked for.
    """
    drawn_shares = []
    exact = bool(np.all(np.isnan(below) & np.isnan(above)))
    generator = np.random.default_rng(seed)
    low, high = np.nan_to_num(below), np.nan_to_num(above)
    for _draw in range(0 if exact else draws):
        favored = favor(_drawn(generator, values, low, high), direction)
        drawn_shares.append(_shares_of_draw(favored, weights, rows))
    point = _shares_of_all(favor(values, direction), weights, rows)
    shares = np.stack(drawn_shares) if drawn_shares else point[None, :]
    return _summarised(point, shares, np.full(len(rows), len(values) - 1), np.full(len(rows), exact))


def standings_among_named(
    values: Floats,
    below: Floats,
    above: Floats,
    named: Integers,
    *,
    direction: Direction,
    rows: Integers,
    seed: int,
    draws: int = DRAWS,
) -> Standings:
    """Return where some places (`rows`) stand, each among its own named others: the way for peers.

    `named` has a row for each of `rows` with the indices of its others. NaN values are left out. The draws
    are the same whichever rows are asked for.
    """
    bare = np.isnan(below) & np.isnan(above)
    others = np.sum(~np.isnan(values[named]), axis=1)
    exact = bare[rows] & np.all(bare[named] | np.isnan(values[named]), axis=1)
    point = _shares_of_named(favor(values, direction), rows, named, others)
    generator = np.random.default_rng(seed)
    low, high = np.nan_to_num(below), np.nan_to_num(above)
    found = []
    for _draw in range(0 if bool(exact.all()) else draws):
        drawn = favor(_drawn(generator, values, low, high), direction)
        found.append(_shares_of_named(drawn, rows, named, others))
    shares = np.stack(found) if found else point[None, :]
    return _summarised(point, shares, others, exact)


def _drawn(generator: np.random.Generator, values: Floats, below: Floats, above: Floats) -> Floats:
    z = generator.standard_normal(len(values))
    drawn: Floats = values + z * np.where(z < 0, below, above)
    return drawn


def _shares_of_all(favored: Floats, weights: Floats, rows: Integers) -> Floats:
    mine, own = favored[rows], weights[rows]
    total = weights.sum() - own
    if len(rows) <= _FEW:
        below = np.array([weights[favored < value].sum() for value in mine])
        equal = np.array([weights[favored == value].sum() for value in mine]) - own
    else:
        order = np.argsort(favored, kind="stable")
        ordered, running = favored[order], np.concatenate([[0.0], np.cumsum(weights[order])])
        first, last = np.searchsorted(ordered, mine, "left"), np.searchsorted(ordered, mine, "right")
        below, equal = running[first], running[last] - running[first] - own
    with np.errstate(divide="ignore", invalid="ignore"):
        # Rounded, so that both ways of summing the weights give the same share.
        return np.where(total > 0, np.round((below + equal / 2) / total, 12), 0.5)


def _shares_of_draw(favored: Floats, weights: Floats, rows: Integers) -> Floats:
    """Return the shares of one draw; draws are never equal, so one sort tells them."""
    if len(rows) <= _FEW:
        return _shares_of_all(favored, weights, rows)
    order = np.argsort(favored)
    before = np.empty(len(favored))
    running = np.cumsum(weights[order])
    before[order] = running - weights[order]
    total = running[-1] - weights[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, np.round(before[rows] / total, 12), 0.5)


def _shares_of_named(favored: Floats, rows: Integers, named: Integers, others: Integers) -> Floats:
    mine, theirs = favored[rows, None], favored[named]
    better = (theirs < mine).sum(axis=1) + (theirs == mine).sum(axis=1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((others > 0) & ~np.isnan(favored[rows]), better / others, np.nan)


def _summarised(point: Floats, shares: Floats, others: Integers, exact: npt.NDArray[np.bool_]) -> Standings:
    ordered = np.sort(shares, axis=0)
    last = len(ordered) - 1
    return Standings(
        percentile=point,
        lower=_quantile(ordered, 0.025 * last),
        upper=_quantile(ordered, 0.975 * last),
        bottom=np.mean(shares < QUARTER, axis=0),
        top=np.mean(shares > 1 - QUARTER, axis=0),
        others=others.astype(np.int64),
        exact=exact,
    )


def _quantile(ordered: Floats, at: float) -> Floats:
    """Return the interpolated quantile at a position of the ordered draws (R's type 7, numpy's default)."""
    low = int(at)
    share = at - low
    found: Floats = ordered[low] * (1 - share) + (ordered[min(low + 1, len(ordered) - 1)] * share)
    return found
