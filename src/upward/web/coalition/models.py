"""The coalition: partners, charter, groups, meetings and decisions."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class Partner(PlanRecord):
    """A person or organization, with sector, levers, interest, influence, role and stage."""

    KIND = "partner"
    name = fields.line()
    organization = fields.line()
    contact = fields.text()
    actor_type = fields.word()
    sectors = fields.words()
    pillars = fields.words()
    predictors = fields.words()
    roles = fields.words()
    levers = fields.words()
    power_source = fields.line()
    interest = fields.word()
    influence = fields.word()
    stance = fields.word()
    lived_experience = fields.yes_no()
    represents = fields.line()
    relationship_owner = fields.person()
    ask = fields.text()
    contribution = fields.text()
    engagement_level = fields.word()
    circle = fields.word()
    status = fields.word()
    approached_on = fields.day()
    joined_on = fields.day()
    left_on = fields.day()
    paid = fields.line()


class Charter(PlanRecord):
    """What coalition members agree on."""

    KIND = "charter"
    title = fields.line()
    purpose = fields.text()
    geography = fields.text()
    scope = fields.text()
    structure = fields.text()
    decision_rule = fields.text()
    meeting_rhythm = fields.text()
    conduct = fields.text()
    conflict_of_interest = fields.text()
    data_agreement = fields.text()
    compensation = fields.text()
    term = fields.text()
    review_on = fields.day()
    adopted_on = fields.day()
    decision = fields.link("coalition.Decision")


class WorkingGroup(PlanRecord):
    """A small team with a lead, a task and a rhythm."""

    KIND = "working-group"
    name = fields.line()
    kind = fields.word()
    task = fields.text()
    lead = fields.link("coalition.Partner")
    contact = fields.person()
    members = fields.links("coalition.Partner")
    predictors = fields.words()
    rhythm = fields.line()


class Meeting(PlanRecord):
    """Date, agenda, who came, and minutes."""

    KIND = "meeting"
    title = fields.line()
    on = fields.day()
    place = fields.line()
    group = fields.link("coalition.WorkingGroup")
    agenda = fields.text()
    attended = fields.links("coalition.Partner")
    attendance = fields.number()
    minutes = fields.text()
    file = fields.upload()
    public = fields.yes_no()


class Decision(PlanRecord):
    """What was decided, by whom, by which rule, with dissent and date."""

    KIND = "decision"
    title = fields.line()
    detail = fields.text()
    on = fields.day()
    made_by = fields.line()
    rule = fields.line()
    vote = fields.line()
    dissent = fields.text()
    meeting = fields.link("coalition.Meeting")
    review_on = fields.day()
