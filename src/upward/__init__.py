"""Upward: from the published Mobility Metrics to a Mobility Action Plan that can be defended.

For analysts: `upward.open_release()` gives the numbers of the current release in a notebook.

>>> import upward
>>> release = upward.open_release()                     # doctest: +SKIP
>>> release.metrics("Boone County, MO", metric="income")  # doctest: +SKIP

`upward.estimate(spec, data)` makes estimates of one's own from survey records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upward.insights.analysis import open_release as open_release
    from upward.pipeline.estimates import estimate as estimate

__version__ = "0.1.0"
__all__ = ["__version__", "estimate", "open_release"]


def __getattr__(name: str) -> object:
    """Return what the package offers on first use, so that `import upward` alone stays quick."""
    if name == "estimate":
        from upward.pipeline.estimates import estimate

        return estimate
    if name == "open_release":
        from upward.insights.analysis import open_release

        return open_release
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what the package offers, the lazily loaded included."""
    return sorted(__all__)
