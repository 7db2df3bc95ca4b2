"""What publishing adds to plans: sentences, notices, a fact on the home page, and its choice in the bundle.

The bundle carries what was chosen, not that it is public: on another installation, going public is a step again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from upward.base.messages import _, to_translate
from upward.web.core.models import HistoryEntry
from upward.web.plans.additions import Addition, Fact, Section
from upward.web.plans.models import Plan
from upward.web.publishing.models import Publication
from upward.web.publishing.parts import PARTS

Numbers = Mapping[str, Mapping[int, int]]


def _write(plan: Plan, numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "parts": publication.parts,
            "dates": sorted(numbers["date"][entry.pk] for entry in publication.dates.all()),
            "version": publication.version,
            "changed_at": publication.changed_at.isoformat(),
            "published_by_name": publication.published_by_name,
        }
        for publication in Publication.objects.filter(plan=plan)
    ]


def _read(plan: Plan, entries: list[Any], numbers: Numbers) -> None:
    for entry in entries:
        if not isinstance(entry["parts"], list):
            raise TypeError("parts")
        made = Publication.objects.create(
            plan=plan,
            parts=[key for key in PARTS if key in entry["parts"]],
            version=entry["version"],
            changed_at=datetime.fromisoformat(entry["changed_at"]),
            published_by_name=entry["published_by_name"],
        )
        made.dates.set([numbers["date"][number] for number in entry["dates"]])


def _facts(plan: Plan) -> list[Fact]:
    public = Publication.objects.filter(plan=plan).exclude(published_at=None).exists()
    return [
        Fact(
            _("Public page"),
            _("Anyone can read it") if public else _("None. Members only."),
            reverse("publishing:choose", kwargs={"slug": plan.slug}),
        )
    ]


def _link(entry: HistoryEntry, plan: Plan) -> str:
    if entry.event not in ADDITION.sentences:
        return ""
    return reverse("publishing:choose", kwargs={"slug": plan.slug})


ADDITION = Addition(
    sentences={
        "plan.published": to_translate("{by} chose what anyone can read of the plan"),
        "plan.unpublished": to_translate("{by} took the public page of the plan away"),
    },
    notices={
        "published": to_translate("{by} chose what anyone can read of the plan."),
        "unpublished": to_translate("{by} took the public page of the plan away."),
    },
    sections={"publication": Section(write=_write, read=_read)},
    facts=_facts,
    link=_link,
)
