"""What the numbers say, pinned in one click; and whether newer data is here."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from upward.base.errors import RefusedError, UpwardError
from upward.base.messages import _
from upward.insights.findings import Finding
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.core.release import current_release, findings_of, release_for
from upward.web.core.templating import address
from upward.web.evidence.actions import compare_again, move_to_release, pin_finding
from upward.web.evidence.models import PinnedMetric
from upward.web.evidence.queries import changes_with
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, say_saved, show
from upward.web.records.pages import record_page
from upward.web.records.queries import find_record
from upward.web.records.views.button import act_on_record

PAGE = 25


@plan_page(post=Permission.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: HttpRequest, access: Access) -> HttpResponse:
    """List what the numbers of a place of the plan say, and pin one."""
    places = {place.geo_id: place.name for place in access.plan.places.all()}
    place = request.GET.get("place", "")
    place = place if place in places else next(iter(places), "")
    predictor = request.GET.get("predictor", "")
    if request.method == "POST":
        try:
            made = pin_finding(by=access, place=place, finding=request.POST.get("finding", "")[:60])
        except (NotAllowed, StateForbids):
            raise
        except RefusedError as problem:
            messages.warning(request, str(problem))
            return redirect(request.get_full_path())
        say_saved(request, _("Pinned, with its number and release."))
        return redirect(record_page(made, access.plan.slug))
    held, found = catalog(), _findings(access, place)
    chosen = [item for item in found if not predictor or held.metrics[item.metric].predictor == predictor]
    pinned = {
        row.insight: record_page(row, access.plan.slug)
        for row in PinnedMetric.objects.filter(plan=access.plan, place=place, withdrawn_at=None).exclude(
            insight=""
        )
    }
    return show(
        request,
        "evidence/findings",
        access,
        "records",
        page=Paginator(chosen, PAGE).get_page(request.GET.get("page")),
        total=len(found),
        places=places,
        place=place,
        predictors=list(held.predictors.values()),
        predictor=predictor if predictor in held.predictors else "",
        metrics=held.metrics,
        pinned=pinned,
        release=release_for(access.plan.release),
        query=f"place={place}&predictor={predictor}&" if predictor else f"place={place}&",
    )


def _findings(access: Access, place: str) -> list[Finding]:
    try:
        return [item for item in findings_of(access.plan.release, place) if item.numbers] if place else []
    except UpwardError:  # the place is not in the release
        return []


@plan_page(post=Permission.GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest, access: Access) -> HttpResponse:
    """Say which release the plan uses, whether newer data is here, and which of its numbers would change."""
    newest = current_release()
    if request.method == "POST":
        try:
            changed = move_to_release(by=access, release=newest.id if newest else "")
        except (NotAllowed, StateForbids):
            raise
        except RefusedError as problem:
            messages.warning(request, str(problem))
        else:
            said = _("The plan now uses the newer data. {n} readings changed; what stands on them is marked.")
            say_saved(request, said.format(n=changed))
        return redirect(address("evidence:data", slug=access.plan.slug))
    newer = newest is not None and newest.id != access.plan.release
    return show(
        request,
        "evidence/data",
        access,
        "records",
        newest=newest,
        newer=newer,
        changes=changes_with(access, newest.id) if newer and newest else [],
        readings=PinnedMetric.objects.filter(plan=access.plan, withdrawn_at=None).count(),
    )


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def compare(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Look a reading's number and peers up anew in the plan's data."""
    row = find_record(access, "pinned-metric", uid)

    def look_again() -> str:
        changed = compare_again(by=access, reading=row)  # type: ignore[arg-type]
        return _("Compared again.") if changed else _("Compared again: nothing differs.")

    return act_on_record(request, access, row, look_again)
