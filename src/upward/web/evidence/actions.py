"""Rules of evidence: bounds stand around a local number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for


@rule_for("local-value")
def bounds_around_the_value(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """The lower bound is not above the value, nor the upper below it."""
    value, lower, upper = (values.get(name) for name in ("value", "lower", "upper"))
    if isinstance(value, Decimal) and (
        (isinstance(lower, Decimal) and lower > value) or (isinstance(upper, Decimal) and upper < value)
    ):
        raise UsageError(_("The bounds must stand below and above the value."))
    return {}
