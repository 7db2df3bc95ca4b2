"""The home page's one next thing: what a plan holds, given to the rule of `upward.plan.next_things`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from types import MappingProxyType

from django.urls import reverse
from django.utils import timezone

from upward.base.messages import _
from upward.plan.next_things import (
    Deadline,
    Kind,
    NextThing,
    Situation,
    caught_up_words,
    gap_order,
    next_things,
)
from upward.web.plans import catalogue
from upward.web.plans.additions import additions
from upward.web.plans.models import PlanDate, Postponement
from upward.web.plans.policies import Access, Permission
from upward.web.plans.queries import StepLine, TaskLine, marks_of

MORE = 2


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next with its page; `then` are the two after it. Without a thing, `caught_up` says so."""

    thing: NextThing | None
    link: str
    button: str
    then: tuple[tuple[str, str], ...]
    caught_up: str


def next_for(access: Access, work: Mapping[str, StepLine], dates: list[PlanDate], *, today: date) -> Next:
    """Return the next thing for a person in a plan."""
    lines = {line.key: line for step in work.values() for line in step.tasks}
    put_aside = frozenset(
        Postponement.objects.filter(
            plan=access.plan, user=access.person, until__gt=timezone.now()
        ).values_list("thing", flat=True)
    )
    # Three things are shown: the nearest dates and the first gaps are enough, however many there are.
    most = MORE + 1 + len(put_aside)
    # What records call for is done by changing them: who only reads is not sent there.
    callers = [one.calls for one in additions() if one.calls is not None and access.permits(Permission.WORK)]
    calls = [call(access) for call in callers]
    deadlines = nsmallest(
        most,
        [*_meetings(dates), *_due(access, lines), *(entry for call in calls for entry in call.deadlines)],
        key=lambda entry: (entry.on, entry.id),
    )
    situation = Situation(
        marks=marks_of(work),
        deadlines=deadlines,
        promises=[entry for call in calls for entry in call.promises],
        changed=[entry for call in calls for entry in call.changed],
        gaps=nsmallest(most, (entry for call in calls for entry in call.gaps), key=gap_order),
    )
    pages = {subject: page for call in calls for subject, page in call.links.items()}
    me = _number_of(access)
    mine = {line.key for line in lines.values() if line.owner_id == me}
    held = next_things(catalogue.catalog(), situation, today=today, put_aside=put_aside, focus=mine)
    things = [thing for thing in held if _concerns(thing, lines, access)]
    if not things:
        return Next(None, "", "", (), caught_up_words(situation, today=today))
    first, *rest = things
    return Next(
        thing=first,
        link=link_of(first, access.plan.slug, pages),
        button=_("Open it")
        if first.subject in pages
        else _("Open the task")
        if first.kind is not Kind.DATE or first.subject in lines
        else _("Open the calendar"),
        then=tuple((thing.title, link_of(thing, access.plan.slug, pages)) for thing in rest[:MORE]),
        caught_up="",
    )


def next_of_plan(work: Mapping[str, StepLine], dates: Sequence[PlanDate], *, today: date) -> NextThing | None:
    """Return what is next for a plan as a whole, whoever does it; no query. None where all is done."""
    lines = {line.key: line for step in work.values() for line in step.tasks}
    due = [
        Deadline(line.key, line.title, line.due, line.task.minutes if line.task else None)
        for line in lines.values()
        if line.due and line.state == "open"
    ]
    situation = Situation(marks=marks_of(work), deadlines=[*_meetings(dates), *due])
    for thing in next_things(catalogue.catalog(), situation, today=today):
        line = lines.get(thing.subject)
        if line is None or line.state != "aside":
            return thing
    return None


def waiting_for(access: Access, work: Mapping[str, StepLine]) -> list[TaskLine]:
    """Return a person's tasks that are open or lack their proof, the most urgent first."""
    me = _number_of(access)
    mine = [
        line
        for step in work.values()
        for line in step.tasks
        if line.owner_id == me and line.state in {"open", "said"}
    ]
    return sorted(mine, key=lambda line: (line.due or date.max, line.step.number, line.key))


def link_of(thing: NextThing, slug: str, pages: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the page on which a thing is done; `pages` are those of what other apps call for."""
    if thing.subject in pages:
        return pages[thing.subject]
    if thing.subject.startswith("date:"):
        return reverse("plans:calendar", kwargs={"slug": slug})
    return reverse("plans:task", kwargs={"slug": slug, "key": thing.subject})


def _meetings(dates: Sequence[PlanDate]) -> list[Deadline]:
    return [
        Deadline(f"date:{entry.pk}", _("Prepare for “{title}”").format(title=entry.title), entry.day)
        for entry in dates
    ]


def _due(access: Access, lines: Mapping[str, TaskLine]) -> list[Deadline]:
    """Return the due dates of open tasks that are the person's own or nobody's; all of them for who gives out tasks."""
    all_of_them, me = access.permits(Permission.ASSIGN), _number_of(access)
    return [
        Deadline(line.key, line.title, line.due, line.task.minutes if line.task else None)
        for line in lines.values()
        if line.due and line.state == "open" and (all_of_them or line.owner_id in (None, me))
    ]


def _concerns(thing: NextThing, lines: Mapping[str, TaskLine], access: Access) -> bool:
    """Return whether a thing is this person's: not set aside, not another's, and not twice (a task with a date)."""
    line = lines.get(thing.subject)
    if line is None:
        return True
    if line.state == "aside" or not (access.permits(Permission.WORK) or access.permits(Permission.ANSWER)):
        return False
    if thing.kind in {Kind.TASK, Kind.OPTIONAL} and line.due:
        return not _is_near(line.due) and _may_be(line, access)
    return _may_be(line, access)


def _is_near(due: date) -> bool:
    return (due - timezone.localdate()).days <= 14


def _may_be(line: TaskLine, access: Access) -> bool:
    return line.owner_id in (None, _number_of(access)) or access.permits(Permission.ASSIGN)


def _number_of(access: Access) -> int:
    """Return the person's number; 0, which nobody has, where a command asks."""
    return access.person.pk if access.person else 0
