"""Keeping what the plan said when a version of it was recorded."""

from __future__ import annotations

from upward.plan.frozen import frozen_to_data
from upward.web.documents.models import KeptVersion
from upward.web.documents.queries import plan_as_it_is
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import after_adding


@after_adding("plan-version")
def keep_version(by: Access, record: PlanRecord) -> None:
    """Keep the whole plan, without private fields, beside the version that was just added."""
    KeptVersion.objects.create(
        plan=by.plan, version=record.uid, content=frozen_to_data(plan_as_it_is(by.plan))
    )
