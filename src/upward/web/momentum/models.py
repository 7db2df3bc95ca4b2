"""Momentum: milestones, updates, blockers, changes of policy, funding, hand-overs and reviews."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class Milestone(PlanRecord):
    """A point on the way, with a date and an owner."""

    KIND = "milestone"
    title = fields.line()
    action = fields.link("strategy.StrategicAction")
    due = fields.day()
    owner = fields.person()
    owner_partner = fields.link("coalition.Partner")
    status = fields.word()
    needs = fields.text()
    barriers = fields.text()
    inform = fields.line()
    done_on = fields.day()
    proof = fields.address()


class Update(PlanRecord):
    """What an owner reports, with what stands in the way."""

    KIND = "update"
    title = fields.line()
    on = fields.day()
    action = fields.link("strategy.StrategicAction")
    milestone = fields.link("momentum.Milestone")
    measure = fields.link("measurement.Measure")
    value = fields.number()
    status = fields.word()
    text = fields.text()
    win = fields.yes_no()
    next_step = fields.text()


class Blocker(PlanRecord):
    """What stands in the way of an action, and who can move it."""

    KIND = "blocker"
    title = fields.line()
    action = fields.link("strategy.StrategicAction")
    detail = fields.text()
    mover = fields.link("coalition.Partner")
    owner = fields.person()
    raised_on = fields.day()
    status = fields.word()
    outcome = fields.text()


class PolicyChange(PlanRecord):
    """What was adopted, changed or ended, with date and proof."""

    KIND = "policy-change"
    title = fields.line()
    condition = fields.word()
    step = fields.word()
    on = fields.day()
    body = fields.line()
    action = fields.link("strategy.StrategicAction")
    held_by = fields.line()
    effect = fields.text()
    proof = fields.address()


class Funding(PlanRecord):
    """Source, amount, period, and whether it is secured."""

    KIND = "funding"
    source = fields.line()
    amount = fields.number()
    starts = fields.month()
    ends = fields.month()
    status = fields.word()
    actions = fields.links("strategy.StrategicAction")
    purpose = fields.text()
    terms = fields.text()
    owner = fields.person()


class Handover(PlanRecord):
    """What the next person needs, and who holds what."""

    KIND = "handover"
    role = fields.line()
    from_person = fields.line()
    to_person = fields.line()
    on = fields.day()
    risk = fields.word()
    holds = fields.text()
    needs = fields.text()


class Review(PlanRecord):
    """A date on which the team looks at what was done and changes course, with what came of it."""

    KIND = "review"
    title = fields.line()
    on = fields.day()
    held = fields.yes_no()
    who = fields.line()
    questions = fields.text()
    gateway = fields.word()
    outcome = fields.text()
    changes = fields.rows()
    decision = fields.link("coalition.Decision")
    plan_version = fields.link("documents.PlanVersion")
