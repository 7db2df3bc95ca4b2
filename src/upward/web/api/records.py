"""Records in the API: every kind with the same four calls, by the fields that its specification names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from upward.base.errors import DataError
from upward.catalog.record_model import FieldKind, RecordKind
from upward.plan.content import Value
from upward.plan.record_values import checked_value, stored_value
from upward.web.api.api import REFUSALS, Page, Slug, Text, person_of
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.plans.queries import open_plan
from upward.web.records import actions
from upward.web.records.kinds import kind_called
from upward.web.records.models import PlanRecord
from upward.web.records.queries import counts, fields_for, find_record, flags_of, one_links, standing
from upward.web.records.values import title_of, value_of

router = Router(tags=["records"])

Kind = Annotated[str, Path(pattern=r"^[a-z-]+$", max_length=40)]
Uid = Annotated[str, Path(pattern=r"^[a-z0-9]+$", max_length=32)]


class FieldOut(Schema):
    """A field of a kind of record."""

    id: str
    label: str
    help: str
    kind: str
    options_from: str
    of: str
    needed: bool
    private: bool
    given: bool
    stands_on: bool


class KindOut(Schema):
    """A kind of record, with how many stand in the plan."""

    id: str
    name: str
    plural: str
    step: str
    count: int
    fields: list[FieldOut]


class RecordOut(Schema):
    """A record; numbers are text, links the uid of the other record, members and files numbers as text."""

    kind: str
    uid: str
    title: str
    values: dict[str, Any]
    flags: int
    version: int
    created_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None


class RecordIn(Schema):
    """A new record: its values by id of the field."""

    values: dict[Text, Any] = Field(max_length=100)


class RecordChange(RecordIn):
    """What to change in a record; null empties a field, what is left out stays."""

    version: int = Field(ge=1, le=2_000_000_000)


def record_out(
    access: Access, kind: RecordKind, record: PlanRecord, flags: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a record as the API shows it: private fields only to who may see them."""
    values = {field.id: value_of(record, field) for field in fields_for(access, kind)}
    return {
        "kind": kind.id,
        "uid": record.uid,
        "title": title_of(record),
        "values": {name: stored_value(value) for name, value in values.items() if value is not None},
        "flags": len(flags.get(record.key, ())),
        **{name: getattr(record, name) for name in ("version", "created_at", "changed_at", "withdrawn_at")},
    }


def values_in(kind: RecordKind, given: Mapping[str, Any]) -> dict[str, Value | None]:
    """Return values from outside, read strictly; raises DataError or UsageError naming the field."""
    values: dict[str, Value | None] = {}
    for name, stored in given.items():
        field = kind.fields.get(name)
        if field is None or field.given:
            raise DataError(f"“{name[:60]}” is not a field that can be set.")
        values[name] = checked_value(catalog(), field, stored)
    return values


@router.get("/plans/{slug}/records", response={200: list[KindOut], **REFUSALS}, summary="Kinds of records")
def list_kinds(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    """Return the kinds of records with their fields and how many there are."""
    access = open_plan(slug, person_of(request))
    kinds = list(catalog().records.values())
    number = counts(access, kinds)
    names = ("id", "label", "help", "kind", "options_from", "of", "needed", "private", "given", "stands_on")
    return [
        {
            "id": kind.id,
            "name": kind.name,
            "plural": kind.plural,
            "step": kind.step,
            "count": number[kind.id],
            "fields": [{name: getattr(field, name) for name in names} for field in kind.fields.values()],
        }
        for kind in kinds
    ]


@router.get(
    "/plans/{slug}/records/{kind}", response={200: list[RecordOut], **REFUSALS}, summary="Records of a kind"
)
def list_records(request: HttpRequest, slug: Slug, kind: Kind, page: Query[Page]) -> list[dict[str, Any]]:
    """Return the records of a kind that stand, in the order in which they were made."""
    access, held = open_plan(slug, person_of(request)), kind_called(kind)
    several = [field.id for field in held.fields.values() if field.kind is FieldKind.RECORDS]
    found = standing(access, held).select_related(*one_links(held)).prefetch_related(*several).order_by("pk")
    flags = flags_of(access.plan, kind)
    return [
        record_out(access, held, record, flags) for record in found[page.offset : page.offset + page.limit]
    ]


@router.post("/plans/{slug}/records/{kind}", response={201: RecordOut, **REFUSALS}, summary="Add a record")
def add_record(request: HttpRequest, slug: Slug, kind: Kind, body: RecordIn) -> Status[dict[str, Any]]:
    """Add a record."""
    access, held = open_plan(slug, person_of(request)), kind_called(kind)
    record = actions.add_record(by=access, kind=kind, values=values_in(held, body.values))
    return Status(201, record_out(access, held, find_record(access, kind, record.uid), {}))


@router.get("/plans/{slug}/records/{kind}/{uid}", response={200: RecordOut, **REFUSALS}, summary="One record")
def one_record(request: HttpRequest, slug: Slug, kind: Kind, uid: Uid) -> dict[str, Any]:
    """Return a record, withdrawn or not."""
    access = open_plan(slug, person_of(request))
    record = find_record(access, kind, uid)
    return record_out(access, kind_called(kind), record, flags_of(access.plan, kind))


@router.patch(
    "/plans/{slug}/records/{kind}/{uid}", response={200: RecordOut, **REFUSALS}, summary="Change a record"
)
def change_record(
    request: HttpRequest, slug: Slug, kind: Kind, uid: Uid, body: RecordChange
) -> dict[str, Any]:
    """Change a record that is still at the version given."""
    access, held = open_plan(slug, person_of(request)), kind_called(kind)
    record = find_record(access, kind, uid)
    actions.change_record(by=access, record=record, version=body.version, values=values_in(held, body.values))
    return record_out(access, held, find_record(access, kind, uid), flags_of(access.plan, kind))
