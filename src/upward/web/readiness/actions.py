"""Rules of readiness: a rating belongs to the person who makes it, and is private until she shares it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.readiness.models import ReadinessRating
from upward.web.records.actions import change_record
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for


@rule_for("readiness-rating")
def own_rating(
    by: Access, values: Mapping[str, Value], record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """A rating is its maker's; each person rates a condition once."""
    if record is not None or by.person is None:
        return {} if "shared" in values else {"shared": False}
    mine = ReadinessRating.objects.filter(
        plan=by.plan, rater=by.person, condition=values["condition"], withdrawn_at=None
    )
    if mine.exists():
        raise UsageError(_("You have rated this condition already; change your rating instead."))
    return {"rater": str(by.person.pk), "shared": False}


@transaction.atomic
def share_ratings(*, by: Access) -> int:
    """Share all of a person's ratings with the team, and return how many; this cannot be undone in silence."""
    mine = ReadinessRating.objects.filter(plan=by.plan, rater=by.person, withdrawn_at=None).exclude(
        shared=True
    )
    ratings = list(mine)
    for rating in ratings:
        change_record(by=by, record=rating, version=rating.version, values={"shared": True})
    return len(ratings)
