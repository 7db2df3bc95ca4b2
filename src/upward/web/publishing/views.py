"""Choosing what is public, looking at it before it is, taking it back; and the public page itself."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.messages import _
from upward.web.core.refusals import Outdated
from upward.web.core.views import for_everyone
from upward.web.plans.models import Plan, PlanDate
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, say_saved, show
from upward.web.publishing import actions
from upward.web.publishing.forms import ChoiceForm
from upward.web.publishing.models import Publication
from upward.web.publishing.parts import PARTS, coming, shown_parts

PAGE = 50


def _publication(plan: Plan) -> Publication | None:
    return Publication.objects.filter(plan=plan).prefetch_related("dates").first()


def _dates(plan: Plan) -> QuerySet[PlanDate]:
    return PlanDate.objects.filter(plan=plan, day__gte=timezone.localdate())


@plan_page()
@require_safe
def choose(request: HttpRequest, access: Access) -> HttpResponse:
    """Say what is public now; owners choose here what will be, and see it on the next page before it is."""
    publication = _publication(access.plan)
    initial: dict[str, Any] = {
        "version": publication.version if publication else 0,
        "parts": publication.parts if publication else list(PARTS),
        "dates": [entry.pk for entry in publication.dates.all()] if publication else [],
    }
    return show(
        request,
        "publishing/choose",
        access,
        "home",
        publication=publication,
        form=ChoiceForm(initial=initial, dates=_dates(access.plan)),
        shown=shown_parts(access.plan, publication.parts) if publication else [],
        dates=coming(publication.dates.all()) if publication else [],
    )


@plan_page(Permission.GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, access: Access) -> HttpResponse:
    """Show, word for word, what becomes visible to anyone; one button makes it so."""
    publication = _publication(access.plan)
    data = request.POST if request.method == "POST" else request.GET
    version = data.get("version", publication.version if publication else 0)
    form = ChoiceForm(
        {"version": version, "parts": data.getlist("parts"), "dates": data.getlist("dates")},
        dates=_dates(access.plan),
    )
    if not form.is_valid():
        return redirect("publishing:choose", slug=access.plan.slug)
    chosen = {
        "parts": form.cleaned_data["parts"],
        "dates": list(form.cleaned_data.get("dates") or ()),
        "version": form.cleaned_data["version"],
    }
    problem = ""
    if request.method == "POST":
        try:
            actions.publish(by=access, **chosen)
        except Outdated as outdated:
            problem = outdated.message
        else:
            say_saved(request, _("The page is public."))
            return redirect("publishing:choose", slug=access.plan.slug)
    return show(
        request,
        "publishing/review",
        access,
        "home",
        publication=publication,
        chosen=chosen,
        shown=shown_parts(access.plan, chosen["parts"]),
        dates=chosen["dates"],
        places=list(access.plan.places.all()),
        problem=problem,
        status=409 if problem else 200,
    )


@plan_page(Permission.GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, access: Access) -> HttpResponse:
    """Take the public page away, after a page that says what that means."""
    if request.method == "POST":
        actions.withdraw(by=access)
        say_saved(request, _("The public page is gone."))
        return redirect("publishing:choose", slug=access.plan.slug)
    return show(request, "publishing/withdraw", access, "home", publication=_publication(access.plan))


@for_everyone
@require_safe
def public_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page of a plan; without one, as if there were no such plan."""
    publication = (
        Publication.objects.select_related("plan")
        .prefetch_related("plan__places", "dates")
        .filter(plan__slug=slug)
        .exclude(published_at=None)
        .first()
    )
    if publication is None:
        raise Http404
    response = render(
        request,
        "publishing/public.html",
        {
            "plan": publication.plan,
            "publication": publication,
            "places": list(publication.plan.places.all()),
            "shown": shown_parts(publication.plan, publication.parts),
            "dates": coming(publication.dates.all()),
        },
    )
    response["Cache-Control"] = "no-cache"  # what is taken back is gone at once
    return response


@for_everyone
@require_safe
def public_plans(request: HttpRequest) -> HttpResponse:
    """List the plans that have a public page."""
    found = Plan.objects.exclude(publication=None).exclude(publication__published_at=None)
    page = Paginator(found.prefetch_related("places"), PAGE).get_page(request.GET.get("page"))
    response = render(request, "publishing/list.html", {"page": page})
    response["Cache-Control"] = "no-cache"
    return response
