"""The Mobility Action Plan in the workbench: what each section lacks, its files, a look at it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.messages import _, current_language, pgettext
from upward.plan.completeness import State, check_items, check_sections
from upward.web.core.templating import address
from upward.web.documents.made import TYPES, file_of, made_files
from upward.web.documents.tasks import make_documents
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, say_saved, show
from upward.web.records.content import content_of
from upward.web.records.keeping import kept

#: Nothing in a document acts, and nothing is loaded; its style stands in the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@plan_page(post=Permission.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, access: Access) -> HttpResponse:
    """Show how complete the plan is, section by section, and its files; a form has them made anew."""
    if request.method == "POST":
        make_documents.enqueue(plan=access.plan.pk, language=current_language())
        say_saved(request, _("The files are being made. This takes some seconds; then load this page again."))
        return redirect(address("documents:overview", slug=access.plan.slug))
    states, checklist, texts, out = kept(access.plan, "document", lambda: _checked(access))
    return show(
        request,
        "documents/overview",
        access,
        "records",
        sections=[
            (
                state,
                _state_words(state.state),
                catalog().steps.get(state.section.step),
                texts.get(state.section.id),
            )
            for state in states
        ],
        checklist=checklist,
        files=made_files(access.plan, current_language()),
        out=out,
        products=catalog().vocabularies["product-statuses"].entries,
        written=sum(state.state is State.WRITTEN for state in states),
    )


def _checked(access: Access) -> tuple[Any, ...]:
    """Return how complete the plan is: sections, checklist, texts by section, and how it is released.

    All records are read for it.
    """
    held, content = catalog(), content_of(access.plan)
    places = {place.geo_id: place.name for place in access.plan.places.all()}
    return (
        check_sections(held, content),
        check_items(held, content, today=timezone.localdate(), places=places),
        {record.text("section"): record.key for record in content.of("plan-section")},
        {kind: content.of(kind) for kind in ("release-product", "release-event", "plan-version")},
    )


def _state_words(state: State) -> tuple[str, str]:
    """A shape and a word for how far a section is."""
    words = {
        State.WRITTEN: ("●", pgettext("section", "Written")),
        State.BEGUN: ("◐", pgettext("section", "Begun")),
        State.EMPTY: ("○", pgettext("section", "Empty")),
    }
    return words[state]


@plan_page()
@require_safe
def download(_request: HttpRequest, access: Access, ending: str) -> HttpResponse:
    """Give a made file out; one that has not been made leads back to the page that makes it."""
    try:
        path = file_of(access.plan, current_language(), ending)
    except KeyError as problem:
        raise Http404 from problem
    if not path.is_file():
        return redirect(address("documents:overview", slug=access.plan.slug))
    name = f"{access.plan.slug}.{ending}"
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[f".{ending}"]
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@plan_page()
@require_safe
def look(_request: HttpRequest, access: Access) -> HttpResponse:
    """Show the made page in the browser, cut off from everything; one not made yet leads back."""
    path = file_of(access.plan, current_language(), "html")
    if not path.is_file():
        return redirect(address("documents:overview", slug=access.plan.slug))
    response = HttpResponse(path.read_bytes(), content_type=TYPES[".html"])
    response["Content-Security-Policy"] = POLICY
    return response
