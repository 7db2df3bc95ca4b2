"""What the fast engines sum: flags and values, worked out from a specification.

A *flag* is a yes or no that an estimate asks of a record: does it belong, is everything known, is the share's
condition met. Equal questions share a flag. A *measure* is a flag, or a flag times a value. An estimate is
then a measure, or one measure over another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from upward.engine.linear import products_of
from upward.engine.specification import Condition, Estimate, Missing, Not, Specification, tests_of

#: Flags are bits of one 64-bit word; a specification that needs more is computed in several passes.
MOST_FLAGS = 60


class Must(StrEnum):
    """How a three-valued condition must have come out."""

    MET = "met"
    DECIDED = "met or failed"
    NOT_FAILED = "met or left open by a missing value"


#: All of these must hold; empty: every record.
Flag = tuple[tuple[Must, Condition], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One estimate as flags and measures, each by its position; `below` −1 means no denominator.

    `products` are the measures of a linear model, in the order of `linear.products_of`.
    """

    estimate: Estimate
    eligible: int
    base: int
    above: int = -1
    below: int = -1
    products: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    """The flags, the values (product of fields, flag), and what is made of them. The first flag is the universe.

    `never_missing` are the fields that every record has.
    """

    never_missing: set[str] = field(default_factory=set)
    flags: list[Flag] = field(default_factory=list)
    values: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def fields(self) -> list[tuple[str, ...]]:
        """Return each field, or product of fields, that is multiplied with weights, once."""
        return list(dict.fromkeys(name for name, _flag in self.values))


def make_plans(
    specification: Specification, never_missing: set[str], *, most_flags: int = MOST_FLAGS
) -> list[Plan]:
    """Return one plan, or several where there are more flags than fit into one pass.

    `never_missing` names fields that every record has: what asks only of them is always decided, and needs no
    flag of its own.
    """
    plans: list[Plan] = []
    some: list[Estimate] = []
    for estimate in specification.estimates:
        if len(_plan(specification, [*some, estimate], never_missing).flags) > most_flags and some:
            plans.append(_plan(specification, some, never_missing))
            some = []
        some.append(estimate)
    plans.append(_plan(specification, some, never_missing))
    return plans


def _plan(specification: Specification, estimates: Sequence[Estimate], never_missing: set[str]) -> Plan:
    plan = Plan(never_missing)
    _flag(plan, _met(specification.universe))
    pending = []
    for estimate in estimates:
        own = (*_met(specification.universe), *_met(estimate.universe))
        known = tuple((Must.MET, Not(Missing(name))) for name in estimate.values())
        where = estimate.where
        is_total = estimate.kind == "total"
        eligible = _flag(plan, own + (((Must.NOT_FAILED, where),) if where is not None and is_total else ()))
        decided = () if where is None else ((Must.MET if is_total else Must.DECIDED, where),)
        base = _flag(plan, own + known + decided)
        met = _flag(plan, own + _met(where)) if estimate.kind == "share" else base
        pending.append((estimate, eligible, base, met))
    for estimate, eligible, base, met in pending:
        above, below = _measures(plan, estimate, base, met)
        products: tuple[int, ...] = ()
        if estimate.kind == "coefficient":
            products = tuple(
                _value(plan, *names, flag=base) if names else base for names in products_of(estimate)
            )
        plan.asked.append(Asked(estimate, eligible, base, above, below, products))
    return plan


def _measures(plan: Plan, estimate: Estimate, base: int, met: int) -> tuple[int, int]:
    """Return the measures above and below; every flag is in the plan by now, values come after them."""
    if estimate.kind == "share":
        return met, base
    if estimate.kind == "ratio":
        above = _value(plan, estimate.numerator or "", flag=base)
        return above, _value(plan, estimate.denominator or "", flag=base)
    if estimate.kind in {"quantile", "coefficient"}:
        return -1, -1
    above = base if estimate.of is None else _value(plan, estimate.of, flag=base)
    return above, base if estimate.kind == "mean" else -1


def _met(condition: Condition | None) -> Flag:
    return () if condition is None else ((Must.MET, condition),)


def _flag(plan: Plan, parts: Flag) -> int:
    """Return the position of the flag for “all of these”, added where it is new."""
    flag = tuple(dict.fromkeys(part for given in parts for part in _simplest(given, plan.never_missing)))
    if flag not in plan.flags:
        plan.flags.append(flag)
    return plan.flags.index(flag)


def _simplest(part: tuple[Must, Condition], never_missing: set[str]) -> Flag:
    """Return a part in its simplest form: nothing where it always holds, MET where it cannot be left open."""
    must, condition = part
    if isinstance(condition, Not) and isinstance(condition.part, Missing):
        return () if condition.part.field in never_missing else (part,)
    if must is Must.MET or not all(name in never_missing for name, _number in tests_of(condition)):
        return (part,)
    return () if must is Must.DECIDED else ((Must.MET, condition),)


def _value(plan: Plan, *names: str, flag: int) -> int:
    if (names, flag) not in plan.values:
        plan.values.append((names, flag))
    return len(plan.flags) + plan.values.index((names, flag))
