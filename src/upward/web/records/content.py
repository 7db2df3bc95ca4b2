"""A plan as a `PlanContent`: two or three queries for each kind, whatever the number of records."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.db.models import Model

from upward.base.errors import DataError
from upward.base.ids import GeoId
from upward.base.messages import current_language
from upward.catalog.record_model import FieldKind, RecordKind
from upward.plan.answers import Answer as AnswerValue
from upward.plan.answers import answer_from_stored
from upward.plan.content import Flag as FlagContent
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey, Value
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Answer, Plan
from upward.web.plans.policies import ROLES
from upward.web.plans.queries import members_of
from upward.web.records.kinds import model_of, models_by_kind
from upward.web.records.models import Flag, PlanRecord
from upward.web.records.values import plain_value

#: The kinds that `upward.plan.thread.breaks` looks at.
THREAD = (
    "pinned-metric", "finding", "engagement-activity", "cause", "strategic-action", "logic-model-element",
    "logic-model-link", "measure", "target", "milestone",
)  # fmt: skip


#: The links of several that it follows; looking at others would cost a query each.
THREAD_LINKS = frozenset(
    (
        "metrics",
        "local_values",
        "sources",
        "events",
        "themes",
        "contributions",
        "findings",
        "causes",
        "elements",
    )
)


def content_of(
    plan: Plan, *, kinds: Iterable[str] = (), private: bool = False, links: Container[str] | None = None
) -> PlanContent:
    """Return a plan as plain values: all kinds, or those named. Private fields are left out unless asked for.

    `links` names the links of several that are wanted; None for all.

    What nobody has shared yet (`shared_later`) is private too.
    """
    held = catalog()
    names = tuple(kinds) or tuple(held.records)
    uids: dict[str, dict[int, str]] = {}
    flags: dict[str, list[FlagContent]] = {}
    for flag in Flag.objects.filter(plan=plan, settled_at=None):
        source_kind, _colon, source_uid = flag.source.partition(":")
        flags.setdefault(flag.record, []).append(
            FlagContent(RecordKey(source_kind, source_uid), flag.what, flag.at)
        )
    standing: dict[str, tuple[RecordContent, ...]] = {}
    withdrawn: dict[str, tuple[RecordContent, ...]] = {}
    for name in names:
        kind = held.records[name]
        found = _records(plan, kind, uids, flags, private=private, links=links)
        standing[name] = tuple(record for record in found if record.withdrawn_at is None)
        withdrawn[name] = tuple(record for record in found if record.withdrawn_at is not None)
    return PlanContent(
        slug=plan.slug,
        name=plan.name,
        places=tuple(GeoId.parse(place.geo_id) for place in plan.places.all()),
        language=current_language(),
        release=plan.release,
        answers=_answers(plan) if not kinds else {},
        records=standing,
        withdrawn=withdrawn,
        people=_people(plan),
    )


def _uids(plan: Plan, kind: str, held: dict[str, dict[int, str]]) -> dict[int, str]:
    if kind not in held:
        held[kind] = dict(model_of(kind)._default_manager.filter(plan=plan).values_list("pk", "uid"))
    return held[kind]


def _records(
    plan: Plan,
    kind: RecordKind,
    uids: dict[str, dict[int, str]],
    flags: dict[str, list[FlagContent]],
    *,
    private: bool,
    links: Container[str] | None,
) -> list[RecordContent]:
    model = models_by_kind()[kind.id]
    query = model._default_manager.filter(plan=plan).order_by("pk")
    if kind.shared_later and not private:
        query = query.filter(shared=True)
    rows = list(query)
    uids[kind.id] = {row.pk: row.uid for row in rows} | (uids.get(kind.id, {}))
    if not rows:
        return []
    many = {
        field.id: _many(plan, model, field.id, field.of, uids)
        for field in kind.fields.values()
        if field.kind is FieldKind.RECORDS and (links is None or field.id in links)
    }
    found = []
    for row in rows:
        values: dict[str, Value] = {}
        for field in kind.fields.values():
            if field.private and not private:
                continue
            value = _value(plan, row, field, uids, many)
            if value is not None:
                values[field.id] = value
        found.append(
            RecordContent(
                key=RecordKey(kind.id, row.uid),
                values=values,
                created_at=row.created_at,
                changed_at=row.changed_at,
                flags=tuple(flags.get(row.key, ())),
                withdrawn_at=row.withdrawn_at,
                withdrawn_reason=row.withdrawn_reason,
            )
        )
    return found


def _value(plan, row: PlanRecord, field, uids, many) -> Value | None:  # type: ignore[no-untyped-def]
    if field.kind is FieldKind.RECORDS:
        return tuple(many.get(field.id, {}).get(row.pk, ())) or None
    if field.kind is FieldKind.RECORD:
        number = getattr(row, f"{field.id}_id")
        return RecordKey(field.of, _uids(plan, field.of, uids)[number]) if number else None
    if field.kind in (FieldKind.MEMBER, FieldKind.UPLOAD):
        return plain_value(field, getattr(row, f"{field.id}_id"))
    return plain_value(field, getattr(row, field.id))


def _many(plan: Plan, model: type[Model], name: str, of: str, uids) -> dict[int, list[RecordKey]]:  # type: ignore[no-untyped-def]
    """Return the links of several of all records of a kind: one query, in the order in which targets were made."""
    field = model._meta.get_field(name)
    through = field.remote_field.through
    here, there = field.m2m_column_name(), field.m2m_reverse_name()
    pairs = (
        through._default_manager.filter(**{f"{field.m2m_field_name()}__plan": plan})
        .order_by(there)
        .values_list(here, there)
    )
    found: dict[int, list[RecordKey]] = {}
    for source, target in pairs:
        found.setdefault(source, []).append(RecordKey(of, _uids(plan, of, uids)[target]))
    return found


def _answers(plan: Plan) -> dict[str, AnswerValue]:
    found = {}
    for row in Answer.objects.filter(plan=plan):
        try:
            question, answer = answer_from_stored(catalog(), row.value)
        except (DataError, AttributeError):
            continue  # an answer of another edition; the workbench shows it as it stands
        found[question.id] = answer
    return found


def _people(plan: Plan) -> dict[str, Person]:
    return {
        str(member.user_id): Person(
            member.user.get_full_name(), member.function or str(ROLES[member.role].name)
        )
        for member in members_of(plan)
    }
