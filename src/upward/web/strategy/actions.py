"""Rules of strategy: an action ends after it starts."""

from __future__ import annotations

from collections.abc import Mapping

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for


@rule_for("strategic-action")
def ends_after_it_starts(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The end comes after the start."""
    starts, ends = values.get("starts"), values.get("ends")
    if isinstance(starts, str) and isinstance(ends, str) and ends < starts:
        raise UsageError(_("The end must come after the start, {month}.").format(month=starts))
    return {}
