"""One place read from an opened release: all its numbers, as rows and as a frame.

Goal: under 20 ms.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.measure import Line

PLACES = ("29019", "42101", "11001", "27123", "09110", "02063", "48301", "4260000")


def measure(home: Path) -> list[Line]:
    """Read the eight places from the release in `home` several times and return the medians."""
    from upward.warehouse.read import open_release

    start = time.perf_counter()
    release = open_release(home)
    places = [release.place(code) for code in PLACES]
    opening = time.perf_counter() - start
    rows = _median(lambda place: release.place_rows(place), places)
    frame = _median(lambda place: release.metrics(place), places)
    return [
        Line("open a release and find eight places, ms", f"{opening * 1000:.0f}"),
        Line("one place as rows, ms (median)", f"{rows * 1000:.1f}", "under 20", rows < 0.020),
        Line("one place as a frame, ms (median)", f"{frame * 1000:.1f}", "under 20", frame < 0.020),
    ]


def _median(read, places) -> float:
    times = []
    for _round in range(5):
        for place in places:
            start = time.perf_counter()
            read(place)
            times.append(time.perf_counter() - start)
    return statistics.median(times)
