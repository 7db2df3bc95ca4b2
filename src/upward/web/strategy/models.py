"""Strategy: vision, priorities, strategic actions and their logic model."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class Vision(PlanRecord):
    """What daily life here will be when the plan has worked."""

    KIND = "vision"
    title = fields.line()
    statement = fields.text()
    dimensions = fields.words()
    voices = fields.text()
    themes = fields.links("engagement.Theme")
    adopted_on = fields.day()
    decision = fields.link("coalition.Decision")


class Priority(PlanRecord):
    """One of the three to five areas the plan takes on."""

    KIND = "priority"
    name = fields.line()
    rank = fields.number()
    reason = fields.text()
    chosen_how = fields.text()
    result = fields.text()
    if_we = fields.text()
    then = fields.text()
    because = fields.text()
    long_term_goal = fields.text()
    preconditions = fields.text()
    assumptions = fields.text()
    external_factors = fields.text()
    findings = fields.links("evidence.Finding")
    causes = fields.links("engagement.Cause")
    predictors = fields.words()
    dimensions = fields.words()


class StrategicAction(PlanRecord):
    """What will change, by whose authority, with owner, partners, cost, time, evidence and effect on equity."""

    KIND = "strategic-action"
    title = fields.line()
    statement = fields.text()
    priority = fields.link("strategy.Priority")
    predictors = fields.words()
    dimensions = fields.words()
    findings = fields.links("evidence.Finding")
    causes = fields.links("engagement.Cause")
    conditions = fields.words()
    type = fields.word()
    tests = fields.words()
    population = fields.line()
    area = fields.line()
    equity_effect = fields.text()
    harm = fields.text()
    evidence = fields.text()
    evidence_address = fields.address()
    evidence_strength = fields.word()
    owner = fields.person()
    lead = fields.link("coalition.Partner")
    partners = fields.links("coalition.Partner")
    authority = fields.line()
    authority_agreed = fields.yes_no()
    resources = fields.text()
    cost = fields.number()
    cost_note = fields.text()
    funding = fields.text()
    starts = fields.month()
    ends = fields.month()
    risks = fields.text()
    assumptions = fields.text()
    feasibility = fields.word()
    impact = fields.word()
    support = fields.text()
    builds_on = fields.links("evidence.CurrentAction")
    alignment = fields.text()
    decision = fields.link("coalition.Decision")
    status = fields.word()


class LogicModelElement(PlanRecord):
    """An input, activity, output or outcome, with its links and why they should hold."""

    KIND = "logic-model-element"
    title = fields.line()
    part = fields.word()
    action = fields.link("strategy.StrategicAction")
    description = fields.text()
    by_year = fields.year()
    evidence = fields.text()
    order = fields.number()


class LogicModelLink(PlanRecord):
    """Why one part of the model should lead to another, with the assumption and the evidence."""

    KIND = "logic-model-link"
    because = fields.line()
    from_element = fields.link("strategy.LogicModelElement")
    to_element = fields.link("strategy.LogicModelElement")
    assumption = fields.text()
    evidence = fields.text()
    strength = fields.word()
    if_not = fields.text()
