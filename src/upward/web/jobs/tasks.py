"""Background work as plain functions: what recurs, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from upward.base.messages import _, ngettext
from upward.web.accounts.models import User
from upward.web.core.language import address_in, speaking
from upward.web.core.models import JobRun
from upward.web.plans import catalogue
from upward.web.plans.models import Draft, Invitation, Notice, PlanDate, Postponement, Task
from upward.web.plans.notices import notice_sentence, notify
from upward.web.plans.queries import DRAFT_LIFE

REMIND_DAYS = 3
NOTICE_LIFE = timedelta(days=365)


@task()
def send_digests() -> int:
    """Send each person what is new and not read, as often as the person wants; return the number of mails."""
    now = timezone.now()
    sent = 0
    people = User.objects.filter(
        is_active=True, notices__read_at=None, notices__mailed_at=None, notices__isnull=False
    ).exclude(digest=User.Digest.NEVER)
    for person in people.distinct():
        if not person.has_address:
            continue
        if person.digest == User.Digest.WEEKLY and timezone.localdate().weekday() != 0:
            continue
        sent += _send_digest(person, now)
    return sent


def _send_digest(person: User, now: datetime) -> int:
    notices = list(
        Notice.objects.filter(user=person, read_at=None, mailed_at=None)
        .select_related("plan")
        .order_by("at")[:50]
    )
    if not notices:
        return 0
    site = settings.OPTIONS.address
    with speaking(person.language), translation.override("en"):
        lines = [
            f"- {notice_sentence(notice)} ({notice.plan.name})\n  {site}{address_in(person.language, notice.path)}"
            for notice in notices
        ]
        account = f"{site}{address_in(person.language, reverse('accounts:account'))}"
        send_mail(
            ngettext("{n} new notice in Upward", "{n} new notices in Upward", len(lines)).format(
                n=len(lines)
            ),
            "\n".join([*lines, "", _("You decide on your account page how often this comes:"), account]),
            settings.DEFAULT_FROM_EMAIL,
            [person.email],
        )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
    return 1


@task()
def remind_of_dates() -> int:
    """Tell people three days ahead of their due tasks and the dates of their plans; return the number of notices."""
    day = timezone.localdate() + timedelta(days=REMIND_DAYS)
    told = 0
    with transaction.atomic():
        for row in Task.objects.filter(due=day, done_on=None, owner__isnull=False).select_related(
            "plan", "owner"
        ):
            assert row.owner is not None
            with speaking(row.owner.language):
                found = catalogue.task_called(row.key)
                title = found.title if found else row.title
            told += _tell(
                row.owner, row.plan, "due", ("plans:task", {"key": row.key}), task=title, day=day.isoformat()
            )
        for entry in PlanDate.objects.filter(day=day).select_related("plan"):
            for person in User.objects.filter(memberships__plan=entry.plan, is_active=True):
                told += _tell(
                    person, entry.plan, "date", ("plans:calendar", {}), title=entry.title, day=day.isoformat()
                )
    return told


def _tell(person: User, plan: object, kind: str, path: tuple[str, dict[str, object]], **parts: str) -> int:
    """Give a notice once, also when the job runs twice."""
    known = Notice.objects.filter(user=person, plan=plan, kind=kind).order_by("-at")[:50]
    if any({**notice.parts, "by": ""} == {**parts, "by": ""} for notice in known):
        return 0
    notify(person, plan, kind, path=path, by=None, **parts)  # type: ignore[arg-type]
    return 1


@task()
def forget_what_is_old() -> int:
    """Delete drafts after 30 days, old sessions, ended postponements and links, and read notices after a year."""
    from django.contrib.sessions.models import Session

    now = timezone.now()
    removed = [
        Draft.objects.filter(saved_at__lt=now - DRAFT_LIFE).delete()[0],
        Session.objects.filter(expire_date__lt=now).delete()[0],
        Postponement.objects.filter(until__lt=now).delete()[0],
        Notice.objects.filter(~Q(read_at=None), at__lt=now - NOTICE_LIFE).delete()[0],
        Invitation.objects.filter(expires_at__lt=now - NOTICE_LIFE).delete()[0],
    ]
    return sum(removed)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that runs again and again."""

    run: Callable[[], object]
    every: timedelta


RECURRING: Mapping[str, Recurring] = {
    "remind_of_dates": Recurring(remind_of_dates.enqueue, timedelta(hours=12)),
    "send_digests": Recurring(send_digests.enqueue, timedelta(hours=24)),
    "forget_what_is_old": Recurring(forget_what_is_old.enqueue, timedelta(hours=24)),
}


def start_what_is_due(*, now: datetime) -> list[str]:
    """Put each recurring job that is due into the queue, once whatever the number of workers; return their names."""
    started = []
    for name, job in RECURRING.items():
        try:
            with transaction.atomic():
                run, made = JobRun.objects.get_or_create(name=name, defaults={"last": now})
                due = made or JobRun.objects.filter(pk=run.pk, last__lte=now - job.every).update(last=now)
        except IntegrityError:  # another worker was faster
            continue
        if due:
            job.run()
            started.append(name)
    return started
