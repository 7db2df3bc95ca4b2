"""What records add to the pages of plans: lines of a step, what calls for action, search, undoing, the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.urls import reverse

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.catalog.record_model import FieldKind
from upward.catalog.step_model import Step
from upward.plan.record_values import value_from_stored
from upward.web.accounts.models import User
from upward.web.core.models import HistoryEntry
from upward.web.plans.additions import Addition, StepLine
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access, Permission, can
from upward.web.records import actions, bundling
from upward.web.records.kinds import kind_called, model_of
from upward.web.records.models import PlanRecord
from upward.web.records.pages import record_page
from upward.web.records.queries import TEXTS, counts, standing
from upward.web.records.thread import calls
from upward.web.records.values import title_of

#: Fields whose values the history keeps with a key and a name.
NAMED = frozenset((FieldKind.RECORD, FieldKind.RECORDS, FieldKind.MEMBER, FieldKind.UPLOAD))


def step_lines(access: Access, step: Step) -> list[StepLine]:
    """Return the kinds of records that a step fills, with how many there are and where they stand."""
    kinds = [catalog().records[name] for name in step.records]
    number = counts(access, kinds)
    slug = access.plan.slug
    may_add = can(access, Permission.WORK)
    return [
        StepLine(
            name=kind.plural,
            meaning=kind.meaning,
            count=number[kind.id],
            link=reverse("records:list", kwargs={"slug": slug, "kind": kind.id}),
            add=reverse("records:add", kwargs={"slug": slug, "kind": kind.id}) if may_add else "",
        )
        for kind in kinds
    ]


def searched(access: Access) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a search looks through: kind, title, text and page of each record, without private fields."""
    for kind in catalog().records.values():
        texts = [field for field in kind.fields.values() if field.kind in TEXTS and not field.private]
        for record in standing(access, kind):
            said = (str(getattr(record, field.id)).strip() for field in texts if not field.title)
            text = " · ".join(filter(None, said))
            yield kind.name, title_of(record), text, record_page(record, access.plan.slug)


def duties(access: Access, person: User) -> list[tuple[str, str]]:
    """Return name and page of the records in which a person is to do something; a person's own ratings are no duty."""
    found = []
    for kind in catalog().records.values():
        named_in = Q()
        for field in kind.fields.values():
            if field.kind is FieldKind.MEMBER and not kind.shared_later:
                named_in |= Q(**{field.id: person})
        if named_in:
            found += [
                (f"{kind.name}: {title_of(record)}", record_page(record, access.plan.slug))
                for record in standing(access, kind).filter(named_in)
            ]
    return found


def history_link(entry: HistoryEntry, plan: Plan) -> str:
    """Return the page that a row of history leads to: of its record, or of the one merged into it; empty for none."""
    told = entry.after.get("other") if entry.event == "record.took_in" else None
    kind, _colon, uid = (told[0]["key"] if told else entry.record).partition(":")
    if kind not in catalog().records or not entry.event.startswith("record."):
        return ""
    return reverse("records:record", kwargs={"slug": plan.slug, "kind": kind, "uid": uid})


def named(plan: Plan, reference: str) -> tuple[str, str, Sequence[User]] | None:
    """Return title, page and owners of the record that a name `kind:uid` stands for, or None."""
    kind, _colon, uid = reference.partition(":")
    if kind not in catalog().records:
        return None
    record = model_of(kind)._default_manager.filter(plan=plan, uid=uid).first()
    if record is None:
        return None
    owner = getattr(record, "owner", None)
    return title_of(record), record_page(record, plan.slug), (owner,) if isinstance(owner, User) else ()


# --- undoing -------------------------------------------------------------------------------------------------------
def _record_of(by: Access, entry: HistoryEntry) -> PlanRecord:
    kind, _colon, uid = entry.record.partition(":")
    record = (
        model_of(kind)._default_manager.filter(plan=by.plan, uid=uid).first()
        if kind in catalog().records
        else None
    )
    if record is None:
        raise RefusedError(_("This cannot be taken back."))
    return record


def undo_change(by: Access, entry: HistoryEntry) -> None:
    """Give a record the values it had before a change."""
    record = _record_of(by, entry)
    fields = kind_called(record.KIND).fields
    if actions.HIDDEN in (*entry.before.values(), *entry.after.values()):
        raise RefusedError(_("Private fields changed too; their old values are not kept."))
    values = {}
    for name in entry.after:
        stored = entry.before.get(name)
        if isinstance(stored, list) and stored and fields[name].kind in NAMED:
            stored = [item["key"].rpartition(":")[2] for item in stored]
            stored = stored if fields[name].kind is FieldKind.RECORDS else stored[0]
        values[name] = value_from_stored(fields[name], stored)
    actions.change_record(by=by, record=record, version=record.version, values=values)


def undo_withdrawal(by: Access, entry: HistoryEntry) -> None:
    """Bring a record back."""
    record = _record_of(by, entry)
    actions.restore_record(by=by, record=record, version=record.version)


ADDITION = Addition(
    undos={"record.changed": undo_change, "record.withdrawn": undo_withdrawal},
    sections={"work": bundling.SECTION},
    draft=bundling.renumbered_draft,
    found=searched,
    link=history_link,
    named=named,
    step_lines=step_lines,
    calls=calls,
    duties=duties,
)
