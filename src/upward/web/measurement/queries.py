"""What stands beside measures and targets: what newer data say in place of a baseline or of a test."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from upward.web.core.release import release_for
from upward.web.measurement.actions import newer_baselines
from upward.web.measurement.models import Measure, Target
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission, can
from upward.web.records.pages import number_words


def newer_data_beside(request: HttpRequest, access: Access, key: str) -> str:
    """Return as HTML what newer data say beside a measure's baseline or a target's test; empty for all else."""
    kind, _colon, uid = key.partition(":")
    if kind == "measure":
        measure = Measure.objects.filter(plan=access.plan, uid=uid, withdrawn_at=None).first()
        context = _beside_measure(access, measure) if measure else {}
    elif kind == "target":
        target = Target.objects.filter(plan=access.plan, uid=uid, withdrawn_at=None).first()
        context = _beside_target(access, target) if target else {}
    else:
        return ""
    if not context:
        return ""
    may_write = can(access, Permission.WORK)
    return render_to_string(
        "measurement/beside.html",
        {"slug": access.plan.slug, "uid": uid, "may_write": may_write, **context},
        request=request,
    )


def _beside_measure(access: Access, measure: Measure) -> dict[str, object]:
    analysis = release_for(access.plan.release)
    newer = newer_baselines(measure, analysis) if analysis is not None else []
    if not newer or analysis is None:
        return {}
    field = catalog().records["measure"].fields["baseline"]
    quality = catalog().vocabularies["number-qualities"].entries
    return {
        "held": f"{number_words(measure, field, measure.baseline)} ({measure.baseline_year})",
        "held_release": measure.baseline_release,
        "release": analysis.id,
        "newer": [
            (
                number_words(measure, field, one["baseline"]),
                one["baseline_year"],
                quality[str(one["baseline_quality"])].name if one["baseline_quality"] in quality else "",
            )
            for one in newer
        ],
    }


def _beside_target(access: Access, target: Target) -> dict[str, object]:
    analysis = release_for(access.plan.release)
    if analysis is None or not target.checked_release or target.checked_release == analysis.id:
        return {}
    return {"checked": target.checked_release, "release": analysis.id}
