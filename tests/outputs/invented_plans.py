"""Plans that tests, benchmarks and pictures share: one told in full, one with every field filled, one empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from upward.base.ids import GeoId
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.catalog.record_model import Field, FieldKind
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey
from upward.plan.record_values import options_of_field, value_from_stored

CHANGED = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
PLACE = "21227"
TOLD = Path(__file__).with_name("invented_plan.yaml")


def record(kind: str, uid: str, /, **values: Any) -> RecordContent:
    """Return a record with these values."""
    return RecordContent(RecordKey(kind, uid), values, CHANGED, CHANGED)


def key(kind: str, uid: str) -> RecordKey:
    """Return the key of a record."""
    return RecordKey(kind, uid)


def plan_of(
    *records: RecordContent,
    place: str = PLACE,
    release: str = "2025.01-18eaddeb3f",
    name: str = "Warren County",
) -> PlanContent:
    """Return a plan with these records."""
    by_kind: dict[str, list[RecordContent]] = {}
    for item in records:
        by_kind.setdefault(item.kind, []).append(item)
    return PlanContent(
        slug="warren-county", name=name, places=(GeoId.parse(place),), language="en", release=release,
        records={kind: tuple(items) for kind, items in by_kind.items()},
        people={"m1": Person("Ana Ruiz", "Data analyst")},
    )  # fmt: skip


def metric(uid: str, claim: str, variable: str, value: str) -> RecordContent:
    """Return a reading of a metric as the workbench pins it."""
    return record(
        "pinned-metric", uid, claim=claim, variable=variable, place=PLACE, year=2023, value=Decimal(value),
        quality="strong", source_release="2025.01", release="2025.01-18eaddeb3f",
    )  # fmt: skip


def told_plan() -> PlanContent:
    """Return a plan told through all ten steps: what pictures and most tests show."""
    catalog = load_catalog("en")
    told = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
    return plan_of(
        *(
            record(
                kind,
                uid,
                **{
                    name: value_from_stored(catalog.records[kind].fields[name], value)
                    for name, value in values.items()
                },
            )
            for kind, records in told.items()
            for uid, values in records.items()
        )
    )


def empty_plan() -> PlanContent:
    """Return a plan without a record."""
    return plan_of()


def filled_plan(catalog: Catalog, words: str = "words") -> PlanContent:
    """Return a plan with one record of every kind and a value in every field; texts hold `words`."""
    records = [
        record(kind.id, "1", **{name: filled(catalog, field, words) for name, field in kind.fields.items()})
        for kind in catalog.records.values()
    ]
    return plan_of(*records)


def filled(catalog: Catalog, field: Field, words: str) -> Any:
    """Return a value for a field."""
    plain: Mapping[FieldKind, Any] = {
        FieldKind.DATE: date(2027, 1, 2), FieldKind.MONTH: "2027-03", FieldKind.YEAR: 2023,
        FieldKind.NUMBER: Decimal("12.5"),
        FieldKind.SHARE: Decimal("0.125"), FieldKind.MONEY: Decimal(1200), FieldKind.YES_NO: True, FieldKind.LINK: "https://example.org/",
        FieldKind.MEMBER: "m1", FieldKind.PLACE: PLACE, FieldKind.PLACES: (PLACE,), FieldKind.UPLOAD: "upload-1",
        FieldKind.VARIABLE: "share_employed", FieldKind.GROUP: "gender/female",
    }  # fmt: skip
    if field.kind in plain:
        return plain[field.kind]
    if field.kind is FieldKind.RECORD:
        return key(field.of, "1")
    if field.kind is FieldKind.RECORDS:
        return (key(field.of, "1"),)
    if field.kind is FieldKind.ROWS:
        return ({name: filled(catalog, column, words) for name, column in field.columns.items()},)
    if field.options_from:
        options = list(options_of_field(catalog, field))
        chosen = {
            "consents": "plan-with-name",
            "partner-statuses": "joined",
            "finding-statuses": "agreed",
        }.get(field.options_from, options[0])
        return chosen if field.kind is FieldKind.CHOICE else (options[0],)
    return f"{'PRIVATE ' if field.private else ''}{words} {field.id}"
