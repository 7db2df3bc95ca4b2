"""Who may write, close, withdraw and bring back comments; roles of the plan first, then the author's own."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from upward.base.messages import _
from upward.web.comments.models import Comment
from upward.web.core.refusals import NotAllowed, StateForbids, allows
from upward.web.plans.policies import Access, Permission, check_may, check_open, check_permission

RESTORABLE = timedelta(days=30)


def check_may_write(access: Access) -> None:
    """Raise where the person may not write comments in the plan, or not now."""
    check_may(access, Permission.COMMENT)


def check_may_tend(access: Access, comment: Comment) -> None:
    """Raise where a comment is neither the person's own nor one that the role looks after."""
    check_permission(access, Permission.COMMENT)
    own = access.person is not None and comment.by_id == access.person.pk
    if not own and not access.permits(Permission.ASSIGN):
        raise NotAllowed(
            _("Only its author, and owners and editors of the plan, can close or withdraw this.")
        )
    check_open(access.plan)


def check_may_answer(access: Access, comment: Comment) -> None:
    """Raise where there is nothing to answer, or the person may not."""
    check_may_write(access)
    if comment.kind != Comment.Kind.QUESTION or comment.withdrawn_at is not None:
        raise StateForbids(_("There is no question here that can be answered."))


def check_may_restore(access: Access, comment: Comment) -> None:
    """Raise where a comment was not withdrawn, or too long ago."""
    check_may_tend(access, comment)
    if comment.withdrawn_at is None or comment.withdrawn_at < timezone.now() - RESTORABLE:
        raise StateForbids(_("Only what was withdrawn in the last 30 days can be brought back."))


def can_write(access: Access) -> bool:
    """Return whether `check_may_write` passes."""
    return allows(lambda: check_may_write(access))


def can_tend(access: Access, comment: Comment) -> bool:
    """Return whether `check_may_tend` passes."""
    return allows(lambda: check_may_tend(access, comment))


def can_restore(access: Access, comment: Comment) -> bool:
    """Return whether `check_may_restore` passes."""
    return allows(lambda: check_may_restore(access, comment))
