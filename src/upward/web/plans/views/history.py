"""The history of a plan: who did what, filtered, taken out as a table, and taken back where that is safe."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.core.spreadsheet import csv_response
from upward.web.plans.policies import Access, Permission
from upward.web.plans.queries import HistoryFilter, history_of, names_of_members
from upward.web.plans.sentences import ABOUT, history_line
from upward.web.plans.undo import undo
from upward.web.plans.views.parts import plan_page, say_saved, show

PAGE = 50


def _asked(request: HttpRequest) -> tuple[HistoryFilter, dict[str, str]]:
    """Return what the address asks for, and the same as it is written in addresses; what cannot be read is left out."""
    given: dict[str, str] = {
        "record": request.GET.get("record", "")[:120],
        "person": request.GET.get("person", "")[:12],
        "about": request.GET.get("about", ""),
    }
    days: dict[str, date | None] = {}
    for name in ("first", "last"):
        days[name] = _day(request.GET.get(name, ""))
        given[name] = days[name].isoformat() if days[name] else ""  # type: ignore[union-attr]
    if given["about"] not in ABOUT:
        given["about"] = ""
    if not given["person"].isdecimal():
        given["person"] = ""
    asked = HistoryFilter(given["record"], given["person"], given["about"], days["first"], days["last"])
    return asked, {name: value for name, value in given.items() if value}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@plan_page()
@require_safe
def history(request: HttpRequest, access: Access) -> HttpResponse:
    """Show what happened, newest first, for all or for one record, person, subject or time."""
    asked, given = _asked(request)
    page = Paginator(history_of(access.plan, asked), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"record": "", "person": "", "about": "", "first": "", "last": "", **given}
    return show(
        request,
        "history",
        access,
        "history",
        page=page,
        lines=[history_line(entry, access.plan) for entry in page],
        query=urlencode(given) + "&" if given else "",
        narrowed=bool(given),
        subjects=[(key, _(word)) for key, word in ABOUT.items()],
        people=names_of_members(access.plan),
        **context,
    )


@plan_page()
@require_safe
def history_csv(request: HttpRequest, access: Access) -> HttpResponse:
    """Give the same out as a table for a spreadsheet: every entry that fits, one row for each, before and after."""
    asked, _given = _asked(request)
    head = [
        _("When"),
        _("Person"),
        _("What happened"),
        _("Event"),
        _("Record"),
        _("Before and after"),
        _("Taken back"),
    ]
    lines = (history_line(entry, access.plan) for entry in history_of(access.plan, asked).iterator())
    rows = (
        [
            timezone.localtime(line.entry.at).isoformat(timespec="seconds"),
            line.entry.by_name,
            line.sentence,
            line.entry.event,
            line.entry.record,
            "\n".join(f"{name}: {before} → {after}" for name, before, after in line.changes),
            _("yes") if line.entry.undone_by else _("no"),
        ]
        for line in lines
    )
    return csv_response(f"{access.plan.slug}-history", head, rows)


@plan_page(Permission.ASSIGN, post=Permission.ASSIGN)
@require_POST
def take_back(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Take an event back, or say why that is not safe."""
    entry = get_object_or_404(HistoryEntry, pk=number, plan=access.plan.pk)
    try:
        undo(by=access, entry=entry)
    except (NotAllowed, StateForbids):
        raise
    except RefusedError as problem:
        messages.warning(request, str(problem))
    else:
        say_saved(request, _("Taken back."))
    return redirect("plans:history", slug=access.plan.slug)
