"""Rules of measurement: bounds stand around the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for


@rule_for("measure")
def bounds_around_the_baseline(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The lower bound is not above the baseline, nor the upper below it."""
    baseline, lower, upper = (values.get(name) for name in ("baseline", "baseline_lower", "baseline_upper"))
    if isinstance(baseline, Decimal) and (
        (isinstance(lower, Decimal) and lower > baseline) or (isinstance(upper, Decimal) and upper < baseline)
    ):
        raise UsageError(_("The bounds must stand below and above the baseline."))
    return {}
