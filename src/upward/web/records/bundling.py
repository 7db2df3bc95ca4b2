"""The records of a plan in its bundle: every value, link and flag, people and files by their number in the bundle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordContent
from upward.plan.record_values import stored_value, value_from_stored
from upward.web.plans.additions import LEFT_EMPTY, Renumber, Section
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.records.content import content_of
from upward.web.records.kinds import models_by_kind
from upward.web.records.models import Flag, PlanRecord
from upward.web.records.values import BY_NUMBER

Numbers = Mapping[str, Mapping[int, int]]
FLAG_FIELDS = ("record", "source", "what", "settled_by", "note")
NUMBERED = {FieldKind.MEMBER: "member", FieldKind.UPLOAD: "file"}


def people(plan: Plan) -> set[int]:
    """Return the numbers of the people whom records name."""
    found: set[int] = set()
    for name, model in models_by_kind().items():
        for field in catalog().records[name].fields.values():
            if field.kind is FieldKind.MEMBER:
                column = f"{field.id}_id"
                named = model._default_manager.filter(plan=plan).exclude(**{field.id: None})
                found |= set(named.values_list(column, flat=True))
    return found


def write(plan: Plan, numbers: Numbers) -> dict[str, Any]:
    """Return the records as JSON, kind by kind in the order in which they were made."""
    content = content_of(plan, private=True)
    records: dict[str, list[dict[str, Any]]] = {}
    for name, kind in catalog().records.items():
        both = (*content.of(name), *content.withdrawn.get(name, ()))
        if both:
            records[name] = [
                _written(kind, record, numbers)
                for record in sorted(both, key=lambda record: (record.created_at, record.uid))
            ]
    versions = {
        name: dict(model._default_manager.filter(plan=plan).values_list("uid", "version"))
        for name, model in models_by_kind().items()
        if name in records
    }
    for name, rows in records.items():
        for row in rows:
            row["version"] = versions[name][row["uid"]]
    flags = Flag.objects.filter(plan=plan).order_by("at", "record", "source", "pk")
    return {
        "records": records,
        "flags": [
            {
                **{name: getattr(flag, name) for name in FLAG_FIELDS},
                "at": flag.at.isoformat(),
                "settled_at": flag.settled_at.isoformat() if flag.settled_at else None,
            }
            for flag in flags
        ],
    }


def _written(kind: RecordKind, record: RecordContent, numbers: Numbers) -> dict[str, Any]:
    values = {name: _stored(kind.fields[name], value, numbers) for name, value in record.values.items()}
    return {
        "uid": record.uid,
        "created_at": record.created_at.isoformat(),
        "changed_at": record.changed_at.isoformat(),
        "withdrawn_at": record.withdrawn_at.isoformat() if record.withdrawn_at else None,
        "withdrawn_reason": record.withdrawn_reason,
        "values": values,
    }


def _stored(field: Field, value: Any, numbers: Numbers) -> Any:
    if field.kind in BY_NUMBER:
        return numbers[NUMBERED[field.kind]].get(int(value))
    return stored_value(value)


def read(plan: Plan, part: Mapping[str, Any], numbers: Numbers) -> None:
    """Make the records of a bundle: first each by itself, then the links between them."""
    made: dict[str, dict[str, PlanRecord]] = {}
    for name, rows in part["records"].items():
        kind, model = catalog().records[name], models_by_kind()[name]
        made[name] = {row["uid"]: _made(plan, kind, model, row, numbers) for row in rows}
    for name, rows in part["records"].items():
        kind = catalog().records[name]
        for row in rows:
            _link(kind, made[name][row["uid"]], row["values"], made)
    for row in part["flags"]:
        Flag.objects.create(
            plan=plan,
            at=datetime.fromisoformat(row["at"]),
            settled_at=datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
            **{name: row[name] for name in FLAG_FIELDS},
        )


def _made(
    plan: Plan, kind: RecordKind, model: type[PlanRecord], row: Mapping[str, Any], numbers: Numbers
) -> PlanRecord:
    columns: dict[str, Any] = {}
    for name, stored in row["values"].items():
        field = kind.fields[name]
        if field.is_link or stored is None:
            continue
        if field.kind in BY_NUMBER:
            columns[f"{name}_id"] = numbers[NUMBERED[field.kind]][stored]
        elif field.kind is FieldKind.ROWS:
            value_from_stored(field, stored)  # refuses what no row can hold
            columns[name] = stored
        else:
            columns[name] = value_from_stored(field, stored)
    withdrawn = row["withdrawn_at"]
    return model._default_manager.create(
        plan=plan,
        uid=str(row["uid"])[:32],
        version=int(row["version"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        withdrawn_at=datetime.fromisoformat(withdrawn) if withdrawn else None,
        withdrawn_reason=row["withdrawn_reason"],
        **columns,
    )


def _link(
    kind: RecordKind,
    record: PlanRecord,
    values: Mapping[str, Any],
    made: Mapping[str, Mapping[str, PlanRecord]],
) -> None:
    changed = []
    for field in kind.links:
        stored = values.get(field.id)
        if stored is None:
            continue
        if field.kind is FieldKind.RECORD:
            setattr(record, field.id, made[field.of][stored])
            changed.append(field.id)
        else:
            getattr(record, field.id).set([made[field.of][uid] for uid in stored])
    if changed:
        record.save(update_fields=changed)


def renumbered_draft(form: str, fields: Mapping[str, Any], renumber: Renumber) -> Mapping[str, Any]:
    """Return what was typed into the form of a record, or the rows of a table that wait, as another place names it.

    People and files are renumbered. What is not there is left empty, and a form keeps which fields that are.
    """
    what, _colon, rest = form.partition(":")
    kind = catalog().records.get(rest.partition(":")[0])
    if kind is None or what not in ("record", "import"):
        return fields
    chosen = {name: NUMBERED[field.kind] for name, field in kind.fields.items() if field.kind in NUMBERED}
    if what == "import":
        held = fields.get("rows")
        rows = [
            {**row, "values": _renumbered(row["values"], chosen, renumber, nothing=None)}
            for row in (held if isinstance(held, list) else ())
            if isinstance(row, dict) and isinstance(row.get("values"), dict)
        ]
        return {**fields, "rows": rows}
    found = _renumbered(fields, chosen, renumber, nothing="")
    lost = {name for name in chosen if fields.get(name) and not found[name]}
    lost |= {name for name in fields.get(LEFT_EMPTY, ()) if name in chosen}
    return {**found, LEFT_EMPTY: sorted(lost)} if lost else found


def _renumbered(
    values: Mapping[str, Any], chosen: Mapping[str, str], renumber: Renumber, *, nothing: str | None
) -> dict[str, Any]:
    """Return values with the chosen people and files by their numbers there."""
    return {
        name: (renumber(chosen[name], str(value)) or nothing) if name in chosen and value else value
        for name, value in values.items()
    }


SECTION = Section(write=write, read=read, people=people)
