"""The JSON API: plans and their records, for programs that hold a person's token.

It answers what the person may see and writes through the same actions as the pages, so that rules, versions and history
are the same. Times are ISO 8601; a record that is changed carries the version it was read at.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import AfterValidator, Field

import upward
from upward.base.errors import DataError, NotFoundError, RefusedError, UpwardError
from upward.catalog.step_model import AnswerKind
from upward.plan.answers import read_answer, stored_answer
from upward.web.accounts.models import ApiToken, User
from upward.web.accounts.tokens import token_hash
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.plans import actions, catalogue
from upward.web.plans.models import Answer, Membership, PlanDate
from upward.web.plans.policies import Access
from upward.web.plans.queries import find_task, history_of, members_of, open_plan, plan_work

MOST_PER_MINUTE = 120
MOST_ROWS = 500


class TokenAuth(HttpBearer):
    """A person's token in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token if it is one that works; tries are counted for each network address and each token."""
        client = (
            token_hash(token)[:16]
            if token.startswith("upw_")
            else f"ip.{request.META.get('REMOTE_ADDR', '')}"
        )
        check_rate(client)
        found = (
            ApiToken.objects.select_related("user")
            .filter(token_hash=token_hash(token), expires_at__gt=timezone.now(), user__is_active=True)
            .first()
        )
        if found is None:
            return None
        if found.last_used != timezone.localdate():
            ApiToken.objects.filter(pk=found.pk).update(last_used=timezone.localdate())
        if request.method not in {"GET", "HEAD"} and not found.may_write:
            raise HttpError(403, "This token may only read.")
        return found


def check_rate(client: str) -> None:
    """Raise HttpError 429 where a client has asked too often in this minute."""
    key = f"api.{client}.{int(timezone.now().timestamp()) // 60}"
    try:
        asked = cache.incr(key)
    except ValueError:  # the first of this minute
        cache.add(key, 1, timeout=90)
        asked = 1
    if asked > MOST_PER_MINUTE:
        raise HttpError(429, f"More than {MOST_PER_MINUTE} requests in a minute. Wait, then go on.")


api = NinjaAPI(
    title="Upward",
    version=upward.__version__,
    description=__doc__ or "",
    auth=TokenAuth(),
    urls_namespace="api",
    docs_url=None,  # the page of the library loads from elsewhere
    openapi_url="/openapi.json",
)


class Problem(Schema):
    """What went wrong, and what to do."""

    detail: str
    advice: str = ""


class Conflict(Problem):
    """The record has moved on; `version` is the one to read and change."""

    version: int = 0


class FieldProblem(Schema):
    """One field that cannot be read."""

    where: list[str | int]
    detail: str


class Invalid(Schema):
    """Fields that cannot be read."""

    detail: list[FieldProblem]


REFUSALS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Conflict,
    422: Invalid | Problem,
    429: Problem,
}


