"""The plan as a document: its sections, completeness, products, events and versions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from upward.web.plans.models import Plan
from upward.web.records import fields
from upward.web.records.models import PlanRecord


class PlanSection(PlanRecord):
    """A part of the Mobility Action Plan."""

    KIND = "plan-section"
    section = fields.word()
    heading = fields.line()
    text = fields.text()
    signed_by = fields.line()
    status = fields.word()
    owner = fields.person()


class CompletenessNote(PlanRecord):
    """Where a reader finds an item of the checklist in the plan, or why it is not there."""

    KIND = "completeness-note"
    item = fields.word()
    found = fields.word()
    page = fields.line()
    note = fields.text()


class ReleaseProduct(PlanRecord):
    """A form of the plan for one audience, with channel, owner, date and approval."""

    KIND = "release-product"
    title = fields.line()
    format = fields.word()
    audience = fields.line()
    message = fields.text()
    channel = fields.line()
    owner = fields.person()
    on = fields.day()
    approval = fields.line()
    approved_on = fields.day()
    languages = fields.line()
    access = fields.text()
    licence = fields.line()
    confidential = fields.text()
    comments = fields.text()
    status = fields.word()


class ReleaseEvent(PlanRecord):
    """Where, when and by whom the plan is presented."""

    KIND = "release-event"
    title = fields.line()
    on = fields.day()
    time = fields.line()
    place = fields.line()
    host = fields.line()
    speakers = fields.text()
    invitees = fields.text()
    agenda = fields.text()
    media = fields.text()
    access = fields.text()
    products = fields.links("documents.ReleaseProduct")
    follow_up = fields.text()


class PlanVersion(PlanRecord):
    """The plan as it stood on a date, frozen."""

    KIND = "plan-version"
    title = fields.line()
    on = fields.day()
    release = fields.line()
    changes = fields.text()
    approved_by = fields.line()
    decision = fields.link("coalition.Decision")
    file = fields.upload()


class KeptVersion(models.Model):
    """What the plan said when a version of it was recorded, as `upward.plan.frozen` keeps it.

    `version` is the uid of the version, so that a bundle can bring it in before the version itself.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)
    content: Any = models.JSONField()

    class Meta:
        """A version is kept once."""

        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=["plan", "version"], name="kept_once"),)

    def __str__(self) -> str:
        """Return which version it is."""
        return self.version
