"""Inviting people and accepting: actions like those in `actions`, about people who may have no account yet."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.actions import add_person
from upward.web.accounts.models import User, normal_address
from upward.web.accounts.tokens import new_token, token_hash
from upward.web.core.history import record_history
from upward.web.core.language import speaking
from upward.web.core.mail import send_now
from upward.web.plans.actions import actor_of
from upward.web.plans.models import Invitation, Membership, Plan, Role
from upward.web.plans.notices import notify
from upward.web.plans.policies import Access, Permission, check_may, check_may_give_role

MAILED = "upward.invitation"
INVITATION_LIFE = timedelta(days=14)
MOST_PLACES = 100


@transaction.atomic
def invite(*, by: Access, role: str, email: str = "", places: int = 1) -> tuple[Invitation, str]:
    """Return a new invitation and its secret: for one person with an address, or a link for several without.

    A link without an address never makes owners or editors: it can be passed on.
    """
    check_may(by, Permission.INVITE)
    check_may_give_role(by, role)
    email = normal_address(email)
    if not email and role in {Role.OWNER, Role.EDITOR}:
        raise RefusedError(_("Owners and editors are invited one by one, with their address."))
    if email and Membership.objects.filter(plan=by.plan, user__email=email).exists():
        raise RefusedError(_("{email} is a member already.").format(email=email))
    token = new_token()
    inviter = by.person or by.plan.members.filter(role=Role.OWNER).select_related("user").first()
    invitation = Invitation.objects.create(
        plan=by.plan,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=inviter if isinstance(inviter, User) else inviter.user,  # type: ignore[union-attr]
        expires_at=timezone.now() + INVITATION_LIFE,
        places_left=1 if email else min(max(places, 1), MOST_PLACES),
    )
    record_history(
        "member.invited",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"invitation:{invitation.pk}",
        record_name=email,
        after={"role": role, "places": invitation.places_left},
    )
    return invitation, token


def mailed_proof(invitation: Invitation, email: str) -> str:
    """Return the secret of a mail: who follows it reads the mail of this address. It lives as long as the invitation.

    Nothing is looked up for it and nothing kept: an address with an account and one without get the same mail.
    """
    return signing.dumps([invitation.pk, email], salt=MAILED).replace(":", "~")


def mailed_invitation(proof: str) -> tuple[Invitation, str] | None:
    """Return the invitation and the address of a mail's secret if the invitation can still be accepted."""
    try:
        number, email = signing.loads(proof.replace("~", ":"), salt=MAILED)
    except signing.BadSignature:
        return None
    found = Invitation.objects.open().filter(pk=number).select_related("plan", "invited_by").first()
    return (found, email) if found is not None else None


def send_invitation(invitation: Invitation, *, to: str, link: str, language: str) -> None:
    """Send the mail that carries a link of an invitation; raises RefusedError where no mail can be sent now."""
    with speaking(language):
        plan, inviter = invitation.plan.name, invitation.invited_by.get_full_name()
        text = _(
            "{inviter} invites you to work on the plan “{plan}” in Upward, a workbench for Mobility Action Plans.\n\n"
            "Follow this link to come in. It works once, until {day}:\n{link}\n\n"
            "If you did not expect this, you can leave it."
        )
        day = timezone.localtime(invitation.expires_at).date().isoformat()
        send_now(
            to=to,
            subject=_("Invitation to the plan “{plan}”").format(plan=plan),
            text=text.format(inviter=inviter, plan=plan, day=day, link=link),
        )


def open_invitation(token: str) -> Invitation | None:
    """Return the invitation of a secret if it can still be accepted."""
    found = Invitation.objects.open().filter(token_hash=token_hash(token))
    return found.select_related("plan", "invited_by").first()


@transaction.atomic
def accept(*, invitation: Invitation, person: User) -> Membership:
    """Make the person a member; raises RefusedError where the invitation is used up or for someone else."""
    if invitation.email and invitation.email != person.email:
        raise RefusedError(_("This invitation is for another address than the one of your account."))
    existing = Membership.objects.filter(plan=invitation.plan, user=person).first()
    if existing is not None:
        return existing
    # Of two people with the last place of a link, one gets it.
    taken = Invitation.objects.open().filter(pk=invitation.pk, places_left__gt=0)
    if not taken.update(places_left=F("places_left") - 1):
        raise RefusedError(_("This invitation has been used, or is too old."))
    invitation.refresh_from_db()
    if invitation.places_left == 0:
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    member = Membership.objects.create(plan=invitation.plan, user=person, role=invitation.role)
    record_history(
        "member.joined",
        by=person,
        plan=invitation.plan_id,
        record=f"member:{person.pk}",
        record_name=person.get_full_name(),
        after={"role": member.role},
    )
    notify(invitation.invited_by, invitation.plan, "joined", path=("plans:people", {}), by=person)
    return member


@transaction.atomic
def accept_as_new_person(
    *, invitation: Invitation, email: str, name: str, password: str, language: str, verified: bool
) -> tuple[User, Membership]:
    """Return a new account and its membership; raises RefusedError where the address has an account."""
    person = add_person(
        by=None, email=email, name=name, password=password, language=language, verified=verified
    )
    return person, accept(invitation=invitation, person=person)


@transaction.atomic
def withdraw(*, by: Access, invitation: Invitation) -> None:
    """Make an invitation's link stop working."""
    check_may(by, Permission.INVITE)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
        return
    record_history(
        "member.withdrawn",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"invitation:{invitation.pk}",
        record_name=invitation.email,
    )


def plans_of_invitations(person: User) -> list[Plan]:
    """Return the plans that a person's address was invited to and that the person has not joined."""
    waiting = Invitation.objects.open().filter(email=person.email).select_related("plan")
    return [invitation.plan for invitation in waiting]
