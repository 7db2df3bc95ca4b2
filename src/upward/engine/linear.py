"""Coefficients of a linear model from weighted sums of products, over whole arrays.

What belongs here: which sums a model needs, and the normal equations solved for every group and weight at
once. What does not: making the sums (`local_pass.py`, `compile.py`); `reference.py` solves the same equations
one at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from upward.engine.specification import Estimate

Array = NDArray[np.float64]

#: A field counts as a combination of the others when what they leave of its sum of squares is below this
#: share.
TOLERANCE = 1e-10


def terms_of(estimate: Estimate) -> tuple[tuple[str, ...], ...]:
    """Return the model's terms as products of fields: 1 (the intercept) first."""
    return ((), *((name,) for name in estimate.on))


def products_of(estimate: Estimate) -> tuple[tuple[str, ...], ...]:
    """Return the products of fields whose weighted sums make the normal equations.

    For each term, its products with itself and with the terms after it, then with the outcome.
    """
    terms, outcome = terms_of(estimate), (estimate.of or "",)
    return tuple((*one, *other) for at, one in enumerate(terms) for other in (*terms[at:], outcome))


def coefficients(sums: NDArray[Any], terms: int) -> Array:
    """Return the coefficients (… × terms) from the sums of `products_of` (… × products).

    Gauss and Jordan's elimination in the order of the terms. NaN where a term is a combination of those
    before it, or nothing has weight.
    """
    left = np.empty((*sums.shape[:-1], terms, terms + 1))
    at = 0
    for row in range(terms):
        for column in range(row, terms + 1):
            left[..., row, column] = sums[..., at]
            if column < terms:
                left[..., column, row] = sums[..., at]
            at += 1
    squares = np.abs(np.diagonal(left, axis1=-2, axis2=-1)).copy()
    known = np.ones(sums.shape[:-1], np.bool_)
    for pivot in range(terms):
        length = left[..., pivot, pivot]
        known &= np.abs(length) > TOLERANCE * squares[..., pivot]
        left[..., pivot, :] /= np.where(known, length, 1.0)[..., None]
        for row in range(terms):
            if row != pivot:
                left[..., row, :] -= left[..., row, pivot, None] * left[..., pivot, :]
    return np.where(known[..., None], left[..., terms], np.nan)


def model_df(df: int | None, estimate: Estimate) -> int | None:
    """Return the degrees of freedom of a coefficient: the design's less one a field, as R's svyglm counts."""
    return df if df is None or estimate.kind != "coefficient" else max(df - len(estimate.on), 0)
