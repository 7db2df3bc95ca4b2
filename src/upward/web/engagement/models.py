"""Engagement: activities, what residents said, and the causes found with them."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class EngagementActivity(PlanRecord):
    """A data walk, talk or survey, with purpose, promise, invitation, date, who came and what came of it."""

    KIND = "engagement-activity"
    title = fields.line()
    method = fields.word()
    phase = fields.word()
    purpose = fields.text()
    ladder = fields.word()
    ownership = fields.word()
    promise = fields.text()
    answer_days = fields.number()
    audience = fields.text()
    recruitment = fields.text()
    compensation = fields.text()
    access = fields.text()
    languages = fields.line()
    consent = fields.text()
    questions = fields.text()
    stations = fields.rows()
    facilitators = fields.line()
    partners = fields.links("coalition.Partner")
    on = fields.day()
    place = fields.line()
    attendance = fields.number()
    attendance_by = fields.rows()
    notes = fields.text()
    about_data = fields.text()
    votes = fields.rows()
    heard = fields.text()
    changed = fields.text()
    feedback_due = fields.day()
    feedback_on = fields.day()
    feedback_how = fields.text()


class Contribution(PlanRecord):
    """What a resident said, and the answer to it."""

    KIND = "contribution"
    subject = fields.line()
    words = fields.text()
    activity = fields.link("engagement.EngagementActivity")
    heard_on = fields.day()
    speaker = fields.line()
    contact = fields.text()
    language = fields.line()
    about = fields.link("evidence.Finding")
    answer_status = fields.word()
    answer = fields.text()
    answer_due = fields.day()
    answered_on = fields.day()


class Theme(PlanRecord):
    """What many people said, with quotes used by consent."""

    KIND = "theme"
    title = fields.line()
    description = fields.text()
    activities = fields.links("engagement.EngagementActivity")
    contributions = fields.links("engagement.Contribution")
    voices = fields.number()
    differs = fields.text()
    predictors = fields.words()
    dimensions = fields.words()


class Quote(PlanRecord):
    """Words of a resident, used only as the person has agreed."""

    KIND = "quote"
    words = fields.text()
    theme = fields.link("engagement.Theme")
    activity = fields.link("engagement.EngagementActivity")
    speaker = fields.line()
    consent = fields.word()
    consent_on = fields.day()
    language = fields.line()
    translation = fields.text()
    translation_checked = fields.yes_no()


class Cause(PlanRecord):
    """Why a finding is so, its level, its evidence, and who holds the lever."""

    KIND = "cause"
    statement = fields.line()
    findings = fields.links("evidence.Finding")
    behind = fields.link("self")
    level = fields.word()
    method = fields.word()
    evidence = fields.text()
    themes = fields.links("engagement.Theme")
    events = fields.links("evidence.HistoryEvent")
    control = fields.word()
    levers = fields.words()
    holders = fields.links("coalition.Partner")
    conditions = fields.words()
    priority = fields.word()
    with_residents = fields.yes_no()
