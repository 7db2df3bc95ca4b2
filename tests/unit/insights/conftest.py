"""Lets the tests beside it share the simulated worlds, and a sample release that answers questions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def analysis(sample_home):
    """The sample release, opened for questions."""
    from upward.insights.analysis import open_release

    return open_release(sample_home)


@pytest.fixture(scope="session")
def all_findings(analysis):
    """The findings of every place of the sample."""
    return {place.geo_id: found for place, _rows, found in analysis.findings_by_place() if place.current}
