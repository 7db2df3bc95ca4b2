"""The design of a survey: its full weight, its replicate weights, and how they make a variance.

What belongs here: which columns are weights, and the two numbers (scale, one scale per replicate) that turn
the spread of replicate estimates into a variance. What does not: estimates (`reference.py`, `local.py`,
`compile.py`).

Every method is the same sum, `scale × Σ rscale_r × (θ_r − centre)²`, with other numbers. Sources: U.S. Census
Bureau, *Accuracy of the PUMS* (successive differences: 4/80); K. M. Wolter, *Introduction to Variance
Estimation*, 2nd ed. (2007), chapters 3 (balanced half-samples, Fay) and 4 (jackknife).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upward.base.errors import UsageError

#: Method -> what it is, in words for people.
METHODS = {
    "acs-sdr": "successive differences, as the American Community Survey publishes them: scale 4 / R",
    "jk1": "unstratified jackknife: scale (R − 1) / R",
    "jkn": "stratified jackknife: scale 1, with a list `rscales`, one factor for each replicate",
    "brr": "balanced repeated replication: scale 1 / R",
    "fay": "Fay's balanced replication: scale 1 / (R (1 − rho)²), with `rho`",
}


@dataclass(frozen=True, slots=True)
class Design:
    """The weights of a survey and how replicates make a variance.

    `weight` names the column of the full weight, `replicates` those of the replicate weights; without
    replicates there is no standard error. `centred_on_estimate` (R's `mse = TRUE`) takes deviations from the
    full-sample estimate, else from the mean of the replicates. `method` is for the method id of results.
    """

    weight: str
    replicates: tuple[str, ...] = ()
    scale: float = 0.0
    rscales: tuple[float, ...] = ()
    centred_on_estimate: bool = True
    method: str = "no replicates"

    @property
    def weights(self) -> tuple[str, ...]:
        """Return all columns of weights, the full weight first."""
        return (self.weight, *self.replicates)


def design_by_method(
    method: str,
    weight: str,
    replicates: Sequence[str],
    *,
    rho: float | None = None,
    rscales: Sequence[float] | None = None,
    centred_on_estimate: bool = True,
) -> Design:
    """Return the design of a named method; raise UsageError where what the method needs is missing."""
    count = len(replicates)
    if method not in METHODS:
        raise UsageError(f"There is no method “{method}”.", advice=f"Known: {', '.join(METHODS)}.")
    if count == 0:
        raise UsageError(f"The method {method} needs replicate weights.", advice="Name them in the design.")
    if method == "jkn" and rscales is None:
        raise UsageError("The method jkn needs rscales, one for each replicate.")
    if method == "fay" and (rho is None or not 0 <= rho < 1):
        raise UsageError("The method fay needs rho, at least 0 and below 1.")
    scale = {
        "acs-sdr": 4 / count,
        "jk1": (count - 1) / count,
        "jkn": 1.0,
        "brr": 1 / count,
        "fay": 1 / (count * (1 - (rho or 0.0)) ** 2),
    }[method]
    return design_by_scale(
        weight, replicates, scale=scale, rscales=rscales or (1.0,), centred_on_estimate=centred_on_estimate,
        method=method,
    )  # fmt: skip


def design_by_scale(
    weight: str,
    replicates: Sequence[str],
    *,
    scale: float,
    rscales: Sequence[float] = (1.0,),
    centred_on_estimate: bool = True,
    method: str = "replicates",
) -> Design:
    """Return a design with the scale given; one `rscale` stands for all. Raises UsageError for a wrong
    count.
    """
    factors = tuple(rscales) * (len(replicates) if len(rscales) == 1 else 1)
    if len(factors) != len(replicates):
        raise UsageError(
            f"There are {len(replicates)} replicate weights and {len(factors)} rscales.",
            advice="Give one for each replicate, or one for all.",
        )
    if scale < 0 or any(factor < 0 for factor in factors):
        raise UsageError("Scale and rscales are at least 0.")
    return Design(weight, tuple(replicates), scale, factors, centred_on_estimate, method)
