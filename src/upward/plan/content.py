"""A plan as plain, frozen values: what bundle, documents and checks share, without a database.

The workbench makes a `PlanContent` from its tables (`upward.web.records.content`), a bundle is its JSON, and the
Mobility Action Plan is assembled from it. Private fields are there only for who may see them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from upward.base.ids import GeoId
from upward.catalog.model import Catalog
from upward.catalog.record_files import options_from
from upward.catalog.record_model import Field, FieldKind
from upward.plan.answers import Answer


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """Names one record of a plan, on every installation."""

    kind: str
    uid: str

    def __str__(self) -> str:
        """Return the key as text: "kind:uid"."""
        return f"{self.kind}:{self.uid}"


Cell = str | Decimal | date | bool
Row = Mapping[str, Cell]  # one row of a field of kind rows, by id of the column; empty cells are left out

# What a field holds, by kind: line, text, choice, variable, group, place, link, month ("2027-03"), member (a key of
# `PlanContent.people`) and upload (an id) are text; number, share (0 to 1) and money are Decimal; year is int;
# choices and places are tuples of text; record is a RecordKey and records a tuple of them; rows a tuple of rows.
Value = Cell | int | tuple[str, ...] | RecordKey | tuple[RecordKey, ...] | tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works on the plan, as the plan may print it."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a record stands on has changed since: which record, what was said, and when."""

    source: RecordKey
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordContent:
    """One record: its values by id of the field; a field without a value is left out."""

    key: RecordKey
    values: Mapping[str, Value]
    created_at: datetime
    changed_at: datetime
    flags: tuple[Flag, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    @property
    def kind(self) -> str:
        """Return the id of its kind."""
        return self.key.kind

    @property
    def uid(self) -> str:
        """Return its id, the same on every installation."""
        return self.key.uid

    def text(self, name: str) -> str:
        """Return a value that is text; empty where there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def linked(self, name: str) -> tuple[RecordKey, ...]:
        """Return the records that a link leads to: none, one or several."""
        value = self.values.get(name, ())
        if isinstance(value, RecordKey):
            return (value,)
        return (
            tuple(item for item in value if isinstance(item, RecordKey)) if isinstance(value, tuple) else ()
        )


@dataclass(frozen=True, slots=True)
class PlanContent:
    """A whole plan; `records` holds those of a kind in the order of the plan, withdrawn ones apart."""

    slug: str
    name: str
    places: tuple[GeoId, ...]
    language: str  # it was made in
    release: str = ""  # id of the release whose numbers it uses
    answers: Mapping[str, Answer] = field(
        default_factory=dict
    )  # by id of the question: the plan's own answer
    records: Mapping[str, tuple[RecordContent, ...]] = field(default_factory=dict)  # by id of the kind
    withdrawn: Mapping[str, tuple[RecordContent, ...]] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[RecordContent, ...]:
        """Return the records of a kind that stand; empty for none."""
        return self.records.get(kind, ())

    def find(self, key: RecordKey) -> RecordContent | None:
        """Return a record, standing or withdrawn."""
        both = (*self.of(key.kind), *self.withdrawn.get(key.kind, ()))
        return next((record for record in both if record.uid == key.uid), None)

    def all_records(self) -> Iterator[RecordContent]:
        """Yield every record that stands, kind by kind."""
        for records in self.records.values():
            yield from records


def title_of(catalog: Catalog, record: RecordContent) -> str:
    """Return what a record is called: its title field, with a chosen word by its name."""
    title: Field = catalog.records[record.kind].title
    value = record.text(title.id)
    if title.kind is FieldKind.CHOICE:
        return options_from(catalog, title.options_from).get(value, value)
    return value


def dangling_links(catalog: Catalog, content: PlanContent) -> Iterator[tuple[RecordKey, str, RecordKey]]:
    """Yield every link that leads to no record at all: from where, by which field, to where."""
    known = {record.key for record in content.all_records()}
    known |= {record.key for records in content.withdrawn.values() for record in records}
    for record in (*content.all_records(), *(r for rs in content.withdrawn.values() for r in rs)):
        for link in catalog.records[record.kind].links:
            for target in record.linked(link.id):
                if target not in known:
                    yield record.key, link.id, target
