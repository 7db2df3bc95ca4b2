"""Reading records: what an actor may see, lists with filters, and what stands on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Value
from django.http import Http404

from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access, Permission
from upward.web.records.kinds import kind_called, model_of, models_by_kind
from upward.web.records.models import Flag, PlanRecord
from upward.web.records.values import title_of

Records = QuerySet[PlanRecord]
TEXTS = (FieldKind.LINE, FieldKind.TEXT)
FILTERED = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.MEMBER, FieldKind.RECORD, FieldKind.YES_NO)
SORTED = (
    FieldKind.LINE, FieldKind.TEXT, FieldKind.CHOICE, FieldKind.DATE, FieldKind.MONTH, FieldKind.YEAR, FieldKind.NUMBER,
    FieldKind.SHARE, FieldKind.MONEY, FieldKind.VARIABLE,
)  # fmt: skip


def may_see_private(access: Access) -> bool:
    """Return whether a person sees private fields."""
    return access.permits(Permission.PRIVATE)


def fields_for(access: Access, kind: RecordKind) -> list[Field]:
    """Return the fields of a kind that a person may see."""
    return [field for field in kind.fields.values() if not field.private or may_see_private(access)]


def visible_to(access: Access, kind: RecordKind) -> Records:
    """Return the records of a kind that a person may see, withdrawn ones included."""
    found = model_of(kind.id)._default_manager.filter(plan=access.plan)
    if kind.shared_later and not access.operator:
        found = found.filter(Q(shared=True) | Q(rater=access.person))
    return found


def standing(access: Access, kind: RecordKind) -> Records:
    """Return those that have not been withdrawn."""
    return visible_to(access, kind).filter(withdrawn_at=None)


def one_links(kind: RecordKind) -> list[str]:
    """Return the fields to fetch along with a record: links of one, members, files."""
    return [
        field.id
        for field in kind.fields.values()
        if field.kind in (FieldKind.RECORD, FieldKind.MEMBER, FieldKind.UPLOAD)
    ]


def find_record(access: Access, kind: str, uid: str) -> PlanRecord:
    """Return a record that a person may see, with all that it leads to; Http404 where there is none."""
    held = kind_called(kind)
    several = [field.id for field in held.links if field.kind is FieldKind.RECORDS]
    found = visible_to(access, held).select_related(*one_links(held)).prefetch_related(*several)
    record = found.filter(uid=uid).first()
    if record is None:
        raise Http404
    return record


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to, and how it is sorted; `chosen` holds values by field."""

    words: str = ""
    chosen: Mapping[str, str] | None = None
    sort: str = ""
    withdrawn: bool = False
    flagged: bool = False

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.words or self.chosen or self.withdrawn or self.flagged)


def filtered(access: Access, kind: RecordKind, filters: Filters) -> Records:
    """Return the records that fit."""
    found = visible_to(access, kind).filter(withdrawn_at__isnull=not filters.withdrawn)
    for word in filters.words.split()[:8]:
        where = Q()
        for field in kind.fields.values():
            if field.kind in TEXTS and not field.private:
                where |= Q(**{f"{field.id}__icontains": word})
        found = found.filter(where)
    for name, value in (filters.chosen or {}).items():
        found = _narrowed(found, kind.fields[name], value)
    if filters.flagged:
        flagged = [key.rpartition(":")[2] for key in flags_of(access.plan, kind.id)]
        found = found.filter(uid__in=flagged)
    name = filters.sort.removeprefix("-")
    if name in kind.fields and kind.fields[name].kind in SORTED:
        return found.order_by(filters.sort, "pk")
    return found.order_by("pk")


def _narrowed(found: Records, field: Field, value: str) -> Records:
    if value == "none":
        if field.kind is FieldKind.YES_NO or field.kind in (FieldKind.MEMBER, FieldKind.RECORD):
            return found.filter(**{f"{field.id}__isnull": True})
        return found.filter(**{field.id: ""})
    if field.kind is FieldKind.CHOICES:
        return found.filter(**{f"{field.id}__contains": f"|{value}|"})
    if field.kind is FieldKind.RECORD:
        return found.filter(**{f"{field.id}__uid": value})
    if field.kind is FieldKind.MEMBER:
        return found.filter(**{f"{field.id}_id": int(value)}) if value.isdigit() else found.none()
    if field.kind is FieldKind.YES_NO:
        return found.filter(**{field.id: value == "yes"})
    return found.filter(**{field.id: value})


def counts(access: Access, kinds: list[RecordKind]) -> dict[str, int]:
    """Return how many records of each kind a person sees; one query for all."""
    queries = [
        standing(access, kind)
        .order_by()
        .values("plan")
        .annotate(of=Value(kind.id), n=Count("pk"))
        .values_list("of", "n")
        for kind in kinds
    ]
    found = dict(queries[0].union(*queries[1:], all=True)) if queries else {}
    return {kind.id: found.get(kind.id, 0) for kind in kinds}


def flags_of(plan: Plan, kind: str = "") -> dict[str, list[Flag]]:
    """Return the open flags of a plan by record, of one kind where it is named."""
    found = Flag.objects.filter(plan=plan, settled_at=None)
    if kind:
        found = found.filter(record__startswith=f"{kind}:")
    by_record: dict[str, list[Flag]] = {}
    for flag in found:
        by_record.setdefault(flag.record, []).append(flag)
    return by_record


@dataclass(frozen=True, slots=True)
class Tie:
    """A record tied to another by a field."""

    kind: RecordKind
    field: Field
    record: PlanRecord

    @property
    def title(self) -> str:
        """What the record is called."""
        return title_of(self.record)


def links_from(record: PlanRecord, kind: RecordKind) -> list[Tie]:
    """Return the records that a record leads to, in the order of its fields."""
    held = catalog().records
    found = []
    for field in kind.links:
        value = getattr(record, field.id)
        targets = ([value] if value else []) if field.kind is FieldKind.RECORD else list(value.all())
        found += [Tie(held[field.of], field, target) for target in targets]
    return found


def links_to(access: Access, record: PlanRecord) -> list[Tie]:
    """Return the records that lead to a record and stand, in the order of the kinds."""
    found = []
    for kind in catalog().records.values():
        for field in kind.links:
            if field.of == record.KIND:
                named = ("plan", "uid", "withdrawn_at", kind.title.id)
                found += [
                    Tie(kind, field, other)
                    for other in standing(access, kind).filter(**{field.id: record.pk}).only(*named)
                ]
    return found


def standing_on(plan: Plan, record: PlanRecord) -> list[PlanRecord]:
    """Return the records that rest on a record, withdrawn ones left out."""
    found: dict[str, PlanRecord] = {}
    for kind in catalog().records.values():
        for field in kind.links:
            if field.of == record.KIND and field.stands_on:
                model = models_by_kind()[kind.id]
                for other in model._default_manager.filter(
                    plan=plan, withdrawn_at=None, **{field.id: record.pk}
                ):
                    found[other.key] = other
    return list(found.values())
