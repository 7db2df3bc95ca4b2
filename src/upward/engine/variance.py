"""From replicate estimates to standard errors, degrees of freedom and intervals, over whole arrays.

What belongs here: arithmetic that the fast engines share once they have replicate estimates. `reference.py`
does the same with plain numbers. Intervals are 95 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from upward.engine.design import Design
from upward.engine.specification import Estimate

Array = NDArray[np.float64]

LEVEL = 0.95
#: A replicate weight counts as a combination of others when what is left of it is below this share of its
#: length; R's `survey::degf` uses the same (`qr(tol = 1e-5)`).
RANK_TOLERANCE = 1e-5
#: Up to so many rows a column, ranks are judged from the rows themselves.
FEW = 8


def standard_errors(replicates: Array, estimates: Array, design: Design) -> Array:
    """Return the standard error of each estimate from its replicates along the last axis.

    A replicate that has no estimate (its denominator is 0) is left out; where none is left, or the estimate
    itself is missing, the standard error is NaN.
    """
    known = np.isfinite(replicates)
    rscales = np.asarray(design.rscales)
    centre = estimates
    if not design.centred_on_estimate:
        counted = known & (rscales > 0)
        totals = np.where(counted, replicates, 0.0).sum(axis=-1)
        centre = np.divide(
            totals, counted.sum(axis=-1), out=np.full(totals.shape, np.nan), where=counted.any(axis=-1)
        )
    deviations = np.where(known, replicates - centre[..., None], 0.0)
    variance = design.scale * (deviations**2 * rscales).sum(axis=-1)
    usable = known.any(axis=-1) & np.isfinite(estimates)
    return np.where(usable, np.sqrt(variance), np.nan)


def rank_of_cross_products(cross_products: Array) -> int:
    """Return the rank of a matrix X from X'X, judged as LINPACK's dqrdc2 judges columns.

    A column counts as dependent where its length, after what earlier columns explain is taken out, is below
    `RANK_TOLERANCE` of its own length. Column by column, as in Cholesky's decomposition.
    """
    left = np.array(cross_products, dtype=np.float64)
    lengths = np.diag(left).copy()
    rank = 0
    for column in range(len(left)):
        if lengths[column] <= 0 or left[column, column] <= RANK_TOLERANCE**2 * lengths[column]:
            continue
        rank += 1
        direction = left[:, column].copy()
        left -= np.outer(direction, direction) / direction[column]
    return rank


def rank_of_rows(matrix: NDArray[Any]) -> int:
    """Return the rank of a matrix of few rows, columns judged as R's `qr(tol = 1e-5)` judges them.

    Each column is freed of what earlier ones explain, twice, which is as exact as Householder's method.
    """
    basis: list[Array] = []
    for column in np.asarray(matrix, dtype=np.float64).T:
        left = column.copy()
        for _time in range(2):
            for direction in basis:
                left -= (direction @ left) * direction
        length = float(np.sqrt(left @ left))
        if length > RANK_TOLERANCE * float(np.sqrt(column @ column)):
            basis.append(left / length)
    return len(basis)


def degrees_of_freedom(replicates: Array) -> int | None:
    """Return the rank of the replicate weights (records × replicates) minus 1; None below 1."""
    if replicates.size == 0:
        return None
    rank = rank_of_rows(replicates)
    return rank - 1 if rank > 1 else None


class RankCount:
    """Counts the rank of a matrix that comes in blocks of rows, and looks at no more rows than it must.

    Few rows are kept and judged exactly; of many, the cross-products are.
    """

    def __init__(self, columns: int) -> None:
        self._cross = np.zeros((columns, columns))
        self._kept: list[Array] = []
        self._rows = 0
        self._is_full = columns == 0

    def take(self, rows: NDArray[Any]) -> None:
        """Take further rows into account; none are needed once the rank is full."""
        columns = len(self._cross)
        self._rows += len(rows)
        if self._is_full:
            return
        block = np.asarray(rows, dtype=np.float64)
        self._kept = [np.concatenate([*self._kept, block])[: FEW * columns]]
        self._is_full = rank_of_rows(self._kept[0]) == columns
        if not self._is_full:
            self._cross += block.T @ block

    def df(self) -> int | None:
        """Return the rank minus 1; None below 1."""
        columns = len(self._cross)
        if self._is_full:
            rank = columns
        elif self._rows <= FEW * columns:
            rank = rank_of_rows(self._kept[0]) if self._kept else 0
        else:
            rank = rank_of_cross_products(self._cross)
        return rank - 1 if rank > 1 else None


def multiplier(df: int | None) -> float:
    """Return t(0.975, df), or the normal 1.96 where the degrees of freedom are not known."""
    special = scipy_special()
    upper = 1 - (1 - LEVEL) / 2
    return float(special.ndtri(upper)) if df is None else float(special.stdtrit(df, upper))


def beta_quantile(share: float, first: float, second: float) -> float:
    """Return the quantile of a beta distribution."""
    return float(scipy_special().betaincinv(first, second, share))


def scipy_special() -> Any:
    """Return scipy's special functions; raise UsageError with the command that installs them."""
    from upward.engine.extras import require

    return require("scipy.special")


def interval_bounds(estimate: Estimate, values: Array, errors: Array, df: int | None) -> tuple[Array, Array]:
    """Return the bounds of an estimate, anything but a quantile, by the interval that it asks for."""
    if estimate.interval == "logit":
        return logit_bounds(values, errors, df)
    if estimate.interval == "asin":
        return asin_bounds(values, errors, df)
    return wald_bounds(values, errors, df, shares=estimate.kind == "share")


def asin_bounds(estimates: Array, errors: Array, df: int | None) -> tuple[Array, Array]:
    """Return bounds of shares made on the scale of the arcsine of the square root; NaN at 0 and 1.

    Ends that pass 0 or 1 on that scale stay there; R's svyciprop(method = "asin") lets them turn back.
    """
    inside = (estimates > 0) & (estimates < 1)
    safe = np.where(inside, estimates, 0.5)
    angle, half = np.arcsin(np.sqrt(safe)), multiplier(df) * errors / (2 * np.sqrt(safe * (1 - safe)))
    ends = (np.clip(angle + sign * half, 0, np.pi / 2) for sign in (-1, 1))
    lower, upper = (np.where(inside, np.sin(end) ** 2, np.nan) for end in ends)
    return lower, upper


def wald_bounds(estimates: Array, errors: Array, df: int | None, *, shares: bool) -> tuple[Array, Array]:
    """Return estimate ± t × standard error, for shares cut at 0 and 1."""
    half = multiplier(df) * errors
    lower, upper = estimates - half, estimates + half
    return (np.clip(lower, 0, 1), np.clip(upper, 0, 1)) if shares else (lower, upper)


def logit_bounds(estimates: Array, errors: Array, df: int | None) -> tuple[Array, Array]:
    """Return bounds of shares made on the log-odds scale: se(logit p) = se / (p (1 − p)); NaN at 0 and 1."""
    inside = (estimates > 0) & (estimates < 1)
    safe = np.where(inside, estimates, 0.5)
    odds = np.log(safe / (1 - safe))
    half = multiplier(df) * errors / (safe * (1 - safe))
    inside &= np.isfinite(half)
    odds, half = np.where(inside, odds, 0.0), np.where(inside, half, 0.0)
    bounds = [np.where(inside, np.exp(-np.logaddexp(0, -(odds + sign * half))), np.nan) for sign in (-1, 1)]
    return bounds[0], bounds[1]
