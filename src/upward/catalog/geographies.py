"""States, changes of county codes, and the boundary vintages between them, read from `data/geographies/`.

What belongs here: which codes exist when, and what became of a former one. What does not: names and
populations of today's places (they come from the published frame, in a release), and shapes
(`present/shapes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from upward.base.errors import CatalogError
from upward.catalog.reading import Fields, Problems, read_yaml

DIRECTORY = Path(__file__).parent / "data" / "geographies"


@dataclass(frozen=True, slots=True)
class State:
    """A state or the District of Columbia."""

    code: str
    abbreviation: str
    name: str


@dataclass(frozen=True, slots=True)
class Division:
    """One of the nine divisions of the Census Bureau, within one of its four regions."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class BoundaryVintage:
    """A span of years with one set of county codes; it lasts until the next one begins."""

    id: str
    first_year: int


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A county code that began or ended: `valid_from` and `valid_to` are years of the published frame, None
    if open.

    `exact` tells whether the former areas and their successors cover the same ground; where they do not, no
    number may be carried from one to the other.
    """

    code: str
    name: str
    valid_from: int | None
    valid_to: int | None
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]
    exact: bool
    note: str


@lru_cache(maxsize=1)
def load_states() -> Mapping[str, State]:
    """Return the states by two-digit code; raise CatalogError if the file is damaged."""
    problems = Problems()
    fields = read_yaml(DIRECTORY / "states.yaml", "geographies/states.yaml", problems)
    states = {}
    for entry in fields.entries("states", "code"):
        state = State(entry.text("code"), entry.text("abbreviation"), entry.text("name"))
        entry.done()
        states[state.code] = state
    fields.done()
    _raise_if_any(problems)
    return states


@lru_cache(maxsize=1)
def load_divisions() -> Mapping[str, Division]:
    """Return the Census Bureau division of each state code; raise CatalogError if the file is damaged.

    >>> load_divisions()["29"].name, load_divisions()["29"].region
    ('West North Central', 'Midwest')
    """
    problems = Problems()
    fields = read_yaml(DIRECTORY / "divisions.yaml", "geographies/divisions.yaml", problems)
    divisions: dict[str, Division] = {}
    for entry in fields.entries("divisions", "name"):
        division = Division(entry.text("name"), entry.text("region"))
        for code in entry.texts("states"):
            if code not in load_states() or code in divisions:
                entry.problem("states", f"expected each state once; “{code}” is unknown or stands twice.")
            divisions[code] = division
        entry.done()
    fields.done()
    for code in load_states().keys() - divisions.keys():
        fields.problem("divisions", f"state {code} is in no division.")
    _raise_if_any(problems)
    return divisions


@lru_cache(maxsize=1)
def load_changes() -> Mapping[str, AreaChange]:
    """Return every county code that began or ended in or near the published years, by code, in order.

    >>> load_changes()["02261"].successors
    ('02063', '02066')
    """
    problems = Problems()
    fields = _read_changes(problems)
    changes: dict[str, AreaChange] = {}
    for entry in fields.entries("changes", "year"):
        for change in _read_change(entry):
            changes[change.code] = change
    _raise_if_any(problems)
    return dict(sorted(changes.items()))


@lru_cache(maxsize=1)
def load_boundary_vintages() -> tuple[BoundaryVintage, ...]:
    """Return the boundary vintages, oldest first."""
    problems = Problems()
    vintages = []
    for entry in _read_changes(problems).entries("vintages", "id"):
        vintages.append(BoundaryVintage(entry.text("id"), entry.whole("first_year")))
        entry.done()
    _raise_if_any(problems)
    return tuple(sorted(vintages, key=lambda vintage: vintage.first_year))


def boundary_vintage(year: int) -> str:
    """Return the id of the boundary vintage in force in a year of the published frame.

    >>> boundary_vintage(2019), boundary_vintage(2023)
    ('2015', '2022')
    """
    vintages = load_boundary_vintages()
    in_force = [vintage.id for vintage in vintages if vintage.first_year <= year]
    return in_force[-1] if in_force else vintages[0].id


def exists_in(code: str, year: int) -> bool:
    """Tell whether a county code that changed was valid in a year; a code that never changed always was."""
    change = load_changes().get(code)
    if change is None:
        return True
    return (change.valid_from is None or change.valid_from <= year) and (
        change.valid_to is None or year <= change.valid_to
    )


def new_area(code: str) -> AreaChange | None:
    """Return how an area came to be that took the place of others; None for one that was only renamed, and for others.

    >>> new_area("09110").predecessors, new_area("46102")
    (('09003', '09013'), None)
    """
    change = load_changes().get(code)
    if change is None or change.valid_from is None or not change.predecessors:
        return None
    first = load_changes()[change.predecessors[0]]
    renamed = change.exact and len(change.predecessors) == len(first.successors) == 1
    return None if renamed else change


def _read_changes(problems: Problems) -> Fields:
    return read_yaml(DIRECTORY / "changes.yaml", "geographies/changes.yaml", problems)


def _read_change(entry: Fields) -> list[AreaChange]:
    year, exact, note = entry.whole("year"), entry.flag("exact"), entry.text("note")
    read = []
    predecessors: dict[str, list[str]] = {}
    for former in entry.entries("former", "code"):
        code, successors = former.text("code"), former.texts("successors")
        read.append(AreaChange(code, former.text("name"), None, year - 1, successors, (), exact, note))
        for successor in successors:
            predecessors.setdefault(successor, []).append(code)
        former.done()
    for new in entry.entries("new", "code"):
        code, before = new.text("code"), new.flag("existed_before", default=False)
        origin = tuple(predecessors.get(code, ()))
        read.append(
            AreaChange(code, new.text("name"), None if before else year, None, (), origin, exact, note)
        )
        new.done()
    entry.done()
    return read


def _raise_if_any(problems: Problems) -> None:
    if problems.found:
        raise CatalogError(tuple(problems.found))
