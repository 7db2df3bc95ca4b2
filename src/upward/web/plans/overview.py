"""Many plans at a glance: for people who are in several, above all those who give technical assistance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial

from django.db.models import Count, QuerySet
from django.utils import timezone

from upward.base.messages import _, current_language
from upward.plan.next_things import NextThing
from upward.web.accounts.models import User
from upward.web.core.history import Mark, history_marks
from upward.web.core.memory import Memory
from upward.web.core.models import HistoryEntry
from upward.web.plans.additions import count_waiting_beside_tasks
from upward.web.plans.models import Membership, Plan, PlanDate, Role
from upward.web.plans.next_thing import link_of, next_of_plan
from upward.web.plans.policies import ROLES
from upward.web.plans.queries import StepLine, TaskLine, work_of_plans

QUIET = timedelta(days=30)
ORDERS = ("name", "late", "quiet", "progress")
NEEDS = ("late", "asked", "quiet")


@dataclass(frozen=True)
class Standing:
    """How far a plan is on a day: what its work and its dates say, worked out where it is first asked for."""

    work: Mapping[str, StepLine]
    dates: Sequence[PlanDate]
    today: date

    @cached_property
    def done(self) -> int:
        """How many tasks are done or said done."""
        return sum(step.done for step in self.work.values())

    @cached_property
    def without_proof(self) -> int:
        """How many of them lack proof."""
        return sum(step.without_proof for step in self.work.values())

    @cached_property
    def total(self) -> int:
        """How many tasks there are that were not set aside."""
        return sum(len(step.states) for step in self.work.values())

    @cached_property
    def step_states(self) -> tuple[str, ...]:
        """One state for each step: done (signed off, or every task done), said (begun), open (not started)."""
        return tuple(_step_state(step) for step in self.work.values())

    @cached_property
    def late(self) -> tuple[TaskLine, ...]:
        """The open tasks whose date is over, the longest first."""
        late = [
            line
            for step in self.work.values()
            for line in step.tasks
            if line.due is not None and line.due < self.today and line.state == "open"
        ]
        return tuple(sorted(late, key=lambda line: (line.due or self.today, line.key)))

    @cached_property
    def next(self) -> NextThing | None:
        """What is next for the plan as a whole."""
        return next_of_plan(self.work, self.dates, today=self.today)


#: How far plans are, as this process has read it, by plan, mark of its history, language and day.
_STANDINGS: Memory[Standing] = Memory(most=400, seconds=60)


@dataclass(frozen=True)
class PlanLine:
    """A plan among many: how far it is, what comes next, what is late, what is asked, when it last moved."""

    plan: Plan
    role: str
    places: str
    members: int
    standing: Standing
    asked: int
    last: datetime

    @property
    def work(self) -> Mapping[str, StepLine]:
        """Its ten steps."""
        return self.standing.work

    @property
    def late(self) -> tuple[TaskLine, ...]:
        """The open tasks whose date is over, the longest first."""
        return self.standing.late

    @cached_property
    def quiet(self) -> bool:
        """Whether nothing happened for thirty days."""
        return self.last < timezone.now() - QUIET

    @property
    def next(self) -> NextThing | None:
        """What is next for the plan as a whole; nothing where it is closed."""
        return None if self.plan.state == Plan.State.CLOSED else self.standing.next

    @property
    def next_link(self) -> str:
        """The page on which the next thing is done."""
        return link_of(self.next, self.plan.slug) if self.next else ""


def _step_state(step: StepLine) -> str:
    if step.signed_off or (step.states and "open" not in step.states):
        return "done"
    return "said" if step.started else "open"


def memberships_of(person: User, *, role: str = "") -> QuerySet[Membership]:
    """Return a person's memberships by the name of the plan, those of one role where it is named."""
    found = Membership.objects.filter(user=person)
    if role:
        found = found.filter(role=role)
    return found.select_related("plan").prefetch_related("plan__places").order_by("plan__name", "plan_id")


