"""The evidence thread as pages show it: where it is broken, whose source has changed, what calls for action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from upward.base.messages import _
from upward.plan.content import PlanContent, RecordContent, RecordKey
from upward.plan.content import title_of as title_in
from upward.plan.next_things import ChangedClaim, Deadline, Gap, Missing, Promise
from upward.plan.thread import FINISHED, Break, Lack, breaks, lack_words
from upward.web.plans.additions import Calls
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.records.content import THREAD, THREAD_LINKS, content_of
from upward.web.records.keeping import RECORD_EVENTS, kept
from upward.web.records.kinds import model_of
from upward.web.records.queries import flags_of
from upward.web.records.values import title_of

#: Which lacks the home page asks for, and in which words of `upward.plan.next_things`.
GAPS = {
    Lack.OWNER: Missing.OWNER,
    Lack.MEASURE: Missing.MEASURE,
    Lack.CAUSE: Missing.CAUSE,
    Lack.EVIDENCE: Missing.EVIDENCE,
    Lack.COLLECTOR: Missing.COLLECTOR,
}
ANSWERED_WITHIN_DAYS = 14  # a contribution without a date of its own


@dataclass(frozen=True, slots=True)
class Held:
    """What the thread of a plan says: what calls for action, and every place where it is broken."""

    calls: Calls
    breaks: tuple[Break, ...]


def calls(access: Access) -> Calls:
    """Return what in the records calls for action: promises, dates, changed sources, broken links."""
    return held_of(access).calls


def held_of(access: Access) -> Held:
    """Return what the thread of a plan says.

    Every record of the thread is read for it, so the answer is kept until the plan's history tells of a record, a
    member or the plan itself: each change of a record writes a row.
    """
    return kept(access.plan, "thread", lambda: _read(access), events=RECORD_EVENTS)


def _read(access: Access) -> Held:
    content = content_of(access.plan, kinds=(*THREAD, "contribution"), links=THREAD_LINKS)
    held = catalog()
    links: dict[str, str] = {}

    def page(subject: str, key: RecordKey) -> str:
        links[subject] = reverse(
            "records:record", kwargs={"slug": access.plan.slug, "kind": key.kind, "uid": key.uid}
        )
        return subject

    broken = breaks(held, content)
    gaps = [Gap(str(item.key), item.name, GAPS[item.lack]) for item in broken if item.lack in GAPS]
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
    called = Calls(
        promises=_promises(access, content, links),
        deadlines=tuple(deadlines),
        changed=tuple(changed),
        gaps=tuple(gaps),
        links=links,
    )
    return Held(called, broken)


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


# --- the page --------------------------------------------------------------------------------------------------------
CHANGED = "changed"  # stands beside the lacks: a source of the record has changed
BROKEN = "broken"  # every lack, without changed sources


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing to mend: the record, what is the matter (a lack, or `CHANGED`), and both in words."""

    key: RecordKey
    matter: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """To which step, kind of record and matter the page is narrowed; empty for all."""

    step: str = ""
    kind: str = ""
    matter: str = ""

    def takes(self, spot: Spot) -> bool:
        """Tell whether a spot fits."""
        return (
            self.step in ("", catalog().records[spot.key.kind].step)
            and self.kind in ("", spot.key.kind)
            and (self.matter in ("", spot.matter) or (self.matter == BROKEN and spot.matter != CHANGED))
        )


def spots(access: Access) -> list[Spot]:
    """Return everything to mend: records whose source has changed first, then what is broken, by step."""
    found = []
    for key, flags in flags_of(access.plan).items():
        kind, _colon, uid = key.partition(":")
        found.append(Spot(RecordKey(kind, uid), CHANGED, "", flags[0].what))
    found += [
        Spot(item.key, str(item.lack), item.name, lack_words(item.lack)) for item in held_of(access).breaks
    ]
    return found


def matter_words(matter: str) -> str:
    """Return what is the matter, in words."""
    return _("A source has changed") if matter == CHANGED else lack_words(Lack(matter))


def offered(found: Iterable[Spot]) -> dict[str, list[tuple[str, str]]]:
    """Return the options of each filter with how often each occurs, in the order of the steps."""
    held = catalog()
    spots_here = list(found)
    steps = Counter(held.records[spot.key.kind].step for spot in spots_here)
    kinds = Counter(spot.key.kind for spot in spots_here)
    matters = Counter(spot.matter for spot in spots_here)
    return {
        "step": [
            (step.slug, f"{step.number}, {step.word} ({steps[step.slug]})")
            for step in held.steps.values()
            if steps[step.slug]
        ],
        "kind": [
            (kind.id, f"{kind.plural} ({kinds[kind.id]})") for kind in held.records.values() if kinds[kind.id]
        ],
        "matter": [
            (BROKEN, f"{_('Only broken links')} ({len(spots_here) - matters[CHANGED]})"),
            *(
                (matter, f"{matter_words(matter)} ({matters[matter]})")
                for matter in (CHANGED, *map(str, Lack))
                if matters[matter]
            ),
        ],
    }


def named(access: Access, found: Iterable[Spot]) -> dict[RecordKey, str]:
    """Return what the records of some spots are called: a query for each kind among them."""
    names: dict[RecordKey, str] = {}
    wanted: dict[str, list[str]] = {}
    for spot in found:
        if spot.name:
            names[spot.key] = spot.name
        else:
            wanted.setdefault(spot.key.kind, []).append(spot.key.uid)
    for kind, uids in wanted.items():
        for record in model_of(kind)._default_manager.filter(plan=access.plan, uid__in=uids):
            names[RecordKey(kind, record.uid)] = title_of(record)
    return names
