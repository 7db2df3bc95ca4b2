"""Everything that is written about people; each function is one transaction with its history row inside."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.address_change import tell_former_address
from upward.web.accounts.models import ApiToken, OwnerLink, User, normal_address
from upward.web.accounts.sign_in_names import NO_ADDRESS, drawn_name, typed_account
from upward.web.accounts.tokens import new_token, token_hash
from upward.web.core.history import record_history

OWNER_LINK_LIFE = timedelta(days=7)
TOKEN_LIFE = timedelta(days=365)


@transaction.atomic
def add_person(
    *,
    by: User | None,
    email: str,
    name: str,
    password: str | None,
    language: str = "en",
    staff: bool = False,
    verified: bool = True,
) -> User:
    """Return a new person; raises RefusedError where the address has an account already.

    `verified` says that the address is known to be the person's: who holds an invitation that was passed on may be
    someone else. Until a mail to it was answered, it opens no second factor, and single sign-on takes it over. An
    account with a name in place of an address has no address to verify.
    """
    if User.objects.filter(email=normal_address(email)).exists():
        raise RefusedError(_("{email} has an account already.").format(email=email.removesuffix(NO_ADDRESS)))
    person = User.objects.create_user(email, name=name, password=password, language=language, is_staff=staff)
    if person.has_address:
        EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    record_history(
        "person.added", by=by or person, plan=None, record=f"person:{person.pk}", record_name=person.name
    )
    return person


def free_sign_in_name() -> str:
    """Return a name to sign in with that nobody has."""
    while True:
        name = drawn_name()
        if not User.objects.filter(email=typed_account(name)).exists():
            return name


@transaction.atomic
def make_owner_link() -> str:
    """Return the secret of a new owner link; links made before no longer work."""
    OwnerLink.objects.filter(used_at=None).delete()
    token = new_token()
    OwnerLink.objects.create(token_hash=token_hash(token))
    return token


@transaction.atomic
def use_owner_link(*, token: str, email: str, name: str, password: str, language: str) -> User:
    """Return the first person of this installation; raises RefusedError where the link is used, old or unknown."""
    link = open_owner_link(token)
    if link is None or User.objects.exists():
        raise RefusedError(_("This link has been used, or is too old."))
    # Of two browsers with the same link, one wins.
    if not OwnerLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise RefusedError(_("This link has been used, or is too old."))
    return add_person(by=None, email=email, name=name, password=password, language=language, staff=True)


def open_owner_link(token: str) -> OwnerLink | None:
    """Return the link of a secret if it can still be used."""
    after = timezone.now() - OWNER_LINK_LIFE
    return OwnerLink.objects.filter(token_hash=token_hash(token), used_at=None, created_at__gt=after).first()


@transaction.atomic
def change_account(*, by: User, name: str, language: str, digest: str) -> None:
    """Change what a person decides about the own account."""
    before = {"name": by.name, "language": by.language, "digest": by.digest}
    by.name, by.language, by.digest = name, language, digest
    by.save(update_fields=["name", "language", "digest"])
    record_history(
        "person.changed",
        by=by,
        plan=None,
        record=f"person:{by.pk}",
        record_name=name,
        before=before,
        after={"name": name, "language": language, "digest": digest},
    )


def change_address(*, by: User | None, person: User, email: str) -> None:
    """Give a person another address, or a first one in place of a sign-in name; the former address is told by mail.

    `by` is the person, who has shown by a mailed link that the address is theirs, or None for whoever looks after the
    installation, from the shell. Sessions, second factor and tokens stay; links for a new password that went to the
    former address end. Raises RefusedError where the address is of another account.
    """
    former, email = person.email, normal_address(email)
    if email.endswith(NO_ADDRESS):
        raise RefusedError(_("No mail can reach this address."))
    if email == former:
        return
    _give_address(by=by, person=person, email=email)
    tell_former_address(person, email=former)


@transaction.atomic
def _give_address(*, by: User | None, person: User, email: str) -> None:
    former = person.email
    person.email = email
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
            # Also addresses that a provider once named: a link for a new password must not reach them any more.
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    except IntegrityError:
        person.email = former
        raise RefusedError(_("{email} has an account already.").format(email=email)) from None
    record_history(
        "person.address",
        by=by,
        plan=None,
        record=f"person:{person.pk}",
        record_name=person.name,
        before={"email": former},
        after={"email": email},
    )


@transaction.atomic
def verify_address(*, person: User) -> None:
    """Keep that the person received a mail at the address of the account."""
    EmailAddress.objects.filter(user=person, email=person.email).update(verified=True)


@transaction.atomic
def take_over(*, person: User) -> None:
    """End whatever someone who only claimed the address could still hold: tokens for programs, the calendar's secret.

    For the rightful owner of an address that was never verified, who comes by single sign-on; django-allauth ends the
    password, and with it every session.
    """
    person.tokens.all().delete()
    renew_calendar(by=person)
    verify_address(person=person)
    record_history(
        "person.taken_over", by=person, plan=None, record=f"person:{person.pk}", record_name=person.name
    )


@transaction.atomic
def renew_calendar(*, by: User) -> None:
    """Give the person's calendar a new address; the old one stops working."""
    by.calendar_number += 1
    by.save(update_fields=["calendar_number"])
    record_history("person.calendar", by=by, plan=None, record=f"person:{by.pk}", record_name=by.name)


@transaction.atomic
def make_api_token(*, by: User, name: str, may_write: bool) -> str:
    """Return a new token for the JSON API, in the only moment when it can be read."""
    token = "upw_" + new_token()
    ApiToken.objects.create(
        user=by,
        name=name,
        may_write=may_write,
        token_hash=token_hash(token),
        expires_at=timezone.now() + TOKEN_LIFE,
    )
    record_history("token.added", by=by, plan=None, record=f"person:{by.pk}", record_name=name)
    return token


@transaction.atomic
def remove_api_token(*, by: User, token: ApiToken) -> None:
    """End a token of the person's own."""
    record_history("token.removed", by=by, plan=None, record=f"person:{by.pk}", record_name=token.name)
    token.delete()


@transaction.atomic
def set_active(*, person: User, active: bool) -> None:
    """Close an account or open it again, from the shell of the machine."""
    person.is_active = active
    person.save(update_fields=["is_active"])
    event = "person.opened" if active else "person.closed"
    record_history(event, by=None, plan=None, record=f"person:{person.pk}", record_name=person.name)


@transaction.atomic
def drop_second_factor(*, person: User) -> None:
    """Remove a person's codes and keys, from the shell of the machine, where they are lost."""
    Authenticator.objects.filter(user=person).delete()
    record_history(
        "person.second_factor_dropped",
        by=None,
        plan=None,
        record=f"person:{person.pk}",
        record_name=person.name,
    )


@transaction.atomic
def set_password(*, person: User, password: str) -> None:
    """Give a person another password, from the shell of the machine; sessions that are open end."""
    person.set_password(password)
    person.save(update_fields=["password"])
    record_history(
        "person.password", by=None, plan=None, record=f"person:{person.pk}", record_name=person.name
    )
