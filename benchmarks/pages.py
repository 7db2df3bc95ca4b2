"""Full pages a second on two processes from a built release, and how large they are.

Goals: over 200 a second on 2 cores, each self-contained page under 250 kB. Places are read and drawn in batches, as a
whole site does it; once by the Python that everybody has, once by what `make compiled` makes of it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measure import COMPILED, Line, run_python

if TYPE_CHECKING:
    from upward.present.specs import ReleaseFacts
    from upward.warehouse.places import Place
    from upward.warehouse.read import Release

PROCESSES = 2
LIMIT = 250_000
AT_ONCE = 20


def measure(home: Path) -> list[Line]:
    """Render every current place of the release in `home`, as Python and compiled, and return the figures."""
    plain, compiled = (_rendered_by(python, home) for python in (sys.executable, COMPILED))
    sizes = plain.sizes
    middle = sizes[len(sizes) // 2]
    return [
        Line(
            "pages rendered, as Python and compiled",
            f"{len(sizes):,} in {plain.seconds:.1f} s and {compiled.seconds:.1f} s",
        ),
        Line("pages a second, 2 processes, as Python", f"{plain.rate:.0f}"),
        Line(
            "pages a second, 2 processes, compiled (`make compiled`)",
            f"{compiled.rate:.0f}",
            "over 200",
            compiled.rate > 200,
        ),
        Line(
            "page size, kB: smallest, median, largest",
            f"{sizes[0] / 1000:.0f}, {middle / 1000:.0f}, {sizes[-1] / 1000:.0f}",
            "largest under 250",
            sizes[-1] < LIMIT and compiled.sizes == sizes,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Rendered:
    """How long all pages took, without starting the processes, and the bytes of each, in order of size."""

    seconds: float
    sizes: list[int]

    @property
    def rate(self) -> float:
        return len(self.sizes) / self.seconds


def _rendered_by(python: Path | str, home: Path) -> _Rendered:
    code = "import sys; from benchmarks.pages import render_all; render_all(sys.argv[1])"
    return _Rendered(**json.loads(run_python(code, str(home), python=python).output))


def render_all(home: str) -> None:
    """Render every current place on two processes, and print seconds and sizes as JSON."""
    from upward.warehouse.read import open_release

    codes = [place.geo_id for place in open_release(home).all_places()]
    batches = [(home, codes[first : first + AT_ONCE]) for first in range(0, len(codes), AT_ONCE)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_open_and_wait, [home] * PROCESSES))
        start = time.perf_counter()
        sizes = sorted(size for batch in pool.map(_render, batches) for size in batch)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "sizes": sizes}))


class _Opened(NamedTuple):
    """What a process reads once."""

    release: Release
    facts: ReleaseFacts
    places: dict[str, Place]
    populations: dict[tuple[str, str], list[tuple[str, float]]]


@lru_cache
def _opened(home: str) -> _Opened:
    from upward.present.build import release_facts
    from upward.warehouse.read import open_release

    release = open_release(home)
    places = {place.geo_id: place for place in release.all_places()}
    return _Opened(release, release_facts(release), places, release.all_populations())


def _open_and_wait(home: str) -> None:
    """Open the release, and let the other process do so too."""
    _opened(home)
    time.sleep(2)


def _render(task: tuple[str, Sequence[str]]) -> list[int]:
    """Return the bytes of the page of each place of a batch."""
    from upward.base.garbage import collection_paused
    from upward.present.build import build_place_page
    from upward.present.html import render_place_page

    home, codes = task
    release, facts, places, populations = _opened(home)
    sizes = []
    with collection_paused():
        for place, rows in release.rows_of([places[code] for code in codes]):
            page = build_place_page(
                place,
                rows,
                release.context(),
                release.catalog,
                populations=populations.get((place.geo_level, place.geo_id), []),
                release_info=facts,
                today=date.today(),
                language="en",
            )
            sizes.append(len(render_place_page(page).encode()))
    return sizes
