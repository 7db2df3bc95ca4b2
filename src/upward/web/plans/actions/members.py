"""Roles of members, and the end of a membership."""

from __future__ import annotations

from django.db import transaction

from upward.web.core.history import record_history
from upward.web.plans.actions.saving import actor_of
from upward.web.plans.models import Membership, Role, Task
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_keeps_an_owner, check_may, check_permission


@transaction.atomic
def change_member(*, by: Access, member: Membership, role: str, function: str) -> None:
    """Give a member another role or function."""
    check_may(by, Permission.GOVERN)
    if member.role == Role.OWNER and role != Role.OWNER:
        check_keeps_an_owner(by.plan, member)
    before = {"role": member.role, "function": member.function}
    member.role, member.function = role, function
    member.save(update_fields=["role", "function"])
    record_history(
        "member.changed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"member:{member.user_id}",
        record_name=member.user.get_full_name(),
        before=before,
        after={"role": role, "function": function},
    )
    if before["role"] != role:
        notify(member.user, by.plan, "role", path=("plans:home", {}), by=by.person, role=role)


@transaction.atomic
def remove_member(*, by: Access, member: Membership) -> None:
    """End a membership: by an owner, or by the person who leaves. What the person wrote stays."""
    if by.person is None or member.user_id != by.person.pk:
        check_permission(by, Permission.GOVERN)
    check_keeps_an_owner(by.plan, member)
    Task.objects.filter(plan=by.plan, owner_id=member.user_id).update(owner=None)
    record_history(
        "member.removed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"member:{member.user_id}",
        record_name=member.user.get_full_name(),
        before={"role": member.role, "function": member.function},
    )
    member.delete()
