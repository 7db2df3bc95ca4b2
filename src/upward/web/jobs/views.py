"""A page on background work, for those who look after the installation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from upward.base.messages import _, ngettext, to_translate
from upward.web.accounts.sign_in import signed_in
from upward.web.core.models import JobRun
from upward.web.core.views import check_may_see_workshop

PAGE = 50
LATE = timedelta(minutes=10)  # a job that waits longer has no worker
WORDS = {
    "READY": to_translate("waits"),
    "RUNNING": to_translate("runs"),
    "FAILED": to_translate("failed"),
    "SUCCESSFUL": to_translate("done"),
}
#: What each piece of background work is, by the name of its function.
WORK = {
    "send_digests": to_translate("Mail about what is new"),
    "remind_of_dates": to_translate("Reminders of tasks and dates that come near"),
    "forget_what_is_old": to_translate("Deleting old drafts, ended sessions and links"),
    "make_documents": to_translate("Writing a plan as documents"),
}
#: The same with what came of it, where that is a number.
COUNTS: Mapping[str, Callable[[int], str]] = {
    "send_digests": lambda n: ngettext("{n} mail sent", "{n} mails sent", n),
    "remind_of_dates": lambda n: ngettext("{n} reminder given", "{n} reminders given", n),
    "forget_what_is_old": lambda n: ngettext("{n} entry deleted", "{n} entries deleted", n),
    "make_documents": lambda n: ngettext("{n} file written", "{n} files written", n),
}


def work_words(name: str) -> str:
    """Return what a piece of background work is called; its function's name where it has no words."""
    return _(WORK[name]) if name in WORK else name


def result_words(job: DBTaskResult) -> str:
    """Return what came of a job, or why it failed."""
    if job.status == "FAILED":
        reason = (job.traceback or "").strip().splitlines()
        return (reason[-1] if reason else job.exception_class_path)[:300]
    name, value = job.task_path.rpartition(".")[2], job.return_value
    if name in COUNTS and isinstance(value, int):
        return COUNTS[name](value).format(n=value)
    return "" if value is None else str(value)


@signed_in
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show what waits, runs, is done and failed, with the reason."""
    check_may_see_workshop(request)
    found = DBTaskResult.objects.order_by("-enqueued_at")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [(job, work_words(job.task_path.rpartition(".")[2]), result_words(job)) for job in page]
    runs = [(run, work_words(run.name)) for run in JobRun.objects.order_by("name")]
    waits = DBTaskResult.objects.filter(status="READY", enqueued_at__lt=timezone.now() - LATE).exists()
    context = {"page": page, "lines": lines, "words": WORDS, "runs": runs, "worker_is_late": waits}
    return render(request, "jobs/list.html", context)
