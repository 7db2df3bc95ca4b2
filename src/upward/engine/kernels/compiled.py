"""How every kernel is compiled, and the spread of replicates that all of them need."""

from __future__ import annotations

import numba
import numpy as np

#: Sums may be added in any order; NaN stays NaN.
_FAST = {"reassoc", "contract", "nsz"}
compiled = numba.njit(cache=True, fastmath=_FAST, nogil=True, error_model="numpy")
parallel = numba.njit(cache=True, fastmath=_FAST, nogil=True, error_model="numpy", parallel=True)


@compiled
def spread(theta, value, scale, centred, rscales):
    """Return the standard error of replicate estimates, those that are NaN left out."""
    centre, known, weighted = value, 0, 0
    if not centred:
        centre = 0.0
        for r in range(len(theta)):
            if theta[r] == theta[r] and rscales[r] > 0:
                centre += theta[r]
                weighted += 1
        centre /= max(weighted, 1)
    total = 0.0
    for r in range(len(theta)):
        if theta[r] == theta[r]:
            known += 1
            total += rscales[r] * (theta[r] - centre) ** 2
    return np.sqrt(scale * total) if known > 0 and value == value else np.nan
