"""What records add to the pages of plans: lines of a step, what calls for action, a part of the bundle, search."""

from __future__ import annotations


def join() -> None:
    """Register with the app of plans."""
