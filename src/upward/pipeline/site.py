"""A whole release as a folder of pages that opens anywhere: plans and spreads the work, puts it in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import upward
from upward.insights.analysis import Analysis
from upward.pipeline.place_views import survey_places
from upward.pipeline.site_folder import SiteFolder, refuse_foreign, tree_size
from upward.pipeline.site_work import PLACES, SURVEY, Job, Task, Worker, make, start_worker
from upward.present.build import release_facts
from upward.present.site.frame import SiteFacts
from upward.warehouse.places import Place
from upward.warehouse.read import Release

Progress = Callable[[int, int], None]
#: Places that one task renders: enough to be worth a message, few enough to spread evenly.
BATCH = 48
ASSETS = ("search.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What was written."""

    folder: Path
    places: int
    files: int
    bytes: int
    resumed: int  # tasks that an earlier, stopped run had finished


def publish_site(
    release: Release,
    folder: Path,
    *,
    places: Sequence[Place] | None = None,
    languages: Sequence[str] = ("en",),
    forms: Collection[str] = ("csv", "json", "xlsx"),
    processes: int | None = None,
    today: date,
    address: str = "",
    progress: Progress = lambda _done, _of: None,
) -> SiteReport:
    """Write the site of a release: a page for each of the places (all current ones by default), maps, data, method.

    Everything is written beside the folder first and renamed at the end; a run that was stopped goes on where it
    was if nothing has changed. The same release, date and options give the same bytes, whatever the processes.
    Raises RefusedError where the folder holds something else.
    """
    chosen = tuple(
        sorted(
            places if places is not None else release.all_places(),
            key=lambda item: (item.geo_level, item.geo_id),
        )
    )
    facts = SiteFacts(
        release_facts(release),
        today.isoformat(),
        tuple(languages),
        sum(place.geo_level == "county" for place in chosen),
        sum(place.geo_level == "place" for place in chosen),
        address,
    )
    site = SiteFolder(folder, _key(release, facts, forms, None if places is None else chosen))
    job = Job(
        str(release.folder.parents[1]),
        release.id,
        str(site.beside),
        facts,
        tuple(place.geo_id for place in chosen),
        tuple(sorted(forms)),
    )
    tasks = plan(chosen, release)
    open_tasks = [task for task in tasks if task.name not in site.done]
    _prepare(site.beside, languages)
    survey = partial(_write_survey, release, site.beside / SURVEY, None if places is None else chosen)
    for done, task in enumerate(_run(job, open_tasks, processes, survey), len(tasks) - len(open_tasks) + 1):
        site.note(task)
        progress(done, len(tasks))
    Worker(job).make(Task("finish", "finish"))  # last, because it tells the sizes of the others' files
    shutil.rmtree(site.beside / SURVEY)
    site.publish()
    files, size = tree_size(site.folder)
    return SiteReport(site.folder, len(chosen), files, size, len(tasks) - len(open_tasks))


def _key(
    release: Release, facts: SiteFacts, forms: Collection[str], places: Sequence[Place] | None
) -> dict[str, object]:
    """Return everything that the files of a site depend on: a stopped run goes on only under the same."""
    return {
        "release": release.id,
        "program": upward.__version__,
        "catalog": release.catalog.hash,
        "made": facts.made,
        "languages": list(facts.languages),
        "forms": sorted(forms),
        "address": facts.address,
        "places": "all" if places is None else [place.geo_id for place in places],
    }


def _write_survey(release: Release, folder: Path, places: Sequence[Place] | None) -> None:
    """Survey the places once, for all processes; an earlier run's survey of the same release is kept."""
    if not folder.is_dir():
        analysis = release if isinstance(release, Analysis) else Analysis.of(release)
        half = folder.with_name(f"{folder.name}-half")
        survey_places(analysis, places).write(half)
        half.rename(folder)


def plan(places: Sequence[Place], release: Release) -> list[Task]:
    """Return the tasks of a site: the long ones first, so that no process waits at the end."""
    states = sorted({place.state for place in places})
    tasks = [Task("package", "package"), Task("words", "words")]
    tasks += [Task(f"maps-{metric}", "maps", (metric,)) for metric in release.catalog.metrics]
    tasks += [Task(f"state-{state}", "state", (state,)) for state in states]
    codes = [place.geo_id for place in places]
    tasks += [
        Task(f"places-{start // BATCH}", PLACES, tuple(codes[start : start + BATCH]))
        for start in range(0, len(codes), BATCH)
    ]
    return tasks


def _prepare(folder: Path, languages: Sequence[str]) -> None:
    """Make the folders and the files that no page has to be rendered for."""
    for language in languages:
        base = folder if language == languages[0] else folder / language
        for name in ("places", "states", "browse", "metrics", "predictors", "maps", "data"):
            (base / name).mkdir(parents=True, exist_ok=True)
    assets = Path(upward.__file__).parent / "present" / "assets"
    (folder / "assets").mkdir(exist_ok=True)
    for name in ASSETS:
        shutil.copyfile(assets / name, folder / "assets" / name)


def _run(job: Job, tasks: Sequence[Task], processes: int | None, survey: Callable[[], None]) -> Iterable[str]:
    """Yield the name of each task when its files are written.

    Places need the survey; the processes begin with what does not while it is made.
    """
    wanted = max(min(processes or os.cpu_count() or 1, len(tasks)), 1)
    if wanted == 1:
        survey()
        start_worker(job)
        for task in tasks:
            yield make(task)
        return
    pool = ProcessPoolExecutor(
        wanted, mp_context=get_context("spawn"), initializer=start_worker, initargs=(job,)
    )
    try:
        waiting = {pool.submit(make, task) for task in tasks if task.kind != PLACES}
        survey()
        waiting |= {pool.submit(make, task) for task in tasks if task.kind == PLACES}
        for finished in as_completed(waiting):
            yield finished.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def check_folder(folder: Path) -> None:
    """Raise RefusedError where a folder cannot become a site, before any work is done."""
    refuse_foreign(folder)
    refuse_foreign(folder.absolute().with_name(f"{folder.absolute().name}.unfinished"))
