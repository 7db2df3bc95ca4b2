"""Rules of single kinds: an app registers what must hold before one of its records is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord

#: Takes who acts, the values as they will be, and the record that is changed (None for a new one). It returns values
#: that Upward sets itself, and raises UsageError or RefusedError where the record must not be saved like that.
Rule = Callable[[Access, Mapping[str, Value], PlanRecord | None], Mapping[str, Value | None]]

RULES: dict[str, list[Rule]] = {}


def rule_for(kind: str) -> Callable[[Rule], Rule]:
    """Register a rule of a kind."""

    def register(rule: Rule) -> Rule:
        RULES.setdefault(kind, []).append(rule)
        return rule

    return register