def plan_lines(person: User, *, role: str = "", window: slice = slice(None)) -> list[PlanLine]:
    """Return the plans of a person by name, those of one role where it is named, or a window of them; the same number
    of queries for any number of plans.
    """
    held = list(memberships_of(person, role=role)[window])
    plans = [membership.plan_id for membership in held]
    counted = Membership.objects.filter(plan__in=plans).order_by().values_list("plan").annotate(Count("pk"))
    members = dict(counted.values_list("plan", "pk__count"))
    marks = history_marks(plans)
    newest = [number for _count, number in marks.values()]
    last = dict(HistoryEntry.objects.filter(pk__in=newest).values_list("plan", "at"))
    asked = count_waiting_beside_tasks(person, plans)
    standings = _standings(marks)
    return [
        PlanLine(
            plan=membership.plan,
            role=membership.role,
            places=", ".join(place.name for place in membership.plan.places.all()),
            members=members.get(membership.plan_id, 0),
            standing=standings[membership.plan_id],
            asked=asked.get(membership.plan_id, 0),
            last=last.get(membership.plan_id, membership.plan.created_at),
        )
        for membership in held
    ]


def _standings(marks: Mapping[int, Mark]) -> dict[int, Standing]:
    """Return how far plans are today, by the marks of their histories; read anew where something happened."""
    today = timezone.localdate()
    keys = {plan: (plan, mark, current_language(), today) for plan, mark in marks.items()}
    missing = [plan for plan in marks if not _STANDINGS.holds(keys[plan])]
    read: dict[int, Standing] = {}
    if missing:
        dates: dict[int, list[PlanDate]] = {number: [] for number in missing}
        soon = today + timedelta(days=60)
        for entry in PlanDate.objects.filter(plan__in=missing, day__gte=today, day__lte=soon):
            dates[entry.plan_id].append(entry)
        work = work_of_plans(missing, marks)
        read = {plan: Standing(work[plan], dates[plan], today) for plan in missing}
    return {plan: _STANDINGS.get(keys[plan], partial(read.__getitem__, plan)) for plan in marks}


def assists_in_several(person: User) -> bool:
    """Return whether a person gives technical assistance in more than one plan."""
    return Membership.objects.filter(user=person, role=Role.ASSISTANT)[:2].count() > 1


def chosen(lines: Sequence[PlanLine], *, needs: str, order: str) -> list[PlanLine]:
    """Return the lines that need something (late, asked, quiet), in an order (name, late, quiet, progress)."""
    kept = [
        line
        for line in lines
        if needs not in NEEDS
        or (needs == "late" and line.late)
        or (needs == "asked" and line.asked)
        or (needs == "quiet" and line.quiet)
    ]
    if order == "late":
        return sorted(kept, key=lambda line: line.late[0].due or date.max if line.late else date.max)
    if order == "quiet":
        return sorted(kept, key=lambda line: line.last)
    if order == "progress":
        return sorted(kept, key=lambda line: line.standing.done / max(line.standing.total, 1))
    return kept


def table_of(lines: Sequence[PlanLine]) -> tuple[list[str], list[list[str | int]]]:
    """Return the head and rows of the same facts for a spreadsheet; a step reads "3/9", with "s" where signed off."""
    head = [_("Plan"), _("Address"), _("Places"), _("Your role"), _("State"), _("Members"), _("Tasks done")]
    head += [_("Tasks done without proof"), _("Tasks")]
    head += [_("Step {number}").format(number=number) for number in range(1, 11)]
    head += [_("Next thing"), _("Late tasks"), _("Late since"), _("Questions to you"), _("Last change")]
    rows: list[list[str | int]] = []
    for line in lines:
        late_since = line.late[0].due if line.late else None
        rows.append(
            [
                line.plan.name,
                line.plan.slug,
                line.places,
                _(ROLES[line.role].name),
                _("Closed") if line.plan.state == Plan.State.CLOSED else _("Open"),
                line.members,
                line.standing.done,
                line.standing.without_proof,
                line.standing.total,
                *(
                    f"{step.done}/{len(step.states)}{' s' if step.signed_off else ''}"
                    for step in line.work.values()
                ),
                line.next.title if line.next else "",
                len(line.late),
                late_since.isoformat() if late_since else "",
                line.asked,
                timezone.localtime(line.last).isoformat(timespec="minutes"),
            ]
        )
    return head, rows
