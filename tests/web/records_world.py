"""Records of every kind for tests of the workbench: an example value for each field, and all links tied."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from upward.catalog.load import load_catalog
from upward.catalog.record_model import Field, FieldKind
from upward.plan.content import RecordKey
from upward.plan.record_values import options_of_field

CATALOG = load_catalog()


def example(field: Field, made: dict[str, object], *, person: str, file: str):
    """Return an example of what a field holds; None for a link to a kind of which there is nothing yet."""
    kind = field.kind
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.VARIABLE, FieldKind.GROUP):
        options = list(options_of_field(CATALOG, field))
        return tuple(options[:2]) if kind is FieldKind.CHOICES else options[0]
    if field.is_link:
        target = made.get(field.of)
        if target is None:
            return None
        key = RecordKey(field.of, target.uid)
        return (key,) if kind is FieldKind.RECORDS else key
    if kind is FieldKind.ROWS:
        row = {name: example(column, made, person="", file="") for name, column in field.columns.items()}
        return (row,)
    return {
        FieldKind.LINE: f"Line of {field.id}, ¿cómo? <b>",
        FieldKind.TEXT: f"Text of {field.id}.\nSecond line: 5 < 6 & more.",
        FieldKind.DATE: date(2027, 3, 1),
        FieldKind.MONTH: "2027-03",
        FieldKind.YEAR: 2027,
        FieldKind.NUMBER: Decimal("41.5"),
        FieldKind.SHARE: Decimal("0.415"),
        FieldKind.MONEY: Decimal("58107"),
        FieldKind.YES_NO: True,
        FieldKind.LINK: "https://example.org/report?a=1&b=2",
        FieldKind.MEMBER: person,
        FieldKind.PLACE: "98001",
        FieldKind.PLACES: ("98001",),
        FieldKind.UPLOAD: file,
    }[kind]


def one_of_each(by, *, file: str = "", person: str = "") -> dict[str, object]:
    """Add one record of every kind with every field filled; links lead to the record of their kind."""
    from upward.web.records.actions import add_record, change_record

    person = person or str(by.person.pk)
    made: dict[str, object] = {}

    def values(kind, *, links_only: bool = False):
        found = {
            field.id: example(field, made, person=person, file=file)
            for field in kind.fields.values()
            if (field.is_link or not links_only) and not (field.of == kind.id and not links_only)
        }
        found = {name: value for name, value in found.items() if value not in (None, "")}
        if "starts" in found:
            found["ends"] = "2028-01"
        return found

    ordered = sorted(
        CATALOG.records.values(), key=lambda kind: kind.id in ("target", "logic-model-link", "update")
    )
    for kind in ordered:
        made[kind.id] = add_record(by=by, kind=kind.id, values=values(kind))
    for kind in ordered:
        record = made[kind.id]
        tied = {
            name: value
            for name, value in values(kind, links_only=True).items()
            if kind.fields[name].is_link and kind.fields[name].of != kind.id
        }
        change_record(by=by, record=record, version=record.version, values=tied)
    return made
