"""The work of one process on a site: it opens the release once and writes the files of one task after another."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path

from upward.base.garbage import collection_paused
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.insights.analysis import Analysis, open_release
from upward.pipeline.place_views import Survey, ViewMaker
from upward.pipeline.site_files import (
    write_descriptor,
    write_metric_table,
    write_package,
    write_place_files,
    write_workbook,
)
from upward.pipeline.site_folder import write_text
from upward.present.build import build_place_page
from upward.present.maps import mapped_variables
from upward.present.site import pages
from upward.present.site.frame import SiteFacts, folder_of
from upward.present.site.map_pages import map_page, maps_index, state_maps
from upward.present.site.method import metric_page, predictor_page
from upward.present.site.nation import NationNumbers
from upward.present.site.place_pages import place_pages
from upward.present.site.release_pages import data_page, release_page
from upward.present.site.style import site_style
from upward.warehouse.places import Place
from upward.warehouse.read import ResultRow

#: Where the survey of all places lies while a site is made.
SURVEY = ".survey"
PACKAGE = "data/package"
#: The kind of task that writes places, the only one that needs the survey.
PLACES = "places"


@dataclass(frozen=True, slots=True)
class Job:
    """What every process of a site knows."""

    home: str
    release_id: str
    folder: str
    facts: SiteFacts
    codes: tuple[str, ...]  # of the places that have a page
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: a name of its own, its kind, and what it is about."""

    name: str
    kind: str
    about: tuple[str, ...] = ()


class Worker:
    """One process: the opened release and what is read from it once."""

    def __init__(self, job: Job) -> None:
        """Open the release of the job."""
        self.job, self.facts = job, job.facts
        self.folder = Path(job.folder)
        self.release: Analysis = open_release(job.home, job.release_id)
        self.today = date.fromisoformat(job.facts.made)
        wanted = frozenset(job.codes)
        self.places = tuple(
            place for place in self.release.all_places(current=False) if place.geo_id in wanted
        )
        self._nations: dict[str, NationNumbers] = {}

    def make(self, task: Task) -> str:
        """Write the files of a task and return its name."""
        kinds: dict[str, Callable[[Sequence[str]], None]] = {
            PLACES: self._places, "state": self._state, "maps": self._maps, "words": self._words,
            "package": self._package, "finish": self._finish,
        }  # fmt: skip
        with collection_paused():
            kinds[task.kind](task.about)
        return task.name

    def _each_language(self) -> Iterator[str]:
        for language in self.facts.languages:
            with use_language(language):
                yield language

    def _nation(self, language: str) -> NationNumbers:
        if language not in self._nations:
            self._nations[language] = NationNumbers(self.release, language)
        return self._nations[language]

    def _write(self, made: Iterable[pages.Page | None]) -> None:
        for page in made:
            if page is not None:
                write_text(self.folder, *page)

    def _places(self, codes: Sequence[str]) -> None:
        wanted = frozenset(codes)
        batch = [place for place in self.places if place.geo_id in wanted]
        for place, rows in self.release.rows_of(batch):
            for language in self._each_language():
                self._place(place, rows, language)

    def _place(self, place: Place, rows: Sequence[ResultRow], language: str) -> None:
        catalog: Catalog = load_catalog(language)
        page = build_place_page(
            place,
            rows,
            self.release.context(),
            catalog,
            populations=self._populations.get((place.geo_level, place.geo_id), []),
            release_info=self.facts.release,
            today=self.today,
            language=language,
            views=self._views.views_of(place, rows, catalog),
        )
        for path, text in place_pages(self.facts, language, place, page, self.job.forms):
            write_text(self.folder, path, text)
        if language == self.facts.languages[0]:
            write_place_files(self.folder, page, catalog, place, self.job.forms)
        if "xlsx" in self.job.forms:
            write_workbook(self.folder / folder_of(self.facts, language), page)

    @cached_property
    def _views(self) -> ViewMaker:
        return ViewMaker(self.release, Survey.read(self.folder / SURVEY))

    @cached_property
    def _populations(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        return self.release.all_populations()

    def _state(self, about: Sequence[str]) -> None:
        (state,) = about
        codes = frozenset(self.job.codes)
        for language in self._each_language():
            nation = self._nation(language)
            self._write([pages.state_page(self.facts, nation, state, self.places)])
            self._write(state_maps(self.facts, nation, state, codes))

    def _maps(self, about: Sequence[str]) -> None:
        write_metric_table(self.folder / PACKAGE, self.release, self.release.catalog.metrics[about[0]])
        states = {place.state: place.state_name for place in self.places}
        for language in self._each_language():
            nation = self._nation(language)
            metric = nation.catalog.metrics[about[0]]
            self._write(
                map_page(self.facts, nation, metric, variable, states)
                for variable in mapped_variables(metric)
            )
            self._write([metric_page(self.facts, nation, metric)])

    def _words(self, _about: Sequence[str]) -> None:
        write_text(self.folder, "assets/places.js", pages.search_index(self.places))
        write_text(self.folder, "assets/site.css", site_style(self.facts))
        for language in self._each_language():
            nation = self._nation(language)
            catalog = nation.catalog
            self._write([pages.start_page(self.facts, language, catalog, self.places)])
            self._write(pages.letter_pages(self.facts, language, self.places))
            self._write(pages.word_pages(self.facts, language))
            self._write(
                [
                    pages.framework_page(self.facts, language, catalog),
                    pages.glossary_page(self.facts, language, catalog),
                ]
            )
            self._write(
                [maps_index(self.facts, nation), release_page(self.facts, language, catalog, self.release)]
            )
            self._write(
                predictor_page(self.facts, nation, predictor) for predictor in catalog.predictors.values()
            )

    def _package(self, _about: Sequence[str]) -> None:
        write_package(self.folder / PACKAGE, self.release)

    def _finish(self, _about: Sequence[str]) -> None:
        """The descriptor and the page of downloads, which name the size of every file."""
        with use_language(self.facts.languages[0]):
            sizes = write_descriptor(
                self.folder / PACKAGE, self.release, load_catalog(self.facts.languages[0])
            )
        for language in self._each_language():
            self._write([data_page(self.facts, language, sizes)])


_worker: list[Worker] = []


def start_worker(job: Job) -> None:
    """Open the release in this process, which ends when the one that started it does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _worker[:] = [Worker(job)]


def _end_with(parent: BaseProcess) -> None:
    """Wait until the parent is gone, however it ended: nobody would give work or take it any more."""
    parent.join()
    os._exit(1)


def make(task: Task) -> str:
    """Write the files of a task in a process that was started."""
    return _worker[0].make(task)
