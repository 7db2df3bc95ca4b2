"""Telling people what concerns them: kept in the app, and sent in their digest if not read before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation

from upward.base.messages import _, to_translate
from upward.web.accounts.models import User
from upward.web.plans.models import Notice, Plan

#: Kind -> what it says; the parts in braces were kept when it happened.
SENTENCES: Mapping[str, str] = {
    "assigned": to_translate("{by} gave you the task “{task}”."),
    "role": to_translate("{by} changed your role to {role}."),
    "joined": to_translate("{by} accepted your invitation."),
    "due": to_translate("Your task “{task}” is due on {day}."),
    "date": to_translate("Coming up on {day}: {title}."),
    "signed_off": to_translate("{by} signed off the step “{step}”."),
}


def notify(
    person: User, plan: Plan, kind: str, *, path: tuple[str, dict[str, Any]], by: User | None, **parts: str
) -> None:
    """Keep a notice for a person; `path` names the page that it leads to."""
    if _sentence(kind) is None:
        raise ValueError(f"no sentence for a notice of kind {kind}")
    with translation.override("en"):  # stored once, without the prefix of a language
        address = reverse(path[0], kwargs={"slug": plan.slug, **path[1]})
    Notice.objects.create(
        user=person,
        plan=plan,
        kind=kind,
        parts={**parts, "by": by.get_full_name() if by else ""},
        path=address,
    )


def notice_sentence(notice: Notice) -> str:
    """Return what a notice says, in the language in force."""
    from upward.web.plans.policies import ROLES

    parts = dict(notice.parts)
    if "role" in parts:
        parts["role"] = _(ROLES[parts["role"]].name)
    parts["by"] = parts.get("by") or _("Someone")
    said = _sentence(notice.kind)
    assert said is not None
    return _(said).format_map(parts)


def _sentence(kind: str) -> str | None:
    from upward.web.plans.additions import additions

    return SENTENCES.get(kind) or next(
        (one.notices[kind] for one in additions() if kind in one.notices), None
    )
