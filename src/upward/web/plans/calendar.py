"""The dates of a person's plans as an iCalendar feed (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.plans import catalogue
from upward.web.plans.models import PlanDate, Task

LINE = 75


def calendar_of(person: User, *, host: str) -> str:
    """Return the feed: meetings and deadlines of every plan, and the person's own tasks with a due date."""
    since = timezone.localdate() - timedelta(days=90)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Upward//Workbench//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(_('Upward'))}",
    ]
    dates = PlanDate.objects.filter(plan__members__user=person, day__gte=since).select_related("plan")
    for entry in dates:
        lines += _event(
            f"date-{entry.pk}@{host}",
            f"{entry.title} ({entry.plan.name})",
            day=entry.day,
            at=entry.time,
            changed=entry.changed_at,
            place=entry.place,
            note=entry.note,
        )
    tasks = Task.objects.filter(owner=person, due__gte=since, done_on=None, plan__members__user=person)
    for row in tasks.select_related("plan").distinct():
        task = catalogue.task_called(row.key)
        title = _("Due: {task}").format(task=task.title if task else row.title)
        lines += _event(
            f"task-{row.pk}@{host}",
            f"{title} ({row.plan.name})",
            day=row.due,
            at=None,
            changed=row.changed_at,
        )
    return "\r\n".join(folded for line in [*lines, "END:VCALENDAR"] for folded in _folded(line)) + "\r\n"


def _event(
    uid: str,
    title: str,
    *,
    day: date | None,
    at: time | None,
    changed: datetime,
    place: str = "",
    note: str = "",
) -> Iterable[str]:
    assert day is not None
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{changed.astimezone(timezone.get_fixed_timezone(0)):%Y%m%dT%H%M%SZ}"
    if at is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    else:
        start = timezone.make_aware(datetime.combine(day, at)).astimezone(timezone.get_fixed_timezone(0))
        yield f"DTSTART:{start:%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{_escaped(title)}"
    if place:
        yield f"LOCATION:{_escaped(place)}"
    if note:
        yield f"DESCRIPTION:{_escaped(note)}"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(letter for letter in text.replace("\r\n", "\n").replace("\n", "\\n") if letter >= " ")


def _folded(line: str) -> Iterable[str]:
    """Return a line in pieces of at most 75 bytes, as the standard wants them."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece
