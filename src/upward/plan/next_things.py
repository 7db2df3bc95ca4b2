"""The next thing to do, chosen by rule, with its reason in words.

The order: a promise to residents that is about to be broken; a date within 14 days; a claim whose source changed;
an owner, a measure or another link that is missing; the next open task; proof for what is said to be done. What a
person has put aside comes last, and never disappears.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from babel.dates import format_date

from upward.base.messages import _, current_language, ngettext
from upward.catalog.model import Catalog
from upward.catalog.step_model import Task
from upward.plan.cautions import works_better_after
from upward.plan.progress import OPEN_MARK, Marks, TaskState, task_state

PROMISE_DAYS = 3  # a promise is about to be broken when so few days are left
DATE_DAYS = 14  # a date is near when it is no further away


class Kind(IntEnum):
    """Why something is next; a lower number comes first."""

    PROMISE = 1
    DATE = 2
    CHANGED = 3
    GAP = 4
    TASK = 5
    PROOF = 6
    OPTIONAL = 7


class Missing(StrEnum):
    """What a record lacks."""

    OWNER = "owner"
    MEASURE = "measure"
    CAUSE = "cause"
    EVIDENCE = "evidence"
    COLLECTOR = "collector"


GAP_ORDER = {missing: place for place, missing in enumerate(Missing)}


@dataclass(frozen=True, slots=True)
class Promise:
    """Contributions that wait for the answer promised: how many, since when, and until when."""

    id: str
    waiting: int
    since: date
    due: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something with a date; `title` starts with a verb."""

    id: str
    title: str
    on: date
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedClaim:
    """A sentence of the plan whose source is no longer what it was."""

    id: str
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A record that lacks something the plan needs."""

    id: str
    name: str
    missing: Missing


@dataclass(frozen=True, slots=True)
class Situation:
    """What a plan holds that may call for action."""

    marks: Marks
    promises: Sequence[Promise] = ()
    deadlines: Sequence[Deadline] = ()
    changed: Sequence[ChangedClaim] = ()
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True, slots=True)
class NextThing:
    """One thing to do: what (verb first), why now, and how long it takes where that is known."""

    kind: Kind
    subject: str  # id of the promise, date, claim, gap or task
    title: str
    reason: str
    minutes: int | None
    step: str  # slug, where it belongs to one

    @property
    def key(self) -> str:
        """Return the name under which it can be put aside."""
        return f"{self.kind.name.lower()}:{self.subject}"


def next_things(
    catalog: Catalog,
    situation: Situation,
    *,
    today: date,
    put_aside: Set[str] = frozenset(),
    focus: Set[str] = frozenset(),
) -> tuple[NextThing, ...]:
    """Return everything to do, in the order of the rule; the first is the next thing.

    `put_aside` holds keys of things that a person wants to do later. `focus` holds ids of tasks to prefer, such as
    those of a chapter of the toolkit or of one person. Within a step, what waits for nothing comes first. Empty only
    if nothing is left to do.
    """
    found = [
        *_promises(situation.promises, today),
        *_dates(situation.deadlines, today),
        *_claims(situation.changed),
        *_gaps(situation.gaps),
        *_tasks(catalog, situation.marks, focus),
    ]
    return tuple(sorted(found, key=lambda thing: (thing.key in put_aside, thing.kind)))


def caught_up_words(situation: Situation, *, today: date) -> str:
    """Return what to say when nothing is left to do: that it is so, and the next date if there is one."""
    ahead = sorted(
        [entry.on for entry in situation.deadlines if entry.on >= today]
        + [entry.due for entry in situation.promises if entry.due >= today]
    )
    if not ahead:
        return _("All caught up. No date is set.")
    return _("All caught up. Next date: {date}.").format(date=_day(ahead[0]))


def _promises(promises: Sequence[Promise], today: date) -> Iterator[NextThing]:
    for promise in sorted(promises, key=lambda entry: (entry.due, entry.since, entry.id)):
        if promise.due - today > timedelta(days=PROMISE_DAYS):
            continue
        waited, promised = (today - promise.since).days, (promise.due - promise.since).days
        title = ngettext(
            "Answer {n} contribution from residents",
            "Answer {n} contributions from residents",
            promise.waiting,
        )
        yield NextThing(
            kind=Kind.PROMISE,
            subject=promise.id,
            title=title.format(n=promise.waiting),
            reason=_("The oldest has waited {days}. You promised an answer within {promised}.").format(
                days=_days(waited), promised=_days(promised)
            ),
            minutes=None,
            step="",
        )


def _dates(deadlines: Sequence[Deadline], today: date) -> Iterator[NextThing]:
    for entry in sorted(deadlines, key=lambda entry: (entry.on, entry.id)):
        left = (entry.on - today).days
        if left > DATE_DAYS:
            continue
        if left < 0:
            reason = _("It was due on {date}, {days} ago.").format(date=_day(entry.on), days=_days(-left))
        elif left == 0:
            reason = _("It is due today.")
        else:
            reason = _("It is due on {date}, in {days}.").format(date=_day(entry.on), days=_days(left))
        yield NextThing(
            kind=Kind.DATE,
            subject=entry.id,
            title=entry.title,
            reason=reason,
            minutes=entry.minutes,
            step="",
        )


def _claims(changed: Sequence[ChangedClaim]) -> Iterator[NextThing]:
    for entry in sorted(changed, key=lambda entry: entry.id):
        yield NextThing(
            kind=Kind.CHANGED,
            subject=entry.id,
            title=_("Check whether this still holds: “{claim}”").format(claim=entry.claim),
            reason=_("Its source has changed: {source}.").format(source=entry.source),
            minutes=None,
            step="",
        )


def gap_order(gap: Gap) -> tuple[int, str]:
    """Return what gaps are ordered by: what is missing, then the name of the record."""
    return GAP_ORDER[gap.missing], gap.id


def _gaps(gaps: Sequence[Gap]) -> Iterator[NextThing]:
    words = {missing: _gap_words(missing) for missing in Missing}
    for gap in sorted(gaps, key=gap_order):
        title, reason = words[gap.missing]
        yield NextThing(
            kind=Kind.GAP,
            subject=f"{gap.missing}:{gap.id}",
            title=title.format(name=gap.name),
            reason=reason,
            minutes=None,
            step="",
        )


def _gap_words(missing: Missing) -> tuple[str, str]:
    return {
        Missing.OWNER: (_("Name an owner for “{name}”"), _("Nobody has said yes to leading it.")),
        Missing.MEASURE: (_("Choose a measure for “{name}”"), _("Nothing would show whether it happens.")),
        Missing.CAUSE: (_("Tie “{name}” to a root cause"), _("No cause says why it should work.")),
        Missing.EVIDENCE: (_("Add evidence to “{name}”"), _("Nothing stands behind it yet.")),
        Missing.COLLECTOR: (_("Name who collects “{name}”"), _("Nobody has said yes to collecting it.")),
    }[missing]


def _tasks(catalog: Catalog, marks: Marks, focus: Set[str]) -> Iterator[NextThing]:
    """Yield open tasks and missing proofs: those in focus first, then step by step, what waits for nothing first."""
    states = {name: task_state(marks.get(name, OPEN_MARK)) for name in catalog.tasks}

    def waits_for(task: Task) -> list[str]:
        return [other for other in task.after if states[other] is TaskState.OPEN]

    def rank(task: Task) -> tuple[bool, int, bool]:
        return task.id not in focus, catalog.steps[task.step].number, bool(waits_for(task))

    begun: set[str] = set()
    for task in sorted(catalog.tasks.values(), key=rank):
        if states[task.id] is TaskState.OPEN:
            missing = [catalog.tasks[other] for other in waits_for(task)]
            reason = _open_reason(catalog, task, missing, first=task.step not in begun)
            if task.needed:
                begun.add(task.step)
            yield NextThing(
                kind=Kind.TASK if task.needed else Kind.OPTIONAL,
                subject=task.id,
                title=task.title,
                reason=reason,
                minutes=task.minutes,
                step=task.step,
            )
        elif states[task.id] is TaskState.SAID:
            reason = _("It is said to be done, and no proof stands. Proof would be: {evidence}")
            yield NextThing(
                kind=Kind.PROOF,
                subject=task.id,
                title=_("Add proof to “{task}”").format(task=task.title),
                reason=reason.format(evidence=task.evidence),
                minutes=None,
                step=task.step,
            )


def _open_reason(catalog: Catalog, task: Task, missing: Sequence[Task], *, first: bool) -> str:
    """Return why a task is next: its place, what it is for, and what it would be better to do before."""
    if not task.needed:
        place = _("It is an optional task of Step {number}.")
    elif first:
        place = _("It is the next open task of Step {number}.")
    else:
        place = _("It is an open task of Step {number}.")
    parts = [place.format(number=catalog.steps[task.step].number), task.why]
    parts += [works_better_after(before.title, catalog.steps[before.step].number) for before in missing[:1]]
    return " ".join(parts)


def _days(number: int) -> str:
    return ngettext("{n} day", "{n} days", number).format(n=number)


def _day(day: date) -> str:
    return format_date(day, format="long", locale=current_language())
