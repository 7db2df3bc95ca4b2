"""Evidence: readings of metrics, local numbers, local history, and the findings that rest on them."""

from __future__ import annotations

from upward.web.records import fields
from upward.web.records.models import PlanRecord


class SharedApproach(PlanRecord):
    """One page that says what the team means by mobility, for which place, and who was briefed."""

    KIND = "shared-approach"
    title = fields.line()
    statement = fields.text()
    place = fields.word()
    edition = fields.word()
    principles = fields.words()
    words = fields.text()
    process = fields.text()
    briefed = fields.rows()
    adopted_on = fields.day()
    adopted_by = fields.line()


class PinnedMetric(PlanRecord):
    """A metric the team has looked at, with peers, quality, what it means here, and a tag for strength or concern."""

    KIND = "pinned-metric"
    claim = fields.line()
    variable = fields.word()
    predictor = fields.word()
    place = fields.word()
    group = fields.word()
    year = fields.year()
    value = fields.number()
    lower = fields.number()
    upper = fields.number()
    quality = fields.word()
    status = fields.line()
    source_release = fields.line()
    release = fields.line()
    peers = fields.link("evidence.PeerGroup")
    peer_places = fields.words()
    peer_value = fields.number()
    national_value = fields.number()
    national_low = fields.number()
    national_high = fields.number()
    gap = fields.number()
    break_note = fields.text()
    limits = fields.text()
    tag = fields.word()
    reading = fields.text()
    use = fields.words()
    local_source = fields.link("evidence.DataSource")
    follow_up = fields.text()
    weak_reason = fields.text()
    insight = fields.line()
    insight_strength = fields.word()


class PeerGroup(PlanRecord):
    """The places this one is compared with, and why."""

    KIND = "peer-group"
    name = fields.line()
    places = fields.words()
    basis = fields.word()
    why = fields.text()
    left_out = fields.text()


class PriorityPredictor(PlanRecord):
    """A predictor the team wants to work on first, with the reason."""

    KIND = "priority-predictor"
    predictor = fields.word()
    rank = fields.number()
    reason = fields.text()
    metrics = fields.links("evidence.PinnedMetric")
    for_whom = fields.text()
    together_with = fields.words()


class RepresentationForm(PlanRecord):
    """Seats of an elected body by race and ethnicity as officials say themselves, with source and date."""

    KIND = "representation-form"
    body = fields.line()
    seats = fields.number()
    counted_on = fields.day()
    source = fields.word()
    counts = fields.rows()
    declined = fields.number()
    other_groups = fields.text()
    note = fields.text()


class DataSource(PlanRecord):
    """A data set, with owner, years, groups, terms of access and notes on quality and equity."""

    KIND = "data-source"
    name = fields.line()
    kind = fields.word()
    predictors = fields.words()
    owner = fields.line()
    contact = fields.line()
    level = fields.line()
    years = fields.line()
    frequency = fields.line()
    groups = fields.line()
    format = fields.line()
    terms = fields.text()
    agreement = fields.upload()
    sensitivity = fields.word()
    cost = fields.number()
    quality_notes = fields.text()
    equity_notes = fields.text()
    corrections = fields.text()
    status = fields.word()
    asked_on = fields.day()
    address = fields.address()


class LocalValue(PlanRecord):
    """A local figure with year, source and quality, beside the metrics."""

    KIND = "local-value"
    name = fields.line()
    predictor = fields.word()
    variable = fields.word()
    value = fields.number()
    unit = fields.word()
    lower = fields.number()
    upper = fields.number()
    year = fields.year()
    period = fields.line()
    group = fields.word()
    group_words = fields.line()
    area = fields.line()
    quality = fields.word()
    quality_note = fields.text()
    source = fields.link("evidence.DataSource")
    source_words = fields.line()


class CurrentAction(PlanRecord):
    """A plan, program, policy, fund or coalition already at work."""

    KIND = "current-action"
    name = fields.line()
    type = fields.word()
    lead = fields.line()
    partner = fields.link("coalition.Partner")
    predictors = fields.words()
    population = fields.line()
    area = fields.line()
    people_served = fields.number()
    budget = fields.number()
    budget_source = fields.line()
    starts = fields.month()
    ends = fields.month()
    outcomes = fields.text()
    gap = fields.text()
    answer = fields.word()
    address = fields.address()


class HistoryEvent(PlanRecord):
    """A past policy or decision that shaped today's barriers or strengths."""

    KIND = "history-event"
    title = fields.line()
    year = fields.year()
    ended = fields.year()
    what = fields.text()
    effect = fields.text()
    affected = fields.line()
    predictors = fields.words()
    source = fields.line()
    address = fields.address()
    seen_by_residents = fields.yes_no()


class Finding(PlanRecord):
    """A statement about local conditions, with its evidence, the people and area it speaks of, and how sure we are."""

    KIND = "finding"
    statement = fields.line()
    detail = fields.text()
    tag = fields.word()
    predictors = fields.words()
    dimensions = fields.words()
    metrics = fields.links("evidence.PinnedMetric")
    local_values = fields.links("evidence.LocalValue")
    sources = fields.links("evidence.DataSource")
    events = fields.links("evidence.HistoryEvent")
    themes = fields.links("engagement.Theme")
    contributions = fields.links("engagement.Contribution")
    documents = fields.rows()
    responses = fields.links("evidence.CurrentAction")
    population = fields.line()
    area = fields.line()
    disparity = fields.text()
    hypotheses = fields.text()
    confidence = fields.word()
    open_question = fields.text()
    status = fields.word()
    dissent = fields.text()
    decision = fields.link("coalition.Decision")
    owner = fields.person()
