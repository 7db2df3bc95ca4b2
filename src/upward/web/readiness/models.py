"""Readiness: what each person sees, what the group agrees, and the decision."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class ReadinessRating(PlanRecord):
    """One person's private rating of a condition, with evidence and gap."""

    KIND = "readiness-rating"
    condition = fields.word()
    rating = fields.word()
    evidence = fields.text()
    gap = fields.text()
    rater = fields.person()
    shared = fields.yes_no()


class ReadinessCondition(PlanRecord):
    """What the group agrees about a condition after everyone has rated it, with the task to build it."""

    KIND = "readiness-condition"
    condition = fields.word()
    rating = fields.word()
    evidence = fields.text()
    gap = fields.text()
    action = fields.text()
    owner = fields.person()
    due = fields.day()
    blocking = fields.yes_no()
    dissent = fields.text()


class ReadinessDecision(PlanRecord):
    """Go, build first or start smaller, with who decided, when and on what terms."""

    KIND = "readiness-decision"
    title = fields.line()
    decision = fields.word()
    on = fields.day()
    made_by = fields.line()
    conditions = fields.links("readiness.ReadinessCondition")
    terms = fields.text()
    start_with = fields.text()
    resolution = fields.address()
