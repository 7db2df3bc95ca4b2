"""Flags of a plan: equal questions share one, and what always holds is not asked."""

from __future__ import annotations

from upward.engine.design import Design
from upward.engine.plan import make_plans
from upward.engine.specification import Between, Estimate, OneOf, Specification

WORKS = Estimate("works", "share", where=OneOf("WORK", (1,)))
PAY = Estimate("pay", "mean", of="PAY", universe=Between("AGE", 25, 54))
SPECIFICATION = Specification(Design("W"), (WORKS, PAY, Estimate("people", "total")))


def test_fields_that_every_record_has_need_no_flag_of_their_own() -> None:
    (plan,) = make_plans(SPECIFICATION, {"WORK", "PAY", "AGE"})
    works, pay, people = plan.asked
    assert len(plan.flags) == 3, "the universe, who works, who is of that age"
    assert works.below == people.above == 0
    assert pay.base == pay.eligible


def test_fields_that_can_be_missing_are_asked_for() -> None:
    (plan,) = make_plans(SPECIFICATION, {"AGE"})
    works, pay, _people = plan.asked
    assert len(plan.flags) == 5
    assert works.below != works.eligible == 0
    assert pay.base != pay.eligible


def test_a_plan_with_more_flags_than_fit_is_made_in_parts() -> None:
    asked = tuple(Estimate(f"n{at}", "total", where=OneOf("WORK", (at,))) for at in range(7))
    plans = make_plans(Specification(Design("W"), asked), {"WORK"}, most_flags=4)
    assert [len(plan.asked) for plan in plans] == [3, 3, 1]
    assert all(len(plan.flags) <= 4 for plan in plans)
