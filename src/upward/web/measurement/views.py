"""Which parts of the logic model are measured."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upward.plan.strategy import coverage
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.plans.views.parts import plan_page, show
from upward.web.records.content import content_of

KINDS = ("strategic-action", "logic-model-element", "measure", "target")


@plan_page()
@require_safe
def table(request: HttpRequest, access: Access) -> HttpResponse:
    """Show each part of the logic model with the measures that follow it; what lacks one is named."""
    content = content_of(access.plan, kinds=KINDS)
    lines = coverage(content)
    aimed_at = {key for target in content.of("target") for key in target.linked("measure")}
    return show(
        request,
        "measurement/coverage",
        access,
        "records",
        lines=lines,
        parts=catalog().vocabularies["logic-model-parts"].entries,
        actions={record.key: record.text("title") for record in content.of("strategic-action")},
        needed=sum(line.needed for line in lines),
        missing=sum(line.needed and not line.measures for line in lines),
        aimed_at=aimed_at,
    )
