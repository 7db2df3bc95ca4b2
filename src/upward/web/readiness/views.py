"""Readiness together: own ratings, what others shared, how far they agree, and what the group made of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from upward.base.messages import ngettext
from upward.plan.readiness import agreement_words, standings
from upward.web.core.templating import address
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, say_saved, show
from upward.web.readiness.actions import share_ratings
from upward.web.readiness.models import ReadinessRating
from upward.web.records.content import content_of

KINDS = ("readiness-rating", "readiness-condition", "readiness-decision")


@plan_page(post=Permission.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, access: Access) -> HttpResponse:
    """Show each condition, and share one's own ratings."""
    if request.method == "POST":
        number = share_ratings(by=access)
        say_saved(
            request, ngettext("{n} rating is shared.", "{n} ratings are shared.", number).format(n=number)
        )
        return redirect(address("readiness:overview", slug=access.plan.slug))
    content, held = content_of(access.plan, kinds=KINDS), catalog()
    mine = {
        rating.condition: rating
        for rating in ReadinessRating.objects.filter(plan=access.plan, rater=access.person, withdrawn_at=None)
    }
    scale = held.vocabularies["readiness-scale"].entries
    lines = [
        (standing, agreement_words(held, standing), mine.get(standing.condition))
        for standing in standings(held, content)
    ]
    return show(
        request,
        "readiness/overview",
        access,
        "records",
        lines=lines,
        scale=scale,
        unshared=[rating for rating in mine.values() if not rating.shared],
        names={entry.id: entry.name for entry in held.vocabularies["readiness-conditions"].entries.values()},
        decisions=content.of("readiness-decision"),
        words=held.vocabularies["readiness-decisions"].entries,
    )
