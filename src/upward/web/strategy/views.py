"""The logic model of an action, as a drawing and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upward.base.messages import _
from upward.plan.content import RecordKey, title_of
from upward.plan.strategy import flow_of, logic_model
from upward.present.flow import draw_flow
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.plans.views.parts import plan_page, show
from upward.web.records.content import content_of

KINDS = ("strategic-action", "logic-model-element", "logic-model-link", "measure")


@plan_page()
@require_safe
def model(request: HttpRequest, access: Access) -> HttpResponse:
    """Draw the logic model of one action; the table below holds the same, and each part leads to its record."""
    content, held = content_of(access.plan, kinds=KINDS), catalog()
    actions = {record.uid: record for record in content.of("strategic-action")}
    uid = request.GET.get("action", "")
    chosen = actions.get(uid) or next(iter(actions.values()), None)
    drawn = logic_model(content, RecordKey("strategic-action", chosen.uid)) if chosen else None
    title = _("Logic model: {action}").format(action=title_of(held, chosen)) if chosen else ""
    measured = {key for measure in content.of("measure") for key in measure.linked("elements")}
    return show(
        request,
        "strategy/model",
        access,
        "records",
        actions=list(actions.values()),
        chosen=chosen,
        model=drawn,
        drawing=draw_flow(flow_of(held, drawn, title=title)) if drawn and drawn.boxes else "",
        parts=held.vocabularies["logic-model-parts"].entries,
        measured=measured,
        title=title,
    )
