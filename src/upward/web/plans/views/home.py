"""The workspace: home, facts, notices, search, export."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.errors import DataError, UpwardError
from upward.base.messages import _, current_language
from upward.web.accounts.sign_in import kept_form, signed_in
from upward.web.core.language import address_in
from upward.web.core.templating import address
from upward.web.core.views import check_may_see_workshop
from upward.web.plans import actions, bundle
from upward.web.plans.additions import added_facts, notices_of_what_waits, waiting_beside_tasks
from upward.web.plans.forms import BundleForm, ChangePlanForm, PlanForm
from upward.web.plans.models import Notice, Plan
from upward.web.plans.next_thing import next_for, waiting_for
from upward.web.plans.notices import notice_sentence
from upward.web.plans.policies import ROLES, Access, Permission
from upward.web.plans.queries import coming_dates, history_of, plan_work
from upward.web.plans.search import search_plan
from upward.web.plans.sentences import history_line
from upward.web.plans.views.parts import Editing, edit, plan_page, say_saved, show

PAGE = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Start a plan."""
    initial: dict[str, Any] = {"edition": "2025"}
    if place := request.GET.get("place", ""):
        initial["places"] = place[:20]
    form = PlanForm(request.POST, initial=initial) if request.method == "POST" else PlanForm(
        initial={**initial, **(kept_form(request) or {})}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        plan = actions.start_plan(by=request.user, **form.cleaned_data)
        messages.success(request, _("The plan is started. Here is the first thing to do."))
        return redirect("plans:home", slug=plan.slug)
    return render(request, "plans/new.html", {"form": form}, status=422 if form.errors else 200)


@plan_page()
@require_safe
def home(request: HttpRequest, access: Access) -> HttpResponse:
    """Show the next thing to do, what waits, the ten steps, dates, what happened, and facts."""
    work = plan_work(access.plan)
    today = timezone.localdate()
    dates = coming_dates(access.plan, today=today)
    entries = history_of(access.plan)[:5]
    unread = Notice.objects.filter(user=request.user, plan=access.plan, read_at=None)
    return show(
        request,
        "home",
        access,
        "home",
        work=work,
        here_now=_where_work_is(work),
        next=next_for(access, work, dates, today=today),
        waiting=waiting_for(access, work)[:4],
        asked=waiting_beside_tasks(access)[:3],
        notices=[
            (notice, notice_sentence(notice))
            for notice in unread.exclude(kind__in=notices_of_what_waits())[:3]
        ],
        dates=dates,
        lines=[history_line(entry, access.plan) for entry in entries],
        members=access.plan.members.count(),
        places=list(access.plan.places.all()),
        added_facts=added_facts(access.plan),
        role=ROLES[access.membership.role] if access.membership else None,
    )


def _where_work_is(work: Any) -> str:
    """Return the step where most of the work is now: the first not signed off with something begun and open."""
    open_lines = [line for line in work.values() if "open" in line.states and not line.signed_off]
    begun = [line.step.slug for line in open_lines if line.started]
    return (begun or [line.step.slug for line in open_lines] or [""])[0]


@plan_page()
@require_POST
def postpone(request: HttpRequest, access: Access) -> HttpResponse:
    """Put the next thing off until tomorrow."""
    actions.postpone(by=access, thing=request.POST.get("thing", ""))
    return redirect("plans:home", slug=access.plan.slug)


@plan_page()
@require_safe
def waiting(request: HttpRequest, access: Access) -> HttpResponse:
    """List everything that waits for the person in this plan."""
    work = plan_work(access.plan)
    return show(
        request,
        "waiting",
        access,
        "home",
        waiting=waiting_for(access, work),
        asked=waiting_beside_tasks(access),
    )


@plan_page(post=Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, access: Access) -> HttpResponse:
    """Show the plan's facts, and change them where the role permits it."""
    plan = access.plan

    def current(record: Plan) -> dict[str, Any]:
        fields = ("name", "first_year", "last_year", "led_by", "about", "edition", "version")
        values: dict[str, Any] = {name: getattr(record, name) for name in fields}
        return {**values, "places": "\n".join(place.name for place in record.places.all())}

    known = [(place.geo_id, place.name) for place in plan.places.all()]
    return edit(
        request,
        access,
        Editing(
            template="facts",
            part="home",
            save=lambda values: actions.change_plan(by=access, **values),
            done=address("plans:facts", slug=plan.slug),
            said=_("The facts of the plan are changed."),
            current=current,
        ),
        make=lambda *args, **kwargs: ChangePlanForm(*args, known=known, **kwargs),
        initial=current(plan),
        places=known,
    )


@plan_page(Permission.GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, access: Access) -> HttpResponse:
    """Close the plan, or open it again, on a page of its own."""
    closing = access.plan.state == Plan.State.OPEN
    if request.method == "POST":
        actions.set_plan_state(by=access, state=Plan.State.CLOSED if closing else Plan.State.OPEN)
        say_saved(request, _("The plan is closed.") if closing else _("The plan is open again."))
        return redirect("plans:home", slug=access.plan.slug)
    return show(request, "state", access, "home", closing=closing)


@plan_page()
@require_safe
def search(request: HttpRequest, access: Access) -> HttpResponse:
    """Search the plan and the guide."""
    words = request.GET.get("q", "").strip()[:200]
    return show(request, "search", access, "", words=words, hits=search_plan(access, words))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show the person's notices; reading them marks them as read."""
    if request.method == "POST":
        Notice.objects.filter(user=request.user, read_at=None).update(read_at=timezone.now())
        return redirect("plans:notices")
    found = Notice.objects.filter(user=request.user).select_related("plan")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [
        (notice, notice_sentence(notice), address_in(current_language(), notice.path)) for notice in page
    ]
    unread = found.filter(read_at=None).count()
    return render(request, "plans/notices.html", {"page": page, "lines": lines, "unread": unread})


@plan_page(Permission.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """Offer the whole plan as one file."""
    if request.method != "POST":
        return show(request, "export", access, "home")
    content = bundle.export_plan(by=access)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{access.plan.slug}.upward.zip"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Make a plan from a bundle; the person who brings it in owns it.

    A bundle makes accounts, so this is for those who look after the installation.
    """
    check_may_see_workshop(request)
    form = BundleForm(request.POST, request.FILES) if request.method == "POST" else BundleForm()
    if request.method == "POST" and form.is_valid():
        try:
            plan = bundle.import_plan(form.cleaned_data["file"].read(), by=request.user)
        except (DataError, UpwardError) as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, _("The plan is here, with everything in it."))
            return redirect(reverse("plans:home", kwargs={"slug": plan.slug}))
    return render(request, "plans/bring_in.html", {"form": form}, status=422 if form.errors else 200)
