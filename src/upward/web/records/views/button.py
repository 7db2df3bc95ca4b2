"""One button on the page of a record: it acts, says what was done or why not, and leads back to the page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from upward.base.errors import RefusedError, UsageError
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.plans.policies import Access
from upward.web.plans.views.parts import say_saved
from upward.web.records.models import PlanRecord
from upward.web.records.pages import record_page


def act_on_record(
    request: HttpRequest, access: Access, row: PlanRecord, act: Callable[[], str]
) -> HttpResponse:
    """Do what `act` does and say what it returns; what a rule of the record refuses is said in its place.

    Who may not act, or acts in a closed plan, gets the page that says so.
    """
    try:
        say_saved(request, act())
    except (NotAllowed, StateForbids):
        raise
    except (RefusedError, UsageError, Outdated) as problem:
        messages.warning(request, str(problem))
    return redirect(record_page(row, access.plan.slug))
