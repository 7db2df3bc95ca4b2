"""The person's plans: the list, and the same for many plans at a glance, as a page and for a spreadsheet."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upward.web.accounts.sign_in import signed_in
from upward.web.core.spreadsheet import csv_response
from upward.web.plans.invitations import plans_of_invitations
from upward.web.plans.models import Role
from upward.web.plans.overview import (
    NEEDS,
    ORDERS,
    PlanLine,
    assists_in_several,
    chosen,
    memberships_of,
    plan_lines,
    table_of,
)
from upward.web.plans.policies import ROLES

PAGE = 50
GLANCE = 10  # each plan of the page stands with its ten steps


@signed_in
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the person's plans; with one only, it is still a list, so that the way is always the same."""
    page = _page_by_name(request, "", PAGE)
    return render(
        request,
        "plans/list.html",
        {
            "page": page,
            "roles": ROLES,
            "invited": plans_of_invitations(request.user),
            "several": page.paginator.count > 1,
        },
    )


def _page_by_name(request: HttpRequest, role: str, size: int) -> Page[PlanLine]:
    """Return a page of the person's plans by name; only the plans of the page are looked at."""
    total = memberships_of(request.user, role=role).count()
    numbered = Paginator(range(total), size).get_page(request.GET.get("page"))
    window = slice(max(numbered.start_index() - 1, 0), numbered.end_index())
    lines = plan_lines(request.user, role=role, window=window) if total else []
    return Page(lines, numbered.number, numbered.paginator)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return role, need and order that the address names; who assists in several plans sees those first."""
    role = request.GET.get("role", "assistant" if assists_in_several(request.user) else "")
    needs, order = request.GET.get("needs", ""), request.GET.get("order", "name")
    return {
        "role": role if role in Role.values else "",
        "needs": needs if needs in NEEDS else "",
        "order": order if order in ORDERS else "name",
    }


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show many plans at a glance: ten steps, next thing, what is late, questions to the person."""
    asked = _asked(request)
    if asked["needs"] or asked["order"] != "name":
        lines = plan_lines(request.user, role=asked["role"])
        total = len(lines)
        kept = chosen(lines, needs=asked["needs"], order=asked["order"])
        page = Paginator(kept, GLANCE).get_page(request.GET.get("page"))
    else:
        page = _page_by_name(request, asked["role"], GLANCE)
        total = page.paginator.count
    return render(
        request,
        "plans/overview.html",
        {"page": page, "total": total, "roles": ROLES, "query": urlencode(asked), **asked},
    )


@signed_in
@require_safe
def overview_csv(request: HttpRequest) -> HttpResponse:
    """Give the same out for a spreadsheet, all pages of it."""
    asked = _asked(request)
    lines = chosen(plan_lines(request.user, role=asked["role"]), needs=asked["needs"], order=asked["order"])
    return csv_response("plans", *table_of(lines))
