"""Tasks: the list of all, one task, taking one, own tasks, files as proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.messages import _
from upward.plan.cautions import task_cautions
from upward.plan.ways import questions_of_task
from upward.web.core.refusals import Outdated
from upward.web.core.templating import address
from upward.web.plans import actions, catalogue
from upward.web.plans.forms import OwnTaskForm, TaskForm, UploadForm
from upward.web.plans.models import Task, Upload
from upward.web.plans.policies import Access, Permission, can
from upward.web.plans.queries import (
    OWN,
    TaskLine,
    answered_in,
    answers_of,
    assignable_people,
    find_task,
    marks_of,
    plan_work,
)
from upward.web.plans.views.parts import Editing, edit, plan_page, say_saved, show

PAGE = 50
STATES = ("open", "late", "said", "done", "aside")
LAST = date.max
#: How the list can be sorted; the first is how it stands when nothing is asked.
ORDERS: Mapping[str, Callable[[TaskLine], Any]] = {
    "step": lambda line: line.step.number,
    "due": lambda line: line.due or LAST,
    "owner": lambda line: (line.owner is None, line.owner.get_full_name().casefold() if line.owner else ""),
    "title": lambda line: line.title.casefold(),
}


@plan_page()
@require_safe
def task_list(request: HttpRequest, access: Access) -> HttpResponse:
    """List the tasks of all steps, filtered by state and owner, in the order of the steps or another."""
    state, owner = request.GET.get("state", ""), request.GET.get("owner", "")
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "step"
    work = plan_work(access.plan)
    lines = [line for entry in work.values() for line in entry.tasks]
    shown = sorted((line for line in lines if _fits(line, state, owner, access)), key=ORDERS[order])
    given = {
        "state": state if state in STATES else "",
        "owner": owner,
        "order": order if order != "step" else "",
    }
    given = {name: value for name, value in given.items() if value}
    people = {line.owner.pk: line.owner.get_full_name() for line in lines if line.owner is not None}
    return show(
        request,
        "tasks",
        access,
        "tasks",
        page=Paginator(shown, PAGE).get_page(request.GET.get("page")),
        query=urlencode(given) + "&" if given else "",
        filters=urlencode({name: value for name, value in given.items() if name != "order"}),
        order=order,
        total=len(lines),
        state=state if state in STATES else "",
        owner=owner,
        people=sorted(people.items(), key=lambda pair: pair[1]),
        today=timezone.localdate(),
    )


def _fits(line: TaskLine, state: str, owner: str, access: Access) -> bool:
    if state == "late":
        if line.state != "open" or line.due is None or line.due >= timezone.localdate():
            return False
    elif state in STATES and line.state != state:
        return False
    if owner == "me":
        return line.owner is not None and line.owner == access.person
    if owner == "nobody":
        return line.owner is None
    return not owner.isdigit() or (line.owner is not None and line.owner.pk == int(owner))


@plan_page(post=Permission.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, access: Access, key: str) -> HttpResponse:
    """Show a task: why, what proves it, its questions and files; and the form, where the role permits it."""
    line = find_task(access.plan, key)
    may_assign = can(access, Permission.ASSIGN)

    def save(values: dict[str, Any]) -> None:
        changes: dict[str, Any] = {
            "proof": values["proof"].strip(),
            "proof_link": values["proof_link"],
            "set_aside": values["set_aside"].strip(),
            "done_on": _done_on(line.row, done=values["done"]),
        }
        if may_assign:
            changes |= {"owner": values["owner"], "due": values["due"]}
        actions.change_task(by=access, key=key, version=values["version"], values=changes)

    answers = questions_of_task(catalogue.catalog(), key) if line.task else ()
    return edit(
        request,
        access,
        Editing(
            template="task",
            part="tasks",
            save=save,
            done=address("plans:task", slug=access.plan.slug, key=key),
            said=_("The task is changed."),
            current=_initial,
            history=f"{address('plans:history', slug=access.plan.slug)}?record=task:{key}",
        ),
        make=lambda *args, **kwargs: TaskForm(
            *args, people=assignable_people(access.plan), may_assign=may_assign, **kwargs
        ),
        initial=_initial(line.row),
        line=line,
        step=line.step,
        questions=answers,
        answers=answers_of(access.plan, {question.id: question for question in answers}),
        cautions=_cautions(access, line),
        files=list(Upload.objects.filter(plan=access.plan, task=key)),
        upload=UploadForm(),
        own=key.startswith(OWN),
        may_change=can(access, Permission.WORK)
        and (may_assign or line.owner is None or line.owner == access.person),
    )


def _cautions(access: Access, line: TaskLine) -> list[Any]:
    if line.task is None:
        return []
    work = plan_work(access.plan)
    return list(task_cautions(catalogue.catalog(), line.key, marks_of(work), answered_in(work)))


def _initial(row: Task | None) -> dict[str, Any]:
    if row is None:
        return {"version": 0}
    return {
        "version": row.version,
        "done": row.done_on is not None,
        "proof": row.proof,
        "proof_link": row.proof_link,
        "owner": row.owner_id,
        "due": row.due,
        "set_aside": row.set_aside,
    }


def _done_on(row: Task | None, *, done: bool) -> Any:
    if not done:
        return None
    return row.done_on if row is not None and row.done_on else timezone.localdate()


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def take(request: HttpRequest, access: Access, key: str) -> HttpResponse:
    """Make the person the owner of a task that nobody has, or free one's own."""
    line = find_task(access.plan, key)
    owner = None if line.owner == access.person else access.person
    try:
        actions.change_task(
            by=access, key=key, version=line.row.version if line.row else 0, values={"owner": owner}
        )
    except Outdated:
        messages.warning(request, _("Someone else changed this task just now. Look again, then take it."))
    else:
        say_saved(request, _("The task is yours.") if owner else _("The task is free again."))
    return redirect("plans:task", slug=access.plan.slug, key=key)


@plan_page(Permission.ASSIGN, post=Permission.ASSIGN)
@require_POST
def add(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Add a task of the team's own to a step."""
    form = OwnTaskForm(request.POST)
    step = catalogue.step_numbered(number)
    if not form.is_valid():
        messages.warning(request, _("Write what is to be done, in up to 200 characters."))
        return redirect("plans:step", slug=access.plan.slug, number=number)
    row = actions.add_task(by=access, step=step.slug, title=form.cleaned_data["title"])
    say_saved(request, _("The task is added."))
    return redirect("plans:task", slug=access.plan.slug, key=row.key)


@plan_page(Permission.ASSIGN, post=Permission.ASSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, access: Access, key: str) -> HttpResponse:
    """Delete a task of the team's own, after a page that says what goes and what stays."""
    row = get_object_or_404(Task, plan=access.plan, key=key, key__startswith=OWN)
    step = catalogue.step_called(row.step)
    if request.method == "POST":
        actions.remove_task(by=access, row=row)
        say_saved(request, _("The task is deleted. Its history stays."))
        return redirect("plans:step", slug=access.plan.slug, number=step.number)
    return show(
        request,
        "remove",
        access,
        "tasks",
        heading=_("Delete the task “{title}”").format(title=row.title),
        stays=_("Its history stays. Files that prove it stay among the files of the plan."),
        word=_("Delete this task"),
        back=address("plans:task", slug=access.plan.slug, key=key),
    )
