"""What the document adds to plans: what versions said in the bundle, a page beside their list, a line beside each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from upward.base.messages import _, to_translate
from upward.plan.frozen import frozen_from_data
from upward.web.documents.models import KeptVersion
from upward.web.plans.additions import Addition, Fact, Section
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.plans.policies import Access

#: The kinds of records that the document is made of, or that tell of its release.
RELEASED = ("plan-section", "completeness-note", "release-product", "release-event", "plan-version")
Numbers = Mapping[str, Mapping[int, int]]


def _write(plan: Plan, _numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {"version": kept.version, "at": kept.at.isoformat(), "content": kept.content}
        for kept in KeptVersion.objects.filter(plan=plan).order_by("at", "version")
    ]


def _read(plan: Plan, entries: list[Any], _numbers: Numbers) -> None:
    for entry in entries:
        frozen_from_data(catalog(), entry["content"])  # refuses what was never written
        KeptVersion.objects.create(
            plan=plan,
            version=str(entry["version"])[:32],
            at=datetime.fromisoformat(entry["at"]),
            content=entry["content"],
        )


def _beside(request: HttpRequest, access: Access, record: str) -> str:
    kind, _colon, uid = record.partition(":")
    if kind != "plan-version":
        return ""
    kept = KeptVersion.objects.filter(plan=access.plan, version=uid).first()
    return render_to_string(
        "documents/beside.html",
        {"slug": access.plan.slug, "uid": uid, "kept_at": kept.at if kept else None},
        request=request,
    )


def _facts(plan: Plan) -> list[Fact]:
    return [
        Fact(
            name=_("Document"),
            words=_("What it lacks, and its files"),
            link=reverse("documents:overview", kwargs={"slug": plan.slug}),
        )
    ]


ADDITION = Addition(
    sections={"kept_versions": Section(write=_write, read=_read)},
    facts=_facts,
    pages=(
        *((kind, "documents:overview", to_translate("The plan as a document")) for kind in RELEASED),
        ("plan-version", "documents:changes", to_translate("What changed between versions")),
    ),
    beside=_beside,
)
