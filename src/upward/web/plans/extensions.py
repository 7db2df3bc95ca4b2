"""What apps above this one add to a plan's pages, bundle, search and undoing.

Apps that stand on plans register here when they start (`AppConfig.ready`); this app asks without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upward.catalog.step_model import Step
from upward.plan.next_things import ChangedClaim, Deadline, Gap, Promise
from upward.web.core.models import HistoryEntry

if TYPE_CHECKING:
    from upward.web.plans.models import Plan
    from upward.web.plans.policies import Access


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
class BundlePart:
    """A part of a bundle: who is named in it, how it is written, and how it is read back."""

    name: str
    people: Callable[[Plan], set[int]]
    write: Callable[[Plan, Mapping[str, Mapping[int, int]]], Any]
    read: Callable[[Plan, Any, Mapping[str, Mapping[int, int]]], None]


@dataclass(slots=True)
class Extensions:
    """Everything that was registered."""

    step_lines: list[Callable[[Access, Step], list[StepLine]]] = field(default_factory=list)
    calls: list[Callable[[Access], Calls]] = field(default_factory=list)
    bundle_parts: list[BundlePart] = field(default_factory=list)
    found: list[Callable[[Access], Iterator[tuple[str, str, str, str]]]] = field(default_factory=list)
    history_links: list[Callable[[HistoryEntry, Plan], str]] = field(default_factory=list)
    undos: dict[str, Callable[[Access, HistoryEntry], None]] = field(default_factory=dict)
    #: Pages that belong to a kind of record, by its id: the route and what the page is called (`to_translate`).
    kind_pages: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    #: What stands beside a record of a kind on its page: heading, then title, words and link of each.
    beside_record: dict[str, list[Callable[[Access, Any], tuple[str, list[tuple[str, str, str]]]]]] = field(
        default_factory=dict
    )
    #: Called where a record takes the place of another: (plan, key that was, key that stays).
    moves: list[Callable[[Plan, str, str], None]] = field(default_factory=list)


EXTENSIONS = Extensions()
