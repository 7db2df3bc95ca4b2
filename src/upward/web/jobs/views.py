"""A page on background work, for those who look after the installation."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from upward.base.messages import to_translate
from upward.web.accounts.sign_in import signed_in
from upward.web.core.models import JobRun
from upward.web.core.views import check_may_see_workshop

PAGE = 50
WORDS = {
    "READY": to_translate("waits"),
    "RUNNING": to_translate("runs"),
    "FAILED": to_translate("failed"),
    "SUCCESSFUL": to_translate("done"),
}


@signed_in
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show what waits, runs, is done and failed, with the reason."""
    check_may_see_workshop(request)
    found = DBTaskResult.objects.order_by("-enqueued_at")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    runs = list(JobRun.objects.order_by("name"))
    return render(request, "jobs/list.html", {"page": page, "words": WORDS, "runs": runs})
