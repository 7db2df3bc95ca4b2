"""Findings, peers and standings of every county and city, beside the plain way of one comparison after another.

Goal: under 5 s on 2 cores for all of them, without words; words are measured apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.measure import Line

WORDED = 300
PLAIN = 20_000


def measure(home: Path) -> list[Line]:
    """Survey all places of the release in `home`, part by part and as a whole."""
    from upward.insights.analysis import open_release
    from upward.insights.rules.standing import find_standings
    from upward.insights.survey import survey

    evidence = open_release(home).evidence
    evidence.numbers()  # the part measured next is the arithmetic
    peers, _found = _timed(lambda: _all_peers(evidence))
    standings, _found = _timed(lambda: find_standings(evidence))
    fresh = open_release(home)
    before = time.process_time()
    whole, table = _timed(lambda: survey(fresh.evidence))
    time.process_time() - before
    places = table.select("geo_level", "geo_id").unique().height
    ratio = _plain_ratio(table)
    words = _words(fresh)
    return [
        Line(f"ten peers of each of {places:,} places, s", f"{peers:.2f}"),
        Line("standings among peers, state and nation of all places, s", f"{standings:.2f}"),
        Line(
            f"findings, peers and standings of all places ({len(table):,} tested or bare), s",
            f"{whole:.2f}",
            "under 5",
            whole < 5,
        ),
        Line("the same, processor seconds over all cores", f"{processor:.2f}"),
        Line(
            "comparisons in columns against one after another (the plain twin), times faster", f"{ratio:.0f}"
        ),
        Line("tested findings and cautions in words, places a second", f"{words:.0f}"),
    ]


def _all_peers(evidence: Any) -> None:
    for level in ("county", "place"):
        finder = evidence.peer_finder(level)
        finder.nearest_of(np.arange(len(finder.places)))


def _plain_ratio(table: pl.DataFrame) -> float:
    from upward.engine.compare import Bounded, compare_bounded
    from upward.engine.compare_many import compare_bounded_many

    tested = table.filter(pl.col("se").is_not_null()).head(PLAIN)
    columns = [
        tested[f"{side}_{name}"].fill_null(float("nan")).to_numpy()
        for side in ("first", "second")
        for name in ("value", "below", "above")
    ]
    rows = tested.select(
        f"{side}_{name}" for side in ("first", "second") for name in ("value", "below", "above")
    ).rows()
    fast, _found = _timed(lambda: compare_bounded_many(*columns))
    plain, _found = _timed(lambda: [compare_bounded(Bounded(*row[:3]), Bounded(*row[3:])) for row in rows])
    return plain / fast


def _words(release: Any) -> float:
    start = time.perf_counter()
    for number, _place in enumerate(release.findings_by_place(tested_only=True), start=1):
        if number == 1:
            start = time.perf_counter()  # the survey of all places comes before the first
        if number > WORDED:
            break
    return WORDED / (time.perf_counter() - start)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found
