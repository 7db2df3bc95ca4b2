"""What records add to the pages of plans: lines of a step, what calls for action, search, undoing, the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from upward.base.errors import RefusedError
from upward.base.messages import _, current_language
from upward.catalog.record_model import FieldKind
from upward.catalog.step_model import Step
from upward.plan.content import PlanContent, RecordContent, RecordKey
from upward.plan.content import title_of as title_in
from upward.plan.next_things import ChangedClaim, Deadline, Gap, Missing, Promise
from upward.plan.record_values import value_from_stored
from upward.plan.thread import FINISHED, Lack, breaks
from upward.web.accounts.models import User
from upward.web.core.history import history_marks
from upward.web.core.memory import Memory
from upward.web.core.models import HistoryEntry
from upward.web.plans.additions import Addition, Calls, StepLine
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access, Permission, can
from upward.web.records import actions, bundling
from upward.web.records.content import THREAD, THREAD_LINKS, content_of
from upward.web.records.kinds import kind_called, model_of
from upward.web.records.models import PlanRecord
from upward.web.records.pages import record_page
from upward.web.records.queries import TEXTS, counts, standing
from upward.web.records.values import title_of

#: Which lacks the home page asks for, and in which words of `upward.plan.next_things`.
GAPS = {
    Lack.OWNER: Missing.OWNER,
    Lack.MEASURE: Missing.MEASURE,
    Lack.CAUSE: Missing.CAUSE,
    Lack.EVIDENCE: Missing.EVIDENCE,
    Lack.COLLECTOR: Missing.COLLECTOR,
}
#: What lets the records be read anew for the home page.
EVENTS = (
    *(f"record.{what}" for what in ("added", "changed", "withdrawn", "restored", "merged", "settled")),
    *(f"member.{what}" for what in ("joined", "changed", "removed")),
    *(f"plan.{what}" for what in ("changed", "moved", "imported", "closed", "opened")),
    "undone",
)
_CALLS: Memory[Calls] = Memory(most=100, seconds=3600)
ANSWERED_WITHIN_DAYS = 14  # a contribution without a date of its own


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


def calls(access: Access) -> Calls:
    """Return what in the records calls for action: promises, dates, changed sources, broken links.

    Every record of the thread is read for it, so the answer is kept until the plan's history tells of a record, a
    member or the plan itself: each change of a record writes a row.
    """
    plan = access.plan
    mark = history_marks([plan.pk], events=EVENTS)[plan.pk]
    return _CALLS.get(
        (plan.pk, plan.slug, mark, current_language(), timezone.localdate()), lambda: _calls(access)
    )


def _calls(access: Access) -> Calls:
    content = content_of(access.plan, kinds=(*THREAD, "contribution"), links=THREAD_LINKS)
    held = catalog()
    links: dict[str, str] = {}

    def page(subject: str, key: RecordKey) -> str:
        links[subject] = reverse(
            "records:record", kwargs={"slug": access.plan.slug, "kind": key.kind, "uid": key.uid}
        )
        return subject

    gaps = [
        Gap(str(item.key), item.name, GAPS[item.lack]) for item in breaks(held, content) if item.lack in GAPS
    ]
    for gap in gaps:
        kind, _colon, uid = gap.id.partition(":")
        page(f"{gap.missing}:{gap.id}", RecordKey(kind, uid))
    changed = []
    for record in content.all_records():
        if record.flags:
            page(str(record.key), record.key)
            changed.append(ChangedClaim(str(record.key), title_in(held, record), record.flags[0].what))
    deadlines = []
    for milestone in content.of("milestone"):
        due = milestone.values.get("due")
        if milestone.text("status") not in FINISHED and isinstance(due, date):
            subject = page(str(milestone.key), milestone.key)
            deadlines.append(Deadline(subject, milestone.text("title"), due))
    return Calls(
        promises=_promises(access, content, links),
        deadlines=tuple(deadlines),
        changed=tuple(changed),
        gaps=tuple(gaps),
        links=links,
    )


def _promises(access: Access, content: PlanContent, links: dict[str, str]) -> tuple[Promise, ...]:
    """Return the promise to answer that comes due first, with how many contributions wait."""
    waiting = [record for record in content.of("contribution") if record.text("answer_status") == "waiting"]
    if not waiting:
        return ()
    due = min(_due(record) for record in waiting)
    since = min(_since(record) for record in waiting)
    links["contributions"] = (
        reverse("records:list", kwargs={"slug": access.plan.slug, "kind": "contribution"})
        + "?answer_status=waiting"
    )
    return (Promise("contributions", len(waiting), since, due),)


def _since(record: RecordContent) -> date:
    heard = record.values.get("heard_on")
    return heard if isinstance(heard, date) else timezone.localtime(record.created_at).date()


def _due(record: RecordContent) -> date:
    due = record.values.get("answer_due")
    return due if isinstance(due, date) else _since(record) + timedelta(days=ANSWERED_WITHIN_DAYS)


def searched(access: Access) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a search looks through: kind, title, text and page of each record, without private fields."""
    for kind in catalog().records.values():
        texts = [field for field in kind.fields.values() if field.kind in TEXTS and not field.private]
        for record in standing(access, kind):
            text = " ".join(str(getattr(record, field.id)) for field in texts if not field.title)
            yield kind.name, title_of(record), text, record_page(record, access.plan.slug)


def history_link(entry: HistoryEntry, plan: Plan) -> str:
    """Return the page of the record that a row of history tells of; empty where it tells of none."""
    kind, _colon, uid = entry.record.partition(":")
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
        if fields[name].is_link and stored:
            stored = [item["key"].rpartition(":")[2] for item in stored]
            stored = stored[0] if fields[name].kind is FieldKind.RECORD else stored
        values[name] = value_from_stored(fields[name], stored)
    actions.change_record(by=by, record=record, version=record.version, values=values)


def undo_withdrawal(by: Access, entry: HistoryEntry) -> None:
    """Bring a record back."""
    record = _record_of(by, entry)
    actions.restore_record(by=by, record=record, version=record.version)


ADDITION = Addition(
    undos={"record.changed": undo_change, "record.withdrawn": undo_withdrawal},
    sections={"work": bundling.SECTION},
    found=searched,
    link=history_link,
    named=named,
    step_lines=step_lines,
    calls=calls,
)
