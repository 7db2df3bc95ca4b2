"""Between a model and the plain values of `upward.plan.content`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model

from upward.base.errors import DataError
from upward.base.messages import _
from upward.catalog.record_files import options_from
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import stored_value, value_from_stored
from upward.web.accounts.models import User
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.records.kinds import model_of
from upward.web.records.models import PlanRecord

BY_NUMBER = (FieldKind.MEMBER, FieldKind.UPLOAD)


def title_of(record: PlanRecord) -> str:
    """Return what a record is called, in the language in force."""
    title = catalog().records[record.KIND].title
    value = str(getattr(record, title.id))
    if title.kind is FieldKind.CHOICE:
        return options_from(catalog(), title.options_from).get(value, value)
    return value


def value_of(record: PlanRecord, field: Field) -> Value | None:
    """Return a field's value; a link of several asks the database, one of one only where it was not fetched."""
    if field.kind is FieldKind.RECORDS:
        return tuple(RecordKey(field.of, item.uid) for item in getattr(record, field.id).all()) or None
    if field.kind is FieldKind.RECORD:
        target = getattr(record, field.id)
        return RecordKey(field.of, target.uid) if target else None
    return plain_value(field, getattr(record, f"{field.id}_id" if field.kind in BY_NUMBER else field.id))


def plain_value(field: Field, held: Any) -> Value | None:
    """Return what a column holds as a plain value; members and uploads as the text of their number."""
    if held in (None, "", [], ()):
        return None
    if field.kind in BY_NUMBER:
        return str(held)
    if field.kind is FieldKind.ROWS:
        return value_from_stored(field, held)
    if isinstance(held, Decimal):
        return held.normalize()
    return held  # type: ignore[no-any-return]  # the other columns hold plain values


def values_of(record: PlanRecord, kind: RecordKind) -> dict[str, Value]:
    """Return all values that a record has, by field."""
    found = {field.id: value_of(record, field) for field in kind.fields.values()}
    return {name: value for name, value in found.items() if value is not None}


def columns_and_links(
    plan: Plan, kind: RecordKind, values: Mapping[str, Value | None]
) -> tuple[dict[str, Any], dict[str, list[PlanRecord]]]:
    """Return values as columns of the model, and as records to link; raise DataError for what is not of the plan."""
    columns: dict[str, Any] = {}
    links: dict[str, list[PlanRecord]] = {}
    for name, value in values.items():
        field = kind.fields[name]
        if field.kind is FieldKind.RECORDS:
            links[name] = _records(plan, field, value if isinstance(value, tuple) else ())
        elif field.kind is FieldKind.RECORD:
            found = _records(plan, field, (value,) if value is not None else ())
            columns[name] = found[0] if found else None
        else:
            columns[name] = _column(plan, field, value)
    return columns, links


def _records(plan: Plan, field: Field, keys: Iterable[Any]) -> list[PlanRecord]:
    uids = [key.uid for key in keys]
    if not uids:
        return []
    found = {
        record.uid: record for record in model_of(field.of)._default_manager.filter(plan=plan, uid__in=uids)
    }
    if missing := [uid for uid in uids if uid not in found]:
        raise DataError(_("{field}: there is no record “{uid}”.").format(field=field.label, uid=missing[0]))
    return [found[uid] for uid in uids]


def _column(plan: Plan, field: Field, value: Any) -> Any:
    kind = field.kind
    if kind is FieldKind.MEMBER:
        return _owned(User.objects.filter(memberships__plan=plan), field, value)
    if kind is FieldKind.UPLOAD:
        return _owned(Upload.objects.filter(plan=plan), field, value)
    if kind is FieldKind.ROWS:
        return stored_value(value) if value else []
    if value is None:
        if kind in (FieldKind.CHOICES, FieldKind.PLACES):
            return ()
        nothing = (
            FieldKind.NUMBER, FieldKind.SHARE, FieldKind.MONEY, FieldKind.DATE, FieldKind.YEAR, FieldKind.YES_NO,
        )  # fmt: skip
        return None if kind in nothing else ""
    return value


def _owned(found: Any, field: Field, value: Any) -> Model | None:
    if value in (None, ""):
        return None
    held: Model | None = found.filter(pk=int(value)).first() if str(value).isdigit() else None
    if held is None:
        raise DataError(_("{field}: choose one that belongs to this plan.").format(field=field.label))
    return held
