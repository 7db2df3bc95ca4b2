"""Exposure indexes from the people of census tracts: who lives among whom.

The exposure of a group to other people is the mean, over its members, of the share of their tract's people
who are not of the group: Σ n_g (1 − n_g / n) / Σ n_g. The exposure to poverty is the share of poor people who
live in tracts where more than 40 in 100 are poor. Massey and Denton, *Social Forces* 67 (1988), 281-315.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

HIGH_POVERTY = 0.40

Array = NDArray[np.float64]


def exposure(areas: ArrayLike, group: ArrayLike, people: ArrayLike) -> dict[str, float]:
    """Return area -> exposure of the group to others (0–1), from the tracts of each area.

    `areas` names the area of each tract, `group` and `people` are counts. NaN where an area has nobody of the
    group; tracts without people count for nothing.
    """
    members, everybody = np.asarray(group, dtype=float), np.asarray(people, dtype=float)
    others = np.divide(members, everybody, out=np.zeros_like(members), where=everybody > 0)
    return _ratios(areas, members * (1 - others), members)


def poverty_exposure(areas: ArrayLike, poor: ArrayLike, rate: ArrayLike) -> dict[str, float]:
    """Return area -> share of its poor people in tracts whose poverty rate is above 0.40.

    `poor` are counts, `rate` is 0–1. NaN where an area has no poor people.
    """
    count = np.asarray(poor, dtype=float)
    return _ratios(areas, count * (np.asarray(rate, dtype=float) > HIGH_POVERTY), count)


def _ratios(areas: ArrayLike, above: Array, below: Array) -> dict[str, float]:
    names, at = np.unique(np.asarray(areas, dtype=str), return_inverse=True)
    top, bottom = np.bincount(at, above, len(names)), np.bincount(at, below, len(names))
    ratios = np.divide(top, bottom, out=np.full(len(names), np.nan), where=bottom > 0)
    return dict(zip(names.tolist(), ratios.tolist(), strict=True))
