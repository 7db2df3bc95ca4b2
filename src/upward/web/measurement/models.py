"""Measurement: measures, targets, how results are shared, and how the work will last."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class Measure(PlanRecord):
    """A number or sign to follow, with definition, baseline, source, who collects and who reports."""

    KIND = "measure"
    name = fields.line()
    elements = fields.links("strategy.LogicModelElement")
    layer = fields.word()
    kind = fields.word()
    systems_sign = fields.word()
    learning_question = fields.text()
    definition = fields.text()
    numerator = fields.line()
    denominator = fields.line()
    unit = fields.word()
    direction = fields.word()
    groups = fields.line()
    variable = fields.word()
    place = fields.word()
    group = fields.word()
    source = fields.link("evidence.DataSource")
    source_words = fields.line()
    method = fields.line()
    instrument = fields.line()
    baseline = fields.number()
    baseline_lower = fields.number()
    baseline_upper = fields.number()
    baseline_year = fields.year()
    baseline_quality = fields.word()
    baseline_source = fields.line()
    baseline_release = fields.line()
    gap_target = fields.text()
    frequency = fields.line()
    collector = fields.person()
    collector_partner = fields.link("coalition.Partner")
    reporter = fields.person()
    reporter_partner = fields.link("coalition.Partner")
    audience = fields.line()
    cost = fields.number()
    storage = fields.line()
    limits = fields.text()
    community_defined = fields.yes_no()
    review_on = fields.day()
    status = fields.word()


class Target(PlanRecord):
    """How far a measure should move, for whom and by when, and what that rests on."""

    KIND = "target"
    statement = fields.line()
    measure = fields.link("measurement.Measure")
    objective = fields.word()
    under = fields.link("self")
    value = fields.number()
    year = fields.year()
    group = fields.word()
    group_words = fields.line()
    basis = fields.word()
    basis_note = fields.text()
    sector = fields.word()
    reached_count = fields.number()
    reached_of = fields.number()
    detectable_change = fields.number()
    first_year = fields.year()
    people = fields.number()
    checked_release = fields.line()
    check_notes = fields.text()


class ResultsCommunication(PlanRecord):
    """Who hears which result, when, where and in which language."""

    KIND = "results-communication"
    audience = fields.line()
    horizon = fields.word()
    product = fields.line()
    channel = fields.line()
    measures = fields.links("measurement.Measure")
    owner = fields.person()
    on = fields.day()
    frequency = fields.line()
    languages = fields.line()


class SustainabilityRating(PlanRecord):
    """How firm each building block of the effort is, and what to do about it."""

    KIND = "sustainability-rating"
    block = fields.word()
    rating = fields.word()
    strengths = fields.text()
    weaknesses = fields.text()
    action = fields.text()
    owner = fields.person()
    due = fields.day()
    rated_on = fields.day()
