"""Reading plans: what an actor may see, and a plan's work put together from the catalogue and its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from upward.base.messages import current_language
from upward.catalog.step_model import Question, Step
from upward.catalog.step_model import Task as CatalogTask
from upward.plan.progress import Proof, TaskMark
from upward.web.accounts.models import User
from upward.web.core.history import Mark, history_marks
from upward.web.core.memory import Memory
from upward.web.core.models import HistoryEntry
from upward.web.plans import catalogue
from upward.web.plans.models import (
    Answer,
    Draft,
    Invitation,
    Membership,
    Plan,
    PlanDate,
    StepRecord,
    Task,
    Upload,
)
from upward.web.plans.policies import Access

OWN = "own."
DRAFT_LIFE = timedelta(days=30)


def plans_visible_to(person: User) -> QuerySet[Plan]:
    """Return the plans that a person is a member of."""
    return Plan.objects.filter(members__user=person)


def access_to(plan: Plan, person: User | None, *, operator: bool = False) -> Access:
    """Return a person's standing in a plan; someone who is no member has none."""
    membership = None
    if person is not None:
        membership = Membership.objects.filter(plan=plan, user_id=person.pk).first()
    return Access(plan, person, membership, operator=operator)


def open_plan(slug: str, person: User) -> Access:
    """Return a person's standing in the plan at an address; Http404 where there is none or it is not theirs to see."""
    membership = Membership.objects.select_related("plan").filter(plan__slug=slug, user=person).first()
    if membership is None:
        raise Http404
    return Access(membership.plan, person, membership)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with what the team did with it. `state` is done (with proof), said (without), open or aside."""

    key: str
    step: Step
    task: CatalogTask | None
    row: Task | None
    file: str = ""  # the name of a file that proves it

    @property
    def proof(self) -> str:
        """What shows that it is done: words, a link, or a file; empty where nothing does."""
        said = (self.row.proof or self.row.proof_link) if self.row else ""
        return said or self.file

    @property
    def title(self) -> str:
        """What is to be done."""
        return self.task.title if self.task else (self.row.title if self.row else self.key)

    @property
    def state(self) -> str:
        """How far it is."""
        if self.row is None:
            return "open"
        if self.row.set_aside:
            return "aside"
        if self.row.done_on is None:
            return "open"
        return "done" if self.proof else "said"

    @property
    def owner(self) -> User | None:
        """Who does it."""
        return self.row.owner if self.row else None

    @property
    def owner_id(self) -> int | None:
        """The number of who does it: quicker to compare than people are."""
        return self.row.owner_id if self.row else None

    @property
    def due(self) -> date | None:
        """By when."""
        return self.row.due if self.row else None

    @property
    def needed(self) -> bool:
        """Whether the step counts on it."""
        return self.task.needed if self.task else True


@dataclass(frozen=True)
class StepLine:
    """A step with its tasks and how many of its questions are answered."""

    step: Step
    tasks: tuple[TaskLine, ...]
    answered: frozenset[str]
    record: StepRecord | None

    @cached_property
    def counted(self) -> tuple[TaskLine, ...]:
        """The tasks that were not set aside."""
        return tuple(line for line in self.tasks if line.state != "aside")

    @cached_property
    def states(self) -> tuple[str, ...]:
        """One state per task, the finished ones first."""
        order = {"done": 0, "said": 1, "open": 2}
        return tuple(sorted((line.state for line in self.counted), key=order.__getitem__))

    @cached_property
    def done(self) -> int:
        """How many tasks are done or said done."""
        return sum(state != "open" for state in self.states)

    @cached_property
    def without_proof(self) -> int:
        """How many are said done without proof."""
        return self.states.count("said")

    @cached_property
    def started(self) -> bool:
        """Whether anything was done here."""
        return bool(self.done or self.answered or any(line.owner for line in self.tasks))

    @cached_property
    def signed_off(self) -> bool:
        """Whether the team signed the step off."""
        return self.record is not None and self.record.signed_off_at is not None


#: Work of plans as this process has read it; a name that a person changes is seen when the time is over.
_WORK: Memory[dict[str, StepLine]] = Memory(most=200, seconds=60)


def plan_work(plan: Plan) -> dict[str, StepLine]:
    """Return every step of a plan, by slug in the order of the numbers.

    One query, and five more after a change. Nobody may change what is given out: others of this process get the same.
    """
    return work_of_plans([plan.pk], history_marks([plan.pk]))[plan.pk]


def work_of_plans(plans: Sequence[int], marks: Mapping[int, Mark]) -> dict[int, dict[str, StepLine]]:
    """Return every step of each of many plans, by plan and slug; `marks` are those of their histories.

    Plans that have not changed since they were read last are not read again; the others take five queries together.
    """
    language = current_language()
    keys = {plan: (plan, marks[plan], language) for plan in plans}
    missing = [plan for plan in plans if not _WORK.holds(keys[plan])]
    read = _read_work(missing) if missing else {}
    return {plan: _WORK.get(keys[plan], partial(read.__getitem__, plan)) for plan in plans}


def _read_work(plans: Sequence[int]) -> dict[int, dict[str, StepLine]]:
    files: dict[int, dict[str, str]] = {number: {} for number in plans}
    for number, key, name in (
        Upload.objects.filter(plan__in=plans).exclude(task="").values_list("plan_id", "task", "name")
    ):
        files[number][key] = name
    rows: dict[int, list[Task]] = {number: [] for number in plans}
    owned = Task.objects.filter(plan__in=plans).values("owner")
    owners = {person.pk: person for person in User.objects.filter(pk__in=owned).only("name", "email")}
    for row in Task.objects.filter(plan__in=plans):
        row.owner = owners.get(row.owner_id)
        rows[row.plan_id].append(row)
    answered: dict[int, set[str]] = {number: set() for number in plans}
    for number, question in Answer.objects.filter(plan__in=plans).values_list("plan_id", "question"):
        answered[number].add(question)
    records: dict[int, dict[str, StepRecord]] = {number: {} for number in plans}
    for record in StepRecord.objects.filter(plan__in=plans):
        records[record.plan_id][record.step] = record
    return {
        number: _work(rows[number], files[number], frozenset(answered[number]), records[number])
        for number in plans
    }


def _work(
    rows: Sequence[Task],
    files: Mapping[str, str],
    answered: frozenset[str],
    records: Mapping[str, StepRecord],
) -> dict[str, StepLine]:
    own: dict[str, list[Task]] = {}
    by_key = {}
    for row in rows:
        if row.key.startswith(OWN):
            own.setdefault(row.step, []).append(row)
        else:
            by_key[row.key] = row
    return {
        slug: StepLine(
            step,
            (
                *(
                    TaskLine(key, step, task, by_key.get(key), files.get(key, ""))
                    for key, task in step.tasks.items()
                ),
                *(TaskLine(row.key, step, None, row, files.get(row.key, "")) for row in own.get(slug, ())),
            ),
            answered & step.questions.keys(),
            records.get(slug),
        )
        for slug, step in catalogue.catalog().steps.items()
    }


def marks_of(work: Mapping[str, StepLine]) -> dict[str, TaskMark]:
    """Return what `upward.plan` asks about the tasks of the catalogue: which are done, and what proves it."""
    return {
        line.key: TaskMark(
            done=line.row.done_on is not None,
            proofs=(Proof(line.proof),) if line.proof else (),
        )
        for step in work.values()
        for line in step.tasks
        if line.task is not None and line.row is not None
    }


def answered_in(work: Mapping[str, StepLine]) -> frozenset[str]:
    """Return the questions that have an answer."""
    return frozenset().union(*(step.answered for step in work.values()))


def find_task(plan: Plan, key: str) -> TaskLine:
    """Return one task of a plan; Http404 where there is none."""
    task = catalogue.task_called(key)
    row = Task.objects.filter(plan=plan, key=key).select_related("owner").first()
    if task is None and row is None:
        raise Http404
    slug = task.step if task else row.step if row else ""
    file = Upload.objects.filter(plan=plan, task=key).values_list("name", flat=True).first()
    return TaskLine(key, catalogue.step_called(slug), task, row, file or "")


def answers_of(plan: Plan, questions: Mapping[str, Question]) -> dict[str, Answer]:
    """Return the answers of a plan to some questions, by question."""
    return {row.question: row for row in Answer.objects.filter(plan=plan, question__in=list(questions))}


def members_of(plan: Plan) -> QuerySet[Membership]:
    """Return the members of a plan with their people, by name."""
    return Membership.objects.filter(plan=plan).select_related("user").order_by("user__name", "pk")


def names_of_members(plan: Plan) -> list[tuple[str, str]]:
    """Return number and name of the members of a plan, by name, for choices."""
    people = (
        User.objects.filter(memberships__plan=plan).order_by("name", "pk").values_list("pk", "name", "email")
    )
    return [(str(number), name or email.split("@")[0]) for number, name, email in people]


def assignable_people(plan: Plan) -> QuerySet[User]:
    """Return the people who may work on tasks of a plan, by name."""
    return (
        User.objects.filter(
            memberships__plan=plan, memberships__role__in=("owner", "editor", "contributor"), is_active=True
        )
        .only("name", "email")
        .order_by("name")
    )


def invitations_of(plan: Plan) -> QuerySet[Invitation]:
    """Return the invitations of a plan that can still be accepted."""
    return Invitation.objects.open().filter(plan=plan).select_related("invited_by")


def coming_dates(plan: Plan, *, today: date, count: int = 5) -> list[PlanDate]:
    """Return the next dates of a plan."""
    return list(PlanDate.objects.filter(plan=plan, day__gte=today)[:count])


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What a history is narrowed to: a record, a person's number, a subject (first word of the event), days."""

    record: str = ""
    person: str = ""
    about: str = ""
    first: date | None = None
    last: date | None = None


def history_of(plan: Plan, asked: HistoryFilter | None = None) -> QuerySet[HistoryEntry]:
    """Return the history of a plan, newest first, narrowed to what is asked; days are those of the installation."""
    found = HistoryEntry.objects.filter(plan=plan.pk)
    asked = asked or HistoryFilter()
    if asked.record:
        found = found.filter(record=asked.record)
    if asked.person:
        found = found.filter(by=int(asked.person))
    if asked.about:
        found = found.filter(event__startswith=f"{asked.about}.")
    if asked.first:
        found = found.filter(at__gte=_midnight(asked.first))
    if asked.last and asked.last < date.max:
        found = found.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def draft_of(person: User, plan: Plan, form: str) -> Draft | None:
    """Return what a person typed and did not save, if it is younger than 30 days."""
    return Draft.objects.filter(
        user=person, plan=plan, form=form, saved_at__gt=timezone.now() - DRAFT_LIFE
    ).first()
