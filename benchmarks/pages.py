"""Pages a second on two processes from a built release, and how large they are.

Goals: over 200 a second on 2 cores, each self-contained page under 250 kB. Places are read and drawn in batches, as a
whole site does it; once by the Python that everybody has, once by what `make compiled` makes of it. The goal of speed
was set for the figures of a place; pages with what stands out, peers and positions, which a survey of all places
finds first, are measured beside them.
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
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measure import COMPILED, Line, run_python

if TYPE_CHECKING:
    from upward.insights.analysis import Analysis
    from upward.pipeline.place_views import ViewMaker
    from upward.present.specs import ReleaseFacts
    from upward.warehouse.places import Place

PROCESSES = 2
LIMIT = 250_000
AT_ONCE = 20
#: Python and compiled take turns: a shared machine is not equally fast from one minute to the next.
TURNS = 3


def measure(home: Path) -> list[Line]:
    """Render every current place of the release in `home`, as Python and compiled, and return the figures."""
    turns = [(_rendered_by(sys.executable, home), _rendered_by(COMPILED, home)) for _turn in range(TURNS)]
    plain, compiled = (sorted(runs, key=_rate)[TURNS // 2] for runs in zip(*turns, strict=True))
    full, full_compiled = (_rendered_by(python, home, full=True) for python in (sys.executable, COMPILED))
    spanish = _rendered_by(COMPILED, home, language="es")
    spanish_full = _rendered_by(COMPILED, home, language="es", full=True)
    same = compiled.sizes == plain.sizes and full_compiled.sizes == full.sizes
    return [
        Line(
            "pages of figures rendered, as Python and compiled",
            f"{len(plain.sizes):,} in {plain.seconds:.1f} s and {compiled.seconds:.1f} s",
        ),
        Line(f"pages a second, 2 processes, as Python (median of {TURNS})", f"{plain.rate:.0f}"),
        Line(
            f"pages a second, 2 processes, compiled (`make compiled`; median of {TURNS})",
            f"{compiled.rate:.0f}",
            "over 200",
            compiled.rate > 200,
        ),
        Line(
            "the same with findings, peers and positions, as Python and compiled",
            f"{full.rate:.0f} and {full_compiled.rate:.0f}, after a survey of {full.survey:.1f} s",
        ),
        Line(
            "page with everything, kB: smallest, median, largest",
            full.kilobytes,
            "largest under 250",
            full.sizes[-1] < LIMIT and same,
        ),
        Line(
            "page of the figures alone in Spanish, kB: smallest, median, largest",
            spanish.kilobytes,
            "largest under 250",
            spanish.sizes[-1] < LIMIT,
        ),
        Line(
            "page with everything in Spanish, kB: smallest, median, largest",
            spanish_full.kilobytes,
            "largest under 250",
            spanish_full.sizes[-1] < LIMIT,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Rendered:
    """How long all pages took, without starting the processes, and the bytes of each, in order of size."""

    survey: float
    seconds: float
    sizes: list[int]

    @property
    def rate(self) -> float:
        return len(self.sizes) / self.seconds

    @property
    def kilobytes(self) -> str:
        chosen = self.sizes[0], self.sizes[len(self.sizes) // 2], self.sizes[-1]
        return ", ".join(f"{size / 1000:.0f}" for size in chosen)


def _rate(rendered: _Rendered) -> float:
    return rendered.rate


def _rendered_by(python: Path | str, home: Path, *, language: str = "en", full: bool = False) -> _Rendered:
    code = "import sys; from benchmarks.pages import render_all; render_all(*sys.argv[1:])"
    arguments = (str(home), language, "full" if full else "figures")
    return _Rendered(**json.loads(run_python(code, *arguments, python=python).output))


def render_all(home: str, language: str = "en", what: str = "figures") -> None:
    """Render every current place on two processes, and print seconds and sizes as JSON."""
    from upward.insights.analysis import open_release
    from upward.pipeline.place_views import survey_places

    release = open_release(home)
    codes = [place.geo_id for place in release.all_places()]
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        if what == "full":
            survey_places(release).write(Path(folder))
        survey = time.perf_counter() - start
        job = _Job(home, language, folder if what == "full" else "")
        batches = [(job, codes[first : first + AT_ONCE]) for first in range(0, len(codes), AT_ONCE)]
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            list(pool.map(_open_and_wait, [job] * PROCESSES))
            start = time.perf_counter()
            sizes = sorted(size for batch in pool.map(_render, batches) for size in batch)
            seconds = time.perf_counter() - start
    print(json.dumps({"survey": survey, "seconds": seconds, "sizes": sizes}))


class _Job(NamedTuple):
    """What all batches have in common; `survey` is a folder, empty for pages of the figures alone."""

    home: str
    language: str
    survey: str


class _Opened(NamedTuple):
    """What a process reads once."""

    release: Analysis
    facts: ReleaseFacts
    places: dict[str, Place]
    populations: dict[tuple[str, str], list[tuple[str, float]]]
    views: ViewMaker | None


@lru_cache
def _opened(job: _Job) -> _Opened:
    from upward.insights.analysis import open_release
    from upward.pipeline.place_views import Survey, ViewMaker
    from upward.present.build import release_facts

    release = open_release(job.home)
    places = {place.geo_id: place for place in release.all_places()}
    views = ViewMaker(release, Survey.read(Path(job.survey))) if job.survey else None
    return _Opened(release, release_facts(release), places, release.all_populations(), views)


def _open_and_wait(job: _Job) -> None:
    """Open the release, and let the other process do so too."""
    _opened(job)
    time.sleep(2)


def _render(task: tuple[_Job, Sequence[str]]) -> list[int]:
    """Return the bytes of the page of each place of a batch."""
    from upward.base.garbage import collection_paused
    from upward.base.messages import use_language
    from upward.catalog.load import load_catalog
    from upward.present.build import build_place_page
    from upward.present.html import render_place_page

    job, codes = task
    release, facts, places, populations, views = _opened(job)
    catalog = load_catalog(job.language)
    sizes = []
    with collection_paused(), use_language(job.language):
        for place, rows in release.rows_of([places[code] for code in codes]):
            page = build_place_page(
                place,
                rows,
                release.context(),
                catalog,
                populations=populations.get((place.geo_level, place.geo_id), []),
                release_info=facts,
                today=date.today(),
                language=job.language,
                views=views.views_of(place, rows, catalog) if views else None,
            )
            sizes.append(len(render_place_page(page).encode()))
    return sizes
