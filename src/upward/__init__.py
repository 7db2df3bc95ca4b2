"""Upward: from the published Mobility Metrics to a Mobility Action Plan that can be defended."""

__version__ = "0.1.0"
