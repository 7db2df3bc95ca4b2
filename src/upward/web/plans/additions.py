"""What apps that stand on plans bring to the parts that all share: history, search, undo, the bundle, what waits.

Plans cannot know the apps above them; each says in its `AppConfig.ready` what it adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from upward.base.messages import _
from upward.catalog.step_model import Step
from upward.plan.next_things import ChangedClaim, Deadline, Gap, Promise
from upward.web.accounts.models import User
from upward.web.core.models import HistoryEntry
from upward.web.core.templating import address
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something beside tasks that waits for a person: what it is, its page, one line about it."""

    title: str
    link: str
    note: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a plan for its home page: what it is, the fact in words, the page where it is decided."""

    name: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One kind of thing that a step keeps: its name, how many there are, its list, and the page that adds one."""

    name: str
    meaning: str
    count: int
    link: str
    add: str


@dataclass(frozen=True, slots=True)
class Calls:
    """What in a plan calls for action, beside its tasks and dates; `links` leads from a subject to its page."""

    promises: tuple[Promise, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    changed: tuple[ChangedClaim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the bundle: written from a plan, read into another; people and dates go by their numbers there.

    `write(plan, numbers)` gets number in the bundle by number here, for each kind; `read(plan, entries, numbers)` the
    way back. `people` are those whom the records name.
    """

    write: Callable[[Plan, Mapping[str, Mapping[int, int]]], Any]
    read: Callable[[Plan, Any, Mapping[str, Mapping[int, int]]], None]
    people: Callable[[Plan], Iterable[int | None]] = lambda _plan: ()


#: Takes "member" or "file" and the number of one; returns its number there, or nothing where it is not there.
Renumber = Callable[[str, str], str]
#: In a draft that came from elsewhere: the names of the fields that had to be left empty.
LEFT_EMPTY = "left_empty"


@dataclass(frozen=True, slots=True)
class Addition:
    """What one app adds; every part may be left out.

    `draft` returns what was typed into a form of the app, by the name of the form, with people and files renumbered.

    `found` yields (kind, title, text, page) of what can be searched; `link` leads a row of history to its page;
    `named` returns (title, page, people concerned) of a record `kind:uid` of the app; `beside` returns the HTML that
    stands beside a record; `facts` are for the home page; `step_lines` are the lists of a step, `calls` what calls for
    action; `pages` are (kind of record, route, title) of pages beside its lists; `moved` is told (plan, name that was,
    name that stays) where a record takes another's place; `waits` is what waits for a person in a plan,
    `waiting_notices` the kinds of notice that say the same, and `count_waits` how much waits in each of many plans, in
    one query; `duties` are title and page of what a person answers for.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    undos: Mapping[str, Callable[[Access, HistoryEntry], None]] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    draft: Callable[[str, Mapping[str, Any], Renumber], Mapping[str, Any]] | None = None
    found: Callable[[Access], Iterable[tuple[str, str, str, str]]] | None = None
    link: Callable[[HistoryEntry, Plan], str] | None = None
    named: Callable[[Plan, str], tuple[str, str, Sequence[User]] | None] | None = None
    beside: Callable[[HttpRequest, Access, str], str] | None = None
    facts: Callable[[Plan], Sequence[Fact]] | None = None
    step_lines: Callable[[Access, Step], Sequence[StepLine]] | None = None
    calls: Callable[[Access], Calls] | None = None
    pages: Sequence[tuple[str, str, str]] = ()
    moved: Callable[[Plan, str, str], None] | None = None
    waits: Callable[[Access], Sequence[Waiting]] | None = None
    waiting_notices: frozenset[str] = frozenset()
    count_waits: Callable[[User, Sequence[int]], Mapping[int, int]] | None = None
    duties: Callable[[Access, User], Sequence[tuple[str, str]]] | None = None


_ADDITIONS: dict[str, Addition] = {}


def add(name: str, addition: Addition) -> None:
    """Make an app's addition known; the same name again replaces it."""
    _ADDITIONS[name] = addition


def additions() -> tuple[Addition, ...]:
    """Return what the apps of this installation add, in the order of their names."""
    return tuple(_ADDITIONS[name] for name in sorted(_ADDITIONS))


def pages_beside(kinds: Iterable[str], slug: str) -> list[tuple[str, str]]:
    """Return title and address of the pages that belong to kinds of records of a plan, each once."""
    wanted = frozenset(kinds)
    found = {route: title for one in additions() for kind, route, title in one.pages if kind in wanted}
    return [(_(title), address(route, slug=slug)) for route, title in found.items()]


def sentence_of(event: str) -> str | None:
    """Return the sentence of an app's event, or None where no app has one."""
    return next((one.sentences[event] for one in additions() if event in one.sentences), None)


def added_facts(plan: Plan) -> list[Fact]:
    """Return the facts of a plan that other apps add to its home page."""
    return [fact for one in additions() if one.facts is not None for fact in one.facts(plan)]


def waiting_beside_tasks(access: Access) -> list[Waiting]:
    """Return what waits for the person in a plan beside tasks, the longest waiting first."""
    found = [entry for one in additions() if one.waits is not None for entry in one.waits(access)]
    return sorted(found, key=lambda entry: entry.since)


def notices_of_what_waits() -> frozenset[str]:
    """Return the kinds of notice about what is listed as waiting anyway."""
    return frozenset().union(*(one.waiting_notices for one in additions()))


def count_waiting_beside_tasks(person: User, plans: Sequence[int]) -> dict[int, int]:
    """Return how much waits for a person beside tasks, by plan."""
    total: dict[int, int] = {}
    for one in additions():
        if one.count_waits is not None:
            for plan, number in one.count_waits(person, plans).items():
                total[plan] = total.get(plan, 0) + number
    return total
