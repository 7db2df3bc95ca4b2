"""What every action shares: who acts, saving over a known version, and values as the history keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, TypeVar

from django.utils import timezone

from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.core.history import Actor
from upward.web.core.refusals import Outdated
from upward.web.plans.models import Versioned
from upward.web.plans.policies import Access

Record = TypeVar("Record", bound=Versioned)


class Operator:
    """Whoever runs commands on the machine itself."""

    pk = None

    def get_full_name(self) -> str:
        """Return what the history says."""
        return _("Command line")


def actor_of(by: Access) -> Actor:
    """Return who stands in the history."""
    return by.person if by.person is not None else Operator()  # type: ignore[return-value]


def save_record(record: Record, *, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a record if it is still at the version, and return what was before; raises Outdated otherwise."""
    before = {name: getattr(record, name) for name in values}
    changed = (
        type(record)
        .objects.filter(pk=record.pk, version=version)
        .update(  # type: ignore[attr-defined]
            **values, version=version + 1, changed_at=timezone.now()
        )
    )
    if not changed:
        record.refresh_from_db()
        raise Outdated(_("Someone else saved this while you had it open."), current=record)
    for name, value in values.items():
        setattr(record, name, value)
    record.version = version + 1
    return before


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the history keeps them: dates as text, people by number."""
    return {
        name: value.isoformat()
        if isinstance(value, date | time)
        else value.pk
        if isinstance(value, User)
        else value
        for name, value in values.items()
    }
