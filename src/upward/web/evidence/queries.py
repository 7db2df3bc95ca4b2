"""Reading evidence: which pinned numbers another release would change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.template.loader import render_to_string

from upward.catalog.format import shown
from upward.catalog.model import Unit
from upward.web.core.release import release_for
from upward.web.core.templating import address
from upward.web.evidence.models import LocalValue, PinnedMetric
from upward.web.evidence.numbers import decimal_of, find_row
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission, can
from upward.web.records.models import Flag
from upward.web.records.pages import number_words, record_page


@dataclass(frozen=True, slots=True)
class Change:
    """A pinned number that a release would change; texts in the unit of the metric, empty for no number."""

    claim: str
    link: str
    before: str
    after: str
    newest: str  # the newest year that the release has, where it is newer than the one pinned


def changes_with(access: Access, release: str) -> list[Change]:
    """Return the pinned numbers that would change with a release, and those that have a newer year there."""
    analysis, held = release_for(release), catalog()
    found: list[Change] = []
    for reading in PinnedMetric.objects.filter(plan=access.plan, withdrawn_at=None) if analysis else ():
        asked = {"place": reading.place, "variable": reading.variable, "group": reading.group}
        row = find_row(analysis, year=reading.year, **asked)
        newest = find_row(analysis, **asked)
        after = decimal_of(row.value) if row else None
        year = newest.period[-4:] if newest and int(newest.period[-4:]) > (reading.year or 0) else ""
        before = reading.value.normalize() if reading.value is not None else None
        if before != after or year:
            unit = held.units[held.variables[reading.variable].unit]
            found.append(
                Change(
                    claim=reading.claim,
                    link=address(
                        "records:record", slug=access.plan.slug, kind="pinned-metric", uid=reading.uid
                    ),
                    before=_shown(before, unit),
                    after=_shown(after, unit),
                    newest=year,
                )
            )
    return found


def beside_reading(request: HttpRequest, access: Access, key: str) -> str:
    """Return as HTML what stands beside a reading: a group of peers that has changed since, the plan's local numbers
    for the metric, newest first. Empty for all else.
    """
    kind, _colon, uid = key.partition(":")
    reading = (
        PinnedMetric.objects.filter(plan=access.plan, uid=uid).select_related("peers").first()
        if kind == "pinned-metric"
        else None
    )
    if reading is None or not reading.variable:
        return ""
    held = catalog()
    quality = held.vocabularies["number-qualities"].entries
    value = held.records["local-value"].fields["value"]
    found = LocalValue.objects.filter(plan=access.plan, variable=reading.variable, withdrawn_at=None)
    lines = [
        (
            row.name,
            f"{number_words(row, value, row.value)}, {row.year}, {quality[row.quality].name}",
            record_page(row, access.plan.slug),
        )
        for row in found.order_by("-year", "pk")
        if row.quality in quality
    ]
    regrouped = Flag.objects.filter(
        plan=access.plan, record=key, source__startswith="peer-group:", settled_at=None
    ).exists()
    if not (lines or regrouped):
        return ""
    context = {
        "lines": lines,
        "regrouped": regrouped and can(access, Permission.WORK),
        "slug": access.plan.slug,
        "uid": uid,
    }
    return render_to_string("evidence/beside.html", context, request=request)


def _shown(value: Decimal | None, unit: Unit) -> str:
    return "" if value is None else shown(float(value), unit)