@api.exception_handler(UpwardError)
def _explain(request: HttpRequest, problem: UpwardError) -> HttpResponse:
    body: dict[str, Any] = {"detail": problem.message, "advice": problem.advice}
    status = 422
    if isinstance(problem, Outdated):
        status, body["version"] = 409, getattr(problem.current, "version", 0)
    elif isinstance(problem, NotAllowed):
        status = 403
    elif isinstance(problem, StateForbids):
        status = 409
    elif isinstance(problem, NotFoundError):
        status = 404
    elif isinstance(problem, RefusedError | DataError):
        status = 422
    return api.create_response(request, body, status=status)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _problem: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "Not found", "advice": ""}, status=404)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, _problem: AuthenticationError) -> HttpResponse:
    detail = {
        "detail": "Send a token: Authorization: Bearer upw_…",
        "advice": "Make one on your account page.",
    }
    response = api.create_response(request, detail, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    lines = [{"where": list(error["loc"]), "detail": error["msg"]} for error in problem.errors]
    return api.create_response(request, {"detail": lines}, status=422)


def person_of(request: HttpRequest) -> User:
    """Return the person whose token the request carries."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token.user


def without_nul(text: str) -> str:
    """Return the text; databases refuse the character NUL, so it is refused here."""
    if "\x00" in text:
        raise ValueError("the character NUL is not taken")
    return text


Text = Annotated[str, AfterValidator(without_nul)]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9-]+$", max_length=60)]
Key = Annotated[str, Path(pattern=r"^[a-z0-9.]+$", max_length=40)]


class PlanOut(Schema):
    """A plan in a list."""

    slug: str
    name: str
    state: str
    role: str
    places: list[dict[str, str]]
    first_year: int | None
    last_year: int | None
    led_by: str
    edition: str
    version: int
    changed_at: datetime


class StepOut(Schema):
    """A step and how far it is."""

    number: int
    id: str
    name: str
    tasks: int
    done: int
    without_proof: int
    questions: int
    answered: int
    signed_off_at: datetime | None


class TaskOut(Schema):
    """A task and what the team did with it."""

    id: str
    step: int
    title: str
    state: str
    owner: str | None
    due: date | None
    done_on: date | None
    proof: str
    proof_link: str
    set_aside: str
    version: int


class TaskIn(Schema):
    """What to change in a task; what is left out stays."""

    version: int = Field(ge=0, le=2_000_000_000)
    done: bool | None = None
    proof: Text | None = Field(None, max_length=4_000)
    set_aside: Text | None = Field(None, max_length=2_000)
    due: date | None = None


class AnswerOut(Schema):
    """An answer as it stands now."""

    question: str
    text: str
    kind: str
    value: Any
    by: str
    version: int
    changed_at: datetime


class AnswerIn(Schema):
    """A new version of an answer: a text, the id of an option, or a list of ids."""

    version: int = Field(ge=0, le=2_000_000_000)
    value: Text | Annotated[list[Text], Field(max_length=100)]


class DateOut(Schema):
    """A meeting or deadline."""

    id: int
    title: str
    day: date
    place: str
    note: str
    version: int


class MemberOut(Schema):
    """A member; addresses are not given out."""

    name: str
    role: str
    function: str
    joined_at: datetime


class HistoryOut(Schema):
    """One line of history."""

    at: datetime
    by: str
    event: str
    record: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


class Page(Schema):
    """Which rows of a long list."""

    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


def plan_out(membership: Membership) -> dict[str, Any]:
    """Return a plan as the API shows it."""
    plan = membership.plan
    fields = (
        "slug",
        "name",
        "state",
        "first_year",
        "last_year",
        "led_by",
        "edition",
        "version",
        "changed_at",
    )
    return {
        **{name: getattr(plan, name) for name in fields},
        "role": membership.role,
        "places": [{"geo_id": place.geo_id, "name": place.name} for place in plan.places.all()],
    }


@api.get("/plans", response={200: list[PlanOut], **REFUSALS}, summary="Plans of the person")
def list_plans(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the plans that the person is a member of."""
    found = (
        Membership.objects.filter(user=person_of(request))
        .select_related("plan")
        .prefetch_related("plan__places")
    )
    return [plan_out(membership) for membership in found.order_by("plan__name")]


@api.get("/plans/{slug}", response={200: PlanOut, **REFUSALS}, summary="One plan")
def one_plan(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return a plan."""
    access = open_plan(slug, person_of(request))
    assert access.membership is not None
    return plan_out(access.membership)


@api.get("/plans/{slug}/steps", response={200: list[StepOut], **REFUSALS}, summary="Steps and their progress")
def list_steps(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    """Return the ten steps with counts of tasks and answers."""
    access = open_plan(slug, person_of(request))
    return [
        {
            "number": line.step.number,
            "id": line.step.slug,
            "name": line.step.name,
            "tasks": len(line.states),
            "done": line.done,
            "without_proof": line.without_proof,
            "questions": len(line.step.questions),
            "answered": len(line.answered),
            "signed_off_at": line.record.signed_off_at if line.record else None,
        }
        for line in plan_work(access.plan).values()
    ]


def task_out(line: Any) -> dict[str, Any]:
    """Return a task as the API shows it."""
    row = line.row
    return {
        "id": line.key,
        "step": line.step.number,
        "title": line.title,
        "state": line.state,
        "owner": row.owner.get_full_name() if row and row.owner else None,
        "due": row.due if row else None,
        "done_on": row.done_on if row else None,
        "proof": row.proof if row else "",
        "proof_link": row.proof_link if row else "",
        "set_aside": row.set_aside if row else "",
        "version": row.version if row else 0,
    }


@api.get("/plans/{slug}/tasks", response={200: list[TaskOut], **REFUSALS}, summary="Tasks of all steps")
def list_tasks(request: HttpRequest, slug: Slug, page: Query[Page]) -> list[dict[str, Any]]:
    """Return the tasks in the order of the steps."""
    access = open_plan(slug, person_of(request))
    lines = [line for step in plan_work(access.plan).values() for line in step.tasks]
    return [task_out(line) for line in lines[page.offset : page.offset + page.limit]]


@api.patch("/plans/{slug}/tasks/{key}", response={200: TaskOut, **REFUSALS}, summary="Change a task")
def change_task(request: HttpRequest, slug: Slug, key: Key, body: TaskIn) -> dict[str, Any]:
    """Change a task that is still at the version given; 0 where nobody has touched it."""
    access = open_plan(slug, person_of(request))
    line = find_task(access.plan, key)
    given = body.model_dump(exclude_unset=True, exclude={"version", "done"})
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items()
    }
    values = {name: value for name, value in values.items() if value is not None or name == "due"}
    if body.done is not None:
        before = line.row.done_on if line.row else None
        values["done_on"] = (before or timezone.localdate()) if body.done else None
    actions.change_task(by=access, key=key, version=body.version, values=values)
    return task_out(find_task(access.plan, key))


def answer_out(row: Answer) -> dict[str, Any]:
    """Return an answer as the API shows it."""
    question = catalogue.catalog().questions.get(row.question)
    return {
        "question": row.question,
        "text": question.text if question else "",
        "kind": question.kind.value if question else "",
        "value": row.value.get("value") if isinstance(row.value, dict) else row.value,
        "by": row.by_name,
        "version": row.version,
        "changed_at": row.changed_at,
    }


@api.get(
    "/plans/{slug}/answers", response={200: list[AnswerOut], **REFUSALS}, summary="Answers as they stand"
)
def list_answers(request: HttpRequest, slug: Slug, page: Query[Page]) -> list[dict[str, Any]]:
    """Return the answers by question."""
    access = open_plan(slug, person_of(request))
    found = Answer.objects.filter(plan=access.plan).order_by("question")
    return [answer_out(row) for row in found[page.offset : page.offset + page.limit]]


@api.put("/plans/{slug}/answers/{key}", response={200: AnswerOut, **REFUSALS}, summary="Answer a question")
def save_answer(request: HttpRequest, slug: Slug, key: Key, body: AnswerIn) -> dict[str, Any]:
    """Save the next version of an answer; version 0 where there is none yet."""
    access = open_plan(slug, person_of(request))
    question = catalogue.question_called(key)
    typed = body.value if isinstance(body.value, list) else [body.value]
    if isinstance(body.value, list) and question.kind is not AnswerKind.CHOICES:
        raise DataError("This question has one answer: give a text, not a list.")
    answer = read_answer(catalogue.catalog(), question, typed)
    if answer is None:
        raise DataError("The answer is empty.")
    row = actions.save_answer(
        by=access, question=key, version=body.version, value=stored_answer(question, answer)
    )
    return answer_out(row)


@api.get("/plans/{slug}/dates", response={200: list[DateOut], **REFUSALS}, summary="Meetings and deadlines")
def list_dates(request: HttpRequest, slug: Slug, page: Query[Page]) -> list[PlanDate]:
    """Return the dates in their order."""
    access = open_plan(slug, person_of(request))
    return list(PlanDate.objects.filter(plan=access.plan)[page.offset : page.offset + page.limit])


@api.get("/plans/{slug}/members", response={200: list[MemberOut], **REFUSALS}, summary="Members")
def list_members(request: HttpRequest, slug: Slug, page: Query[Page]) -> list[dict[str, Any]]:
    """Return the members by name."""
    access = open_plan(slug, person_of(request))
    return [
        {
            "name": member.user.get_full_name(),
            "role": member.role,
            "function": member.function,
            "joined_at": member.joined_at,
        }
        for member in members_of(access.plan)[page.offset : page.offset + page.limit]
    ]


@api.get("/plans/{slug}/history", response={200: list[HistoryOut], **REFUSALS}, summary="What happened")
def list_history(request: HttpRequest, slug: Slug, page: Query[Page]) -> list[dict[str, Any]]:
    """Return what happened, newest first."""
    access: Access = open_plan(slug, person_of(request))
    return [
        {
            "at": entry.at,
            "by": entry.by_name,
            "event": entry.event,
            "record": entry.record,
            "name": entry.record_name,
            "before": entry.before,
            "after": entry.after,
        }
        for entry in history_of(access.plan)[page.offset : page.offset + page.limit]
    ]
