"""Everything that is written about records: add, change, withdraw, bring back, merge, settle a flag.

As in `plans.actions`: who acts is `by`, role and state are checked, and each action is one transaction with its history
row inside. Private values never stand in the history; it says only that they changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from upward.base.errors import RefusedError, UsageError
from upward.base.messages import _
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import stored_value
from upward.web.accounts.models import User
from upward.web.core.history import record_history
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.plans.actions import actor_of
from upward.web.plans.additions import additions
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.plans.policies import Access, Permission, check_may, check_permission
from upward.web.records.kinds import kind_called, model_of, models_by_kind
from upward.web.records.models import Flag, PlanRecord, new_uid
from upward.web.records.queries import standing_on
from upward.web.records.rules import FOLLOWING, RULES
from upward.web.records.values import columns_and_links, title_of, value_of, values_of

HIDDEN = "•"  # stands in the history for a private value
MOST_OF_A_KIND = 20_000
#: Changes of these say how far a record is, or who looks after it; what stands on it is as firm as before.
QUIET = frozenset(("status", "owner", "order", "rank", "collector", "reporter", "review_on"))


def check_may_write(by: Access, kind: RecordKind, record: PlanRecord | None = None) -> None:
    """Raise where a person may not write records of a kind, or not this one."""
    check_may(by, Permission.WORK)
    if kind.shared_later and record is not None and not by.operator:
        rater = getattr(record, "rater_id", None)
        if rater is not None and (by.person is None or rater != by.person.pk):
            raise NotAllowed(_("Only the person who made it can change this."))


def _check_private(by: Access, kind: RecordKind, names: Iterable[str]) -> None:
    if kind.private & set(names):
        check_permission(by, Permission.PRIVATE)


@transaction.atomic
def add_record(*, by: Access, kind: str, values: Mapping[str, Value | None], uid: str = "") -> PlanRecord:
    """Add a record; raises UsageError or DataError where values are missing or do not fit."""
    held = kind_called(kind)
    check_may_write(by, held)
    given = {name: value for name, value in values.items() if value is not None}
    _check_private(by, held, given)
    model = model_of(kind)
    if model._default_manager.filter(plan=by.plan).count() >= MOST_OF_A_KIND:
        raise StateForbids(_("There are too many records of this kind in the plan."))
    given = _checked(by, held, given, None)
    columns, links = columns_and_links(by.plan, held, given)
    record = model._default_manager.create(plan=by.plan, uid=uid or new_uid(), **columns)
    for name, targets in links.items():
        getattr(record, name).set(targets)
    _write("record.added", by, held, record, {}, given)
    for following in FOLLOWING.get(kind, ()):
        following(by, record)
    return record


@transaction.atomic
def change_record(
    *, by: Access, record: PlanRecord, version: int, values: Mapping[str, Value | None]
) -> PlanRecord:
    """Change values of a record that is still at the version; raises Outdated otherwise. What is left out stays.

    What stands on it is flagged, unless only its state or its owner changed.
    """
    held = kind_called(record.KIND)
    check_may_write(by, held, record)
    if record.withdrawn_at is not None:
        raise StateForbids(_("This was withdrawn."), advice=_("Bring it back first."))
    before = values_of(record, held)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if not changed and version == record.version:
        return record
    _check_private(by, held, changed)
    after = {**before, **changed}
    given = _checked(by, held, {name: value for name, value in after.items() if value is not None}, record)
    changed = {name: given.get(name) for name in held.fields if before.get(name) != given.get(name)}
    columns, links = columns_and_links(by.plan, held, changed)
    _save(record, version, columns)
    for name, targets in links.items():
        getattr(record, name).set(targets)
    _write("record.changed", by, held, record, before, changed, names=tuple(changed))
    if changed.keys() - QUIET - held.private:
        flag_what_stands_on(by.plan, record, what=title_of(record))
    return record


def _save(record: PlanRecord, version: int, columns: Mapping[str, Any]) -> None:
    saved = (
        type(record)
        ._default_manager.filter(pk=record.pk, version=version)
        .update(**columns, version=version + 1, changed_at=timezone.now())
    )
    if not saved:
        current = type(record)._default_manager.get(pk=record.pk)
        raise Outdated(_("Someone else saved this while you had it open."), current=current)
    for name, value in columns.items():
        setattr(record, name, value)
    record.version = version + 1


def _checked(
    by: Access, kind: RecordKind, values: dict[str, Value], record: PlanRecord | None
) -> dict[str, Value]:
    """Return the values with what Upward sets itself; raise where something is missing or does not fit together."""
    for field in kind.fields.values():
        if field.needed and field.id not in values:
            raise UsageError(_("{field} is missing.").format(field=field.label))
        if field.of == kind.id and record is not None and record.uid in _uids(values.get(field.id)):
            raise UsageError(_("{field}: a record cannot stand on itself.").format(field=field.label))
    for rule in RULES.get(kind.id, ()):
        for name, value in rule(by, values, record).items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
    return values


def _uids(value: Value | None) -> set[str]:
    keys = value if isinstance(value, tuple) else (value,)
    return {key.uid for key in keys if isinstance(key, RecordKey)}


# --- history -------------------------------------------------------------------------------------------------------
def _write(
    event: str,
    by: Access,
    kind: RecordKind,
    record: PlanRecord,
    before: Mapping[str, Value | None],
    after: Mapping[str, Value | None],
    *,
    names: tuple[str, ...] | None = None,
) -> None:
    shown = names if names is not None else tuple(after)
    record_history(
        event,
        by=actor_of(by),
        plan=by.plan.pk,
        record=record.key,
        record_name=title_of(record),
        before={name: told(by.plan, kind.fields[name], before.get(name)) for name in shown if name in before},
        after={name: told(by.plan, kind.fields[name], after.get(name)) for name in shown},
    )


def told(plan: Plan, field: Field, value: Value | None) -> Any:
    """Return a value as the history keeps it: links, people and files with their name then, private values hidden."""
    if value is None:
        return None
    if field.private:
        return HIDDEN
    if field.is_link:
        titles = {
            record.uid: title_of(record)
            for record in model_of(field.of)._default_manager.filter(plan=plan, uid__in=_uids(value))
        }
        return [{"key": f"{field.of}:{uid}", "title": titles.get(uid, uid)} for uid in sorted(_uids(value))]
    if field.kind is FieldKind.MEMBER:
        person = User.objects.filter(pk=int(str(value))).first()
        return [{"key": f"member:{value}", "title": person.get_full_name() if person else ""}]
    if field.kind is FieldKind.UPLOAD:
        file = Upload.objects.filter(plan=plan, pk=int(str(value))).first()
        return [{"key": f"file:{value}", "title": file.name if file else ""}]
    return stored_value(value)


# --- withdrawing ---------------------------------------------------------------------------------------------------
@transaction.atomic
def withdraw_record(*, by: Access, record: PlanRecord, version: int, reason: str) -> None:
    """Withdraw a record with a reason; it can be brought back, and what stands on it is flagged."""
    held = kind_called(record.KIND)
    check_may_write(by, held, record)
    if not reason.strip():
        raise UsageError(_("Say why it is withdrawn."))
    if record.withdrawn_at is not None:
        raise StateForbids(_("This was withdrawn already."))
    _save(record, version, {"withdrawn_at": timezone.now(), "withdrawn_reason": reason.strip()})
    record_history(
        "record.withdrawn",
        by=actor_of(by),
        plan=by.plan.pk,
        record=record.key,
        record_name=title_of(record),
        after={"reason": reason.strip()},
    )
    flag_what_stands_on(by.plan, record, what=_("“{title}” was withdrawn").format(title=title_of(record)))


@transaction.atomic
def restore_record(*, by: Access, record: PlanRecord, version: int) -> None:
    """Bring a withdrawn record back."""
    held = kind_called(record.KIND)
    check_may_write(by, held, record)
    if record.withdrawn_at is None:
        return
    reason = record.withdrawn_reason
    _save(record, version, {"withdrawn_at": None, "withdrawn_reason": ""})
    record_history(
        "record.restored",
        by=actor_of(by),
        plan=by.plan.pk,
        record=record.key,
        record_name=title_of(record),
        before={"reason": reason},
    )


# --- merging -------------------------------------------------------------------------------------------------------
@transaction.atomic
def merge_records(*, by: Access, kept: PlanRecord, gone: PlanRecord, versions: tuple[int, int]) -> None:
    """Let one record take the place of another: every link moves, what only the other said is added, it is withdrawn.

    `versions` are those of the record that stays and of the one that goes, as they were read.
    """
    check_may(by, Permission.EDIT)
    held = kind_called(kept.KIND)
    if gone.KIND != kept.KIND or gone.pk == kept.pk:
        raise RefusedError(_("Choose two different records of one kind."))
    if gone.withdrawn_at is not None or kept.withdrawn_at is not None:
        raise StateForbids(_("One of them was withdrawn."), advice=_("Bring it back first."))
    _check_private(by, held, values_of(gone, held))
    change_record(by=by, record=kept, version=versions[0], values=_joined(held, kept, gone))
    _move_links(by.plan, kept, gone)
    _move_flags(by.plan, kept, gone)
    for addition in additions():
        if addition.moved is not None:
            addition.moved(by.plan, gone.key, kept.key)
    reason = _("Merged into “{title}”.").format(title=title_of(kept))
    _save(gone, versions[1], {"withdrawn_at": timezone.now(), "withdrawn_reason": reason})
    record_history(
        "record.merged",
        by=actor_of(by),
        plan=by.plan.pk,
        record=gone.key,
        record_name=title_of(gone),
        after={"into": [{"key": kept.key, "title": title_of(kept)}]},
    )
    record_history(
        "record.took_in",
        by=actor_of(by),
        plan=by.plan.pk,
        record=kept.key,
        record_name=title_of(kept),
        after={"other": [{"key": gone.key, "title": title_of(gone)}]},
    )


def _move_flags(plan: Plan, kept: PlanRecord, gone: PlanRecord) -> None:
    """Let flags name the record that stays; none says that a record stands on itself."""
    between = Q(record=kept.key, source=gone.key) | Q(record=gone.key, source=kept.key)
    Flag.objects.filter(between, plan=plan).delete()
    Flag.objects.filter(plan=plan, record=gone.key).update(record=kept.key)
    Flag.objects.filter(plan=plan, source=gone.key).update(source=kept.key)


def _joined(kind: RecordKind, kept: PlanRecord, gone: PlanRecord) -> dict[str, Value | None]:
    """Return what the other record adds: values where there were none, texts below each other, lists together."""
    values: dict[str, Value | None] = {}
    for field in kind.fields.values():
        mine, theirs = value_of(kept, field), value_of(gone, field)
        if theirs is None or theirs == mine or field.given:
            continue
        if mine is None:
            values[field.id] = theirs
        elif isinstance(mine, tuple) and isinstance(theirs, tuple):
            values[field.id] = (*mine, *(item for item in theirs if item not in mine))  # type: ignore[assignment]
        elif field.kind is FieldKind.TEXT:
            values[field.id] = f"{mine}\n\n{theirs}"
    own = {RecordKey(kind.id, kept.uid), RecordKey(kind.id, gone.uid)}
    for field in kind.links:  # neither stands on itself
        value = values.get(field.id)
        if field.of != kind.id or value is None:
            continue
        values[field.id] = (
            tuple(key for key in value if key not in own)
            if isinstance(value, tuple)
            else None
            if value in own
            else value
        )  # type: ignore[assignment]
    return values


def _move_links(plan: Plan, kept: PlanRecord, gone: PlanRecord) -> None:
    """Let every record that leads to the one lead to the other, withdrawn ones too."""
    for kind in catalog().records.values():
        for field in kind.links:
            if field.of != kept.KIND:
                continue
            found = models_by_kind()[kind.id]._default_manager.filter(plan=plan, **{field.id: gone.pk})
            if field.kind is FieldKind.RECORD:
                found.filter(pk=kept.pk if kind.id == kept.KIND else 0).update(**{field.id: None})
                found.update(**{field.id: kept})
                continue
            for record in found:
                getattr(record, field.id).remove(gone)
                if record.key != kept.key:
                    getattr(record, field.id).add(kept)


# --- flags ---------------------------------------------------------------------------------------------------------
def flag_what_stands_on(plan: Plan, record: PlanRecord, *, what: str) -> int:
    """Flag what rests on a record that has changed, and return how many were flagged; one flag for each pair."""
    dependents = standing_on(plan, record)
    for other in dependents:
        flag_record(plan, other, source=record.key, what=what)
    return len(dependents)


def flag_record(plan: Plan, record: PlanRecord, *, source: str, what: str) -> None:
    """Flag a record: `source`, the key of a record or "release:ID", has changed. An open flag is renewed."""
    now, what = timezone.now(), what[:300]
    pair = {"plan": plan, "record": record.key, "source": source}
    if not Flag.objects.filter(**pair, settled_at=None).update(at=now, what=what):
        Flag.objects.create(**pair, what=what, at=now)


@transaction.atomic
def settle_flag(*, by: Access, flag: Flag, record: PlanRecord, note: str = "") -> None:
    """Say that a record still holds though its source changed; who and why is kept."""
    check_may_write(by, kind_called(record.KIND), record)
    if flag.settled_at is not None:
        return
    flag.settled_at, flag.note = timezone.now(), note.strip()
    flag.settled_by = actor_of(by).get_full_name()[:120]
    flag.save(update_fields=["settled_at", "settled_by", "note"])
    record_history(
        "record.settled",
        by=actor_of(by),
        plan=by.plan.pk,
        record=record.key,
        record_name=title_of(record),
        before={"source": flag.what},
        after={"note": note.strip()},
    )
