"""Going public, and going back; each with its row of history and notices to the other owners."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.core.history import record_history
from upward.web.core.refusals import Outdated
from upward.web.plans.actions import actor_of
from upward.web.plans.models import PlanDate, Role
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_permission
from upward.web.publishing.models import Publication
from upward.web.publishing.parts import PARTS


@transaction.atomic
def publish(*, by: Access, version: int, parts: Sequence[str], dates: Sequence[PlanDate]) -> Publication:
    """Make the chosen parts and dates of a plan public; version 0 where nothing was ever chosen.

    Raises Outdated where someone else chose in between. A closed plan can be public: that changes nothing in it.
    """
    check_permission(by, Permission.GOVERN)
    publication, _made = Publication.objects.get_or_create(plan=by.plan, defaults={"version": 0})
    before = _visible(publication)
    moved = Publication.objects.filter(pk=publication.pk, version=version).update(
        version=version + 1,
        parts=[key for key in PARTS if key in parts],
        published_at=publication.published_at or timezone.now(),
        published_by_name=actor_of(by).get_full_name(),
        changed_at=timezone.now(),
    )
    if not moved:
        publication.refresh_from_db()
        raise Outdated(_("Someone else chose what is public while you had this open."), current=publication)
    publication.refresh_from_db()
    publication.dates.set([entry for entry in dates if entry.plan_id == by.plan.pk])
    _tell(by, "plan.published", "published", before=before, after=_visible(publication))
    return publication


@transaction.atomic
def withdraw(*, by: Access) -> None:
    """Take the public page away at once; what was chosen is kept for the next time."""
    check_permission(by, Permission.GOVERN)
    publication = Publication.objects.filter(plan=by.plan).exclude(published_at=None).first()
    if publication is None:
        return
    before = _visible(publication)
    Publication.objects.filter(pk=publication.pk).update(
        published_at=None, version=publication.version + 1, changed_at=timezone.now()
    )
    _tell(by, "plan.unpublished", "unpublished", before=before, after=[])


def _visible(publication: Publication) -> list[str]:
    """Return what is public now, in words as the history keeps them."""
    if publication.published_at is None:
        return []
    return [*(PARTS[key].name for key in publication.parts if key in PARTS), *_titles(publication)]


def _titles(publication: Publication) -> list[str]:
    return [entry.title for entry in publication.dates.all()]


def _tell(by: Access, event: str, kind: str, *, before: list[str], after: list[str]) -> None:
    record_history(
        event,
        by=actor_of(by),
        plan=by.plan.pk,
        record="plan",
        record_name=by.plan.name,
        before={"visible": before},
        after={"visible": after},
    )
    for owner in User.objects.filter(memberships__plan=by.plan, memberships__role=Role.OWNER):
        if owner != by.person:
            notify(owner, by.plan, kind, path=("publishing:choose", {}), by=by.person)
