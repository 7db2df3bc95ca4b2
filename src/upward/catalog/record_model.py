"""The nouns of a plan as data: kinds of records and their fields, from which forms, lists, files and docs are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from upward.catalog.step_model import Basis


class FieldKind(StrEnum):
    """What a field holds."""

    LINE = "line"  # text of one line
    TEXT = "text"  # text of several lines
    CHOICE = "choice"  # one word of `options_from`
    CHOICES = "choices"  # several words of `options_from`
    DATE = "date"
    MONTH = "month"  # year and month
    YEAR = "year"
    NUMBER = "number"
    SHARE = "share"  # 0 to 1, typed and shown as percent
    MONEY = "money"  # dollars
    YES_NO = "yes-no"
    LINK = "link"  # an address on the web
    MEMBER = "member"  # a person who works on the plan
    VARIABLE = "variable"  # of the catalogue's metrics
    GROUP = "group"  # "type/group" of the catalogue
    PLACE = "place"  # FIPS code of a county or a city
    PLACES = "places"
    UPLOAD = "upload"  # a file kept with the plan
    RECORD = "record"  # one record of the kind `of`
    RECORDS = "records"  # several of them
    ROWS = "rows"  # a small table with `columns`


LINKS = frozenset((FieldKind.RECORD, FieldKind.RECORDS))
CHOICES = frozenset((FieldKind.CHOICE, FieldKind.CHOICES))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of record; `id` is also the name of the model's field and the key in files."""

    id: str
    label: str
    kind: FieldKind
    help: str = ""
    guide: str = ""  # the words of the guide that it answers to; empty where the label says them
    options_from: str = ""  # a vocabulary, or a part of the catalogue
    of: str = ""  # id of the kind that a link leads to
    columns: Mapping[str, Field] = field(default_factory=dict)  # of rows
    needed: bool = False
    title: bool = False  # names the record in lists and links
    listed: bool = False  # a column of the list
    filtered: bool = False  # the list can be narrowed by it
    given: bool = False  # set by Upward, never typed
    private: bool = False  # own permission; never logged, never in the plan
    stands_on: bool = False  # a link of the evidence thread: this record rests on the other

    @property
    def is_link(self) -> bool:
        """Tell whether the field leads to other records."""
        return self.kind in LINKS


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A noun that steps fill and read, such as a finding or a strategic action."""

    id: str
    name: str
    plural: str
    meaning: str
    step: str  # slug of the step whose file describes it
    app: str  # the app of the workbench that keeps it
    section: str  # of the plan's outline; empty where the plan does not print it
    basis: Basis
    shared_later: bool  # a person's own until shared
    fields: Mapping[str, Field]

    @property
    def title(self) -> Field:
        """Return the field that names a record."""
        return next(item for item in self.fields.values() if item.title)

    @property
    def links(self) -> tuple[Field, ...]:
        """Return the fields that lead to other records."""
        return tuple(item for item in self.fields.values() if item.is_link)

    @property
    def private(self) -> frozenset[str]:
        """Return the ids of the fields with a permission of their own."""
        return frozenset(item.id for item in self.fields.values() if item.private)
