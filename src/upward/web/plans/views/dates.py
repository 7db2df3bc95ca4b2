"""Dates of a plan, and the calendar feed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.messages import _
from upward.web.accounts.tokens import calendar_owner
from upward.web.core.language import speaking
from upward.web.core.templating import address
from upward.web.plans import actions
from upward.web.plans.calendar import calendar_of
from upward.web.plans.forms import ChangeDateForm, DateForm
from upward.web.plans.models import PlanDate
from upward.web.plans.policies import Access, Permission
from upward.web.plans.queries import plan_work
from upward.web.plans.views.parts import Editing, edit, plan_page, say_saved, show

FIELDS = ("title", "day", "time", "place", "note")


@plan_page()
@require_safe
def calendar(request: HttpRequest, access: Access) -> HttpResponse:
    """List the dates that come and the tasks that are due; those gone by on demand."""
    today = timezone.localdate()
    entries = list(PlanDate.objects.filter(plan=access.plan))
    due = [
        line
        for step in plan_work(access.plan).values()
        for line in step.tasks
        if line.due and line.state == "open"
    ]
    return show(
        request,
        "calendar",
        access,
        "calendar",
        coming=[entry for entry in entries if entry.day >= today],
        past=[entry for entry in reversed(entries) if entry.day < today],
        due=sorted(due, key=lambda line: (line.due, line.key)),
        today=today,
    )


@plan_page(Permission.ASSIGN, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, access: Access) -> HttpResponse:
    """Add a date."""

    def save(values: dict[str, Any]) -> None:
        actions.add_date(by=access, **values)

    return edit(
        request,
        access,
        Editing(
            template="date",
            part="calendar",
            save=save,
            done=address("plans:calendar", slug=access.plan.slug),
            said=_("The date is added."),
        ),
        make=DateForm,
        initial={},
        entry=None,
    )


@plan_page(Permission.ASSIGN, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Change a date."""
    entry = get_object_or_404(PlanDate, plan=access.plan, pk=number)

    def current(record: PlanDate) -> dict[str, Any]:
        return {**{name: getattr(record, name) for name in FIELDS}, "version": record.version}

    return edit(
        request,
        access,
        Editing(
            template="date",
            part="calendar",
            save=lambda values: actions.change_date(by=access, entry=entry, **values),
            done=address("plans:calendar", slug=access.plan.slug),
            said=_("The date is changed."),
            current=current,
        ),
        make=ChangeDateForm,
        initial=current(entry),
        entry=entry,
    )


@plan_page(Permission.ASSIGN, post=Permission.ASSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Delete a date, after a page that says what goes and what stays."""
    entry = get_object_or_404(PlanDate, plan=access.plan, pk=number)
    if request.method == "POST":
        actions.remove_date(by=access, entry=entry)
        say_saved(request, _("The date is deleted. The history can bring it back."))
        return redirect("plans:calendar", slug=access.plan.slug)
    return show(
        request,
        "remove",
        access,
        "calendar",
        heading=_("Delete the date “{title}”").format(title=entry.title),
        stays=_("The history keeps what it was and can bring it back."),
        word=_("Delete this date"),
        back=address("plans:calendar", slug=access.plan.slug),
    )


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar of the person whose secret stands in the address."""
    person = calendar_owner(token)
    if person is None:
        raise Http404
    with speaking(person.language):
        text = calendar_of(person, host=request.get_host().split(":")[0])
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="upward.ics"'
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    return response
