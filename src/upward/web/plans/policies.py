"""Who may do what in a plan, and what its state allows: two kinds of rule, each with a sentence for people.

`check_…` raises with the sentence; `can_…` asks the same question for pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from upward.base.messages import _, to_translate
from upward.web.accounts.models import User
from upward.web.core.refusals import NotAllowed, StateForbids, allows
from upward.web.plans.models import Membership, Plan, Role


class Permission(StrEnum):
    """One kind of act in a plan."""

    READ = "read"
    ANSWER = "answer"
    COMMENT = "comment"  # beside a record: say something, ask, answer what was asked
    WORK = "work"  # tasks: take one, say it is done, bring proof
    ASSIGN = "assign"  # give tasks to others, set dates, sign off steps
    EDIT = "edit"  # the plan's own facts, own tasks
    INVITE = "invite"
    GOVERN = "govern"  # roles, closing and opening the plan
    EXPORT = "export"
    PRIVATE = "private"  # contacts, raw notes and what else is marked as private


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A role in words, and what it permits."""

    name: str
    meaning: str
    permissions: frozenset[Permission]


_ALL = frozenset(Permission)
ROLES: Mapping[str, RoleRule] = {
    Role.OWNER: RoleRule(
        to_translate("Owner"),
        to_translate("Does everything, and decides who is a member and in which role."),
        _ALL,
    ),
    Role.EDITOR: RoleRule(
        to_translate("Editor"),
        to_translate("Answers, works, gives out tasks, invites, signs off steps."),
        _ALL - {Permission.GOVERN},
    ),
    Role.CONTRIBUTOR: RoleRule(
        to_translate("Contributor"),
        to_translate("Answers questions and does tasks."),
        frozenset({Permission.READ, Permission.ANSWER, Permission.COMMENT, Permission.WORK}),
    ),
    Role.ADVISER: RoleRule(
        to_translate("Resident adviser"),
        to_translate("Reads everything and answers questions, as someone who lives here."),
        frozenset({Permission.READ, Permission.ANSWER, Permission.COMMENT}),
    ),
    Role.ASSISTANT: RoleRule(
        to_translate("Technical assistance"),
        to_translate("Reads this and other places’ plans, and comments, to help where it is needed."),
        frozenset({Permission.READ, Permission.COMMENT}),
    ),
    Role.VIEWER: RoleRule(to_translate("Viewer"), to_translate("Reads."), frozenset({Permission.READ})),
}

#: What to say to a member who may not, with who can.
REFUSALS: Mapping[Permission, str] = {
    Permission.READ: to_translate("Only members of this plan can read it. An owner can invite you."),
    Permission.ANSWER: to_translate(
        "Your role reads answers. Owners, editors, contributors and resident advisers can write them."
    ),
    Permission.COMMENT: to_translate("Your role reads comments. Everyone but viewers can write them."),
    Permission.WORK: to_translate(
        "Your role reads tasks. Owners, editors and contributors can work on them."
    ),
    Permission.ASSIGN: to_translate(
        "Only owners and editors can give out tasks, set dates and sign off steps."
    ),
    Permission.EDIT: to_translate("Only owners and editors can change this."),
    Permission.INVITE: to_translate("Only owners and editors can invite people."),
    Permission.GOVERN: to_translate(
        "Only owners can change roles, remove members, and close or open the plan."
    ),
    Permission.EXPORT: to_translate("Only owners and editors can take the whole plan out."),
    Permission.PRIVATE: to_translate("Only owners and editors can see contacts and raw notes."),
}


@dataclass(frozen=True, slots=True)
class Access:
    """A person's standing in a plan; `operator` is whoever runs commands on the machine itself."""

    plan: Plan
    person: User | None
    membership: Membership | None
    operator: bool = False

    @property
    def role(self) -> RoleRule | None:
        """The rule of the person's role."""
        return ROLES[self.membership.role] if self.membership else None

    def permits(self, permission: Permission) -> bool:
        """Return whether the role permits it, whatever the state of the plan."""
        return self.operator or (self.role is not None and permission in self.role.permissions)


def check_permission(access: Access, permission: Permission) -> None:
    """Raise NotAllowed, naming who can, where the person's role does not permit it."""
    if not access.permits(permission):
        raise NotAllowed(_(REFUSALS[permission]))


def check_open(plan: Plan) -> None:
    """Raise StateForbids where the plan is closed."""
    if plan.state == Plan.State.CLOSED:
        raise StateForbids(
            _("This plan is closed: it can be read, not changed."), advice=_("An owner can open it again.")
        )


def check_may(access: Access, permission: Permission) -> None:
    """Raise where the role does not permit an act, or the state of the plan does not allow it now."""
    check_permission(access, permission)
    if permission not in {Permission.READ, Permission.EXPORT, Permission.PRIVATE}:
        check_open(access.plan)


def can(access: Access, permission: Permission) -> bool:
    """Return whether `check_may` passes."""
    return allows(lambda: check_may(access, permission))


def check_may_give_role(access: Access, role: str) -> None:
    """Raise NotAllowed where an invitation would make someone more than the person inviting may decide."""
    if role == Role.OWNER and not access.permits(Permission.GOVERN):
        raise NotAllowed(_("Only owners can make another owner."))


def check_keeps_an_owner(plan: Plan, leaving: Membership) -> None:
    """Raise StateForbids where nobody would own the plan any more."""
    others = plan.members.filter(role=Role.OWNER, user__is_active=True).exclude(pk=leaving.pk)
    if leaving.role == Role.OWNER and not others.exists():
        raise StateForbids(
            _("A plan needs an owner, and this is the only one."),
            advice=_("Make someone else an owner first."),
        )
