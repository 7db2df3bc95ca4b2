"""A plan frozen as it stood: its content as plain data that needs no installation to be read again.

People and files are kept by their names then, since numbers of an installation say nothing elsewhere or later. Private
fields are not in it: it is made from what the plan may print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from upward.base.ids import GeoId
from upward.catalog.model import Catalog
from upward.catalog.record_model import FieldKind
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey
from upward.plan.record_values import stored_value, value_from_stored

SCHEMA = "upward.frozen-plan/1"
TEXTS = ("slug", "name", "language", "release")


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """A plan's content, people and files by name, and what its places are called, by code."""

    content: PlanContent
    places: Mapping[str, str]


def freeze(
    catalog: Catalog,
    content: PlanContent,
    *,
    places: Mapping[str, str],
    people: Mapping[str, str],
    files: Mapping[str, str],
) -> FrozenPlan:
    """Return a plan with people and files by their names; `people` and `files` name those that records point to."""
    names = {FieldKind.MEMBER: people, FieldKind.UPLOAD: files}

    def named(record: RecordContent) -> RecordContent:
        fields = catalog.records[record.kind].fields
        values = {
            name: names[fields[name].kind].get(str(value), str(value))
            if fields[name].kind in names
            else value
            for name, value in record.values.items()
        }
        return replace(record, values=values, flags=())

    told = replace(
        content,
        answers={},  # the plan does not print them
        records=_each(content.records, named),
        withdrawn=_each(content.withdrawn, named),
        people={
            people.get(key, person.name): Person(person.name, person.role)
            for key, person in content.people.items()
        },
    )
    return FrozenPlan(told, dict(places))


def _each(
    records: Mapping[str, tuple[RecordContent, ...]], change: Callable[[RecordContent], RecordContent]
) -> dict[str, tuple[RecordContent, ...]]:
    return {kind: tuple(change(record) for record in held) for kind, held in records.items() if held}


def frozen_to_data(frozen: FrozenPlan) -> dict[str, Any]:
    """Return a frozen plan as JSON can hold it; the same plan gives the same data."""
    content = frozen.content
    return {
        "schema": SCHEMA,
        **{name: getattr(content, name) for name in TEXTS},
        "places": [
            {"code": place.code, "name": frozen.places.get(place.code, "")} for place in content.places
        ],
        "people": [{"name": name, "role": person.role} for name, person in sorted(content.people.items())],
        "records": {
            kind: [_record_to_data(record) for record in held] for kind, held in content.records.items()
        },
        "withdrawn": {
            kind: [_record_to_data(record) for record in held] for kind, held in content.withdrawn.items()
        },
    }


def _record_to_data(record: RecordContent) -> dict[str, Any]:
    return {
        "uid": record.uid,
        "created_at": record.created_at.isoformat(),
        "changed_at": record.changed_at.isoformat(),
        "withdrawn_at": record.withdrawn_at.isoformat() if record.withdrawn_at else None,
        "withdrawn_reason": record.withdrawn_reason,
        "values": {name: stored_value(value) for name, value in record.values.items()},
    }


def frozen_from_data(catalog: Catalog, data: Mapping[str, Any]) -> FrozenPlan:
    """Return the plan that `frozen_to_data` wrote, without kinds and fields that the catalogue no longer has.

    Raises ValueError, TypeError, AttributeError or KeyError for what it cannot have written.
    """
    if data["schema"] != SCHEMA:
        raise ValueError("schema")
    content = PlanContent(
        slug=_text(data["slug"]),
        name=_text(data["name"]),
        language=_text(data["language"]),
        release=_text(data["release"]),
        places=tuple(GeoId.parse(_text(place["code"])) for place in data["places"]),
        people={_text(one["name"]): Person(one["name"], _text(one["role"])) for one in data["people"]},
        records=_records_from_data(catalog, data["records"]),
        withdrawn=_records_from_data(catalog, data["withdrawn"]),
    )
    return FrozenPlan(content, {place["code"]: _text(place["name"]) for place in data["places"]})


def _records_from_data(catalog: Catalog, data: Mapping[str, Any]) -> dict[str, tuple[RecordContent, ...]]:
    return {
        kind: tuple(_record_from_data(catalog, kind, one) for one in held)
        for kind, held in data.items()
        if kind in catalog.records
    }


def _record_from_data(catalog: Catalog, kind: str, one: Mapping[str, Any]) -> RecordContent:
    fields = catalog.records[kind].fields
    read = {
        name: value_from_stored(fields[name], stored)
        for name, stored in one["values"].items()
        if name in fields
    }
    withdrawn = one["withdrawn_at"]
    return RecordContent(
        key=RecordKey(kind, _text(one["uid"])),
        values={name: value for name, value in read.items() if value is not None},
        created_at=datetime.fromisoformat(one["created_at"]),
        changed_at=datetime.fromisoformat(one["changed_at"]),
        withdrawn_at=datetime.fromisoformat(withdrawn) if withdrawn else None,
        withdrawn_reason=_text(one["withdrawn_reason"]),
    )


def _text(stored: Any) -> str:
    if not isinstance(stored, str):
        raise TypeError(f"text expected, found {type(stored).__name__}")
    return stored
