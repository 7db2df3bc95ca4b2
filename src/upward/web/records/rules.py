"""Rules of single kinds: an app registers what must hold before one of its records is saved, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord

#: Takes who acts, the values as they will be, and the record that is changed (None for a new one). It returns values
#: that Upward sets itself, and raises UsageError or RefusedError where the record must not be saved like that.
Rule = Callable[[Access, Mapping[str, Value], PlanRecord | None], Mapping[str, Value | None]]

RULES: dict[str, list[Rule]] = {}

#: Takes who acts and the record that was just added, in the transaction that added it.
Following = Callable[[Access, PlanRecord], None]

FOLLOWING: dict[str, list[Following]] = {}


def rule_for(kind: str) -> Callable[[Rule], Rule]:
    """Register a rule of a kind."""

    def register(rule: Rule) -> Rule:
        RULES.setdefault(kind, []).append(rule)
        return rule

    return register


def after_adding(kind: str) -> Callable[[Following], Following]:
    """Register what else happens when a record of a kind is added."""

    def register(following: Following) -> Following:
        FOLLOWING.setdefault(kind, []).append(following)
        return following

    return register
