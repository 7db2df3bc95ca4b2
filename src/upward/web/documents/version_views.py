"""What changed between two versions of a plan, or since one of them: as a page, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from upward.base.messages import _, current_language
from upward.plan.version_changes import VersionChanges, change_words, changes_between, line_words, rows_of
from upward.web.core.spreadsheet import csv_response
from upward.web.core.templating import address, day
from upward.web.documents.queries import VersionLine, plan_as_it_is, plan_of_version, versions_of
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access
from upward.web.plans.views.parts import plan_page, show

NOW = "now"
#: More are in the table.
MOST_SHOWN = 200
#: More are in the CSV.
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states that are compared: the uid of a version, or the plan as it is now."""

    value: str
    name: str
    at: datetime | None


@plan_page()
@require_safe
def changes(request: HttpRequest, access: Access) -> HttpResponse:
    """Show what changed between the two states that the address names; without any, since the newest version."""
    lines = versions_of(access.plan)
    sides = _sides(lines)
    chosen = _chosen(request, sides)
    found = _found(access, chosen)
    rows = list(rows_of(found)) if found else []
    return show(
        request,
        "documents/changes",
        access,
        "records",
        sides=sides,
        older=chosen[0] if chosen else None,
        newer=chosen[1] if chosen else None,
        asked=(request.GET.get("older", ""), request.GET.get("newer", "")),
        not_kept=[line.version for line in lines if line.kept_at is None],
        any_version=bool(lines),
        found=found,
        words=change_words,
        line_words=line_words,
        rows=rows[:MOST_ROWS],
        more_rows=max(0, len(rows) - MOST_ROWS),
        most=MOST_SHOWN,
    )


@plan_page()
@require_safe
def changes_csv(request: HttpRequest, access: Access) -> HttpResponse:
    """Give the same changes out as a table; where there is nothing to compare, lead back to the page that says so."""
    found = _found(access, _chosen(request, _sides(versions_of(access.plan))))
    if found is None:
        return redirect(address("documents:changes", slug=access.plan.slug))
    head = (_("Part"), _("Name"), _("What became of it"), _("Field"), _("Before"), _("After"))
    rows = ((row.part, row.title, row.change, row.field, row.before, row.after) for row in rows_of(found))
    return csv_response(f"{access.plan.slug}-changes", head, rows)


def _sides(lines: list[VersionLine]) -> list[Side]:
    """Return what can be compared, the plan as it is now first, then versions, the newest first."""
    kept = sorted(
        (line for line in lines if line.kept_at is not None),
        key=lambda line: (line.kept_at, line.version.pk),
        reverse=True,
    )
    versions = [
        Side(line.version.uid, f"{line.version.title} ({day(line.version.on)})", line.kept_at)
        for line in kept
    ]
    return [Side(NOW, _("The plan as it is now"), None), *versions]


def _chosen(request: HttpRequest, sides: list[Side]) -> tuple[Side, Side] | None:
    """Return the older and the newer state that are asked for; None where they are not two.

    Whichever way round they are asked for, the older one comes first.
    """
    if len(sides) < 2:
        return None
    values = [side.value for side in sides]
    older = request.GET.get("older") or values[1]
    newer = request.GET.get("newer") or NOW
    if older not in values or newer not in values or older == newer:
        return None
    first, last = sorted((values.index(older), values.index(newer)), reverse=True)
    return sides[first], sides[last]


def _found(access: Access, chosen: tuple[Side, Side] | None) -> VersionChanges | None:
    if chosen is None:
        return None
    older, newer = (
        plan_as_it_is(access.plan) if side.value == NOW else plan_of_version(access.plan, side.value)
        for side in chosen
    )
    return changes_between(catalog(), older, newer, language=current_language())
