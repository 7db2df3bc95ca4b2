"""Lists: all kinds by step, one kind with filters, and the places where the thread is broken."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upward.base.messages import _
from upward.catalog.record_model import Field
from upward.web.core.templating import address
from upward.web.plans.additions import pages_beside
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.plans.views.parts import plan_page, show
from upward.web.records.kinds import kind_called
from upward.web.records.pages import (
    NUMERIC,
    choices,
    fetched,
    lines,
    listed_fields,
    query_of,
    read_filters,
)
from upward.web.records.queries import SORTED, Filters, counts, filtered, flags_of, visible_to
from upward.web.records.thread import CHANGED, Narrowing, matter_words, named, offered, spots

PAGE = 50


@plan_page()
@require_safe
def index(request: HttpRequest, access: Access) -> HttpResponse:
    """List the kinds of records by step, with how many there are."""
    held = catalog()
    number = counts(access, list(held.records.values()))
    by_step = [
        (step, [kind for kind in held.records.values() if kind.step == step.slug])
        for step in held.steps.values()
    ]
    return show(
        request,
        "records/index",
        access,
        "records",
        by_step=by_step,
        number=number,
        flagged=len(flags_of(access.plan)),
        beside=pages_beside(held.records, access.plan.slug),
    )


@plan_page()
@require_safe
def record_list(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """List the records of a kind, filtered and sorted as the address says."""
    held = kind_called(kind)
    filters = read_filters(held, request.GET)
    found = filtered(access, held, filters).select_related(*fetched(held))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    flags = flags_of(access.plan, kind)
    everything = visible_to(access, held)
    total = page.paginator.count if not filters.any else everything.filter(withdrawn_at=None).count()
    return show(
        request,
        "records/list",
        access,
        "records",
        kind=held,
        step=catalog().steps[held.step],
        page=page,
        lines=lines(access, held, page, flags),
        columns=[(field, field.kind in NUMERIC, _sorting(field, filters)) for field in listed_fields(held)],
        title_sort=_sorting(held.title, filters),
        filters=filters,
        choices=choices(access, held, filters, request.GET),
        total=total,
        flagged=len(flags),
        withdrawn=everything.filter(withdrawn_at__isnull=False).count(),
        query=(query_of(filters) + "&") if query_of(filters) else "",
        without_words=query_of(filters, q=""),
        with_flags=query_of(filters, flagged="1"),
        beside=pages_beside([kind], access.plan.slug),
        with_withdrawn=query_of(filters, withdrawn="1"),
        here_list=address("records:list", slug=access.plan.slug, kind=kind),
    )


def _sorting(field: Field, filters: Filters) -> tuple[str, str] | None:
    """Return how a column is sorted now, and the query that sorts by it; None where it cannot be."""
    if field.kind not in SORTED:
        return None
    if filters.sort == field.id:
        return "ascending", query_of(filters, sort=f"-{field.id}")
    if filters.sort == f"-{field.id}":
        return "descending", query_of(filters, sort="")
    return "none", query_of(filters, sort=field.id)


@plan_page()
@require_safe
def thread(request: HttpRequest, access: Access) -> HttpResponse:
    """Show what has a source that changed and where the evidence thread is broken, narrowed as the address says."""
    everything = spots(access)
    options = offered(everything)
    asked = {
        name: request.GET.get(name, "")
        for name, choices_here in options.items()
        if request.GET.get(name, "") in dict(choices_here)
    }
    found = [spot for spot in everything if Narrowing(**asked).takes(spot)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names, held = named(access, page), catalog()
    lines_here = [
        (
            held.records[spot.key.kind],
            names.get(spot.key, spot.key.uid),
            matter_words(spot.matter),
            spot.words if spot.matter == CHANGED else "",
            address("records:record", slug=access.plan.slug, kind=spot.key.kind, uid=spot.key.uid),
        )
        for spot in page
    ]
    query = urlencode({name: value for name, value in asked.items() if value})
    return show(
        request,
        "records/thread",
        access,
        "records",
        page=page,
        lines=lines_here,
        total=len(everything),
        options=options,
        labels={"step": _("Step"), "kind": _("Kind of record"), "matter": _("What is the matter")},
        chosen=asked,
        query=f"{query}&" if query else "",
    )
