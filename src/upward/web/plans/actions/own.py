"""What is a person's own in a plan: drafts, and what was put off. It makes no history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from upward.web.plans.models import Draft, Postponement
from upward.web.plans.policies import Access, Permission, check_may, check_permission

POSTPONED_FOR = timedelta(days=1)


@transaction.atomic
def keep_draft(*, by: Access, form: str, fields: Mapping[str, str]) -> None:
    """Keep what a person typed and has not saved; nobody else sees it, so it makes no history."""
    check_may(by, Permission.ANSWER)
    Draft.objects.update_or_create(
        user=by.person, plan=by.plan, form=form, defaults={"fields": dict(fields), "saved_at": timezone.now()}
    )


@transaction.atomic
def drop_draft(*, by: Access, form: str) -> None:
    """Forget a draft."""
    Draft.objects.filter(user=by.person, plan=by.plan, form=form).delete()


@transaction.atomic
def postpone(*, by: Access, thing: str) -> None:
    """Put a next thing off until tomorrow, for this person."""
    check_permission(by, Permission.READ)
    Postponement.objects.update_or_create(
        user=by.person, plan=by.plan, thing=thing[:80], defaults={"until": timezone.now() + POSTPONED_FOR}
    )
