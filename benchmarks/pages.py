"""Full pages a second on two processes from a built release, and how large they are.

Goals: over 200 a second on 2 cores, each self-contained page under 250 kB.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Line

if TYPE_CHECKING:
    from upward.warehouse.read import Release

PROCESSES = 2
LIMIT = 250_000


def measure(home: Path) -> list[Line]:
    """Render every current place of the release in `home` and return the figures."""
    start = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(_render, [(str(home), part) for part in range(PROCESSES)]))
    seconds = time.perf_counter() - start
    rendering = max(part[0] for part in parts)
    sizes = sorted(size for part in parts for size in part[1])
    pages = len(sizes)
    return [
        Line("pages rendered", f"{pages:,} in {rendering:.1f} s ({seconds:.1f} s with start-up)"),
        Line("pages a second, 2 processes", f"{pages / rendering:.0f}", "over 200", pages / rendering > 200),
        Line(
            "page size, kB: smallest, median, largest",
            f"{sizes[0] / 1000:.0f}, {sizes[pages // 2] / 1000:.0f}, {sizes[-1] / 1000:.0f}",
            "largest under 250",
            sizes[-1] < LIMIT,
        ),
    ]


def _render(task: tuple[str, int]) -> tuple[float, list[int]]:
    from datetime import UTC, datetime

    from upward.base.garbage import collection_paused
    from upward.present.build import build_place_page, release_facts
    from upward.present.html import render_place_page
    from upward.warehouse.read import open_release

    home, part = task
    release = open_release(home)
    facts, context, today = release_facts(release), release.context(), datetime.now(UTC).date()
    start = time.perf_counter()
    populations = _populations(release)
    sizes = []
    for number, (place, rows) in enumerate(release.rows_by_place()):
        if number % PROCESSES != part:
            continue
        with collection_paused():
            page = build_place_page(
                place,
                rows,
                context,
                release.catalog,
                populations=populations.get((place.geo_level, place.geo_id), []),
                release_info=facts,
                today=today,
                language="en",
            )
            sizes.append(len(render_place_page(page).encode()))
    return time.perf_counter() - start, sizes


def _populations(release: Release) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """Return population by year of every place, read at once, as whoever renders every place would."""
    import polars as pl

    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    frame = pl.read_parquet(release.folder / "populations.parquet").sort("period")
    for row in frame.filter(pl.col("population").is_not_null()).iter_rows(named=True):
        found.setdefault((row["geo_level"], row["geo_id"]), []).append((row["period"], row["population"]))
    return found
