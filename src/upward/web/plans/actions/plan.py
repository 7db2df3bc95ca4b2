"""Starting a plan, changing its facts, closing and opening it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from upward.warehouse.release import current_release_id
from upward.web.accounts.models import User
from upward.web.core.history import record_history
from upward.web.plans.actions.saving import Operator, actor_of, save_record
from upward.web.plans.models import Membership, Plan, PlanPlace, Role
from upward.web.plans.policies import Access, Permission, check_may, check_permission


@transaction.atomic
def start_plan(
    *, by: User | None, name: str, places: Sequence[tuple[str, str]], slug: str = "", **facts: Any
) -> Plan:
    """Return a new plan for places, given as (code, name); the person who starts it owns it."""
    facts.setdefault("release", current_release_id(settings.OPTIONS.home) or "")
    plan = Plan.objects.create(slug=free_slug(slug or name), name=name, **facts)
    for position, (geo_id, place_name) in enumerate(places):
        PlanPlace.objects.create(plan=plan, geo_id=geo_id, name=place_name, position=position)
    if by is not None:
        Membership.objects.create(plan=plan, user=by, role=Role.OWNER)
    record_history(
        "plan.started",
        by=by or Operator(),  # type: ignore[arg-type]
        plan=plan.pk,
        record="plan",
        record_name=name,
        after={"name": name, "places": [name for _code, name in places]},
    )
    return plan


def free_slug(text: str) -> str:
    """Return a part of an address that no plan has yet."""
    wanted = slugify(text)[:50].strip("-") or "plan"
    taken = set(Plan.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@transaction.atomic
def change_plan(*, by: Access, version: int, places: Sequence[tuple[str, str]], **facts: Any) -> None:
    """Change the plan's own facts and places."""
    check_may(by, Permission.EDIT)
    old_places = [place.name for place in by.plan.places.all()]
    before = save_record(by.plan, version=version, values=facts)
    by.plan.places.all().delete()
    for position, (geo_id, name) in enumerate(places):
        PlanPlace.objects.create(plan=by.plan, geo_id=geo_id, name=name, position=position)
    new_places = [name for _code, name in places]
    record_history(
        "plan.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record="plan",
        record_name=by.plan.name,
        before={**before, "places": old_places},
        after={**facts, "places": new_places},
    )


@transaction.atomic
def set_plan_state(*, by: Access, state: str) -> None:
    """Close the plan, or open it again."""
    check_permission(by, Permission.GOVERN)
    before = by.plan.state
    if before == state:
        return
    Plan.objects.filter(pk=by.plan.pk).update(state=state, changed_at=timezone.now())
    by.plan.state = state
    event = "plan.closed" if state == Plan.State.CLOSED else "plan.opened"
    record_history(event, by=actor_of(by), plan=by.plan.pk, record="plan", record_name=by.plan.name)
